/** What is kept of a replication until the end: its row of runs.csv, and the sums for estimates. */
import type { Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** A row of runs.csv, and everything that is kept of a replication until the end. */
export interface Replication {
  readonly point: PlannedPoint;
  readonly replication: number;
  readonly events: number;
  readonly digestLow: number;
  readonly digestHigh: number;
  /**
   * By response, at the horizon: its sum over the servers; for an event time, the number of servers that have had the
   * event.
   */
  readonly totals: Float64Array;
  /** By response: the sums over the blocks of servers that are independent observations, in order. */
  readonly blocks: readonly Float64Array[];
}

/** Selects the replications of a point from those of the experiment or of the point. */
export function replicationsOf(
  { index }: PlannedPoint,
  { experiment }: Plan,
  replications: readonly Replication[],
): readonly Replication[] {
  return replications.slice(index * experiment.replications, (index + 1) * experiment.replications);
}

/** The total of a response in each replication. */
export function totals(replications: readonly Replication[], response: number): Float64Array {
  return Float64Array.from(replications, ({ totals }) => itemAt(totals, response));
}
