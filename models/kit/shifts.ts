/**
 * Shifts: a number that follows a repeating plan, such as the number of clerks.
 *
 * Cost: one event per shift; allocates nothing.
 * Closed form: the mean of the number over whole plans is the sum of hours times number over the sum of hours.
 */
import type { Kind } from "../../sim/event-list.ts";
import type { Schedule } from "../../sim/simulation.ts";
import { US_PER_HOUR } from "../../sim/time-units.ts";

export class Shifts {
  private readonly kind: Kind;
  private readonly lengthsUs: Float64Array;
  private readonly numbers: Float64Array;

  /** @param plan the length of each shift [h], and its number */
  constructor(kind: Kind, plan: readonly (readonly [hours: number, number: number])[]) {
    this.kind = kind;
    this.lengthsUs = Float64Array.from(plan, ([hours]) => Math.round(hours * US_PER_HOUR));
    this.numbers = Float64Array.from(plan, ([, number]) => number);
    if (!(plan.length > 0 && this.lengthsUs.every((length) => length >= 1 && length < Infinity))) {
      throw new RangeError(`shifts last ${plan.map(([hours]) => hours).join(", ")} h; each lasts longer than 0 h`);
    }
  }

  /** Starts the first shift now. */
  start(server: number, schedule: Schedule): void {
    schedule.after(0, this.kind, server, 0);
  }

  /**
   * Begins a shift: schedules the next one and returns this one's number.
   * @param shift the object of the event
   */
  begin(server: number, schedule: Schedule, shift: number): number {
    schedule.after(this.lengthsUs[shift], this.kind, server, shift + 1 === this.numbers.length ? 0 : shift + 1);
    return this.numbers[shift];
  }
}
