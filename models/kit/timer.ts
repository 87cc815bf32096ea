/**
 * A timer: schedules an event of one kind after a random time.
 *
 * Interarrival times, services, patience, repairs: each is a timer with its own stream, so a change of one does not
 * change the draws of another. A running timer is not stopped; a stale event is recognized when it happens.
 *
 * Cost: one draw and one push; allocates nothing.
 * Closed form: if the timer restarts at each event, the events are a renewal process; with exponential times, a Poisson
 * process.
 */
import type { Duration, Kind } from "../../sim/event-list.ts";
import type { Schedule } from "../../sim/simulation.ts";
import type { Stream } from "../../sim/streams.ts";
import { wholeMicroseconds } from "../../sim/variates.ts";

export class Timer {
  readonly kind: Kind;
  readonly draws: Stream;
  readonly scaleUs: number;

  /**
   * @param draws variates of a distribution, for example of mean 1
   * @param scaleUs the factor by which they are multiplied [us]: >= 0
   */
  constructor(kind: Kind, draws: Stream, scaleUs: number) {
    if (!(scaleUs >= 0 && scaleUs < Infinity))
      throw new RangeError(`the scale of a timer is ${scaleUs}; it is >= 0 us`);
    this.kind = kind;
    this.draws = draws;
    this.scaleUs = scaleUs;
  }

  /** A delay [us]: a whole number, at least 1. For callers that schedule the event themselves. */
  delayUs(server: number): Duration {
    return wholeMicroseconds(this.draws.draw(server) * this.scaleUs);
  }

  /** Schedules the event, with this object, after a random delay. */
  start(server: number, schedule: Schedule, object = 0): void {
    schedule.after(this.delayUs(server), this.kind, server, object);
  }
}
