/**
 * A timer: schedules an event of one kind after a random time.
 *
 * Gaps between arrivals, services, patience, repairs: each is a timer with a stream of its own, so a change of one does
 * not move the numbers of another. A timer that runs is not stopped; the event that has lost its meaning is recognised
 * when it arrives.
 *
 * Cost: one draw and one push; allocates nothing.
 * Closed form: events whose timer starts again at once are a renewal process; with an exponential law a Poisson one.
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
   * @param draws numbers that follow a law, for example of mean 1
   * @param scaleUs what they are multiplied by [us]: >= 0
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

  /** Schedules the event after such a delay, with this object. */
  start(server: number, clock: Schedule, object = 0): void {
    clock.after(this.delayUs(server), this.kind, server, object);
  }
}
