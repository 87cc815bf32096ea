/**
 * The runs of an experiment in canonical order: design point, replication, servers.
 *
 * A replication is divided into runs of a few servers each, so that all workers are busy until the end and the results
 * in memory stay small. The division changes no result. It depends only on the scenario, so a larger experiment can use
 * the cached runs of a smaller one. A coordinated fleet is not divided.
 */
import type { Experiment } from "../experiment/experiment.ts";
import { aggregateBytesOf } from "../analysis/aggregate.ts";
import { sampleTimes, type Run } from "./run.ts";
import { resolveScenario } from "../experiment/scenario.ts";
import type { DesignPoint, PlannedPoint } from "../experiment/design-point.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";

/** With fewer runs, workers are idle near the end; with many more, messages cost more than is gained. */
const RUNS_OF_REPLICATION = 64;
const SERVERS_OF_RUN_MAX = 500;
/**
 * The limit on the size of a result, so that results in flight stay small even with fine sampling; a single server may
 * exceed it.
 */
const RESULT_BYTES_MAX = 4e6;
/** How many runs a worker may be ahead, so that others can continue while one run takes about so many times as long. */
const RUNS_AHEAD_OF_WORKER = 8;

/** What is divided into runs. */
interface Partitioned {
  readonly experiment: Pick<Experiment, "seed" | "replications">;
  readonly points: Plan["points"];
}

/** @param sliceSize servers simulated side by side: whole, >= 1 */
export function* runsOf(plan: Partitioned, sliceSize: number): Iterable<Run> {
  for (const point of plan.points) {
    for (let replication = 0; replication < plan.experiment.replications; replication++) {
      yield* runsOfReplication(plan.experiment, point, replication, sliceSize);
    }
  }
}

/** Sharing a shorter past than this share of the horizon saves less than keeping and continuing it costs. */
const SHARED_MIN = 0.05;

/** A shared past is kept in memory, with all parked jobs: some megabytes for each server and parting. */
const SHARED_SERVERS_MAX = 8;

/**
 * The runs of a plan in families: a run, and then those that share its past until they part from it. Their results are
 * those of `runsOf`, in another order.
 */
export function* familiesOf(plan: Plan, sliceSize: number): Iterable<Run> {
  for (const { trunk, branches } of parted(plan.points)) {
    const partings = [...new Set(branches.map(({ until }) => until))].sort((a, b) => a - b);
    for (let replication = 0; replication < plan.experiment.replications; replication++) {
      for (const run of runsOfReplication(plan.experiment, trunk, replication, sliceSize)) {
        yield branches.length === 0 ? run : { ...run, partings };
        for (const { point, until } of branches) {
          const { index, scenario } = point;
          yield { ...run, point: index, scenario, shares: { scenario: trunk.scenario, until } };
        }
      }
    }
  }
}

interface Parted {
  readonly trunk: PlannedPoint;
  readonly branches: { readonly point: PlannedPoint; readonly until: number }[];
}

/** Each point with the points after it that part from it late enough. */
function parted(points: readonly PlannedPoint[]): Parted[] {
  const families: Parted[] = [];
  for (const point of points) {
    const untils = canShare(point) ? families.map(({ trunk }) => partingOf(trunk, point)) : [];
    const until = Math.max(0, ...untils);
    if (until === 0) families.push({ trunk: point, branches: [] });
    else itemAt(families, untils.indexOf(until)).branches.push({ point, until });
  }
  return families;
}

function canShare(point: PlannedPoint): boolean {
  const { model, values } = point.resolved;
  if (model.partsAt === undefined || model.keepsStateInFields !== true) return false;
  return model.isCoordinated?.(values) !== true && serversOfRun(point) <= SHARED_SERVERS_MAX;
}

/** The event time at which the points part [us]; 0 if their past is not worth sharing. */
function partingOf(trunk: PlannedPoint, point: PlannedPoint): number {
  const [one, other] = [trunk.scenario, point.scenario];
  const names = ["model", "servers", "horizonDays", "sampleEveryHours"] as const;
  if (!canShare(trunk) || !names.every((name) => one[name] === other[name])) return 0;
  const horizon = sampleTimes(one).at(-1)!;
  const until = Math.min(horizon, trunk.resolved.model.partsAt!(trunk.resolved.values, point.resolved.values));
  return until < SHARED_MIN * horizon ? 0 : until;
}

/** The runs of one replication of every design point. */
export function* runsOfRound({ experiment, points }: Plan, replication: number, sliceSize: number): Iterable<Run> {
  for (const point of points) {
    yield* runsOfReplication(experiment, point, replication, sliceSize);
  }
}

/** The runs of one replication of one design point. */
export function* runsOfReplication(
  experiment: Pick<Experiment, "seed">,
  point: PlannedPoint,
  replication: number,
  sliceSize: number,
): Iterable<Run> {
  const whole = wholeRun(experiment, point, replication, sliceSize);
  const size = serversOfRun(point);
  for (let first = 0; first < whole.count; first += size) {
    yield { ...whole, first, count: Math.min(size, whole.count - first) };
  }
}

/** The replication of one design point as a single run of all servers. */
export function wholeRun(
  { seed }: Pick<Experiment, "seed">,
  { index, scenario }: DesignPoint,
  replication: number,
  sliceSize: number,
): Run {
  return { point: index, replication, seed, scenario, first: 0, count: scenario.servers, sliceSize };
}

/** The run that simulates one server of a replication. */
export function runWith({ experiment }: Plan, point: PlannedPoint, replication: number, server: number): Run {
  const size = serversOfRun(point);
  const runs = [...runsOfReplication(experiment, point, replication, size)];
  return itemAt(runs, Math.floor(server / size));
}

/** The number of servers to simulate, counted in every replication of every design point. */
export function serverRunsOf({ points, experiment }: Plan): number {
  return points.reduce((sum, { scenario }) => sum + scenario.servers, 0) * experiment.replications;
}

/** How many runs may be under way at once, including the slowest. */
export function runsInFlight(workers: number): number {
  return RUNS_AHEAD_OF_WORKER * workers;
}

/** The most memory that results in flight and their aggregation may take [bytes]. */
export function memoryBytesOf(plan: Plan, workers: number): number {
  const results = plan.points.map((point) => serversOfRun(point) * resultBytesOfServer(point));
  // One more result is being aggregated.
  return (runsInFlight(workers) + 1) * Math.max(...results) + aggregateBytesOf(plan);
}

function serversOfRun(point: PlannedPoint): number {
  const { model, values } = point.resolved;
  if (model.isCoordinated?.(values)) return point.scenario.servers;
  const even = Math.ceil(point.scenario.servers / RUNS_OF_REPLICATION);
  const small = Math.floor(RESULT_BYTES_MAX / resultBytesOfServer(point));
  return Math.max(1, Math.min(SERVERS_OF_RUN_MAX, even, small));
}

/** The memory that the result of a run takes [bytes]. */
export async function resultBytesOf({ scenario, count }: Run): Promise<number> {
  return count * resultBytesOfServer({ scenario, resolved: await resolveScenario(scenario) });
}

/** Event count, two lanes of the digest, and every response at every sample time. */
function resultBytesOfServer({ scenario, resolved }: Pick<PlannedPoint, "scenario" | "resolved">): number {
  return 8 * (2 + sampleTimes(scenario).length * resolved.model.responses.length);
}
