/**
 * The observation for a calibration: the readings of some responses of each server, on a grid of times.
 *
 * A cell of the grid is empty if there was no reading, and a restart of the process cuts the readings of its server.
 * Simulated worlds are read at the same cells, with the same gaps and cuts. So a gap loses information but causes no
 * bias.
 */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import type { Response } from "../../models/contract/responses.ts";
import { selectMedian } from "../../statistics/selection.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import { wholeRun } from "../execution/partition.ts";
import type { RunResult } from "../execution/run.ts";
import { resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import type { Imported } from "../imports/import-record.ts";
import { observedResponses, observedServers, type ObservedServer } from "../imports/observed.ts";
import { measured, type Measurement } from "../traces/measurement.ts";
import { partsOf } from "../imports/grid.ts";
import { resampledPlan } from "../studies/resampled-plan.ts";
import { firstOut, runOutText, unlikeText } from "../reports/import-study.ts";
import { overviewOf, unlikeServers } from "../studies/import-overview.ts";
import { itemAt } from "../lists.ts";
import { loggedSettings, workloadOf, type Workload } from "./job-log.ts";
import { oneOf } from "../experiment/settings.ts";
import { argument, UserError } from "../user-error.ts";

/** The readings of a server. */
export interface SeenServer {
  /** By response, one number per cell; NaN where there is no reading. */
  readonly readings: readonly Float64Array[];
  /** By cell: 1 if a process started since the previous cell. */
  readonly cuts: Uint8Array;
}

export interface Observation {
  /** The origin of the observation. */
  readonly source: string;
  /** The scenario of the worlds to compare, with the model, fleet, horizon and grid of the observation. */
  readonly point: PlannedPoint;
  /** The responses that were read. */
  readonly responses: readonly Response[];
  readonly servers: readonly SeenServer[];
  /** The workload parameters estimated from a log of jobs; they are known, unless the user gives other values. */
  readonly workload?: Workload | undefined;
  /** The measurement errors of the counters; none if omitted. */
  readonly how?: Measurement | undefined;
  /** Known parameters of these servers, from any source, but not decisions. */
  readonly facts: readonly string[];
  /**
   * The day on which the service was last started, on the server that runs out first, or else the earliest of all;
   * unknown for simulated results.
   */
  readonly startDay?: number | undefined;
  /** The sentence of the import's report on what runs out first; undefined if nothing does. */
  readonly firstOut?: string | undefined;
  /** A sentence on servers that rise at very different rates, although worlds have servers of one kind. */
  readonly unlike?: string | undefined;
}

/** The beginning of the source of a parameter that is decided by someone. */
const DECISION = /^decision/;

/** The parameters that a posterior passes on: the model's facts, and given settings that are not decisions. */
function factsOf({ resolved }: PlannedPoint, given: Settings): readonly string[] {
  const { calibration, parameters } = resolved.model;
  const known = Object.keys(given).filter((name) => !DECISION.test(itemAt(parameters, name).source));
  return [...new Set([...(calibration?.facts ?? []), ...known])];
}

/** From this horizon on, readings are hourly and blocks are days [d]. */
const DAYS_OF_DAILY_BLOCKS = 4;
/** Shorter horizons are divided into this many blocks of this many cells. */
const BLOCKS = 10;
const CELLS_OF_BLOCK = 10;

/** The hours between two cells, and the number of cells per block (a day, if there are days). */
export function gridOf(horizonDays: number): { stepHours: number; blockCells: number } {
  if (horizonDays >= DAYS_OF_DAILY_BLOCKS) return { stepHours: 1, blockCells: 24 };
  return { stepHours: (horizonDays * 24) / (BLOCKS * CELLS_OF_BLOCK), blockCells: CELLS_OF_BLOCK };
}

export interface ResultsSelection {
  readonly at: string;
  readonly replication: number;
  /** The most servers: whole, >= 1. */
  readonly servers: number;
  /** Names of the responses to read; by default those that an administrator can read. */
  readonly observed: readonly string[];
}

/**
 * The servers of one replication of results, as an administrator would have observed them; they are simulated again.
 *
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
    throw new UserError(argument("replication"), ` is ${replication}; ${folder} has 0 to ${replications - 1}`);
  }
  const [point] = plan.points;
  const responses = readable(point, observed);
  const fleet = point.scenario.servers;
  const execution = new Execution({ ...machine, workers: 1 }, undefined, fleet);
  const seen: SeenServer[] = [];
  const runs = [wholeRun(plan.experiment, point, replication, machine.sliceSize)];
  for await (const result of execution.results(runs)) {
    seen.push(...seenServers(result, { point, responses, servers: [] }, plan.experiment.seed));
  }
  const where = plan.points.length > 1 || at !== "" ? `${folder}, ${Object.values(point.levels).join(", ")}` : folder;
  return { source: where, point, responses, servers: seen, facts: factsOf(point, {}) };
}

/**
 * The servers of an import. The level of a gauge without leaks is estimated from its lowest readings.
 *
 * @param known settings that the user knows
 * @param observed names of responses; by default all gauges of the import
 * @param wanted the names of the servers, or their maximum number
 * @throws UserError
 */
export async function observationOfImport(
  imported: Imported,
  known: Settings,
  observed: readonly string[],
  wanted: number | readonly string[],
  how: Measurement | undefined,
): Promise<Observation> {
  const { model, record, folder } = imported;
  const all: ObservedServer[] = [];
  const names: string[] = [];
  for await (const server of observedServers(imported)) {
    if (server.timesUs.length === 0) continue;
    names.push(server.name);
    if (typeof wanted === "number" ? all.length < wanted : wanted.includes(server.name)) all.push(server);
  }
  for (const name of typeof wanted === "number" ? [] : wanted)
    if (!names.includes(name)) throw new UserError(argument("servers"), ` is ${name}; ${oneOf(name, names)}`);
  if (all.length === 0) throw new UserError(`${folder} has no readings; a job log alone shows no leak`);
  const lastUs = all.reduce((last, { timesUs }) => Math.max(last, timesUs.at(-1)!), 0);
  const horizonDays = Math.ceil(lastUs / US_PER_DAY);
  const { stepHours } = gridOf(horizonDays);
  const given = { ...record.parameters, ...known };
  const logged = await workloadOf(imported);
  const workload = logged && {
    ...logged,
    parameters: logged.parameters.filter(({ parameter }) => !Object.hasOwn(given, parameter)),
  };
  const parameters = { ...loggedSettings(workload), ...given };
  const scenario = { model: record.model, servers: all.length, horizonDays, sampleEveryHours: stepHours, parameters };
  const [unlifted] = await resolvePoints([{ index: 0, levels: {}, scenario }]);
  const bases = liftedBases(unlifted!, all, parameters);
  const lifted = { index: 0, levels: {}, scenario: { ...scenario, parameters: { ...parameters, ...bases } } };
  const [point] = await resolvePoints([lifted]);
  const read = (await observedResponses(imported)).map(({ name }) => name);
  const responses = readable(point!, observed).filter(({ name }) => read.includes(name));
  if (responses.length === 0) {
    throw new UserError(
      `${folder} has no response to learn from; it has ${read.join(", ")}; choose with `,
      argument("observed"),
    );
  }
  const servers = all.map((server) => onGrid(server, responses, horizonDays));
  const facts = factsOf(point!, { ...parameters, ...bases });
  const overviews = (await overviewOf(imported)).filter(({ server }) => all.some(({ name }) => name === server));
  const first = firstOut(overviews);
  const unlike = unlikeServers(overviews);
  const own = all.filter(({ name }) => name === first?.server);
  const startDay =
    imported.startDay + Math.floor(Math.min(...(own.length > 0 ? own : all).map(startedUs)) / US_PER_DAY);
  const sentence = runOutText(imported, overviews);
  const source = `${folder} (${model.name})`;
  return {
    source,
    point: point!,
    responses,
    servers,
    workload,
    how,
    facts,
    startDay,
    firstOut: sentence,
    unlike: unlike && unlikeText(unlike),
  };
}

/** When the last process started. */
function startedUs({ timesUs, incidents }: ObservedServer): number {
  return partsOf({ timesUs, incidents }).at(-1)!.fromUs;
}

/** The last reading in each step, and the steps in which a process started. */
function onGrid(
  { timesUs, readings, incidents }: ObservedServer,
  responses: readonly Response[],
  horizonDays: number,
): SeenServer {
  const stepUs = gridOf(horizonDays).stepHours * US_PER_HOUR;
  const cells = Math.round((horizonDays * US_PER_DAY) / stepUs);
  const cellOf = (timeUs: number) => Math.min(cells - 1, Math.max(0, Math.ceil(timeUs / stepUs) - 1));
  const cuts = new Uint8Array(cells);
  for (const { kind, timeUs } of incidents) if (kind === "restart") cuts[cellOf(timeUs)] = 1;
  const grid = responses.map(({ name }) => {
    const values = new Float64Array(cells).fill(NaN);
    const own = readings.get(name) ?? [];
    for (const [i, value] of own.entries()) if (!Number.isNaN(value)) values[cellOf(itemAt(timesUs, i))] = value;
    return values;
  });
  return { readings: grid, cuts };
}

/** The parameters that raise gauges to the lowest readings, by the median over servers. */
function liftedBases(
  { resolved, scenario }: PlannedPoint,
  servers: readonly ObservedServer[],
  fixed: Settings,
): Settings {
  const { model, values } = resolved;
  const lifted: Record<string, number> = {};
  for (const [gauge, parameter] of Object.entries(model.calibration?.bases ?? {})) {
    const lowest = servers.flatMap(({ readings }) => {
      const least = readings.get(gauge)?.reduce((low, value) => (value < low ? value : low), Infinity) ?? Infinity;
      return Number.isFinite(least) ? [least] : [];
    });
    const base = model.limits?.(values).find(({ response }) => response === gauge)?.base;
    const described = model.parameters[parameter];
    if (lowest.length === 0 || base === undefined || described?.kind !== "number" || parameter in fixed) continue;
    const level = Number(scenario.parameters[parameter]) + Math.round(selectMedian(Float64Array.from(lowest))) - base;
    lifted[parameter] = Math.min(described.max, Math.max(described.min, level));
  }
  return lifted;
}

/** The gauges that an administrator can read; for a model without gauges, its totals. @throws UserError */
export function readable({ resolved }: PlannedPoint, names: readonly string[]): readonly Response[] {
  const { responses } = resolved.model;
  for (const name of names) {
    const known = responses.filter(({ role }) => role !== "eventTime").map((one) => one.name);
    if (!known.includes(name)) throw new UserError(argument("observed"), ` is ${name}; ${oneOf(name, known)}`);
  }
  if (names.length > 0) return responses.filter(({ name }) => names.includes(name));
  const gauges = responses.filter(({ role, unseen }) => role === "gauge" && unseen !== true);
  return gauges.length > 0 ? gauges : responses.filter(({ role }) => role !== "eventTime");
}

/**
 * The readings that the servers of a result would have had, with the gaps and cuts of the observed servers.
 *
 * @param seed names the streams of measurement errors
 */
export function seenServers(
  { samples, first, count, replication }: RunResult,
  { point, responses: read, servers: like, how }: Pick<Observation, "point" | "responses" | "servers" | "how">,
  seed: string,
): SeenServer[] {
  const { responses, upkeep } = point.resolved.model;
  const stepHours = point.scenario.sampleEveryHours;
  const cells = samples.length / responses.length / count;
  const indices = read.map(({ name }) => responses.findIndex((one) => one.name === name));
  const restarts = responses.findIndex(({ name }) => name === upkeep?.restart.response);
  return Array.from({ length: count }, (_, server) => {
    const at = (cell: number, response: number) => {
      return itemAt(samples, (cell * responses.length + response) * count + server);
    };
    const mask = like[first + server];
    const cuts = new Uint8Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const before = cell === 0 || restarts === -1 ? 0 : at(cell - 1, restarts);
      cuts[cell] = Number(mask?.cuts[cell] === 1 || (restarts !== -1 && at(cell, restarts) > before));
    }
    const readings = indices.map((response, r) => {
      const exact = Float64Array.from({ length: cells }, (_, cell) => at(cell, response));
      const what = itemAt(read, r);
      const isMeasured = how !== undefined && what.role === "gauge";
      const who = { seed, replication, server: first + server };
      const shown = isMeasured ? measured(what, exact, cuts, stepHours, who, { ...how, lostShare: 0 }) : exact;
      if (mask === undefined) return shown;
      const seen = itemAt(mask.readings, r);
      return shown.map((value, cell) => (Number.isNaN(itemAt(seen, cell)) ? NaN : value));
    });
    return { readings, cuts };
  });
}
