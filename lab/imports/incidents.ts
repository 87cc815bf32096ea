/**
 * Incidents in the readings of a server: the process was restarted, there were no readings for a while, a counter
 * wrapped or was reset, the clock was put back. Incidents are reported and change no reading.
 *
 * A restart is certain if the log has the number or the start time of the process, and that changes. Otherwise a
 * restart is a reading at which every response that the process gives back is below all readings of the last day, and
 * at least one of them by 5 % or more: the load rises and falls, but only the end of the process gives back what has
 * leaked. A restart of a process that has leaked less than that is not detected, and does not matter. A restart during
 * busy minutes is dated at their end.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";

export type IncidentKind = "restart" | "gap" | "wrap" | "reset" | "clock";

export interface Incident {
  readonly kind: IncidentKind;
  /** The time of the first reading after it [us]. */
  readonly timeUs: number;
  /** The time of the last reading before it [us]. */
  readonly sinceUs: number;
  /** For a wrap or a reset: the response concerned; for a restart: the response that fell most. */
  readonly response: string;
  /** That response before and after; NaN if there is no reading. */
  readonly before: number;
  readonly after: number;
}

/** A response to check. */
export interface WatchedResponse {
  readonly name: string;
  /** Whether a restart gives it back. */
  readonly isGivenBack: boolean;
  /** Whether it is a running total, which falls only at a restart or a wrap. */
  readonly isTotal: boolean;
}

/** This many usual intervals without a reading are a gap. */
const GAP_STEPS = 2.5;
/** The relative fall of the day's lowest reading that indicates a restart. */
const FALL = 0.05;
const WRAP = 4_294_967_296;
/** A 32-bit counter has wrapped if it was this close to its end before and is this close to 0 after. */
const NEAR = 0.1;

/** Finds incidents on one server, reading by reading, in order. */
export class IncidentFinder {
  private readonly responses: readonly WatchedResponse[];
  private readonly stepUs: number;
  private readonly floors: readonly SlidingMinimum[];
  private readonly last: Float64Array;
  private lastUs: number;
  private process: number;

  /** @param stepUs the usual time between two readings */
  constructor(responses: readonly WatchedResponse[], stepUs: number) {
    this.responses = responses;
    this.stepUs = stepUs;
    this.floors = responses.map(() => new SlidingMinimum());
    this.last = new Float64Array(responses.length).fill(NaN);
    this.lastUs = NaN;
    this.process = NaN;
  }

  /** Returns the incidents before this reading. @param values by response; NaN where there is no reading */
  next(timeUs: number, values: ArrayLike<number>, process: number): Incident[] {
    const { lastUs } = this;
    const found: Incident[] = [];
    const incident = (kind: IncidentKind, response: number) => {
      const name = this.responses[response]?.name ?? "";
      const [before, after] = [this.last[response] ?? NaN, values[response] ?? NaN];
      found.push({ kind, timeUs, sinceUs: lastUs, response: name, before, after });
    };
    if (timeUs - lastUs > GAP_STEPS * this.stepUs) incident("gap", -1);
    const wrapped = this.responses.map((_, r) => isWrap(this.last[r]!, values[r]!));
    const restart = this.restartAt(timeUs, values, process, wrapped);
    if (restart !== undefined) {
      incident("restart", restart);
      for (const floor of this.floors) floor.clear();
    }
    for (const [r, { isTotal }] of this.responses.entries()) {
      const value = values[r]!;
      if (Number.isNaN(value)) continue;
      if (wrapped[r]!) incident("wrap", r);
      else if (isTotal && value < this.last[r]!) incident("reset", r);
      if (wrapped[r]!) this.floors[r]!.clear();
      this.floors[r]!.add(timeUs, value);
      this.last[r] = value;
    }
    this.lastUs = timeUs;
    if (!Number.isNaN(process)) this.process = process;
    return found;
  }

  /** The response that fell most at a restart, or -1 if none did; undefined if there was no restart. */
  private restartAt(
    timeUs: number,
    values: ArrayLike<number>,
    process: number,
    wrapped: readonly boolean[],
  ): number | undefined {
    let [most, greatest, isEveryBelow] = [-1, 0, true];
    for (const [r, { isGivenBack }] of this.responses.entries()) {
      if (!isGivenBack || Number.isNaN(values[r]!) || wrapped[r]!) continue;
      const floor = this.floors[r]!.since(timeUs - US_PER_DAY);
      const fall = (floor - values[r]!) / floor;
      if (!(fall > 0)) isEveryBelow = false;
      if (fall > greatest) [most, greatest] = [r, fall];
    }
    const isOther = !Number.isNaN(process) && !Number.isNaN(this.process) && process !== this.process;
    if (isOther) return most;
    // If the process number is known and unchanged, no restart is inferred.
    const isSame = !Number.isNaN(process) && process === this.process;
    return !isSame && isEveryBelow && greatest >= FALL ? most : undefined;
  }
}

function isWrap(before: number, after: number): boolean {
  return before < WRAP && before > (1 - NEAR) * WRAP && after < NEAR * WRAP;
}

/** The minimum of the values since some time, for increasing times. Amortized constant cost per value. */
class SlidingMinimum {
  private times: number[];
  private values: number[];
  private first: number;

  constructor() {
    this.times = [];
    this.values = [];
    this.first = 0;
  }

  add(time: number, value: number): void {
    while (this.values.length > this.first && this.values.at(-1)! >= value) {
      this.values.pop();
      this.times.pop();
    }
    this.times.push(time);
    this.values.push(value);
  }

  /** NaN if there are none; if all are older, the last value. */
  since(time: number): number {
    while (this.first < this.values.length - 1 && this.times[this.first]! < time) this.first++;
    if (this.first > 4096) {
      this.times = this.times.slice(this.first);
      this.values = this.values.slice(this.first);
      this.first = 0;
    }
    return this.values[this.first] ?? NaN;
  }

  clear(): void {
    this.times = [];
    this.values = [];
    this.first = 0;
  }
}
