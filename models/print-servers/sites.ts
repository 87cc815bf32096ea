/**
 * Four sites: their load over the week, their jobs, and how often a job is altered while its print processor is open.
 *
 * The shares of altered jobs and the jobs per day are assumptions; the articles give no rates. Known facts: office jobs
 * have about four pages and arrive between 8 and 18 h, print-management software that pauses and resumes each job
 * exists (Q232620, Q247408), and TEXT comes from mainframes, AS/400 and LPD (Q175643, Q180864).
 */
import type { Settings } from "../contract/parameters.ts";

/**
 * A week of arrivals: the share of a full day's jobs in each hour (sums to 1), and the load of each day relative to a
 * full day, Monday first.
 */
export interface Profile {
  readonly hourWeights: readonly number[];
  readonly dayWeights: readonly number[];
}

const WORKING_WEEK = [1, 1, 1, 1, 1, 0, 0];

/** The jobs of each hour of a day, in thousandths of the day's jobs. */
function hours(perMille: readonly number[]): number[] {
  return perMille.map((share) => share / 1000);
}

export const profiles = {
  /**
   * Two peaks between 8 and 18 h on working days [assumption: the peaks; the hours are those of surveys of office
   * printing].
   */
  office: {
    hourWeights: hours([0, 0, 0, 0, 0, 0, 0, 0, 60, 120, 150, 130, 60, 100, 140, 120, 80, 40, 0, 0, 0, 0, 0, 0]),
    dayWeights: WORKING_WEEK,
  },
  /** Two long shifts, six days a week. */
  shifts: {
    hourWeights: hours([0, 0, 0, 0, 0, 0, 30, 60, 80, 90, 90, 80, 60, 70, 80, 80, 80, 60, 50, 40, 30, 20, 0, 0]),
    dayWeights: [1, 1, 1, 1, 1, 0.5, 0],
  },
  /** Batch output at night and a few jobs by day, every day. */
  batch: {
    hourWeights: hours([
      90, 90, 90, 80, 70, 50, 30, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 30, 40, 50, 50, 50, 60,
    ]),
    dayWeights: [1, 1, 1, 1, 1, 1, 1],
  },
  /** The same rate at every hour. */
  flat: { hourWeights: new Array<number>(24).fill(1 / 24), dayWeights: [1, 1, 1, 1, 1, 1, 1] },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export const sites = {
  office: {
    jobsPerDay: 2000,
    profile: "office",
    textShare: 0.02,
    emfShare: 0.13,
    deleteShare: 0.02,
    pauseDeleteShare: 0.005,
    restartShare: 0.003,
    pauseResumeShare: 0.01,
  },
  "help-desk": {
    jobsPerDay: 4000,
    profile: "shifts",
    textShare: 0.05,
    emfShare: 0.15,
    deleteShare: 0.04,
    pauseDeleteShare: 0.02,
    restartShare: 0.02,
    pauseResumeShare: 0.03,
  },
  "hold-and-release": {
    jobsPerDay: 3000,
    profile: "office",
    textShare: 0.05,
    emfShare: 0.15,
    deleteShare: 0.02,
    pauseDeleteShare: 0.01,
    restartShare: 0,
    pauseResumeShare: 0.97,
    thinkSecondsMean: 3,
  },
  mainframe: {
    jobsPerDay: 10000,
    profile: "batch",
    textShare: 0.8,
    emfShare: 0,
    deleteShare: 0.02,
    pauseDeleteShare: 0.02,
    restartShare: 0.02,
    pauseResumeShare: 0.02,
  },
} satisfies Record<string, Settings>;

export type SiteName = keyof typeof sites;
