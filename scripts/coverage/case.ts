/** A row of the table of coverage (../coverage.ts): an interval, and experiments whose truth is known. */
import { fileURLToPath } from "node:url";
import { aggregateResults } from "../../lab/analysis/aggregate.ts";
import type { Findings } from "../../lab/analysis/findings.ts";
import { planResults, type Plan } from "../../lab/experiment/plan.ts";
import { Execution, type Machine } from "../../lab/execution/execution.ts";
import { runsOf, serverRunsOf } from "../../lab/execution/partition.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { buildExperiment } from "../../lab/experiment/load.ts";
import { programFolder } from "../../lab/program.ts";
import { Stream } from "../../sim/streams.ts";
import { exponentials } from "../../sim/variates.ts";
import type { Interval } from "../../statistics/estimate.ts";

export interface Case {
  /** The interval, and the quantity it is for. */
  readonly name: string;
  /** "2 x 2": replications and servers. */
  readonly size: string;
  /** The reason why it may cover less often, where it does. */
  readonly mark?: string;
  /** Use only every n-th seed; for slow cases. */
  readonly every?: number;
  /** Whether the interval covers with this seed; undefined if none was printed. */
  readonly holds: (seed: string, index: number) => Promise<boolean | undefined>;
}

/** A model whose leaks have a known rate. */
export const countedLeaks = fileURLToPath(new URL("counted-leaks.js", import.meta.url));
/** How long its servers are watched. */
export const DAYS = 5;

export const machine: Machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
const nowhere = async () => ({ write: async () => {} });

/** The findings of an experiment, without a folder. */
export async function findingsOf(description: object): Promise<Findings & { readonly plan: Plan }> {
  const experiment = buildExperiment("coverage", description, programFolder);
  const plan = planResults(experiment, await designPoints(experiment));
  const execution = new Execution(machine, undefined, serverRunsOf(plan));
  return { ...(await aggregateResults(plan, execution.results(runsOf(plan, machine.sliceSize)), nowhere)), plan };
}

export function within({ lower, upper }: Interval, truth: number): boolean | undefined {
  if (Number.isNaN(lower) && Number.isNaN(upper)) return undefined;
  return !(truth < lower) && !(truth > upper);
}

export const sizesOf = (replications: number, servers: number): string => `${replications} x ${servers}`;

/** So many independent exponential values with mean 1. */
export function exponentialsOf(seed: string, count: number): Float64Array {
  const stream = new Stream(seed, "values", 0, 0, 1, exponentials);
  return Float64Array.from({ length: count }, () => stream.draw(0));
}
