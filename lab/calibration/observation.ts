/**
 * What was observed of a fleet, as calibration sees it: the readings of some responses of each server, on a grid.
 *
 * A cell of the grid is empty where nothing was read; a process that begins anew cuts the readings of its server. The
 * worlds that are compared with it are read at the same cells, with the same gaps and cuts, so a gap costs knowledge
 * and never biases it.
 */
import type { Response } from "../../models/model.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import { runsOfReplication } from "../execution/partition.ts";
import type { RunResult } from "../execution/run.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { resampledPlan } from "../studies/resampled-plan.ts";
import { itemAt } from "../lists.ts";
import { oneOf } from "../experiment/settings.ts";
import { UserError } from "../user-error.ts";

/** What was read of a server. */
export interface SeenServer {
  /** By response that was read, one number a cell; NaN where nothing was read. */
  readonly readings: readonly Float64Array[];
  /** By cell: 1 where a process began since the cell before. */
  readonly cuts: Uint8Array;
}

export interface Observation {
  /** Where it comes from. */
  readonly source: string;
  /** The scenario of the worlds to compare: its model, fleet, horizon and grid are those of what was observed. */
  readonly point: PlannedPoint;
  /** What was read. */
  readonly responses: readonly Response[];
  readonly servers: readonly SeenServer[];
}

/** Horizons of so many days are read by the hour and summed up by the day. */
const DAYS_OF_DAILY_BLOCKS = 4;
/** Shorter ones are cut into so many blocks, of so many cells. */
const BLOCKS = 10;
const CELLS_OF_BLOCK = 10;

/** Hours between two cells, and cells of a block, which is a day where there are days. */
export function gridOf(horizonDays: number): { stepHours: number; blockCells: number } {
  if (horizonDays >= DAYS_OF_DAILY_BLOCKS) return { stepHours: 1, blockCells: 24 };
  return { stepHours: (horizonDays * 24) / (BLOCKS * CELLS_OF_BLOCK), blockCells: CELLS_OF_BLOCK };
}

export interface ResultsSelection {
  readonly at: string;
  readonly replication: number;
  /** At most so many servers: whole, >= 1. */
  readonly servers: number;
  /** Names of the responses that are read; those that an administrator could read if there is none. */
  readonly observed: readonly string[];
}

/**
 * The servers of one replication of some results, read as an administrator would have: simulated once more.
 * @throws UserError
 */
export async function observationOfResults(
  folder: string,
  { at, replication, servers, observed }: ResultsSelection,
  machine: Machine,
): Promise<Observation> {
  const change = ({ horizonDays }: { horizonDays: number }) => ({ sampleEveryHours: gridOf(horizonDays).stepHours });
  const plan = await resampledPlan(folder, { at, servers, change });
  const { replications } = plan.experiment;
  if (replication >= replications) {
    throw new UserError(`--replication is ${replication}; ${folder} has 0 to ${replications - 1}`);
  }
  const [point] = plan.points;
  const responses = readable(point, observed);
  const fleet = point.scenario.servers;
  const execution = new Execution({ ...machine, workers: 1 }, undefined, fleet);
  const seen: SeenServer[] = [];
  for await (const result of execution.results(
    runsOfReplication(plan.experiment, point, replication, fleet, machine.sliceSize),
  )) {
    seen.push(...seenServers(result, point, responses, undefined));
  }
  const where = plan.points.length > 1 || at !== "" ? `${folder}, ${Object.values(point.levels).join(", ")}` : folder;
  return { source: where, point, responses, servers: seen };
}

/** Gauges that an administrator can read; of a model without any, whatever it adds up. @throws UserError */
export function readable({ resolved }: PlannedPoint, names: readonly string[]): readonly Response[] {
  const { responses } = resolved.model;
  for (const name of names) {
    const known = responses.filter(({ role }) => role !== "eventTime").map((one) => one.name);
    if (!known.includes(name)) throw new UserError(`--observed is ${name}; ${oneOf(name, known)}`);
  }
  if (names.length > 0) return responses.filter(({ name }) => names.includes(name));
  const gauges = responses.filter(({ role, unseen }) => role === "gauge" && unseen !== true);
  return gauges.length > 0 ? gauges : responses.filter(({ role }) => role !== "eventTime");
}

/**
 * What would have been read of the servers of a result.
 * @param like servers whose gaps and cuts it has, too
 */
export function seenServers(
  { samples, first, count }: RunResult,
  { resolved }: PlannedPoint,
  read: readonly Response[],
  like: readonly SeenServer[] | undefined,
): SeenServer[] {
  const { responses, upkeep } = resolved.model;
  const cells = samples.length / responses.length / count;
  const places = read.map(({ name }) => responses.findIndex((one) => one.name === name));
  const restarts = responses.findIndex(({ name }) => name === upkeep?.restart.response);
  return Array.from({ length: count }, (_, server) => {
    const at = (cell: number, response: number) => {
      return itemAt(samples, (cell * responses.length + response) * count + server);
    };
    const mask = like?.[first + server];
    const cuts = new Uint8Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const before = cell === 0 || restarts === -1 ? 0 : at(cell - 1, restarts);
      cuts[cell] = Number(mask?.cuts[cell] === 1 || (restarts !== -1 && at(cell, restarts) > before));
    }
    const readings = places.map((response, r) => {
      return Float64Array.from({ length: cells }, (_, cell) => {
        return mask !== undefined && Number.isNaN(itemAt(itemAt(mask.readings, r), cell)) ? NaN : at(cell, response);
      });
    });
    return { readings, cuts };
  });
}
