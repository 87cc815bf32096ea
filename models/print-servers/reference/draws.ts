/**
 * Section 1 of docs/model.md: all random draws of one server, with one seedrandom stream per purpose. Scripted jobs
 * replace drawn ones, but the effects of the related bugs on them are still drawn.
 */
import seedrandom from "seedrandom";
import type { Duration, Time } from "../../../sim/event-list.ts";
import { exp, exponentialQuantile, log1p, normalQuantile } from "../../../sim/math.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { scriptedJobs, type ScriptedJob } from "../script.ts";
import { profiles } from "../sites.ts";
import { HOUR, whole, type Durations } from "./durations.ts";

export type DataType = "RAW" | "TEXT" | "EMF";

export type Command = "pause" | "resume" | "delete" | "restart" | "level";

/** The episodes, in the order in which their shares are summed: their commands, and which jobs they alter. */
const episodes = [
  { name: "delete", commands: ["delete"], when: "printing" },
  { name: "pauseDelete", commands: ["pause", "delete"], when: "printing" },
  { name: "restart", commands: ["restart"], when: "printing" },
  { name: "pauseResume", commands: ["pause", "resume"], when: "printing" },
  { name: "level", commands: ["level"], when: "printing" },
  { name: "waitingDelete", commands: ["delete"], when: "waiting" },
  { name: "waitingPauseResume", commands: ["pause", "resume"], when: "waiting" },
] as const;

/** The random attributes of a job, drawn when it is submitted. */
export interface Marks {
  readonly dataType: DataType;
  readonly printer: number;
  readonly pages: number;
  readonly bytes: number;
  readonly priority: number;
  readonly episode: string | undefined;
  readonly when: "printing" | "waiting" | undefined;
  readonly commands: readonly Command[];
  /** The position of the first command within the printout or the wait, in [0, 1). */
  readonly alterPosition: number;
  readonly thinkUs: Duration;
  /** How long each command's alteration stays inside the print processor [us]. */
  readonly staysUs: readonly [Duration, Duration];
  readonly unwindEndUs: Duration;
  readonly unwindAbortUs: Duration;
  /** The delay from starving to the user's complaint [us]; null if the user does not complain. */
  readonly complainUs: Duration | null;
  /** What a person does when the job is stuck, and how long after it was parked; null if nothing. */
  readonly whenStuck: { readonly does: "delete" | "resubmit"; readonly us: Duration } | null;
  readonly fate: Fate;
}

/** How the related bugs of the fleet affect a job. */
export interface Fate {
  readonly remote: boolean;
  readonly closeFails: boolean;
  readonly piped: boolean;
  readonly popUpLost: boolean;
  /** The client of the job if it is unpatched; otherwise undefined. */
  readonly client: number | undefined;
}

/** How jobs of one data type are spooled and printed. */
interface PerType {
  readonly bytesPerPage: number;
  readonly chunkBytes: number;
  readonly bytesPerSecond: number;
}

export class Draws {
  readonly perType: Readonly<Record<DataType, PerType>>;
  private readonly values: PrintServersValues;
  private readonly us: Durations;
  private readonly streams;
  /** The scripted jobs, if there is a script, and how many of them have been submitted. */
  private readonly script: readonly ScriptedJob[] | undefined;
  private scriptedSoFar: number;

  constructor(values: PrintServersValues, us: Durations, seed: string, server: number, replication: number) {
    const stream = (purpose: string) => seedrandom.alea(`${server}.${replication}.${purpose}.${seed}.`);
    this.streams = {
      installedPatches: stream("estate"),
      submissions: stream("submissions"),
      jobs: stream("jobs"),
      alterations: stream("alterations"),
      control: stream("control"),
      unwinding: stream("unwinding"),
      complaints: stream("complaints"),
      relapses: stream("relapses"),
      stuckJobs: stream("stuck-jobs"),
      remoteCloses: stream("remote-closes"),
      outages: stream("lpr-outages"),
      pipedJobs: stream("piped-jobs"),
      popUps: stream("pop-ups"),
      clients: stream("clients"),
    };
    this.values = values;
    this.us = us;
    const perType = (bytesPerPage: number, chunkBytes: number): PerType => ({
      bytesPerPage,
      chunkBytes,
      bytesPerSecond: (values.portBytesPerSecond * bytesPerPage) / values.rawBytesPerPage,
    });
    this.perType = {
      RAW: perType(values.rawBytesPerPage, values.rawChunkBytes),
      TEXT: perType(values.textBytesPerPage, values.textChunkBytes),
      EMF: perType(values.emfBytesPerPage, values.emfChunkBytes),
    };
    this.script = scriptedJobs(values);
    this.scriptedSoFar = 0;
  }

  /** The submission time of the next job; undefined if the script has ended. */
  submissionAfter(now: Time): Time | undefined {
    return this.script === undefined ? this.nextSubmission(now) : this.script[this.scriptedSoFar]?.submittedAt;
  }

  /** The job that is submitted now. */
  job(): Marks {
    return this.script === undefined ? this.drawMarks() : this.scriptedMarks(this.script[this.scriptedSoFar++]);
  }

  /** Draws a share in [0, 1) that decides what is installed at the start. */
  installedPatch(): number {
    return this.streams.installedPatches.double();
  }

  /** Draws how long after its start the service hangs again [us]; null if it does not. */
  relapse(): Duration | null {
    const { relapseShare, relapseMinutesMean } = this.values;
    if (relapseShare === 0) return null;
    const { relapses } = this.streams;
    const isRelapsing = relapses.double() < relapseShare;
    const us = whole(exponentialQuantile(relapses.double()) * relapseMinutesMean * 6e7);
    return isRelapsing ? us : null;
  }

  /** Draws the time from one disconnection of an LPR printer to the next [us]. */
  untilOutage(): Duration {
    const meanUs = (24 * HOUR) / this.values.lprOutagesPerDay;
    return whole(exponentialQuantile(this.streams.outages.double()) * meanUs);
  }

  /** Draws how many retries of the LPR monitor find the printer disconnected. */
  outageRetries(): number {
    const meanUs = this.values.lprOutageSecondsMean * 1e6;
    return Math.floor((exponentialQuantile(this.streams.outages.double()) * meanUs) / 4e6);
  }

  /** Draws the time of the next submission: a Poisson process whose rate is constant within each hour of the week. */
  private nextSubmission(now: Time): Time {
    const { hourWeights, dayWeights } = profiles[this.values.profile];
    let remaining = exponentialQuantile(this.streams.submissions.double());
    let at = now;
    for (;;) {
      const hourEnd = (Math.floor(at / HOUR) + 1) * HOUR;
      const h = Math.floor(at / HOUR) % 168;
      const { jobsPerDay, hourShares } = this.values;
      const rate =
        hourShares.length === 0
          ? (jobsPerDay * dayWeights[Math.floor(h / 24)] * hourWeights[h % 24]) / HOUR
          : (jobsPerDay * hourShares[h % hourShares.length]) / HOUR;
      const capacity = rate * (hourEnd - at);
      if (remaining < capacity) return now + whole(at + remaining / rate - now);
      remaining -= capacity;
      at = hourEnd;
    }
  }

  /** Draws every attribute of a job, whether or not it will be used. */
  private drawMarks(): Marks {
    const v = this.values;
    const { jobs, alterations, control, unwinding, complaints } = this.streams;

    const typeDraw = jobs.double();
    const dataType = typeDraw < v.textShare ? "TEXT" : typeDraw < v.textShare + v.emfShare ? "EMF" : "RAW";
    const printer = Math.floor(jobs.double() * v.printers);
    const pages = this.pages(jobs.double());
    const priority = jobs.double() < v.priorityHighShare ? v.priorityHigh : 1;
    const bytes = pages * this.perType[dataType].bytesPerPage;

    const episode = this.episode(alterations.double());
    const alterPosition = alterations.double();
    const thinkUs = whole(exponentialQuantile(alterations.double()) * this.us.thinkMean);

    const staysUs = [this.stay(control.double()), this.stay(control.double())] as const;

    const unwindDraw = unwinding.double();
    const factor = v.unwindSigma === 0 ? 1 : exp(v.unwindSigma * normalQuantile(unwindDraw));

    const complains = v.complaintMinutesMean > 0;
    const complainUs = complains
      ? whole(exponentialQuantile(complaints.double()) * v.complaintMinutesMean * 6e7)
      : null;

    return {
      dataType,
      printer,
      pages,
      bytes,
      priority,
      episode: episode?.name,
      when: episode?.when,
      commands: episode?.commands ?? [],
      alterPosition,
      thinkUs,
      staysUs,
      ...this.unwindings(dataType, factor),
      complainUs,
      whenStuck: this.drawWhenStuck(),
      fate: this.drawFate(),
    };
  }

  /** The attributes of a job of the script. */
  private scriptedMarks({ episode: name, unwinding, submittedAt: _, ...job }: ScriptedJob): Marks {
    const episode = episodes.find((one) => one.name === name);
    return {
      ...job,
      bytes: job.pages * this.perType[job.dataType].bytesPerPage,
      episode: episode?.name,
      when: episode?.when,
      commands: episode?.commands ?? [],
      ...this.unwindings(job.dataType, unwinding),
      fate: this.drawFate(),
    };
  }

  /** How long a job takes to unwind when it ends and when it is aborted. */
  private unwindings(dataType: DataType, factor: number): Pick<Marks, "unwindEndUs" | "unwindAbortUs"> {
    const abortMedian = dataType === "RAW" ? this.us.unwindRaw : this.us.unwindAbort;
    const localMedian = dataType === "RAW" ? this.us.unwindRaw : this.us.unwindEnd;
    const endMedian = this.values.portMonitor === "lpr" ? this.us.unwindLpr : localMedian;
    return { unwindEndUs: whole(endMedian * factor), unwindAbortUs: whole(abortMedian * factor) };
  }

  private drawWhenStuck(): Marks["whenStuck"] {
    const { stuckDeleteShare, stuckResubmitShare, stuckMinutesMean } = this.values;
    if (stuckDeleteShare + stuckResubmitShare === 0) return null;
    const { stuckJobs } = this.streams;
    const u = stuckJobs.double();
    const us = whole(exponentialQuantile(stuckJobs.double()) * stuckMinutesMean * 6e7);
    if (u >= stuckDeleteShare + stuckResubmitShare) return null;
    return { does: u < stuckDeleteShare ? "delete" : "resubmit", us };
  }

  private drawFate(): Fate {
    const v = this.values;
    const { remoteCloses, pipedJobs, popUps, clients } = this.streams;
    const remoteDraw = v.Q224345 === "absent" ? 1 : remoteCloses.double();
    const popUpDraw = v.Q283102 === "absent" ? 1 : popUps.double();
    const pipeDraw = v.Q226513 === "absent" ? 1 : pipedJobs.double();
    const client = v.Q182333 === "absent" ? Infinity : Math.floor(clients.double() * v.clients);
    return {
      remote: remoteDraw < v.remoteShare,
      closeFails: remoteDraw < v.remoteShare * v.remoteCloseFailShare,
      piped: pipeDraw < v.pipedShare,
      popUpLost: popUpDraw < v.popUpLostShare,
      client: client < Math.round(v.unpatchedShare * v.clients) ? client : undefined,
    };
  }

  private pages(u: number): number {
    const { emptyShare, pagesMean, pagesMax, pagesLaw } = this.values;
    if (u < emptyShare) return 0;
    if (pagesLaw === "fixed") return Math.max(1, Math.round(pagesMean));
    if (pagesMean === 1) return 1;
    const v = (u - emptyShare) / (1 - emptyShare);
    return Math.min(pagesMax, 1 + Math.floor(exponentialQuantile(v) * (-1 / log1p(-1 / pagesMean))));
  }

  /** The first episode whose cumulative share exceeds u. */
  private episode(u: number): (typeof episodes)[number] | undefined {
    let cumulative = 0;
    return episodes.find((episode) => {
      cumulative += this.values[`${episode.name}Share`];
      return cumulative > u;
    });
  }

  private stay(u: number): Duration {
    const { controlMsMedian, controlSigma } = this.values;
    if (controlSigma === 0) return whole(controlMsMedian * 1000);
    return whole(controlMsMedian * 1000 * exp(controlSigma * normalQuantile(u)));
  }
}
