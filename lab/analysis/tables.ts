/**
 * The tables that grow while an experiment runs: servers.csv, samples.csv and runs.csv. What is estimated from them at
 * the end is in estimates.ts.
 *
 * Every table begins with one column per factor; the rest follows from the model's responses, so a new response is a
 * new column and nothing else. Rows come in canonical order: design point, replication, then server or time.
 *
 * A sum over servers is rounded once, so that no order and no slicing changes it. A quantile is a value that one of the
 * servers has: nearest rank, the inverse of the empirical distribution function; of fleets with thousands of different
 * values it is rounded (statistics/distribution.ts).
 */
import type { Parameter, Response } from "../../models/model.ts";
import { digestText } from "../../sim/digest.ts";
import { integer, number, table, text, type Column, type Table } from "../results/csv.ts";
import type { DesignPoint } from "../experiment/design.ts";
import { factorNames, type Experiment } from "../experiment/experiment.ts";
import type { RunResult } from "../execution/run.ts";
import { extent, resolveScenario, type ResolvedScenario } from "../experiment/scenario.ts";
import { UserError } from "../user-error.ts";

/** An experiment as its results see it. */
export interface Plan {
  readonly experiment: Experiment;
  readonly points: readonly PlannedPoint[];
  readonly replay: Replay;
}

/** A design point and what its scenario resolves to; all points of a plan have the same responses. */
export interface PlannedPoint extends DesignPoint {
  readonly resolved: ResolvedScenario;
}

/** The command that replays a replication of a design point. */
export type Replay = (point: DesignPoint, replication: number) => string;

/** A row of servers.csv: the server at this place of a result. */
export interface ServerRow {
  readonly point: PlannedPoint;
  readonly result: RunResult;
  readonly place: number;
}

/** A row of samples.csv: the fleet at an instant, response by response but for the moments. */
export interface SampleRow {
  readonly point: PlannedPoint;
  readonly replication: number;
  readonly timeUs: number;
  readonly spreads: readonly Spread[];
}

/** A response over the servers of the fleet. */
export interface Spread {
  readonly sum: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** A row of runs.csv, and all that is kept of a replication until the end. */
export interface Replication {
  readonly point: PlannedPoint;
  readonly replication: number;
  readonly events: number;
  readonly digestLow: number;
  readonly digestHigh: number;
  /** Per response, at the horizon: its sum over the servers; of a moment the number of servers on which it has come. */
  readonly totals: Float64Array;
  /** Per response: the sums over the blocks of servers that are independent observations, in their order. */
  readonly blocks: readonly Float64Array[];
}

/** @throws UserError when the design points have models of different responses, which no table could hold */
export async function planResults(
  experiment: Experiment,
  points: readonly DesignPoint[],
  replay: Replay,
): Promise<Plan> {
  const planned: PlannedPoint[] = [];
  for (const point of points) planned.push({ ...point, resolved: await resolveScenario(point.scenario, "/") });
  const plan = { experiment, points: planned, replay };
  const names = (model: PlannedPoint) => model.resolved.model.responses.map(({ name }) => name).join(" ");
  const other = planned.find((point) => names(point) !== names(planned[0]));
  if (other !== undefined) {
    const models = `${planned[0].scenario.model} and ${other.scenario.model}`;
    throw new UserError(`${models} have different responses; models that share a table have the same`);
  }
  return plan;
}

export function serversTable(plan: Plan): Table<ServerRow> {
  const responses = responsesOf(plan);
  return table("servers", "a server of a replication of a design point, at the horizon", [
    ...factorColumns(plan),
    integer("replication", "1", "number of the replication, from 0", ({ result }) => result.replication),
    integer("server", "1", "number of the server in its fleet, from 0", ({ result, place }) => result.first + place),
    integer("events", "1", "events handled", ({ result, place }) => result.eventCounts[place]),
    ...responses.map((response, r) =>
      responseColumn<ServerRow>(
        response,
        response.name,
        response.meaning,
        ({ result, place }) => result.samples[horizonAt(result, responses.length, r) + place],
      ),
    ),
    text("digest", "fingerprint of its events, x and 16 hexadecimal digits", ({ result, place }) =>
      digestText(result.digestLow[place], result.digestHigh[place]),
    ),
  ]);
}

export function samplesTable(plan: Plan): Table<SampleRow> {
  return table("samples", "the fleet of a replication of a design point at an instant", [
    ...factorColumns(plan),
    integer("replication", "1", "number of the replication, from 0", (row) => row.replication),
    integer("timeUs", "us", "time since the start", (row) => row.timeUs),
    ...responsesOf(plan)
      .filter(isCumulable)
      .flatMap((response, i) => spreadColumns(response, i)),
  ]);
}

export function runsTable(plan: Plan): Table<Replication> {
  return table("runs", "a replication of a design point, at the horizon", [
    ...factorColumns(plan),
    integer("replication", "1", "number of the replication, from 0", (row) => row.replication),
    integer("servers", "1", "servers of the fleet", (row) => row.point.scenario.servers),
    integer("events", "1", "events handled", (row) => row.events),
    text("digest", "fingerprint of its events, the sum of its servers', x and 16 hexadecimal digits", (row) =>
      digestText(row.digestLow, row.digestHigh),
    ),
    ...responsesOf(plan).map((response, r) => totalColumn(response, (row) => row.totals[r])),
    text("replay", "the command that replays it", (row) => plan.replay(row.point, row.replication)),
  ]);
}

/** The responses that every design point of the plan has. */
export function responsesOf(plan: Plan): readonly Response[] {
  return plan.points[0].resolved.model.responses;
}

/** The replications of a point, out of all of the experiment, or as far as those of the point. */
export function replicationsOf(
  { index }: PlannedPoint,
  { experiment }: Plan,
  replications: readonly Replication[],
): readonly Replication[] {
  return replications.slice(index * experiment.replications, (index + 1) * experiment.replications);
}

/** What a response came to in each replication. */
export function totals(replications: readonly Replication[], response: number): Float64Array {
  return Float64Array.from(replications, (replication) => replication.totals[response]);
}

/** Whether a response makes sense summed over servers: all but the moments do. */
export function isCumulable({ role }: Response): boolean {
  return role !== "eventTime";
}

/** Whether a response is a level, which is had at the horizon, and no running total, which has a rate. */
export function isLevel({ role, now }: Response): boolean {
  return role === "gauge" || now === true;
}

/** How many observations of the response a replication has: one of each server, or one of the fleet. */
export function observationsOf({ ofFleet }: Response, { scenario }: PlannedPoint): number {
  return ofFleet ? 1 : scenario.servers;
}

/** What an observation is of. */
export function observed({ ofFleet }: Response): "fleets" | "servers" {
  return ofFleet ? "fleets" : "servers";
}

/** Where a response begins in the samples of a result, at the last of its sample times, which is the horizon. */
export function horizonAt({ samples, count }: RunResult, responses: number, response: number): number {
  return samples.length - (responses - response) * count;
}

/** One column per factor, but for the one left out. */
export function factorColumns<Row extends { readonly point: DesignPoint }>(
  plan: Plan,
  leftOut?: string,
): Column<Row>[] {
  return factorNames(plan.experiment)
    .filter((name) => name !== leftOut)
    .map((name) => levelColumn(plan, name, name, "level of this factor", ({ point }) => point.levels[name]));
}

/**
 * A column of levels of the factor. It holds numbers when all levels are numbers, and text otherwise; the levels of a
 * fleet are text, because one of them is all of them together. The type changes no byte of the CSV file.
 */
export function levelColumn<Row>(
  { experiment, points }: Plan,
  factor: string,
  name: string,
  description: string,
  levelOf: (row: Row) => string,
): Column<Row> {
  const levels = points.map((point) => point.levels[factor]);
  const isNumeric = levels.every((level) => level === String(Number(level)) && Number.isFinite(Number(level)));
  if (!isNumeric || factor === experiment.fleet) return text(name, description, levelOf);
  const isWhole = levels.every((level) => Number.isSafeInteger(Number(level)));
  const key = factor.replace(/^parameters\./, "");
  const parameters: Readonly<Record<string, Parameter>> = { ...extent, ...points[0].resolved.model.parameters };
  const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
  const unit = parameter?.kind === "number" ? parameter.unit : "";
  return (isWhole ? integer : number)(name, unit, description, (row) => Number(levelOf(row)));
}

function spreadColumns(response: Response, i: number): Column<SampleRow>[] {
  const { name, unit, meaning } = response;
  const of = (key: keyof Spread, what: string) =>
    responseColumn<SampleRow>(response, `${name}_${key}`, `${meaning}: ${what}`, ({ spreads }) => spreads[i][key]);
  return [
    of("sum", "sum over the servers"),
    number(`${name}_mean`, unit, `${meaning}: mean over the servers`, ({ spreads }) => spreads[i].mean),
    of("p50", "median over the servers, by nearest rank"),
    of("p90", "90 % quantile over the servers, by nearest rank"),
    of("p99", "99 % quantile over the servers, by nearest rank"),
    of("max", "greatest over the servers"),
  ];
}

function totalColumn(response: Response, cell: (row: Replication) => number): Column<Replication> {
  const { name, meaning } = response;
  return isCumulable(response)
    ? responseColumn(response, name, `${meaning}: sum over the servers`, cell)
    : integer(`${name.replace(/Us$/, "")}Servers`, "1", `servers on which it has come to this: ${meaning}`, cell);
}

/** Counts, moments, microseconds and bytes are whole unless they say otherwise; other responses promise nothing. */
function responseColumn<Row>(
  { role, unit, fractional }: Response,
  name: string,
  description: string,
  cell: (row: Row) => number,
): Column<Row> {
  const isWhole = fractional !== true && (role === "count" || unit === "us" || unit === "B");
  return (isWhole ? integer : number)(name, unit, description, cell);
}
