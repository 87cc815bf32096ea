/**
 * Barriers: the times at which a fleet makes decisions and its servers wait for each other.
 *
 * Most fleets have none: what a server does depends only on its own streams, so the fleet can be divided into any
 * slices. A fleet whose decisions look at all servers (a roll-out with a judge) has barriers and is simulated whole, as
 * one slice. Between two barriers it is simulated server by server. At a barrier, after every event before it and
 * before any other, the controller reads the columns and may schedule events for any server. The order in which the
 * servers were simulated therefore has no effect.
 */
import type { Time } from "../sim/event-list.ts";
import type { Schedule, Simulation } from "../sim/simulation.ts";

/** The part of a model that decides at barriers. */
export interface FleetController {
  /** The time of the next barrier [us]; Infinity if there is none. */
  readonly nextBarrier: Time;
  /** Makes the decisions of the barrier, which is now, and sets `nextBarrier` to a later time. */
  decide(schedule: Schedule): void;
  /** The decisions so far about one server; with them, its reference handles the same events. */
  decisionsOn(server: number): Decisions;
}

/** The decisions of a fleet about one of its servers. */
export interface Decisions {
  /**
   * The visits that were ordered, as indexes of the patch order; the index after the last is the visit that rolls back.
   */
  readonly visits: readonly { readonly time: Time; readonly visit: number }[];
  /** The time from which no further visits of the patch order are made [us]; Infinity if they go on. */
  readonly stoppedAt: Time;
  /** When the canaries passed, and when the roll-out was halted [us]; NaN if not. */
  readonly passedAt: Time;
  readonly haltedAt: Time;
}

/** Handles every event and every barrier strictly before `until` [us]. Afterwards the time is `until`. */
export function runThrough(simulation: Simulation, controller: FleetController | undefined, until: Time): void {
  while (controller !== undefined && controller.nextBarrier < until) {
    simulation.run(controller.nextBarrier);
    controller.decide(simulation);
  }
  simulation.run(until);
}
