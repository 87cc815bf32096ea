/**
 * Aggregates the results of runs, which arrive in any order and in any slices, into the tables of an experiment.
 *
 * Results are first put in canonical order (design point, replication, first server), so neither arrival nor slicing
 * changes a byte. Each row of servers.csv is written as soon as its turn comes. After that, only sums and distributions
 * of a server are kept, which take no more memory for a million servers than for some thousands. Memory also holds one
 * replication's sums and distributions, one design point's ceilings, the results that arrived before their turn (the
 * runner limits their number), and the total of each response per replication.
 */
import type { Response } from "../../models/contract/responses.ts";
import type { Table } from "../results/csv.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { nearestRank, scatterOf, sum } from "../../statistics/estimate.ts";
import { ExactSum } from "../../statistics/exact-sum.ts";
import type { Group } from "../../statistics/log-rank.ts";
import { comparisonTable } from "./comparison.ts";
import { families } from "../experiment/design.ts";
import {
  leakParts,
  leakRate,
  leakRatesTable,
  meansTable,
  type LeakPart,
  type LeakRate,
  type Scatters,
} from "./leak-rates.ts";
import { findingsOf, sumOfLanes, type Findings } from "./findings.ts";
import { BlockSums, blocksOf } from "./observations.ts";
import { sampleTimes, type RunResult, horizonAt } from "../execution/run.ts";
import { selectionTable } from "./selection.ts";
import { ceilingNames, curveRows, lifetimes, logRankTable, survivalTable, type Ceilings } from "./survival.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { runsTable } from "../results/runs-table.ts";
import { samplesTable, type SampleRow, type Spread } from "../results/samples-table.ts";
import { serversTable, type ServerRow } from "../results/servers-table.ts";
import type { Replication } from "./replication.ts";
import { itemAt } from "../lists.ts";

/** Up to this many servers, the quantiles of a fleet are exact for any values. */
export const SAMPLE_VALUES_MAX = 4096;
/** Event times are in microseconds and nearly all different; a survival curve has at most this many steps. */
const CEILING_VALUES_MAX = 65_536;

/** Accepts the rows of a table. */
export interface RowWriter<Row> {
  write(rows: Iterable<Row>): Promise<void>;
}

/** Opens the file of a table, or another destination of its rows. */
export type OpenTable = <Row>(table: Table<Row>) => Promise<RowWriter<Row>>;

/**
 * Writes every table of the experiment: the first three always; survival.csv when something that leaks has a ceiling;
 * the others when the model leaks, has means, or the experiment compares.
 *
 * @throws Error when the results end before every replication is complete, as they do when the runner is stopped
 */
export async function aggregateResults(
  plan: Plan,
  results: AsyncIterable<RunResult>,
  open: OpenTable,
): Promise<Findings> {
  const { compare } = plan.experiment;
  const best = compare?.best;
  // The tables are defined before the first run, so that a bad factor name is reported at once.
  const endTables = [
    leakRatesTable(plan),
    meansTable(plan),
    compare && comparisonTable(plan, compare),
    compare && logRankTable(plan, compare),
    compare && best && selectionTable(plan, compare, best),
  ] as const;
  const servers = await open(serversTable(plan));
  const samples = await open(samplesTable(plan));
  const runs = await open(runsTable(plan));
  const eventTimes = ceilingNames(plan);
  const survival = eventTimes.length === 0 ? undefined : await open(survivalTable(plan));
  const isCompared = comparedPoints(plan);
  const replications: Replication[] = [];
  const rates: LeakRate[] = [];
  const parts: LeakPart[] = [];
  const known = new Map<number, ReadonlyMap<string, Group>>();
  let ceilings = noCeilings(plan);
  let scatters: Scatters[] = [];
  const writeServers = (result: RunResult) => servers.write(serverRows(plan, result));
  for await (const fleet of wholeFleets(plan, results, writeServers)) {
    const { point } = fleet;
    const replication = fleet.replicated();
    await samples.write(fleet.sampleRows());
    await runs.write([replication]);
    replications.push(replication);
    scatters.push(fleet.scatters());
    for (const [name, values] of fleet.ceilings) ceilings.get(name)!.merge(values);
    if (replications.length < (point.index + 1) * plan.experiment.replications) continue;
    const leaking = leakParts(plan, point, replications, scatters, ceilings);
    rates.push(...leaking.map((part) => leakRate([part])));
    if (plan.experiment.fleet !== undefined) parts.push(...leaking);
    const own = new Map(
      eventTimes.map((eventTime) => {
        return [eventTime, lifetimes(point, plan.experiment.replications, ceilings, eventTime)];
      }),
    );
    for (const [eventTime, group] of own) await survival?.write(curveRows(point, eventTime, group));
    if (isCompared.has(point.index)) known.set(point.index, own);
    ceilings = noCeilings(plan);
    scatters = [];
  }
  const findings = findingsOf(plan, { replications, leakRates: rates, parts, lifetimes: known });
  await writeAll(open, endTables[0], [...findings.leakRates, ...findings.fleetRates]);
  await writeAll(open, endTables[1], findings.meanValues);
  await writeAll(open, endTables[2], findings.comparisons);
  await writeAll(open, endTables[3], findings.levelsTests);
  await writeAll(open, endTables[4], findings.selections);
  return findings;
}

/** The design points that are compared with others, by index. */
function comparedPoints({ points, experiment: { compare } }: Plan): Set<number> {
  const compared = compare === undefined ? [] : families(points, compare).flat(2);
  return new Set(compared.map(({ index }) => index));
}

/** A table without rows gets no file. */
async function writeAll<Row>(open: OpenTable, table: Table<Row> | undefined, rows: readonly Row[]): Promise<void> {
  if (table !== undefined && rows.length > 0) await (await open(table)).write(rows);
}

/** Yields every replication once its last slice has arrived; `passing` is called with every slice, in order. */
async function* wholeFleets(
  plan: Plan,
  results: AsyncIterable<RunResult>,
  passing: (result: RunResult) => Promise<void>,
): AsyncIterable<Fleet> {
  let fleet: Fleet | undefined;
  for await (const result of inOrder(plan, results)) {
    await passing(result);
    const point = itemAt(plan.points, result.point);
    fleet ??= new Fleet(plan, point, result.replication);
    fleet.add(result);
    if (result.first + result.count < point.scenario.servers) continue;
    yield fleet;
    fleet = undefined;
  }
}

/** The position of a result in canonical order. */
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
  if (first + count < itemAt(plan.points, point).scenario.servers) return { point, replication, first: first + count };
  if (replication + 1 < plan.experiment.replications) return { point, replication: replication + 1, first: 0 };
  return { point: point + 1, replication: 0, first: 0 };
}

function key({ point, replication, first }: Turn): string {
  return `${point} ${replication} ${first}`;
}

function* serverRows(plan: Plan, result: RunResult): Iterable<ServerRow> {
  const point = itemAt(plan.points, result.point);
  for (let index = 0; index < result.count; index++) yield { point, result, index };
}

/** What is kept of a replication, in the order of its servers. */
class Fleet {
  readonly point: PlannedPoint;
  /** For each event time that is a ceiling: when servers reached it [us]. */
  readonly ceilings: Ceilings;
  private readonly number: number;
  private readonly times: readonly number[];
  private readonly responses: readonly Response[];
  /** By sample, then response, as in a result; for an event time, the number of servers that have had the event. */
  private readonly sums: readonly ExactSum[];
  /** In the same order; undefined for event times. */
  private readonly distributions: readonly (Distribution | undefined)[];
  /** By response, at the horizon. */
  private readonly blocks: readonly BlockSums[];
  private events: number;
  private digestLow: number;
  private digestHigh: number;

  constructor(plan: Plan, point: PlannedPoint, replication: number) {
    this.point = point;
    this.ceilings = noCeilings(plan);
    this.number = replication;
    this.times = sampleTimes(point.scenario);
    this.responses = responsesOf(plan);
    this.sums = this.times.flatMap(() => this.responses.map(() => new ExactSum()));
    this.distributions = this.times.flatMap(() =>
      this.responses.map((response) => {
        return isCumulable(response) ? new Distribution(SAMPLE_VALUES_MAX) : undefined;
      }),
    );
    this.blocks = this.responses.map(() => new BlockSums(point.scenario.servers, blocksOf(point)));
    this.events = 0;
    this.digestLow = 0;
    this.digestHigh = 0;
  }

  add(result: RunResult): void {
    const { first, count, samples } = result;
    this.distributions.forEach((distribution, i) => {
      const values = samples.subarray(i * count, (i + 1) * count);
      itemAt(this.sums, i).add(distribution === undefined ? [known(values)] : values);
      distribution?.add(values);
    });
    this.responses.forEach((response, r) => {
      const at = horizonAt(result, this.responses.length, r);
      const values = samples.subarray(at, at + count);
      this.ceilings.get(response.name)?.add(values);
      if (isCumulable(response)) itemAt(this.blocks, r).add(first, values);
    });
    this.events += sum(result.eventCounts);
    this.digestLow = (this.digestLow + sumOfLanes(result.digestLow)) >>> 0;
    this.digestHigh = (this.digestHigh + sumOfLanes(result.digestHigh)) >>> 0;
  }

  *sampleRows(): Iterable<SampleRow> {
    const { point, number: replication, responses } = this;
    for (const [sample, timeUs] of this.times.entries()) {
      const spreads = responses.flatMap((_, r) => this.spread(sample * responses.length + r));
      yield { point, replication, timeUs, spreads };
    }
  }

  replicated(): Replication {
    const { point, number: replication, events, digestLow, digestHigh, sums, responses } = this;
    const last = sums.slice(-responses.length);
    const totals = Float64Array.from(last, (sum) => sum.value);
    const blocks = this.blocks.map((sums) => sums.values());
    return { point, replication, events, digestLow, digestHigh, totals, blocks };
  }

  scatters(): Scatters {
    const last = this.distributions.slice(-this.responses.length);
    return new Map(
      this.responses.flatMap(({ name, role }, r) => {
        return role === "leak" ? [[name, scatterOf(last[r]!.cells())]] : [];
      }),
    );
  }

  /** Empty for an event time. */
  private spread(i: number): Spread[] {
    const distribution = this.distributions[i];
    if (distribution === undefined) return [];
    const cells = distribution.cells();
    const sum = itemAt(this.sums, i).value;
    const { count, squares } = scatterOf(cells);
    return [
      {
        sum,
        mean: sum / distribution.count,
        sd: count < 2 ? NaN : Math.sqrt(squares / (count - 1)),
        p50: nearestRank(cells, 50),
        p90: nearestRank(cells, 90),
        p99: nearestRank(cells, 99),
        max: distribution.max,
      },
    ];
  }
}

function noCeilings(plan: Plan): Ceilings {
  return new Map(ceilingNames(plan).map((name) => [name, new Distribution(CEILING_VALUES_MAX)]));
}

/** The number of known values. */
function known(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) count++;
  return count;
}

/** The most memory that the aggregation of a plan needs, besides the results passed to it [bytes]. */
export function aggregateBytesOf(plan: Plan): number {
  const responses = responsesOf(plan);
  const ceilings = ceilingNames(plan).length;
  const compared = comparedPoints(plan);
  // The event times of points that are compared, or are parts of a fleet, are kept until the end.
  const isKept = ({ index }: PlannedPoint) => compared.has(index) || plan.experiment.fleet !== undefined;
  const kept = sum(
    plan.points.filter(isKept).map(({ scenario }) => {
      const servers = scenario.servers * plan.experiment.replications;
      return ceilings * 2 * Float64Array.BYTES_PER_ELEMENT * Math.min(CEILING_VALUES_MAX, servers);
    }),
  );
  return (
    kept +
    Math.max(
      ...plan.points.map(({ scenario }) => {
        const distributions = sampleTimes(scenario).length * responses.filter(isCumulable).length;
        const servers = scenario.servers * plan.experiment.replications;
        const sampled = distributions * Distribution.bytesAtMost(SAMPLE_VALUES_MAX, scenario.servers);
        const ceiled = ceilings * Distribution.bytesAtMost(CEILING_VALUES_MAX, servers);
        // Doubled, because arrays that were outgrown or released may not have been collected yet.
        return 2 * (sampled + 2 * ceiled);
      }),
    )
  );
}
