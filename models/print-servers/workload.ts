/**
 * The workload: when jobs arrive, what they are, and how they are altered. With related-bugs/draws.ts, all random
 * draws.
 *
 * Every submission makes the same number of draws from each stream, whatever happens to the job. So two spoolers, two
 * guard windows or two alteration rates that are compared get the same jobs. docs/model.md, section 1, has the table of
 * draws, their order and their distributions.
 */
import { log1p } from "../../sim/math.ts";
import type { Clock } from "../../sim/simulation.ts";
import { US_PER_HOUR, US_PER_MINUTE } from "../../sim/time-units.ts";
import type { Stream } from "../../sim/streams.ts";
import { exponential, exponentials, lognormalQuantiles, lognormals, wholeMicroseconds } from "../../sim/variates.ts";
import type { OpenStreams } from "../contract/instance.ts";
import type { PrintServersValues } from "./parameters/parameters.ts";
import { scriptedJobs, type ScriptedJob } from "./script.ts";
import { profiles } from "./sites.ts";

export const RAW = 0;
export const TEXT = 1;
export const EMF = 2;

/** The possible episodes of a job, in the order of the cumulative shares. */
export const NO_EPISODE = 0;
export const DELETE_EPISODE = 1;
export const PAUSE_DELETE_EPISODE = 2;
export const RESTART_EPISODE = 3;
export const PAUSE_RESUME_EPISODE = 4;
export const LEVEL_EPISODE = 5;
export const WAITING_DELETE_EPISODE = 6;
export const WAITING_PAUSE_RESUME_EPISODE = 7;

/** The words of a script, in the order of the numbers above. */
export const scriptWords = {
  dataTypes: ["RAW", "TEXT", "EMF"],
  episodes: ["", "delete", "pauseDelete", "restart", "pauseResume", "level", "waitingDelete", "waitingPauseResume"],
} as const satisfies Record<string, readonly string[]>;

/** What a person does about a stuck job. */
export const LEAVES_IT = 0;
export const DELETES_IT = 1;
export const RESUBMITS_IT = 2;

/** Indexes of the real marks of a job. Its size [bytes]. */
export const BYTES = 0;
/** Factor on the median unwinding, > 0 [1]. */
export const UNWINDING = 1;
/** The delay from starving to the user's complaint [us]; NaN if the user does not complain. */
export const COMPLAIN_US = 2;
/**
 * The position of the first command within the printout or the wait, in [0, 1). This mark and the next three are not
 * used if the job has no episode.
 */
export const ALTER_POSITION = 3;
/** From the first command to the second [us]. */
export const THINK_US = 4;
/** How long the first and the second command's alteration stays inside the print processor [us]. */
export const STAY0_US = 5;
export const STAY1_US = 6;
/** The delay from parking until a person acts on the stuck job [us]; not set if nobody does. */
export const PATIENCE_US = 7;
/** The number of marks per job. Higher indexes are of other draws. */
export const REALS_OF_JOB = 8;
/** Time from the last `drawGap` to the submission that it drew [us]. */
export const GAP_US = 8;
/** The time from the start of the service to its relapse [us]; NaN if there is none. */
export const RELAPSE_US = 9;
export const PAGES = 10;
const REALS = 11;

const HOURS_OF_WEEK = 168;

/** The draws for a job. */
export interface Marks {
  readonly dataType: number;
  readonly printer: number;
  readonly priority: number;
  readonly episode: number;
  /** What a person does if the job is stuck. */
  readonly whenStuck: number;
  /**
   * An array, because V8 allocates an object for a number that is stored in a field, or returned by a function that is
   * not inlined, unless it is a small integer.
   */
  readonly reals: Float64Array;
}

/** Three uniform draws in [0, 1) that decide what is installed on a server at the start. */
export interface InstallationDraws {
  readonly servicePack: number;
  readonly hotfix: number;
  readonly key: number;
}

/** The draws if no share is set. */
const UNMIXED: InstallationDraws = { servicePack: 1, hotfix: 1, key: 1 };

/** Whether servers may differ at the start, so that draws are needed. */
function isMixed(values: PrintServersValues): boolean {
  const { sp3Share, sp5Share, sp6Share, hotfixedShare, keyShare } = values;
  return [sp3Share, sp5Share, sp6Share, hotfixedShare, keyShare].some((share) => share > 0);
}

/** The marks are those of the last `drawJob`. */
export class Workload implements Marks {
  dataType: number;
  printer: number;
  priority: number;
  episode: number;
  whenStuck: number;
  readonly reals: Float64Array;

  private readonly values: PrintServersValues;
  /** The scripted jobs, if there is a script, and how many of them each server has scheduled. */
  private readonly script: readonly ScriptedJob[] | undefined;
  private readonly awaited: Int32Array;
  private readonly submissions: Stream;
  private readonly jobs: Stream;
  private readonly alterations: Stream;
  private readonly control: Stream;
  private readonly unwindings: Stream;
  /** Opened only if it is needed. */
  private readonly complaints: Stream | undefined;
  private readonly relapses: Stream | undefined;
  private readonly stuckJobs: Stream | undefined;
  private readonly installed: Stream | undefined;
  /** Submissions per microsecond in each hour of a week, from Monday. */
  private readonly jobsPerUs: Float64Array;
  /** Upper end of each episode's interval of [0, 1). */
  private readonly episodeEnds: Float64Array;
  private readonly bytesPerPage: readonly number[];
  /** The mean of the exponential distribution whose integer part is geometric. */
  private readonly pagesScale: number;

  constructor(values: PrintServersValues, open: OpenStreams, count: number) {
    this.dataType = RAW;
    this.printer = 0;
    this.priority = 1;
    this.episode = NO_EPISODE;
    this.whenStuck = LEAVES_IT;
    this.reals = new Float64Array(REALS);
    this.values = values;
    this.script = scriptedJobs(values);
    this.awaited = new Int32Array(count);
    this.submissions = open("submissions", exponentials);
    this.jobs = open("jobs");
    this.alterations = open("alterations");
    this.control = open("control");
    this.unwindings = open("unwinding", lognormals(values.unwindSigma));
    this.complaints = values.complaintMinutesMean > 0 ? open("complaints", exponentials) : undefined;
    this.relapses = values.relapseShare > 0 ? open("relapses") : undefined;
    this.stuckJobs = values.stuckDeleteShare + values.stuckResubmitShare > 0 ? open("stuck-jobs") : undefined;
    this.installed = isMixed(values) ? open("estate") : undefined;
    this.reals[COMPLAIN_US] = NaN;
    const { hourShares } = values;
    const { hourWeights, dayWeights } = profiles[values.profile];
    this.jobsPerUs = Float64Array.from({ length: HOURS_OF_WEEK }, (_, hour) => {
      if (hourShares.length > 0) return (values.jobsPerDay * hourShares[hour % hourShares.length]) / US_PER_HOUR;
      return (values.jobsPerDay * dayWeights[Math.floor(hour / 24)] * hourWeights[hour % 24]) / US_PER_HOUR;
    });
    let end = 0;
    this.episodeEnds = Float64Array.from(
      [
        values.deleteShare,
        values.pauseDeleteShare,
        values.restartShare,
        values.pauseResumeShare,
        values.levelShare,
        values.waitingDeleteShare,
        values.waitingPauseResumeShare,
      ],
      (share) => (end += share),
    );
    this.bytesPerPage = [values.rawBytesPerPage, values.textBytesPerPage, values.emfBytesPerPage];
    this.pagesScale = -1 / log1p(-1 / values.pagesMean);
  }

  /**
   * Draws the time from now to the server's next submission: exponential in the integrated rate of the week. NaN when a
   * script has ended.
   */
  drawGap(server: number, { now }: Clock): void {
    if (this.script !== undefined) {
      this.reals[GAP_US] = (this.script[this.awaited[server]++]?.submittedAt ?? NaN) - now;
      return;
    }
    let remaining = this.submissions.numbers[this.submissions.next(server)];
    let at = now;
    for (;;) {
      const hour = Math.floor(at / US_PER_HOUR);
      const hourEnd = (hour + 1) * US_PER_HOUR;
      const rate = this.jobsPerUs[hour % HOURS_OF_WEEK];
      const capacity = rate * (hourEnd - at);
      if (remaining < capacity) {
        this.reals[GAP_US] = wholeMicroseconds(at + remaining / rate - now);
        return;
      }
      remaining -= capacity;
      at = hourEnd;
    }
  }

  /** Draws the marks of the server's next job. */
  drawJob(server: number): void {
    // The job after this one is scheduled already.
    if (this.script !== undefined) return this.take(this.script[this.awaited[server] - 2]);
    const { values, jobs, alterations, control, reals } = this;
    const type = jobs.numbers[jobs.next(server)];
    this.dataType = type < values.textShare ? TEXT : type < values.textShare + values.emfShare ? EMF : RAW;
    this.printer = Math.floor(jobs.numbers[jobs.next(server)] * values.printers);
    reals[PAGES] = jobs.numbers[jobs.next(server)];
    this.makePages();
    reals[BYTES] = reals[PAGES] * this.bytesPerPage[this.dataType];
    this.priority = jobs.numbers[jobs.next(server)] < values.priorityHighShare ? values.priorityHigh : 1;

    reals[ALTER_POSITION] = alterations.numbers[alterations.next(server)];
    this.episode = this.episodeOfDraw();
    reals[ALTER_POSITION] = alterations.numbers[alterations.next(server)];
    reals[THINK_US] = alterations.numbers[alterations.next(server)];
    reals[STAY0_US] = control.numbers[control.next(server)];
    reals[STAY1_US] = control.numbers[control.next(server)];
    // Most jobs are never altered, so their draws are not transformed.
    if (this.episode !== NO_EPISODE) this.makeAlterations();
    reals[UNWINDING] = this.unwindings.numbers[this.unwindings.next(server)];
    if (this.complaints !== undefined) {
      const minutes = this.complaints.numbers[this.complaints.next(server)] * values.complaintMinutesMean;
      reals[COMPLAIN_US] = wholeMicroseconds(minutes * US_PER_MINUTE);
    }
    if (this.stuckJobs !== undefined) this.drawStuck(server, this.stuckJobs);
  }

  /** Takes the marks of a scripted job. */
  private take({ dataType, printer, pages, priority, episode, whenStuck, ...job }: ScriptedJob): void {
    const { reals } = this;
    this.dataType = scriptWords.dataTypes.indexOf(dataType);
    this.printer = printer;
    this.priority = priority;
    this.episode = episode === null ? NO_EPISODE : scriptWords.episodes.indexOf(episode);
    this.whenStuck = whenStuck === null ? LEAVES_IT : whenStuck.does === "delete" ? DELETES_IT : RESUBMITS_IT;
    reals[PAGES] = pages;
    reals[BYTES] = pages * this.bytesPerPage[this.dataType];
    reals[ALTER_POSITION] = job.alterPosition;
    reals[THINK_US] = job.thinkUs;
    [reals[STAY0_US], reals[STAY1_US]] = job.staysUs;
    reals[UNWINDING] = job.unwinding;
    reals[COMPLAIN_US] = job.complainUs ?? NaN;
    reals[PATIENCE_US] = whenStuck?.us ?? NaN;
  }

  /** Draws whether and when the service that has just started will hang again. */
  drawRelapse(server: number): void {
    const { relapses, reals, values } = this;
    reals[RELAPSE_US] = NaN;
    if (relapses === undefined) return;
    const relapsing = relapses.draw(server) < values.relapseShare;
    const minutes = exponential(relapses.draw(server), values.relapseMinutesMean);
    if (relapsing) reals[RELAPSE_US] = wholeMicroseconds(minutes * US_PER_MINUTE);
  }

  /** Draws what is installed on the server at the start; draws nothing if all servers are alike. */
  drawInstalled(server: number): InstallationDraws {
    const { installed } = this;
    if (installed === undefined) return UNMIXED;
    return { servicePack: installed.draw(server), hotfix: installed.draw(server), key: installed.draw(server) };
  }

  /** Draws what a person does if the job is stuck, and when. */
  private drawStuck(server: number, stream: Stream): void {
    const { reals, values } = this;
    const u = stream.numbers[stream.next(server)];
    const acts = u < values.stuckDeleteShare + values.stuckResubmitShare;
    this.whenStuck = !acts ? LEAVES_IT : u < values.stuckDeleteShare ? DELETES_IT : RESUBMITS_IT;
    reals[PATIENCE_US] = stream.numbers[stream.next(server)];
    if (!acts) return;
    exponentials(reals, PATIENCE_US, PATIENCE_US + 1);
    reals[PATIENCE_US] = wholeMicroseconds(reals[PATIENCE_US] * values.stuckMinutesMean * US_PER_MINUTE);
  }

  /** Converts the draw in PAGES into pages. */
  private makePages(): void {
    const { reals } = this;
    const { emptyShare, pagesLaw, pagesMean, pagesMax } = this.values;
    if (reals[PAGES] < emptyShare) {
      reals[PAGES] = 0;
    } else if (pagesLaw === "fixed") {
      reals[PAGES] = Math.max(1, Math.round(pagesMean));
    } else if (pagesMean === 1) {
      reals[PAGES] = 1;
    } else {
      reals[PAGES] = (reals[PAGES] - emptyShare) / (1 - emptyShare);
      exponentials(reals, PAGES, PAGES + 1);
      reals[PAGES] = Math.min(pagesMax, 1 + Math.floor(reals[PAGES] * this.pagesScale));
    }
  }

  /** Converts the draw in ALTER_POSITION into an episode. */
  private episodeOfDraw(): number {
    const ends = this.episodeEnds;
    for (let i = 0; i < ends.length; i++) if (this.reals[ALTER_POSITION] < ends[i]) return i + 1;
    return NO_EPISODE;
  }

  /** Converts the draws of the think time and of the stays into durations. */
  private makeAlterations(): void {
    const { reals, values } = this;
    exponentials(reals, THINK_US, THINK_US + 1);
    reals[THINK_US] = wholeMicroseconds(reals[THINK_US] * (values.thinkSecondsMean * 1e6));
    lognormalQuantiles(reals, STAY0_US, STAY1_US + 1, this.values.controlSigma);
    reals[STAY0_US] = wholeMicroseconds(values.controlMsMedian * 1000 * reals[STAY0_US]);
    reals[STAY1_US] = wholeMicroseconds(values.controlMsMedian * 1000 * reals[STAY1_US]);
  }
}
