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
import type { Response } from "../../models/model.ts";
import { digestText } from "../../sim/digest.ts";
import { horizonAt, type RunResult } from "../execution/run.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import { replayCommand, type PlannedPoint } from "../experiment/design-point.ts";
import { integer, number, table, text, type Column, type Table } from "../results/csv.ts";
import { factorColumns } from "../results/factor-columns.ts";
import type { Replication } from "./replication.ts";

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
    text("replay", "the command that replays it", (row) => replayCommand(row.point, row.replication)),
  ]);
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
