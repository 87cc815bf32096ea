/**
 * The draws of the related bugs. Together with workload.ts, this is everything random about the print servers.
 *
 * Each bug has its own stream, which is opened only if the fleet has the bug, so an additional bug changes no other
 * number. Every submission draws one number from each stream except that of the outages, whatever happens to the job.
 * The table of draws is in docs/model.md, section 10.
 */
import type { Stream } from "../../../sim/streams.ts";
import { exponentials, wholeMicroseconds } from "../../../sim/variates.ts";
import { US_PER_DAY } from "../../../sim/time-units.ts";
import type { OpenStreams } from "../../contract/instance.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";

/** Bits of a job's fate: its printer is remote; the close of that printer fails; its pop-up finds nobody logged on. */
export const REMOTE = 1;
export const CLOSE_FAILS = 2;
export const POP_UP_LOST = 4;
/** The job comes through a named pipe. */
export const PIPED = 8;

/** The client of a job without a client, or with a patched one. */
export const PATCHED = -1;

/** The LPR monitor tries again every four seconds (Q223791). */
export const RETRY_US = 4e6;

export class RelatedBugDraws {
  /** The draws for the current job: its fate, and its client if that is unpatched. */
  fate: number;
  client: number;
  /** The time to the next outage [us], in an array like the marks of workload.ts. */
  readonly gapUs: Float64Array;
  /** The retries of the LPR monitor during the current outage [1]. */
  retries: number;

  private readonly values: PrintServersValues;
  private readonly remoteCloses: Stream | undefined;
  private readonly outages: Stream | undefined;
  private readonly pipedJobs: Stream | undefined;
  private readonly popUps: Stream | undefined;
  private readonly clients: Stream | undefined;
  /** Clients with lower numbers than this are unpatched. */
  private readonly unpatched: number;

  constructor(values: PrintServersValues, open: OpenStreams) {
    this.fate = 0;
    this.client = PATCHED;
    this.gapUs = new Float64Array(1);
    this.retries = 0;
    this.values = values;
    this.remoteCloses = values.Q224345 === "absent" ? undefined : open("remote-closes");
    this.outages = values.Q223791 === "absent" ? undefined : open("lpr-outages", exponentials);
    this.pipedJobs = values.Q226513 === "absent" ? undefined : open("piped-jobs");
    this.popUps = values.Q283102 === "absent" ? undefined : open("pop-ups");
    this.clients = values.Q182333 === "absent" ? undefined : open("clients");
    this.unpatched = Math.round(values.unpatchedShare * values.clients);
  }

  /** Draws the effects of the related bugs on the server's next job. */
  drawJob(server: number): void {
    const { values, remoteCloses, pipedJobs, popUps, clients } = this;
    this.fate = 0;
    if (remoteCloses !== undefined) {
      const u = remoteCloses.draw(server);
      if (u < values.remoteShare) this.fate |= REMOTE;
      if (u < values.remoteShare * values.remoteCloseFailShare) this.fate |= CLOSE_FAILS;
    }
    if (popUps !== undefined && popUps.draw(server) < values.popUpLostShare) this.fate |= POP_UP_LOST;
    if (pipedJobs !== undefined && pipedJobs.draw(server) < values.pipedShare) this.fate |= PIPED;
    if (clients !== undefined) {
      const client = Math.floor(clients.draw(server) * values.clients);
      this.client = client < this.unpatched ? client : PATCHED;
    }
  }

  /** Recalls the fate of a job that is submitted a second time, by a client that leaves no second pipe open. */
  recall(fate: number): void {
    this.fate = fate;
    this.client = PATCHED;
  }

  /** Draws the time to the server's next outage; returns false if its printers never disconnect. */
  drawGap(server: number): boolean {
    if (this.outages === undefined) return false;
    this.gapUs[0] = wholeMicroseconds(this.outages.draw(server) * (US_PER_DAY / this.values.lprOutagesPerDay));
    return true;
  }

  /** Draws the length of an outage, as a number of retries. */
  drawOutage(server: number): void {
    const lastsUs = this.outages!.draw(server) * (this.values.lprOutageSecondsMean * 1e6);
    this.retries = Math.floor(lastsUs / RETRY_US);
  }
}
