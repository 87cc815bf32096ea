/**
 * Folds the results of runs, which arrive in any order and cut into any slices, into the tables of an experiment.
 *
 * Results are put in canonical order first (design point, replication, first server), and everything else is done in
 * that order, so that neither arrival nor slicing changes a byte. Rows of servers.csv are written as soon as their turn
 * comes; the samples of a replication are folded when its last slice is there. What is held is one replication of the
 * fleet, the results that came before their turn (about as many as the runner has workers), and per replication a total
 * of each response.
 */
import { digestText } from "../sim/digest.ts";
import type { CsvWriter, Table } from "./csv.ts";
import {
  comparisons, comparisonTable, leakRates, leakRatesTable, meansTable, meanValues,
  type Comparison, type LeakRate, type MeanValue,
} from "./estimates.ts";
import { sampleTimes, type RunResult } from "./run.ts";
import { nearestRank, sum } from "./statistics.ts";
import {
  horizonAt, isCumulable, responsesOf, runsTable, samplesTable, serversTable,
  type Plan, type PlannedPoint, type Replication, type SampleRow, type ServerRow, type Spread,
} from "./tables.ts";

/** Opens the file of a table. */
export type OpenTable = <Row>(table: Table<Row>) => Promise<CsvWriter<Row>>;

/** What there is to tell at the end. */
export interface Findings {
  /** Events of all runs. */
  readonly events: number;
  /** Sum of the digests of all runs, 16 hexadecimal digits. */
  readonly digest: string;
  readonly leakRates: readonly LeakRate[];
  readonly meanValues: readonly MeanValue[];
  readonly comparisons: readonly Comparison[];
}

/**
 * Writes every table of the experiment: the first three always, the others when the model leaks, has means, and the
 * experiment compares.
 * @throws Error when the results end before every replication is whole, as they do when the runner was told to stop
 */
export async function foldResults(
  plan: Plan, results: AsyncIterable<RunResult>, open: OpenTable,
): Promise<Findings> {
  const { compare } = plan.experiment;
  // All tables are made before the first run, so that a factor's bad name is told at once.
  const endTables = [leakRatesTable(plan), meansTable(plan), compare && comparisonTable(plan, compare)] as const;
  const servers = await open(serversTable(plan));
  const samples = await open(samplesTable(plan));
  const runs = await open(runsTable(plan));
  const replications: Replication[] = [];
  const writeServers = (result: RunResult) => servers.write(serverRows(plan, result));
  for await (const slices of wholeReplications(plan, results, writeServers)) {
    const replication = replicationOf(plan, slices);
    await samples.write(sampleRows(plan, slices));
    await runs.write([replication]);
    replications.push(replication);
  }
  const findings: Findings = {
    events: sum(replications.map(({ events }) => events)),
    digest: digestText(
      lane(replications.map(({ digestLow }) => digestLow)), lane(replications.map(({ digestHigh }) => digestHigh)),
    ),
    leakRates: leakRates(plan, replications),
    meanValues: meanValues(plan, replications),
    comparisons: compare === undefined ? [] : comparisons(plan, compare, replications),
  };
  await writeAll(open, endTables[0], findings.leakRates);
  await writeAll(open, endTables[1], findings.meanValues);
  await writeAll(open, endTables[2], findings.comparisons);
  return findings;
}

/** A table without rows has no file. */
async function writeAll<Row>(open: OpenTable, table: Table<Row> | undefined, rows: readonly Row[]): Promise<void> {
  if (table !== undefined && rows.length > 0) await (await open(table)).write(rows);
}

/** The slices of each replication, in canonical order; `passing` sees every slice when its turn comes. */
async function* wholeReplications(
  plan: Plan, results: AsyncIterable<RunResult>, passing: (result: RunResult) => Promise<void>,
): AsyncIterable<readonly RunResult[]> {
  let slices: RunResult[] = [];
  for await (const result of inOrder(plan, results)) {
    await passing(result);
    slices.push(result);
    if (result.first + result.count < plan.points[result.point].scenario.servers) continue;
    yield slices;
    slices = [];
  }
}

/** The place of a result in canonical order. */
type Turn = Pick<RunResult, "point" | "replication" | "first">;

async function* inOrder(plan: Plan, results: AsyncIterable<RunResult>): AsyncIterable<RunResult> {
  const early = new Map<string, RunResult>();
  let turn: Turn = { point: 0, replication: 0, first: 0 };
  for await (const result of results) {
    early.set(key(result), result);
    for (let next = early.get(key(turn)); next !== undefined; next = early.get(key(turn))) {
      early.delete(key(turn));
      yield next;
      turn = turnAfter(plan, next);
    }
  }
  if (turn.point < plan.points.length || early.size > 0) {
    const { point, replication, first } = turn;
    throw new Error(`the result of design point ${point}, replication ${replication}, server ${first} is missing`);
  }
}

function turnAfter(plan: Plan, { point, replication, first, count }: RunResult): Turn {
  if (first + count < plan.points[point].scenario.servers) return { point, replication, first: first + count };
  if (replication + 1 < plan.experiment.replications) return { point, replication: replication + 1, first: 0 };
  return { point: point + 1, replication: 0, first: 0 };
}

function key({ point, replication, first }: Turn): string {
  return `${point} ${replication} ${first}`;
}

function* serverRows(plan: Plan, result: RunResult): Iterable<ServerRow> {
  const point = plan.points[result.point];
  for (let place = 0; place < result.count; place++) yield { point, result, place };
}

function* sampleRows(plan: Plan, slices: readonly RunResult[]): Iterable<SampleRow> {
  const responses = responsesOf(plan);
  const point = plan.points[slices[0].point];
  const values = new Float64Array(point.scenario.servers);
  for (const [sample, timeUs] of sampleTimes(point.scenario).entries()) {
    const spreads: Spread[] = [];
    responses.forEach((response, r) => {
      if (!isCumulable(response)) return;
      for (const { samples, first, count } of slices) {
        const at = (sample * responses.length + r) * count;
        values.set(samples.subarray(at, at + count), first);
      }
      spreads.push(spreadOf(values));
    });
    yield { point, replication: slices[0].replication, timeUs, spreads };
  }
}

/** Sorts the values. */
function spreadOf(values: Float64Array): Spread {
  const total = sum(values);
  values.sort();
  return {
    sum: total,
    mean: total / values.length,
    p50: nearestRank(values, 50),
    p90: nearestRank(values, 90),
    p99: nearestRank(values, 99),
    max: values[values.length - 1],
  };
}

function replicationOf(plan: Plan, slices: readonly RunResult[]): Replication {
  const responses = responsesOf(plan);
  const point = plan.points[slices[0].point];
  const ceilingNames = new Set(responses.map(({ ceiling }) => ceiling));
  const totals = new Float64Array(responses.length);
  const ceilings = new Map<string, Float64Array>();
  responses.forEach((response, r) => {
    const values = horizonValues(point, responses.length, r, slices);
    totals[r] = isCumulable(response) ? sum(values) : values.filter((moment) => !Number.isNaN(moment)).length;
    if (ceilingNames.has(response.name)) ceilings.set(response.name, values);
  });
  return {
    point,
    replication: slices[0].replication,
    events: sum(slices.map(({ eventCounts }) => sum(eventCounts))),
    digestLow: lane(slices.map(({ digestLow }) => lane(digestLow))),
    digestHigh: lane(slices.map(({ digestHigh }) => lane(digestHigh))),
    totals,
    ceilings,
  };
}

/** A response at the horizon, in server order. */
function horizonValues(
  { scenario }: PlannedPoint, responses: number, response: number, slices: readonly RunResult[],
): Float64Array {
  const values = new Float64Array(scenario.servers);
  for (const slice of slices) {
    const at = horizonAt(slice, responses, response);
    values.set(slice.samples.subarray(at, at + slice.count), slice.first);
  }
  return values;
}

/** The sum of lanes of digests, modulo 2^32. */
function lane(lanes: Iterable<number>): number {
  let total = 0;
  for (const value of lanes) total = (total + value) >>> 0;
  return total;
}
