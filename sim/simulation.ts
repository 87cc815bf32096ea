/**
 * The event loop.
 *
 * A simulation takes events off a list, earliest first (event-list.ts says in which order), and lets its system
 * handle each; the system schedules others. `run(until)` handles every event strictly before `until` and can be
 * called again: sampling is resuming, so there are no observers, emitters or hooks, and looking at a system between
 * two runs changes nothing.
 *
 * Cost per event: one pop, one handle, two 32-bit mixes for the digest. No object is made of an event; where V8 does
 * not inline a call it boxes the time that is passed, 16 bytes.
 *
 * Policy: scheduling into the past, or at a time that is not a whole number, throws: it is a bug of the model.
 */
import { Digest } from "./digest.ts";
import type { Duration, EventList, Kind, Time } from "./event-list.ts";
import { QuaternaryHeap } from "./quaternary-heap.ts";

/** What a system may do to the future. */
export interface Schedule {
  /** The time of the event being handled [us]. */
  readonly now: Time;
  /** Schedules an event `delay` [us] (whole, >= 0) from now. */
  after(delay: Duration, kind: Kind, subject: number, object: number): void;
}

/** What is simulated. Subjects are numbered from 0 within the system. */
export interface System {
  /** Schedules the first events. Called once, at time 0. */
  start(schedule: Schedule): void;
  /** Changes the state as the event says, and schedules what follows from it. */
  handle(kind: Kind, subject: number, object: number, schedule: Schedule): void;
}

/** Beyond this, whole numbers are not exact in a double [us]: 285 years. */
const TIME_MAX = 9007199254740991;

export class Simulation implements Schedule {
  /** Events handled so far. */
  eventCount: number;
  readonly digest: Digest;
  readonly events: EventList;
  readonly system: System;
  /** The time of now, in an array for the reason that quaternary-heap.ts gives. */
  private readonly clock: Float64Array;

  /**
   * @param digest says which subjects the system's numbers stand for; @param events a future event list that is empty
   */
  constructor(system: System, digest: Digest, events: EventList = new QuaternaryHeap()) {
    this.clock = new Float64Array(1);
    this.eventCount = 0;
    this.digest = digest;
    this.events = events;
    this.system = system;
    system.start(this);
  }

  get now(): Time {
    return this.clock[0];
  }

  after(delay: Duration, kind: Kind, subject: number, object: number): void {
    const time = this.now + delay;
    if (!(delay >= 0 && time <= TIME_MAX && time === Math.floor(time))) {
      throw new Error(`delay is ${delay} at time ${this.now}; an event is scheduled a whole number >= 0 of us ahead`);
    }
    this.events.push(time, kind, subject, object);
  }

  /** Handles the earliest event; false when there is none. */
  step(): boolean {
    const events = this.events;
    if (!events.pop()) return false;
    this.clock[0] = events.time;
    this.eventCount++;
    this.digest.add(events);
    this.system.handle(events.kind, events.subject, events.object, this);
    return true;
  }

  /** Handles every event strictly before `until` [us]; then it is `until`. */
  run(until: Time): void {
    while (this.events.nextTime < until) this.step();
    this.clock[0] = until;
  }
}
