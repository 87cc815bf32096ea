/**
 * The workload: when jobs come, what they are, and what will be done to them. The only file that draws.
 *
 * Every submission draws the same count of numbers from each stream, whatever becomes of the job, so two spoolers,
 * two guard windows or two rates of alteration that are compared meet the same jobs. What is drawn, in which order
 * and through which law is the table of docs/model.md, section 1.
 */
import type { Duration } from "../sim/event-list.ts";
import { log1p } from "../sim/math.ts";
import type { Clock } from "../sim/simulation.ts";
import type { Law, Stream } from "../sim/streams.ts";
import { exponentials, lognormals, wholeMicroseconds } from "../sim/variates.ts";
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
const GAP_US = 6;
const PAGES = 7;
const REALS = 8;

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
  /** Mean of the exponential whose whole part is geometric. */
  private readonly pagesScale: number;
  private readonly stays: Law;

  constructor(values: PrintServersValues, open: OpenStreams) {
    this.dataType = RAW;
    this.printer = 0;
    this.priority = 1;
    this.episode = NO_EPISODE;
    this.reals = new Float64Array(REALS);
    this.values = values;
    this.submissions = open("submissions", exponentials);
    this.jobs = open("jobs");
    this.alterations = open("alterations");
    this.control = open("control");
    this.unwindings = open("unwinding", lognormals(values.unwindSigma));
    this.stays = lognormals(values.controlSigma);
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
    this.pagesScale = -1 / log1p(-1 / values.pagesMean);
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

  /** Time from the last `drawGap` to the submission that it drew [us]. */
  get gapUs(): Duration {
    return this.reals[GAP_US];
  }

  /** Draws the time from now to the server's next submission: exponential in the integrated rate of the week. */
  drawGap(server: number, { now }: Clock): void {
    let remaining = this.submissions.draw(server);
    let at = now;
    for (;;) {
      const hour = Math.floor(at / HOUR_US);
      const hourEnd = (hour + 1) * HOUR_US;
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
    const { values, jobs, alterations, control, reals } = this;
    const type = jobs.draw(server);
    this.dataType = type < values.textShare ? TEXT : type < values.textShare + values.emfShare ? EMF : RAW;
    this.printer = Math.floor(jobs.draw(server) * values.printers);
    reals[PAGES] = jobs.draw(server);
    this.makePages();
    reals[BYTES] = reals[PAGES] * this.bytesPerPage[this.dataType];
    this.priority = jobs.draw(server) < values.priorityHighShare ? values.priorityHigh : 1;

    reals[MOMENT] = alterations.draw(server);
    this.episode = this.episodeOfMoment();
    reals[MOMENT] = alterations.draw(server);
    reals[THINK_US] = alterations.draw(server);
    reals[STAY0_US] = control.draw(server);
    reals[STAY1_US] = control.draw(server);
    // Most jobs are never altered, and their draws are not worth a transformation.
    if (this.episode !== NO_EPISODE) this.makeAlterations();
    reals[UNWINDING] = this.unwindings.draw(server);
  }

  /** Turns the draw in PAGES into pages. */
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

  /** Turns the draw in MOMENT into an episode. */
  private episodeOfMoment(): number {
    const ends = this.episodeEnds;
    for (let i = 0; i < ends.length; i++) if (this.reals[MOMENT] < ends[i]) return i + 1;
    return NO_EPISODE;
  }

  /** Turns the draws of the think time and of the stays into durations. */
  private makeAlterations(): void {
    const { reals, values } = this;
    exponentials(reals, THINK_US, THINK_US + 1);
    reals[THINK_US] = wholeMicroseconds(reals[THINK_US] * (values.thinkSecondsMean * 1e6));
    this.stays(reals, STAY0_US, STAY1_US + 1);
    reals[STAY0_US] = wholeMicroseconds(values.controlMsMedian * 1000 * reals[STAY0_US]);
    reals[STAY1_US] = wholeMicroseconds(values.controlMsMedian * 1000 * reals[STAY1_US]);
  }
}
