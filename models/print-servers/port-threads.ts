/**
 * The port threads of a slice, one per printer, and the arithmetic of printing (docs/model.md, section 4).
 *
 * Chunks are computed and are not events: a thread knows when it started, with which chunk, and how long a chunk takes,
 * so the time of its next test of pause and abort can be computed at any time. A thread has one timer, a time and a
 * kind; an event that does not match the timer is stale. The methods set the timer, and their caller schedules the
 * event if they return true.
 */
import type { Duration, Kind, Time } from "../../sim/event-list.ts";
import type { Clock } from "../../sim/simulation.ts";
import { CLOSE, WAKE } from "./event-kinds.ts";

export const IDLE = 0;
export const PICKING = 1;
export const BUSY = 2;

/** The time of an event that is not scheduled. */
export const NEVER = Infinity;

/** No chunk. */
const NONE = -1;

export class PortThreads {
  /**
   * IDLE, PICKING (about to pick a job) or BUSY (has one) - state - one per printer of the slice; the columns below
   * likewise.
   */
  readonly phase: Uint8Array;
  /** The time of its next event [us], NEVER if there is none; and the kind of that event. */
  readonly due: Float64Array;
  private readonly dueKind: Uint8Array;
  /** The current job. */
  readonly job: Int32Array;

  /** The first chunk of the current run, and when the run began [us]. */
  private readonly firstChunk: Float64Array;
  private readonly startedAt: Float64Array;
  private readonly chunks: Float64Array;
  private readonly chunkUs: Float64Array;
  private readonly lastChunkUs: Float64Array;
  /** 1 if pause and abort are tested once more at the end of the data. */
  private readonly testsAtEnd: Uint8Array;
  /** When it reaches the end of the data, or stops before it [us]. */
  readonly returnAt: Float64Array;
  /** The time of the close attempt if the printout is not interrupted [us]. */
  private readonly closeAt: Float64Array;
  private readonly unwindEndUs: Float64Array;
  private readonly unwindAbortUs: Float64Array;
  private readonly aborted: Uint8Array;
  /** When it blocks or has blocked [us]; NEVER if it does not. */
  private readonly blockAt: Float64Array;
  /** The chunk at which it blocks; `chunks` for the end of the data. */
  private readonly blockChunk: Float64Array;
  private readonly wakeUs: number;

  /**
   * @param printers the number of printers of the slice
   * @param wakeUs the delay until a blocked thread runs after its wake-up, >= 1 [us]
   */
  constructor(printers: number, wakeUs: number) {
    this.wakeUs = wakeUs;
    this.phase = new Uint8Array(printers);
    this.due = new Float64Array(printers).fill(NEVER);
    this.dueKind = new Uint8Array(printers);
    this.job = new Int32Array(printers);
    this.firstChunk = new Float64Array(printers);
    this.startedAt = new Float64Array(printers);
    this.chunks = new Float64Array(printers);
    this.chunkUs = new Float64Array(printers);
    this.lastChunkUs = new Float64Array(printers);
    this.testsAtEnd = new Uint8Array(printers);
    this.returnAt = new Float64Array(printers);
    this.closeAt = new Float64Array(printers);
    this.unwindEndUs = new Float64Array(printers);
    this.unwindAbortUs = new Float64Array(printers);
    this.aborted = new Uint8Array(printers);
    this.blockAt = new Float64Array(printers).fill(NEVER);
    this.blockChunk = new Float64Array(printers);
  }

  /** Sets the timer: an event of this kind is due after `delay` [us]. */
  arm(port: number, delay: Duration, kind: Kind, { now }: Clock): void {
    this.due[port] = now + delay;
    this.dueKind[port] = kind;
  }

  /** Returns whether this is the event that the timer is set for; if so, clears the timer. */
  accept(port: number, kind: Kind, { now }: Clock): boolean {
    if (this.due[port] !== now || this.dueKind[port] !== kind) return false;
    this.due[port] = NEVER;
    return true;
  }

  /** Clears the timer, because the process has hung or ended. */
  stop(port: number): void {
    this.due[port] = NEVER;
  }

  /**
   * Begins to print a job of `chunks` chunks, and sets the timer to the close attempt.
   * @param unwindEndUs the unwinding after a normal end [us]
   * @param unwindAbortUs the unwinding after an abort [us]
   */
  begin(
    port: number,
    job: number,
    chunks: number,
    chunkUs: number,
    lastChunkUs: number,
    testsAtEnd: 0 | 1,
    unwindEndUs: number,
    unwindAbortUs: number,
    { now }: Clock,
  ): void {
    this.phase[port] = BUSY;
    this.job[port] = job;
    this.firstChunk[port] = 0;
    this.startedAt[port] = now;
    this.chunks[port] = chunks;
    this.chunkUs[port] = chunkUs;
    this.lastChunkUs[port] = lastChunkUs;
    this.testsAtEnd[port] = testsAtEnd;
    this.unwindEndUs[port] = unwindEndUs;
    this.unwindAbortUs[port] = unwindAbortUs;
    this.aborted[port] = 0;
    this.blockAt[port] = NEVER;
    this.printOn(port);
  }

  /** A pause: the thread blocks at its next test, if there is one. */
  pause(port: number, clock: Clock): void {
    if (this.blockAt[port] !== NEVER || this.aborted[port] === 1 || clock.now > this.returnAt[port]) return;
    const chunk = this.nextTest(port, clock);
    if (chunk === NONE) return;
    this.blockChunk[port] = chunk;
    this.blockAt[port] = this.testTime(port, chunk);
    this.due[port] = NEVER;
  }

  /** A resume. Returns true if the caller must schedule the wake-up, at `due`. */
  resume(port: number, clock: Clock): boolean {
    if (this.blockAt[port] === NEVER) return false;
    if (clock.now > this.blockAt[port]) return this.wake(port, clock);
    // The thread does not block after all; its close attempt is still in the event list.
    this.blockAt[port] = NEVER;
    this.due[port] = this.closeAt[port];
    this.dueKind[port] = CLOSE;
    return false;
  }

  /** An abort. Returns "wakes" or "closes" if the caller must schedule that event, at `due`; otherwise undefined. */
  abort(port: number, clock: Clock): "wakes" | "closes" | undefined {
    const blocked = this.blockAt[port] !== NEVER;
    if (this.aborted[port] === 1 || (!blocked && clock.now > this.returnAt[port])) return undefined;
    this.aborted[port] = 1;
    if (blocked && clock.now > this.blockAt[port]) return this.wake(port, clock) ? "wakes" : undefined;
    const chunk = this.nextTest(port, clock);
    if (chunk === NONE) return undefined;
    this.blockAt[port] = NEVER;
    this.returnAt[port] = this.testTime(port, chunk);
    this.closeAfter(port, this.unwindAbortUs[port]);
    return "closes";
  }

  /**
   * The blocked thread runs again and tests once more. Returns true if the caller must schedule the close attempt, at
   * `due`.
   */
  rerun(port: number, paused: boolean, { now }: Clock): boolean {
    if (this.aborted[port] === 0 && paused) {
      this.blockAt[port] = now;
      return false;
    }
    this.blockAt[port] = NEVER;
    if (this.aborted[port] === 1) {
      this.returnAt[port] = now;
      this.closeAfter(port, this.unwindAbortUs[port]);
      return true;
    }
    this.firstChunk[port] = this.blockChunk[port];
    this.startedAt[port] = now;
    this.printOn(port);
    return true;
  }

  private wake(port: number, clock: Clock): boolean {
    if (this.due[port] !== NEVER) return false;
    this.arm(port, this.wakeUs, WAKE, clock);
    return true;
  }

  private closeAfter(port: number, unwindUs: number): void {
    this.closeAt[port] = this.returnAt[port] + unwindUs;
    this.due[port] = this.closeAt[port];
    this.dueKind[port] = CLOSE;
  }

  /** The current run continues to the end of the data. */
  private printOn(port: number): void {
    const chunks = this.chunks[port] - this.firstChunk[port];
    const printUs = chunks === 0 ? 0 : (chunks - 1) * this.chunkUs[port] + this.lastChunkUs[port];
    this.returnAt[port] = this.startedAt[port] + printUs;
    this.closeAfter(port, this.unwindEndUs[port]);
  }

  /**
   * The chunk with the first test at or after now: `chunks` for the test at the end of the data, NONE if there is none.
   */
  private nextTest(port: number, { now }: Clock): number {
    const chunk = this.firstChunk[port] + Math.ceil((now - this.startedAt[port]) / this.chunkUs[port]);
    if (chunk < this.chunks[port]) return chunk;
    return this.testsAtEnd[port] === 1 ? this.chunks[port] : NONE;
  }

  private testTime(port: number, chunk: number): Time {
    if (chunk === this.chunks[port]) return this.returnAt[port];
    return this.startedAt[port] + (chunk - this.firstChunk[port]) * this.chunkUs[port];
  }
}
