/**
 * The workload: when jobs come, what they are, and what will be done to them. The only file that draws.
 *
 * Every submission draws the same count of numbers from each stream, whatever becomes of the job, so two spoolers, two guard windows or two
 * rates of alteration that are compared meet the same jobs. What is drawn, in which order and through which law is the table of
 * docs/model.md, section 1.
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

const HOUR_US = 3.6e9;
const HOURS_OF_WEEK = 168;

export class Workload {
  /** The marks of the job that `draw` drew last. */
  dataType: number;
  printer: number;
  bytes: number;
  priority: number;
  episode: number;
  /** When in the printout, or in the wait, the first command comes: 0 (included) to 1 (excluded). */
  moment: number;
  thinkUs: Duration;
  /** Stays of the first and the second command inside the print processor [us]. */
  stay0Us: Duration;
  stay1Us: Duration;
  /** Factor on the median unwinding, > 0 [1]. */
  unwinding: number;

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
    this.bytes = 0;
    this.priority = 1;
    this.episode = NO_EPISODE;
    this.moment = 0.5;
    this.thinkUs = 1;
    this.stay0Us = 1;
    this.stay1Us = 1;
    this.unwinding = 1.5;
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

  /** Draws the marks of the server's next job into the fields above. */
  draw(server: number): void {
    const { values, jobs } = this;
    const type = jobs.uniform(server);
    this.dataType = type < values.textShare ? TEXT : type < values.textShare + values.emfShare ? EMF : RAW;
    this.printer = Math.floor(jobs.uniform(server) * values.printers);
    this.bytes = this.pages(jobs.uniform(server)) * this.bytesPerPage[this.dataType];
    this.priority = jobs.uniform(server) < values.priorityHighShare ? values.priorityHigh : 1;

    this.episode = this.episodeOf(this.alterations.uniform(server));
    this.moment = this.alterations.uniform(server);
    const think = this.alterations.uniform(server);
    const stay0 = this.control.uniform(server);
    const stay1 = this.control.uniform(server);
    // Most jobs are never altered, and their draws are not worth a transformation.
    if (this.episode !== NO_EPISODE) {
      this.thinkUs = wholeMicroseconds(exponential(think, values.thinkSecondsMean * 1e6));
      this.stay0Us = this.stay(stay0);
      this.stay1Us = this.stay(stay1);
    }
    const unwinding = this.unwindings.uniform(server);
    this.unwinding = values.unwindSigma === 0 ? 1 : exp(values.unwindSigma * normalQuantile(unwinding));
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
