/**
 * The spooler's critical section: one resource per server, served first in, first out.
 *
 * Requests are made in the order of events, at the current time, and hold the lock for a known span; so the whole
 * queue of those who wait is one number, the time at which the lock is free again.
 */
import type { Duration, Time } from "../sim/event-list.ts";

export class Lock {
  /** Total wait of all requests [us] - response - one per server. */
  readonly waitUs: Float64Array;
  /** Requests so far [whole] - response - one per server. */
  readonly requests: Float64Array;
  /** The lock is free from here on [us] - state - one per server. */
  private readonly freeAt: Float64Array;

  constructor(count: number) {
    this.waitUs = new Float64Array(count);
    this.requests = new Float64Array(count);
    this.freeAt = new Float64Array(count);
  }

  /** Asks at `now` for the lock, to hold it for `hold` [us]; returns the time at which the hold begins. */
  acquire(server: number, now: Time, hold: Duration): Time {
    const freeAt = this.freeAt[server];
    const start = freeAt > now ? freeAt : now;
    this.freeAt[server] = start + hold;
    this.waitUs[server] += start - now;
    this.requests[server]++;
    return start;
  }

  /** The process has ended: nobody holds the lock or waits for it. */
  reset(server: number, now: Time): void {
    this.freeAt[server] = now;
  }
}
