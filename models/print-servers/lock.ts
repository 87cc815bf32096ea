/**
 * The spooler's critical section: one resource per server, first in, first out.
 *
 * Requests are made in the order of events, at the current time, and hold the lock for a known time. So the whole queue
 * of waiting requests is represented by one number, the time at which the lock becomes free.
 */
import type { Duration } from "../../sim/event-list.ts";
import type { Clock } from "../../sim/simulation.ts";

export class Lock {
  /** Total wait of all requests [us] - response - one per server. */
  readonly waitUs: Float64Array;
  /** Requests so far [1] - response - one per server. */
  readonly requests: Float64Array;
  /** When the lock becomes free, after all requests so far [us] - state - one per server. */
  readonly heldUntil: Float64Array;

  constructor(count: number) {
    this.waitUs = new Float64Array(count);
    this.requests = new Float64Array(count);
    this.heldUntil = new Float64Array(count);
  }

  /** Requests the lock now, and holds it for `hold` [us] when its turn comes, until `heldUntil`. */
  acquire(server: number, hold: Duration, { now }: Clock): void {
    const freeAt = this.heldUntil[server];
    const start = freeAt > now ? freeAt : now;
    this.heldUntil[server] = start + hold;
    this.waitUs[server] += start - now;
    this.requests[server]++;
  }

  /** The process has ended: the lock is free and no request waits. */
  reset(server: number, { now }: Clock): void {
    this.heldUntil[server] = now;
  }
}
