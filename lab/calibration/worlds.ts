/**
 * Simulates the worlds that calibration proposes, and computes the same summaries as for the observation.
 *
 * Each world has its own random numbers, so that chance is not mistaken for information: a common set would make every
 * interval too narrow. They depend on the number of the world and not on its parameters, so that rivals are compared on
 * the same random numbers.
 */
import type { Settings } from "../../models/contract/parameters.ts";
import type { Proposal } from "../../statistics/approximate-bayes.ts";
import { Execution, type Machine, type Progress } from "../execution/execution.ts";
import { wholeRun } from "../execution/partition.ts";
import { changed, resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import type { CacheSpace } from "../execution/cache.ts";
import type { Run } from "../execution/run.ts";
import { isNonEmpty, itemAt } from "../lists.ts";
import { argument, UserError, type Wording } from "../user-error.ts";
import { seenServers, type Observation, type SeenServer } from "./observation.ts";
import { summariesOf } from "./summaries.ts";
import { summaryKeeper, type WorldKeeper } from "./world-cache.ts";
import { settingOf, type Unknown } from "./unknowns.ts";

/** A candidate model: settings, and its unknown parameters. */
export interface Hypothesis {
  readonly name: string;
  readonly meaning: string;
  readonly settings: Settings;
  readonly unknowns: readonly Unknown[];
}

export function settingsOf(hypothesis: Hypothesis, point: Float64Array): Settings {
  return { ...hypothesis.settings, ...learnable(hypothesis, point) };
}

function learnable({ unknowns }: Hypothesis, point: Float64Array): Record<string, number> {
  return Object.fromEntries(unknowns.map((unknown, i) => [unknown.name, settingOf(unknown, itemAt(point, i))]));
}

/** After this many inadmissible draws in a row, the prior is refused. */
const REFUSALS_MAX = 10_000;

/**
 * Returns a test whether parameters are admissible together: shares of one whole sum to at most 1.
 *
 * @throws UserError when almost none are
 */
export function admissible(
  { point }: Pick<Observation, "point">,
  hypotheses: readonly Hypothesis[],
): (proposal: Proposal) => boolean {
  const { model, values } = point.resolved;
  const known = hypotheses.map(({ settings }) => {
    const own = Object.entries(settings).map(([name, setting]) => {
      const parameter = itemAt(model.parameters, name);
      return [name, parameter.kind === "part" ? parameter.catalogue[String(setting)] : setting];
    });
    return { ...values, ...Object.fromEntries(own) } as typeof values;
  });
  let refusals = 0;
  return ({ model: h, point: coordinates }) => {
    const hypothesis = itemAt(hypotheses, h);
    const drawn = Object.assign({ ...itemAt(known, h) }, learnable(hypothesis, coordinates));
    const refusal = model.validate?.(drawn, point.scenario.servers);
    refusals = refusal === undefined ? 0 : refusals + 1;
    if (refusals === REFUSALS_MAX) {
      throw new UserError(argument("unknown"), ` leaves hardly any valid combination of values: ${refusal}`);
    }
    return refusal === undefined;
  };
}

/** Threads take longer to start than a few worlds take. */
const FEW = 16;

export interface Worlds {
  readonly observation: Observation;
  readonly hypotheses: readonly Hypothesis[];
  readonly seed: string;
  readonly machine: Omit<Machine, "progress">;
  /** Called after each world. */
  readonly progress?: ((done: Progress) => void) | undefined;
}

/** Worlds whose summaries are kept, if there is a cache. */
export interface SummarizedWorlds extends Worlds {
  readonly cache?: CacheSpace | undefined;
  /** Called with the reason when results cannot be kept. */
  readonly warn?: ((trouble: Wording) => void) | undefined;
}

/** The summaries of each proposal's world, in the order of the proposals. */
export function summarizedWorlds(
  task: SummarizedWorlds,
  proposals: readonly Proposal[],
  firstNumber: number,
): Promise<Float64Array[]> {
  const { observation, seed, cache, warn } = task;
  const { responses, point } = observation;
  const look = (fleet: readonly SeenServer[]) => summariesOf(fleet, responses, point.scenario.horizonDays);
  return simulatedWorlds(task, proposals, firstNumber, look, async (points) => {
    return cache && isNonEmpty(points) ? summaryKeeper(cache, observation, seed, points, warn) : undefined;
  });
}

/**
 * The observations of each proposal's world, in the order of the proposals.
 *
 * @param firstNumber the number of the first of these worlds
 * @param look summarizes a world
 * @param keeperOf where what was seen of these design points is kept, if anywhere
 */
export async function simulatedWorlds<Seen>(
  { observation, hypotheses, seed, machine, progress }: Worlds,
  proposals: readonly Proposal[],
  firstNumber: number,
  look: (servers: readonly SeenServer[], point: PlannedPoint) => Seen,
  keeperOf: (points: readonly PlannedPoint[]) => Promise<WorldKeeper<Seen> | undefined> = async () => undefined,
): Promise<Seen[]> {
  const points = await resolvePoints(
    proposals.map(({ model, point }, index) => {
      return { ...changed(observation.point, settingsOf(itemAt(hypotheses, model), point)), index };
    }),
  );
  const keeper = await keeperOf(points);
  const seen = new Array<Seen>(points.length);
  const missing = new Map<number, Run>();
  for (const point of points) {
    const number = firstNumber + point.index;
    // One run per world, because the summaries are of all its servers together.
    const run = wholeRun({ seed }, point, number, machine.sliceSize);
    const known = await keeper?.recall(run);
    if (known === undefined) missing.set(point.index, run);
    else seen[point.index] = known;
  }
  const { servers } = observation.point.scenario;
  const serversRecalled = (points.length - missing.size) * servers;
  const report = (done: Progress) =>
    progress?.({ ...done, serversDone: serversRecalled + done.serversDone, serversRecalled });
  report({ serversDone: 0, serversTotal: points.length * servers, events: 0 });
  const workers = missing.size < FEW ? 1 : machine.workers;
  const execution = new Execution({ ...machine, workers, progress: report }, undefined, points.length * servers);
  for await (const result of execution.results(missing.values())) {
    const point = itemAt(points, result.point);
    const shown = look(seenServers(result, { ...observation, point }, seed), point);
    seen[result.point] = shown;
    await keeper?.keep(missing.get(result.point)!, result, shown);
  }
  return seen;
}
