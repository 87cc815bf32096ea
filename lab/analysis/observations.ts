/**
 * The independent observations of a design point, on which every interval is based.
 *
 * Independent servers draw from their own streams and never interact, whatever replication they belong to. A large
 * fleet is divided into equal blocks of neighbouring servers, and the sum of a block is an observation. That takes
 * little memory, and beyond some hundred observations more would hardly improve the estimate of the spread. In a
 * coordinated fleet, such as a roll-out, only whole replications are independent.
 */
import { sum } from "../../statistics/estimate.ts";
import { ExactSum } from "../../statistics/exact-sum.ts";
import type { Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { text, type Column } from "../results/csv.ts";
import type { Replication } from "./replication.ts";
import { itemAt } from "../lists.ts";

/** The most observations that a replication is divided into. */
const BLOCKS_MAX = 32;

/** The unit between which observations are independent. */
export type Between = "servers" | "replications";

/** Whether the servers of a design point are independent: each is then an observation of a time. */
export function areIndependent({ resolved: { model, values } }: PlannedPoint): boolean {
  return model.isCoordinated?.(values) !== true;
}

/**
 * The number of equal blocks of servers into which a replication of the design point is divided: as many as possible.
 */
export function blocksOf(point: PlannedPoint): number {
  const { servers } = point.scenario;
  if (!areIndependent(point)) return 1;
  let blocks = Math.min(BLOCKS_MAX, servers);
  while (servers % blocks !== 0) blocks--;
  return blocks;
}

/** Whether intervals of the design point are between servers (or blocks of servers) or between replications. */
export function betweenOf(point: PlannedPoint): Between {
  return blocksOf(point) > 1 || point.scenario.servers === 1 ? "servers" : "replications";
}

/** The column for this, in every table of intervals. */
export function betweenColumn<Row extends { readonly between: Between }>(): Column<Row> {
  const what =
    "the units whose variation gives the interval: servers, or equal blocks of servers; replications if servers depend on " +
    "each other or have no equal blocks, and if the compared fleets have different sizes";
  return text("between", what, (row) => row.between);
}

/** The number of observations per design point; the smallest of all points. */
export function fewestObservations({ points, experiment }: Plan): number {
  return experiment.replications * Math.min(...points.map(blocksOf));
}

/** Sums over blocks of servers, which arrive in slices, in any order. */
export class BlockSums {
  private readonly size: number;
  private readonly sums: readonly ExactSum[];

  constructor(servers: number, blocks: number) {
    this.size = servers / blocks;
    this.sums = Array.from({ length: blocks }, () => new ExactSum());
  }

  /** @param values the values of the servers from `first` on */
  add(first: number, values: Float64Array): void {
    for (let at = 0; at < values.length; ) {
      const block = Math.floor((first + at) / this.size);
      const end = Math.min(values.length, (block + 1) * this.size - first);
      itemAt(this.sums, block).add(values.subarray(at, end));
      at = end;
    }
  }

  values(): Float64Array {
    return Float64Array.from(this.sums, ({ value }) => value);
  }
}

/** The value of a response in each observation: the blocks of all replications in order. */
export function observations(replications: readonly Pick<Replication, "blocks">[], response: number): Float64Array {
  return joined(replications.map(({ blocks }) => itemAt(blocks, response)));
}

/** Concatenates the arrays. */
export function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((length, own) => length + own.length, 0));
  let at = 0;
  for (const own of arrays) {
    all.set(own, at);
    at += own.length;
  }
  return all;
}

/** The observations summed by replication. */
export function byReplication(values: Float64Array, replications: number): Float64Array {
  const blocks = values.length / replications;
  return Float64Array.from({ length: replications }, (_, i) => sum(values.subarray(i * blocks, (i + 1) * blocks)));
}
