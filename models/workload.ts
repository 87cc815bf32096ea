/**
 * The workload: when jobs come, what they are, and what will be done to them. The only file that draws.
 *
 * Every submission draws the same count of numbers from each stream, whatever becomes of the job, so two spoolers,
 * two guard windows or two rates of alteration that are compared meet the same jobs. What is drawn, in which order
 * and through which law is the table of docs/model.md, section 1.
 */
import type { Duration, Time } from "../sim/event-list.ts";
import { exp, log1p, normalQuantile } from "../sim/math.ts";
import type { Stream } from "../sim/streams.ts";
import { exponential, wholeMicroseconds } from "../sim/variates.ts";
import type { OpenStreams } from "./model.ts";
import type { PrintServersValues } from "./parameters.ts";
import { profiles } from "./sites.ts";

export const RAW = 0;
export const TEXT = 1;
export const EMF = 2;

/** What may be planned for a job; the order is that of the cumulative shares. */
export const NO_EPISODE = 0;
export const DELETE_EPISODE = 1;
export const PAUSE_DELETE_EPISODE = 2;
export const RESTART_EPISODE = 3;
export const PAUSE_RESUME_EPISODE = 4;
export const LEVEL_EPISODE = 5;
export const WAITING_DELETE_EPISODE = 6;
export const WAITING_PAUSE_RESUME_EPISODE = 7;

/** Places of the real marks. */
const BYTES = 0;
const MOMENT = 1;
const THINK_US = 2;
const STAY0_US = 3;
const STAY1_US = 4;
const UNWINDING = 5;
const REALS = 6;

const HOUR_US = 3.6e9;
const HOURS_OF_WEEK = 168;

export class Workload {
  /** The marks of the job that `draw` drew last: these, and the reals below. */
  dataType: number;
  printer: number;
  priority: number;
  episode: number;
  /**
   * The reals, in an array: V8 makes a new object for every number that is stored in a field and is no small integer.
   */
  private readonly reals: Float64Array;

  private readonly values: PrintServersValues;
  private readonly submissions: Stream;
  private readonly jobs: Stream;
  private readonly alterations: Stream;
  private readonly control: Stream;
  private readonly unwindings: Stream;
  /** Submissions per us in each hour of a week, Monday's first. */
  private readonly jobsPerUs: Float64Array;
  /** Upper end of each episode's interval of [0, 1). */
  private readonly episodeEnds: Float64Array;
  private readonly bytesPerPage: readonly number[];
  private readonly logOfStop: number;

  constructor(values: PrintServersValues, open: OpenStreams) {
    this.dataType = RAW;
    this.printer = 0;
    this.priority = 1;
    this.episode = NO_EPISODE;
    this.reals = new Float64Array(REALS);
    this.values = values;
    this.submissions = open("submissions");
    this.jobs = open("jobs");
    this.alterations = open("alterations");
    this.control = open("control");
    this.unwindings = open("unwinding");
    const { hourWeights, dayWeights } = profiles[values.profile];
    this.jobsPerUs = Float64Array.from(
      { length: HOURS_OF_WEEK },
      (_, hour) => (values.jobsPerDay * dayWeights[Math.floor(hour / 24)] * hourWeights[hour % 24]) / HOUR_US,
    );
    let end = 0;
    this.episodeEnds = Float64Array.from(
      [
        values.deleteShare, values.pauseDeleteShare, values.restartShare, values.pauseResumeShare, values.levelShare,
        values.waitingDeleteShare, values.waitingPauseResumeShare,
      ],
      (share) => (end += share),
    );
    this.bytesPerPage = [values.rawBytesPerPage, values.textBytesPerPage, values.emfBytesPerPage];
    this.logOfStop = log1p(-1 / values.pagesMean);
  }

  /** [bytes], whole */
  get bytes(): number {
    return this.reals[BYTES];
  }

  /** When in the printout, or in the wait, the first command comes: 0 (included) to 1 (excluded). */
  get moment(): number {
    return this.reals[MOMENT];
  }

  get thinkUs(): Duration {
    return this.reals[THINK_US];
  }

  /** Stay of the first command inside the print processor [us]. */
  get stay0Us(): Duration {
    return this.reals[STAY0_US];
  }

  /** Stay of the second [us]. */
  get stay1Us(): Duration {
    return this.reals[STAY1_US];
  }

  /** Factor on the median unwinding, > 0 [1]. */
  get unwinding(): number {
    return this.reals[UNWINDING];
  }

  /** Draws the time from `now` to the server's next submission: exponential in the integrated rate of the week. */
  drawGap(server: number, now: Time): Duration {
    let remaining = -log1p(-this.submissions.uniform(server));
    let at = now;
    for (;;) {
      const hour = Math.floor(at / HOUR_US);
      const hourEnd = (hour + 1) * HOUR_US;
      const rate = this.jobsPerUs[hour % HOURS_OF_WEEK];
      const capacity = rate * (hourEnd - at);
      if (remaining < capacity) return wholeMicroseconds(at + remaining / rate - now);
      remaining -= capacity;
      at = hourEnd;
    }
  }

  /** Draws the marks of the server's next job into the marks. */
  draw(server: number): void {
    const { values, jobs, reals } = this;
    const type = jobs.uniform(server);
    this.dataType = type < values.textShare ? TEXT : type < values.textShare + values.emfShare ? EMF : RAW;
    this.printer = Math.floor(jobs.uniform(server) * values.printers);
    reals[BYTES] = this.pages(jobs.uniform(server)) * this.bytesPerPage[this.dataType];
    this.priority = jobs.uniform(server) < values.priorityHighShare ? values.priorityHigh : 1;

    this.episode = this.episodeOf(this.alterations.uniform(server));
    reals[MOMENT] = this.alterations.uniform(server);
    const think = this.alterations.uniform(server);
    const stay0 = this.control.uniform(server);
    const stay1 = this.control.uniform(server);
    // Most jobs are never altered, and their draws are not worth a transformation.
    if (this.episode !== NO_EPISODE) {
      reals[THINK_US] = wholeMicroseconds(exponential(think, values.thinkSecondsMean * 1e6));
      reals[STAY0_US] = this.stay(stay0);
      reals[STAY1_US] = this.stay(stay1);
    }
    const unwinding = this.unwindings.uniform(server);
    reals[UNWINDING] = values.unwindSigma === 0 ? 1 : exp(values.unwindSigma * normalQuantile(unwinding));
  }

  private pages(u: number): number {
    const { emptyShare, pagesLaw, pagesMean, pagesMax } = this.values;
    if (u < emptyShare) return 0;
    if (pagesLaw === "fixed") return Math.max(1, Math.round(pagesMean));
    if (pagesMean === 1) return 1;
    const v = (u - emptyShare) / (1 - emptyShare);
    return Math.min(pagesMax, 1 + Math.floor(log1p(-v) / this.logOfStop));
  }

  private episodeOf(u: number): number {
    const ends = this.episodeEnds;
    for (let i = 0; i < ends.length; i++) if (u < ends[i]) return i + 1;
    return NO_EPISODE;
  }

  private stay(u: number): Duration {
    const { controlMsMedian, controlSigma } = this.values;
    const factor = controlSigma === 0 ? 1 : exp(controlSigma * normalQuantile(u));
    return wholeMicroseconds(controlMsMedian * 1000 * factor);
  }
}
