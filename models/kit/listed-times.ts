/**
 * Listed times: recorded arrivals, for example from a file.
 *
 * Each server gets all of them. The event's object is the index of its time in the list, so a handler can look up other
 * recorded data.
 *
 * Cost: one push per arrival; allocates nothing.
 * Closed form: the events are the list.
 */
import type { Kind } from "../../sim/event-list.ts";
import type { Schedule } from "../../sim/simulation.ts";

export class ListedTimes {
  private readonly kind: Kind;
  private readonly timesUs: Float64Array;
  private readonly next: Int32Array;

  /**
   * @param timesUs whole numbers of us, >= 0 and ascending
   * @param count the number of servers
   */
  constructor(kind: Kind, timesUs: readonly number[], count: number) {
    timesUs.forEach((time, i) => {
      if (!(Number.isInteger(time) && time >= (i === 0 ? 0 : timesUs[i - 1]))) {
        throw new RangeError(`time ${i} of the list is ${time}; times are whole us, >= 0 and ascending`);
      }
    });
    this.kind = kind;
    this.timesUs = Float64Array.from(timesUs);
    this.next = new Int32Array(count);
  }

  /** Schedules the next arrival, if there is one. */
  start(server: number, schedule: Schedule): void {
    const index = this.next[server];
    if (index === this.timesUs.length) return;
    this.next[server] = index + 1;
    schedule.after(this.timesUs[index] - schedule.now, this.kind, server, index);
  }
}
