/**
 * A part of an experiment's runs, for one of several machines.
 *
 * The runs are numbered in canonical order, and part i of n computes every n-th run, starting with the i-th. Its
 * results go only into a cache. When all parts are there, the experiment reads them and writes the bytes that one
 * machine would have written. A part whose runs are all in the cache has nothing to do, so parts may be repeated,
 * overlap, or be lost and computed again.
 */
import { statfs } from "node:fs/promises";
import { planResults, type Plan } from "../experiment/plan.ts";
import { designPoints } from "../experiment/design.ts";
import { withPosition, type Experiment } from "../experiment/experiment.ts";
import { UserError, argument, badArgument } from "../user-error.ts";
import { makeFolder, obstacleOf } from "../whole-file.ts";
import { sizeText } from "../reports/units.ts";
import { RunCache } from "./cache.ts";
import { refuseUnsavable } from "./checkpoint.ts";
import { Execution, type Machine } from "./execution.ts";
import { runsOf } from "./partition.ts";
import type { Run } from "./run.ts";

/** Part `number` of `of` parts: whole, 1 <= number <= of. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

export interface ComputedPart {
  /** The runs of the part, and how many of them the cache already had. */
  readonly runs: number;
  readonly recalled: number;
}

/**
 * Computes the part and keeps its results in the cache folder.
 *
 * @throws UserError when a result cannot be kept, before the first run if that is known then; results computed until
 *   then are kept
 */
export async function computePart(
  experiment: Experiment,
  part: Part,
  folder: string,
  machine: Machine,
): Promise<ComputedPart> {
  try {
    return await compute(experiment, part, folder, machine);
  } catch (error) {
    throw withPosition(error, experiment.positions);
  }
}

/** The numbers of those of the `of` parts that have runs missing from the cache. */
export async function missingParts(experiment: Experiment, of: number, folder: string): Promise<number[]> {
  const { plan, cache } = await openedFor(experiment, folder);
  const missing = new Set<number>();
  let index = 0;
  for (const run of runsOf(plan, 1)) {
    if (!cache.isKept(run)) missing.add(1 + (index % of));
    index++;
  }
  return [...missing].sort((a, b) => a - b);
}

async function compute(experiment: Experiment, part: Part, folder: string, machine: Machine): Promise<ComputedPart> {
  const { plan, cache } = await openedFor(experiment, folder);
  if (machine.checkpointSeconds !== undefined) refuseUnsavable(plan);
  let servers = 0;
  let missingBytes = 0;
  for (const run of runsOfPart(plan, part, machine.sliceSize)) {
    servers += run.count;
    if (!cache.isKept(run)) missingBytes += cache.bytesOf(run);
  }
  await refuseSmallDisk(folder, missingBytes);
  const execution = new Execution(machine, cache, servers);
  const done = { runs: 0, recalled: 0 };
  for await (const { point, replication, recalled, notKept } of execution.results(
    runsOfPart(plan, part, machine.sliceSize),
  )) {
    if (notKept !== undefined) {
      throw new UserError(`a result of design point ${point}, replication ${replication} is not kept: ${notKept}`);
    }
    done.runs++;
    if (recalled === true) done.recalled++;
  }
  return done;
}

function* runsOfPart(plan: Plan, { number, of }: Part, sliceSize: number): Iterable<Run> {
  let index = 0;
  for (const run of runsOf(plan, sliceSize)) if (index++ % of === number - 1) yield run;
}

/** Opens the plan and its cache. @throws UserError when the cache cannot keep all results */
async function openedFor(experiment: Experiment, folder: string): Promise<{ plan: Plan; cache: RunCache }> {
  if (experiment.until !== undefined) {
    throw new UserError(
      "no part can tell when there are enough replications; give all parts a number with ",
      argument("replications"),
      ", and leave it out of the last run, which continues from there",
    );
  }
  const plan = planResults(experiment, await designPoints(experiment));
  const cache = await RunCache.open({ folder, bytesMax: Infinity }, plan);
  if (cache.trouble !== undefined) throw new UserError("no part can be computed: ", ...cache.trouble);
  return { plan, cache };
}

/** @throws UserError when the disk of the folder has less free space than this */
async function refuseSmallDisk(folder: string, bytes: number): Promise<void> {
  await makeFolder(folder).catch((error: unknown) => {
    throw badArgument("cache", folder, `it cannot be made: ${obstacleOf(error)}`);
  });
  const { bavail, bsize } = await statfs(folder);
  if (bytes <= bavail * bsize) return;
  throw new UserError(
    `the results of this part take ${sizeText(bytes)} and the disk of ${folder} has ${sizeText(bavail * bsize)} free`,
  );
}
