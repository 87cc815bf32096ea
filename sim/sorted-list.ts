/**
 * The simplest future event list: a sorted array of events. Tests compare every faster list with it.
 *
 * push O(n), pop O(1) amortised; allocates an object per event.
 */
import type { EventList, Kind, Time } from "./event-list.ts";

interface Event {
  readonly time: Time;
  readonly kind: Kind;
  readonly subject: number;
  readonly object: number;
}

/**
 * The slow list for tests.
 *
 * @example
 * const simulation = new Simulation(system, new Digest(0, 10), new SortedList());
 */
export class SortedList implements EventList {
  readonly clock = new Float64Array(1);
  protected readonly events: Event[] = [];
  private current: Event = { time: 0, kind: 0, subject: 0, object: 0 };

  get size(): number {
    return this.events.length;
  }

  get nextTime(): Time {
    return this.events[0]?.time ?? Infinity;
  }

  push(time: Time, kind: Kind, subject: number, object: number): void {
    const event = { time, kind, subject, object };
    const later = this.events.findIndex((other) => other.time > time || (other.time === time && other.kind > kind));
    this.events.splice(later === -1 ? this.events.length : later, 0, event);
  }

  pop(until: Time): boolean {
    if (this.nextTime >= until) return false;
    this.current = this.events.shift()!;
    this.clock[0] = this.current.time;
    return true;
  }

  get time(): Time {
    return this.clock[0];
  }

  get kind(): Kind {
    return this.current.kind;
  }

  get subject(): number {
    return this.current.subject;
  }

  get object(): number {
    return this.current.object;
  }
}
