/**
 * The event loop.
 *
 * A simulation takes events off a list (event-list.ts says in which order), and lets its system handle each; the
 * system schedules others. `run(until)` handles every event strictly before `until` and can be called again: sampling
 * is resuming, so there are no observers, emitters or hooks, and looking at a system between two runs changes nothing.
 *
 * Cost per event: one pop, one handle, two multiplications for each lane of the digest, and no allocation in a loop of
 * its own. In the common one, a number that is no small integer becomes an object of 16 bytes where V8 does not inline
 * the call that is given it.
 *
 * Policy: scheduling into the past, or at a time that is not a whole number, throws: it is a bug of the model.
 */
import { Digest } from "./digest.ts";
import type { Duration, EventList, Kind, Time } from "./event-list.ts";
import { PerSubjectList } from "./per-subject-list.ts";

/**
 * What tells the time. It is handed over instead of the time, which would become an object where V8 does not inline
 * the call.
 */
export interface Clock {
  /** The time of the event being handled [us]. */
  readonly now: Time;
}

/** What a system may do to the future. */
export interface Schedule extends Clock {
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

/**
 * V8 enters a function afresh with its best code, but replaces the code of a loop that runs only now and then, and
 * compiles it once more for that. Short bursts are entered often, so they never need it; shorter ones gain nothing.
 */
const EVENTS_OF_BURST = 256;

/**
 * A simulation of a system.
 *
 * @example
 * const ticking = {
 *   start: (schedule) => schedule.after(1000, 0, 0, 0),
 *   handle: (kind, subject, object, schedule) => schedule.after(1000, 0, subject, object + 1),
 * };
 * const simulation = new Simulation(ticking);
 * simulation.run(1e6); // every event strictly before one second
 * console.log(simulation.eventCount, simulation.digest.of(0)); // 999 and its fingerprint
 */
export class Simulation implements Schedule {
  readonly digest: Digest;
  readonly events: EventList;
  readonly system: System;
  /** The list's own: when an event is popped, its time is now. */
  private readonly clock: Float64Array;
  private burst: Burst;

  /**
   * @param digest one for as many subjects as the system has; one subject unless given
   * @param events a future event list that is empty; unless given, one for subjects that do not schedule for each other
   */
  constructor(system: System, digest = new Digest(0, 1), events: EventList = new PerSubjectList(digest.subjects)) {
    this.digest = digest;
    this.events = events;
    this.clock = events.clock;
    this.system = system;
    this.burst = burstOf(events, digest, system, this);
    system.start(this);
  }

  /**
   * Begins again, with a system that is as it was before it was started, and as the subjects from `first` on.
   *
   * @param system brought back by the caller (state.ts), and so is the list of events
   */
  restart(first: number): void {
    this.digest.begin(first);
    this.clock[0] = 0;
    this.system.start(this);
  }

  /**
   * Gives this simulation a loop of its own. Worth it for one that handles millions of events: V8 takes what it works
   * on for constants, which saves a third of the time of an event, but makes code once more, for a tenth of a second or
   * several.
   */
  specialize(): void {
    this.burst = ownBurst(this.events, this.digest, this.system, this);
  }

  get now(): Time {
    return this.clock[0];
  }

  /** Events handled so far. */
  get eventCount(): number {
    return this.digest.count;
  }

  after(delay: Duration, kind: Kind, subject: number, object: number): void {
    const time = this.clock[0] + delay;
    if (!(delay >= 0 && time <= TIME_MAX && time === Math.floor(time))) this.refuse(delay);
    this.events.push(time, kind, subject, object);
  }

  /** Handles the next event before `until` [us]; false when there is none. */
  step(until: Time): boolean {
    return this.burst(until, 1);
  }

  /** Handles every event strictly before `until` [us]; then it is `until`. */
  run(until: Time): void {
    while (this.burst(until, EVENTS_OF_BURST));
    this.clock[0] = until;
  }

  private refuse(delay: Duration): never {
    throw new Error(`delay is ${delay} at time ${this.now}; an event is scheduled a whole number >= 0 of us ahead`);
  }
}

/** How many loops were made of the text. */
let ownBursts = 0;

/** Handles the next `count` events before `until` [us]; false when there are fewer. */
type Burst = (until: Time, count: number) => boolean;

/**
 * The loop of one simulation. One function, because V8 would make code of a handler thrice: by itself, within a step,
 * and within a loop of steps.
 */
function burstOf(events: EventList, digest: Digest, system: System, schedule: Schedule): Burst {
  return function burst(until, count) {
    for (let i = 0; i < count; i++) {
      if (!events.pop(until)) return false;
      digest.add(events);
      system.handle(events.kind, events.subject, events.object, schedule);
    }
    return true;
  };
}

/**
 * The same function, made of its text anew. V8 takes the variables that a closure captures for constants if the closure
 * was made once from its text, and through them the arrays that their fields hold. Where a page forbids to make
 * functions of texts, the loop stays the common one.
 */
function ownBurst(...captured: Parameters<typeof burstOf>): Burst {
  try {
    // The number makes it a text of its own: V8 remembers what it has compiled.
    const own = new Function(`return ${burstOf.toString()} // ${++ownBursts}`)() as typeof burstOf;
    return own(...captured);
  } catch {
    return burstOf(...captured);
  }
}
