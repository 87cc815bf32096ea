/**
 * The event loop.
 *
 * A simulation pops events from a list (event-list.ts defines their order) and passes each to its system, which
 * schedules more. `run(until)` handles every event strictly before `until` and can be called again. To sample a
 * system, stop, read it and go on: there are no observers, emitters or hooks, and reading changes nothing.
 *
 * Cost per event: one pop, one call of `handle`, and two multiplications for each lane of the digest. A specialized
 * loop allocates nothing. In the shared loop, V8 boxes a number that is not a small integer (16 bytes) when it does not
 * inline the call that receives the number.
 *
 * Policy: an event in the past, or at a time that is not a whole number, is a bug of the model, so scheduling it
 * throws.
 */
import { Digest } from "./digest.ts";
import type { Duration, EventList, Kind, Time } from "./event-list.ts";
import { PerSubjectList } from "./per-subject-list.ts";

/**
 * Holds the current time. Functions receive the clock and not the time, which V8 would box if it did not inline the
 * call.
 */
export interface Clock {
  /** The time of the event being handled [us]. */
  readonly now: Time;
}

/** Schedules future events. */
export interface Schedule extends Clock {
  /** Schedules an event `delay` [us] (whole, >= 0) from now. */
  after(delay: Duration, kind: Kind, subject: number, object: number): void;
}

/** The simulated system. Its subjects are numbered from 0. */
export interface System {
  /** Schedules the first events. Called once, at time 0. */
  start(schedule: Schedule): void;
  /** Applies the event to the state, and schedules the events that follow from it. */
  handle(kind: Kind, subject: number, object: number, schedule: Schedule): void;
}

/** Beyond this, whole numbers are not exact in a double [us]: 285 years. */
const TIME_MAX = 9007199254740991;

/**
 * V8 runs its best code when a function is called, but it can replace the code of a loop that is already running only
 * by compiling the loop once more. Short bursts are called often, so they never need that. Bursts shorter than this
 * gain nothing.
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
  /** The clock of the event list: popping an event sets it to the event's time. */
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
   * Starts over. The caller has already reset the system and the event list to their initial state (state.ts).
   *
   * @param first the number of the system's first subject in the whole fleet
   */
  restart(first: number): void {
    this.digest.begin(first);
    this.clock[0] = 0;
    this.system.start(this);
  }

  /**
   * Gives this simulation a loop of its own, in which V8 treats the event list, the digest and the system as constants.
   * That saves a third of the time per event, but V8 compiles the code again, which takes a tenth of a second or more.
   * It pays for a simulation of millions of events.
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

  /**
   * Handles every event strictly before `until` [us]; then it is `until`.
   *
   * @throws Error when `until` has already passed
   */
  run(until: Time): void {
    if (!(until >= this.clock[0])) throw new Error(`run until ${until} at time ${this.now}; time only goes forward`);
    while (this.burst(until, EVENTS_OF_BURST));
    this.clock[0] = until;
  }

  private refuse(delay: Duration): never {
    const rule = "an event is scheduled a whole number >= 0 of us ahead, and before 2^53 us (285 years)";
    throw new Error(`delay is ${delay} at time ${this.now}; ${rule}`);
  }
}

/** Number of specialized loops so far. */
let ownBursts = 0;

/** Handles the next `count` events before `until` [us]; false when there are fewer. */
type Burst = (until: Time, count: number) => boolean;

/**
 * The loop of one simulation. It is a single function, because otherwise V8 would compile a handler three times: alone,
 * inlined into a step, and inlined into a loop of steps.
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
 * The same function, compiled again from its source text. If a closure was created only once from its source, V8 treats
 * the variables that it captures as constants, and through them the arrays in their fields. On a page whose policy
 * forbids `new Function`, the shared loop is used.
 */
function ownBurst(...captured: Parameters<typeof burstOf>): Burst {
  try {
    // The number makes each text unique, because V8 caches compiled functions by their text.
    const own = new Function(`return ${burstOf.toString()} // ${++ownBursts}`)() as typeof burstOf;
    return own(...captured);
  } catch {
    return burstOf(...captured);
  }
}
