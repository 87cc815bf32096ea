/**
 * The runs of an experiment, in canonical order: design point, replication, servers.
 *
 * A replication is cut into runs of a few servers each, so that every worker has something to do until the end. How
 * it is cut changes no result.
 */
import type { Experiment } from "./experiment.ts";
import { BrokenInvariant, sampleTimes, type Run } from "./run.ts";
import type { DesignPoint } from "./design.ts";
import type { Plan } from "./tables.ts";
import { UserError } from "./user-error.ts";

/** Fewer runs than this leave workers idle near the end; many more cost more in messages than they gain. */
const RUNS_AIMED_AT = 400;
const SERVERS_OF_RUN_MAX = 500;

/** @param sliceSize servers simulated side by side: whole, >= 1 */
export function* runsOf(plan: Plan, sliceSize: number): Iterable<Run> {
  const serverRuns = serverRunsOf(plan);
  const size = Math.max(1, Math.min(SERVERS_OF_RUN_MAX, Math.ceil(serverRuns / RUNS_AIMED_AT)));
  for (const point of plan.points) {
    for (let replication = 0; replication < plan.experiment.replications; replication++) {
      yield* runsOfReplication(plan.experiment, point, replication, size, sliceSize);
    }
  }
}

/** The runs of one replication of one design point, of at most `size` servers each. */
export function* runsOfReplication(
  { seed }: Experiment, { index, scenario }: DesignPoint, replication: number, size: number, sliceSize: number,
): Iterable<Run> {
  const { servers } = scenario;
  for (let first = 0; first < servers; first += size) {
    yield { point: index, replication, seed, scenario, first, count: Math.min(size, servers - first), sliceSize };
  }
}

/** What to throw when the run has thrown: the run is named, but for errors that name their places themselves. */
export function failureOf(run: Run, error: unknown): Error {
  if (error instanceof BrokenInvariant || error instanceof UserError) return error;
  const { point, replication, first, count } = run;
  const place = `design point ${point}, replication ${replication}, servers ${first} to ${first + count - 1}`;
  return new Error(`${error instanceof Error ? error.message : String(error)} (${place})`, { cause: error });
}

/** Servers simulated in all, each counted in every replication of every design point. */
export function serverRunsOf({ points, experiment }: Plan): number {
  return points.reduce((sum, { scenario }) => sum + scenario.servers, 0) * experiment.replications;
}

/** What the results of the largest replication take in memory [bytes], samples being held until they are folded. */
export function memoryBytesOf({ points }: Plan): number {
  return Math.max(
    ...points.map(({ scenario, resolved }) => {
      const numbers = scenario.servers * sampleTimes(scenario).length * resolved.model.responses.length;
      return 2 * 8 * numbers;
    }),
  );
}
