/**
 * The pasts that runs of this thread share.
 *
 * The runs of design points that part at an event time (Model.partsAt), such as upkeep policies that begin on a certain
 * day, have the same past. The first of them, the trunk, keeps its state at each parting; the others continue from
 * there. They must follow the trunk on the same thread. A run whose past is not kept starts at time 0, with the same
 * result. Memory: the states of one trunk.
 */
import type { Past, SliceSimulator } from "./slice-simulator.ts";

export interface SharedPast {
  /** The only one that can continue it. */
  readonly simulator: SliceSimulator;
  readonly past: Past;
  /** Of all sample times; complete up to the parting. */
  readonly samples: Float64Array;
}

/** The pasts of the latest trunk, by parting [us]. */
const pasts = new Map<number, SharedPast>();
let latestTrunk = "";

/** @param trunk identifies the run */
export function keepPast(trunk: string, parting: number, past: SharedPast): void {
  if (trunk !== latestTrunk) pasts.clear();
  latestTrunk = trunk;
  pasts.set(parting, past);
}

/** The past of a trunk until a parting [us], if it is kept. */
export function pastOf(trunk: string, parting: number): SharedPast | undefined {
  return trunk === latestTrunk ? pasts.get(parting) : undefined;
}
