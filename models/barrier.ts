/**
 * Barriers: the times at which a fleet makes decisions and its servers wait for each other.
 *
 * Most fleets have none: what a server does depends only on its own streams, so the fleet can be divided into any
 * slices. A fleet whose decisions look at all servers (a roll-out with a judge) has barriers and is simulated whole, as
 * one slice. Between two barriers it is simulated server by server. At a barrier, when every event before it has been
 * handled and none at or after it, the controller reads the columns and may schedule events for any server. So the
 * order in which the servers were simulated has no effect.
 */
import type { Time } from "../sim/event-list.ts";
import type { Schedule, Simulation } from "../sim/simulation.ts";

/** Whoever decides at barriers. */
export interface FleetController {
  /** The time of the next barrier [us]; Infinity when there is none. */
  readonly nextBarrier: Time;
  /** Decides. Now is the barrier; afterwards `nextBarrier` is a later one. */
  decide(schedule: Schedule): void;
  /** What was decided so far about a server: enough for its reference to handle the same events. */
  decisionsOn(server: number): Decisions;
}

/** What a fleet decided about one of its servers. */
export interface Decisions {
  /** Visits that were ordered: of the patch order, or, one beyond its last, the one that takes them back. */
  readonly visits: readonly { readonly time: Time; readonly visit: number }[];
  /** From when on further visits of the patch order are not made [us]; Infinity for ever. */
  readonly stoppedAt: Time;
  /** When the canaries passed, and when the roll-out was halted [us]; NaN when not. */
  readonly passedAt: Time;
  readonly haltedAt: Time;
}

/** Handles every event and holds every barrier strictly before `until` [us]; then it is `until`. */
export function runThrough(simulation: Simulation, controller: FleetController | undefined, until: Time): void {
  while (controller !== undefined && controller.nextBarrier < until) {
    simulation.run(controller.nextBarrier);
    controller.decide(simulation);
  }
  simulation.run(until);
}
