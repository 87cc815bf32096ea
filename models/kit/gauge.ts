/**
 * A gauge: a level that changes at events, and the area under it, which gives its mean over time.
 *
 * Cost: O(1) per change; allocates nothing.
 * Closed form: the area under the number of customers is the sum of their times in the system (Little); in M/M/1 its
 * mean over time is rho / (1 - rho).
 */
import type { Time } from "../../sim/event-list.ts";
import type { Clock } from "../../sim/simulation.ts";

export class Gauge {
  readonly level: Float64Array;
  /** The area under the level [unit us], and the time observed [us]; up to date after `observe`. */
  readonly areaUs: Float64Array;
  readonly elapsedUs: Float64Array;

  /** @param count the number of servers, with one gauge each */
  constructor(count: number, first = 0) {
    this.level = new Float64Array(count).fill(first);
    this.areaUs = new Float64Array(count);
    this.elapsedUs = new Float64Array(count);
  }

  add(server: number, clock: Clock, by: number): void {
    this.count(server, clock);
    this.level[server] += by;
  }

  set(server: number, clock: Clock, level: number): void {
    this.count(server, clock);
    this.level[server] = level;
  }

  observe(now: Time): void {
    for (let server = 0; server < this.level.length; server++) this.count(server, { now });
  }

  private count(server: number, clock: Clock): void {
    this.areaUs[server] += this.level[server] * (clock.now - this.elapsedUs[server]);
    this.elapsedUs[server] = clock.now;
  }
}
