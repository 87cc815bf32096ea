/**
 * Reads a results folder back: what was planned, what was found, and the curves that are drawn.
 *
 * Findings are estimated anew from runs.csv and servers.csv by the functions that a run uses, so a report says what the
 * run said, to the last digit. Large folders are read in portions: of servers.csv nothing is kept but how often each
 * event time occurs, and of samples.csv at most TIMES_MAX times of each design point, evenly spread, the last of them
 * the horizon.
 */
import { basename, join } from "node:path";
import { digestLanes } from "../../sim/digest.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Response } from "../../models/contract/responses.ts";
import { Distribution } from "../../statistics/distribution.ts";
import {
  mean,
  pooledScatter,
  scatterOf,
  scatterOfValues,
  sum,
  type Estimate,
  type Scatter,
} from "../../statistics/estimate.ts";
import type { Group } from "../../statistics/log-rank.ts";
import { kaplanMeier, type SurvivalStep } from "../../statistics/survival.ts";
import { numberOf, readTable } from "../results/csv-reader.ts";
import { primaryResponses } from "../analysis/primary-responses.ts";
import { betweenOf, blocksOf, BlockSums } from "../analysis/observations.ts";
import {
  leakParts,
  leakRate,
  levelEstimate,
  type LeakPart,
  type LeakRate,
  type Scatters,
} from "../analysis/leak-rates.ts";
import { SAMPLE_VALUES_MAX } from "../analysis/aggregate.ts";
import { findingsOf, type Findings } from "../analysis/findings.ts";
import { readManifest, verifyHashes, type Manifest } from "../results/manifest.ts";
import { resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import { sampleTimes } from "../execution/run.ts";
import { ceilingNames, lifetimes } from "../analysis/survival.ts";
import { isCumulable, observationsOf, planResults, responsesOf, type Plan } from "../experiment/plan.ts";
import type { Replication } from "../analysis/replication.ts";
import { UserError } from "../user-error.ts";
import { itemAt } from "../lists.ts";

/** The most sample times that are kept; a chart has no more pixels. */
export const TIMES_MAX = 240;
/** The number of different event times that are kept exactly at a design point. */
const EVENT_TIMES_MAX = 65_536;
/** For the story of a leak, this many servers of each design point are searched. */
export const SERVERS_LOOKED_AT = 4;
/** The number of servers of each design point that are kept individually. */
export const SERVERS_KEPT = 32;

export interface Results {
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly findings: Findings;
  /** In canonical order. */
  readonly replications: readonly Replication[];
  /** By design point, then response: the values over time. */
  readonly timeSeries: readonly TimeSeries[];
  /** By design point, then event time. */
  readonly survivals: readonly Survival[];
  /** The first servers of each design point. */
  readonly servers: readonly KnownServer[];
}

/** A response over time at a design point: per server, in its unit. */
export interface TimeSeries {
  readonly point: PlannedPoint;
  readonly response: Response;
  /** [us], ascending. */
  readonly times: readonly number[];
  /** The mean over servers, with its interval between independent observations. */
  readonly means: readonly Estimate[];
  /** The median and the 90 % quantile over servers, averaged over replications. */
  readonly p50: readonly number[];
  readonly p90: readonly number[];
}

/** How many servers or fleets of a design point have not had the event yet, over all replications. */
export interface Survival {
  readonly point: PlannedPoint;
  /** The event time. */
  readonly response: Response;
  /** The number of servers or fleets. */
  readonly observations: number;
  readonly reached: number;
  /** Times in days. */
  readonly steps: readonly SurvivalStep[];
}

/** A row of servers.csv. */
export interface KnownServer {
  readonly point: PlannedPoint;
  readonly replication: number;
  readonly server: number;
  readonly events: number;
  readonly digest: string;
}

/** @throws UserError when the folder has no results, or its files do not match the manifest */
export async function readResults(folder: string): Promise<Results> {
  const manifest = await readManifest(folder);
  const faults = await verifyHashes(folder, manifest);
  if (faults.length > 0) throw new UserError(`${folder} was changed: ${faults[0]}`);
  const { experiment, points } = manifest;
  const plan = planResults(experiment, await resolvePoints(points));
  const replications = await readReplications(folder, plan);
  const { rates, parts, survivals, servers, known } = await readServers(folder, plan, replications);
  const findings = findingsOf(plan, { replications, leakRates: rates, parts, lifetimes: known });
  return { manifest, plan, findings, replications, timeSeries: await readTimeSeries(folder, plan), survivals, servers };
}

/** A replication whose blocks are read after its totals. */
type ReadReplication = Replication & { readonly blocks: Float64Array[] };

async function readReplications(folder: string, plan: Plan): Promise<ReadReplication[]> {
  const file = join(folder, "runs.csv");
  const names = responsesOf(plan).map((response) => {
    return isCumulable(response) ? response.name : `${response.name.replace(/Us$/, "")}Servers`;
  });
  const replications: ReadReplication[] = [];
  for await (const rows of readTable(file, ["events", "digest", ...names])) {
    for (const [events, digest, ...totals] of rows) {
      const row = replications.length;
      const replication = row % plan.experiment.replications;
      const point = plan.points[(row - replication) / plan.experiment.replications];
      if (point === undefined) throw new UserError(`${basename(file)} has more rows than its plan`);
      const lanes = digestLanes(digest);
      if (lanes === undefined) {
        throw new UserError(`${file} row ${row + 1}: digest is ${digest}; it must be an x and 16 hexadecimal digits`);
      }
      replications.push({
        point,
        replication,
        events: Number(events),
        digestHigh: lanes.high,
        digestLow: lanes.low,
        totals: Float64Array.from(totals, numberOf),
        blocks: [],
      });
    }
  }
  checkRows(file, replications.length, plan.points.length * plan.experiment.replications);
  return replications;
}

/** Reads all servers and sums them into the blocks of the replications. */
async function readServers(folder: string, plan: Plan, replications: readonly ReadReplication[]) {
  const file = join(folder, "servers.csv");
  const eventTimes = responsesOf(plan).filter(({ role }) => role === "eventTime");
  const leaks = responsesOf(plan).filter(({ role }) => role === "leak");
  const read = responsesOf(plan);
  const sizes = plan.points.map(({ scenario }) => scenario.servers * plan.experiment.replications);
  const rates: LeakRate[] = [];
  const parts: LeakPart[] = [];
  const survivals: Survival[] = [];
  const servers: KnownServer[] = [];
  const known: Map<number, ReadonlyMap<string, Group>> = new Map();
  let index = 0;
  let position = 0;
  let reached = distributions(eventTimes, EVENT_TIMES_MAX);
  let leaked = distributions(leaks, SAMPLE_VALUES_MAX);
  let scatters: Scatters[] = [];
  let blocks = blockSums(plan.points[0]);
  const endReplication = () => {
    const replication = itemAt(replications, index * plan.experiment.replications + scatters.length);
    replication.blocks.push(...blocks.map((sums) => sums.values()));
    blocks = blockSums(itemAt(plan.points, index));
    scatters.push(new Map([...leaked].map(([name, values]) => [name, scatterOf(values.cells())])));
    leaked = distributions(leaks, SAMPLE_VALUES_MAX);
  };
  const endPoint = () => {
    const point = itemAt(plan.points, index);
    const leaking = leakParts(plan, point, replications, scatters, reached);
    rates.push(...leaking.map((part) => leakRate([part])));
    if (plan.experiment.fleet !== undefined) parts.push(...leaking);
    known.set(
      index,
      new Map(
        ceilingNames(plan).map((eventTime) => {
          return [eventTime, lifetimes(point, plan.experiment.replications, reached, eventTime)];
        }),
      ),
    );
    for (const response of eventTimes) {
      survivals.push(survivalOf(point, response, reached.get(response.name)!, plan.experiment.replications));
    }
    reached = distributions(eventTimes, EVENT_TIMES_MAX);
    scatters = [];
    [index, position] = [index + 1, 0];
    if (index < plan.points.length) blocks = blockSums(itemAt(plan.points, index));
  };
  let count = 0;
  const names = read.map(({ name }) => name);
  for await (const rows of readTable(file, ["replication", "server", "events", "digest", ...names])) {
    for (let from = 0; from < rows.length && index < sizes.length; ) {
      const fleet = itemAt(plan.points, index).scenario.servers;
      const own = rows.slice(from, from + fleet - (position % fleet));
      read.forEach((response, r) => {
        const values = Float64Array.from(own, (row) => numberOf(itemAt(row, 4 + r)));
        (reached.get(response.name) ?? leaked.get(response.name))?.add(values);
        if (isCumulable(response)) itemAt(blocks, r).add(position % fleet, values);
      });
      for (const [replication, server, events, digest] of own.slice(0, Math.max(0, SERVERS_KEPT - position))) {
        const numbers = { replication: Number(replication), server: Number(server), events: Number(events) };
        servers.push({ point: itemAt(plan.points, index), ...numbers, digest });
      }
      position += own.length;
      from += own.length;
      if (position % fleet === 0) endReplication();
      if (position === sizes[index]) endPoint();
    }
    count += rows.length;
  }
  checkRows(
    file,
    count,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  return { rates, parts, survivals, servers, known };
}

/** One per response. */
function blockSums(point: PlannedPoint): BlockSums[] {
  const { responses } = point.resolved.model;
  return responses.map(() => new BlockSums(point.scenario.servers, blocksOf(point)));
}

function distributions(responses: readonly Response[], limit: number): Map<string, Distribution> {
  return new Map(responses.map(({ name }) => [name, new Distribution(limit)]));
}

function survivalOf(point: PlannedPoint, response: Response, reached: Distribution, replications: number): Survival {
  const each = observationsOf(response, point);
  const { values, counts } = reached.cells();
  const came = counts.map((servers) => (servers * each) / point.scenario.servers);
  const events = { values: values.map((time) => time / US_PER_DAY), counts: came };
  const [observations, all] = [each * replications, sum(came)];
  const losses = { values: Float64Array.of(point.scenario.horizonDays), counts: Float64Array.of(observations - all) };
  return { point, response, observations, reached: all, steps: kaplanMeier(events, losses) };
}

/**
 * The responses over time: those of the question, then leaks, amounts held by leaks, and gauges; or, without these,
 * totals and then counts.
 */
function drawnResponses(plan: Plan): readonly Response[] {
  const of = (role: Response["role"]) => responsesOf(plan).filter((response) => response.role === role);
  const held = responsesOf(plan).filter(({ name }) => of("leak").some(({ heldBy }) => heldBy === name));
  const shown = [...of("leak"), ...held, ...of("gauge")];
  const usual = shown.length > 0 ? shown : [...of("total"), ...of("count")];
  return [...new Set([...primaryResponses(plan).filter(isCumulable), ...usual])];
}

async function readTimeSeries(folder: string, plan: Plan): Promise<TimeSeries[]> {
  const file = join(folder, "samples.csv");
  const responses = drawnResponses(plan);
  const columns = responses.flatMap(({ name }) => ["mean", "sd", "p50", "p90"].map((key) => `${name}_${key}`));
  const { replications } = plan.experiment;
  const timeSeries: TimeSeries[] = [];
  let point = 0;
  let row = 0;
  /** By kept time, then replication: the cells of a row. */
  let kept: number[][][] = [];
  let times = sampleTimes(plan.points[0].scenario);
  let count = 0;
  for await (const rows of readTable(file, ["timeUs", ...columns])) {
    count += rows.length;
    for (const cells of rows) {
      if (point === plan.points.length) break;
      const sample = row % times.length;
      if (isKept(sample, times.length)) {
        const replication = (row - sample) / times.length;
        (kept[rowOf(sample, times.length)] ??= [])[replication] = cells.map(numberOf);
      }
      row++;
      if (row < times.length * replications) continue;
      timeSeries.push(...timeSeriesOf(itemAt(plan.points, point), responses, kept));
      [point, row, kept] = [point + 1, 0, []];
      if (point < plan.points.length) times = sampleTimes(itemAt(plan.points, point).scenario);
    }
  }
  const wanted = plan.points.map(({ scenario }) => sampleTimes(scenario).length * replications);
  checkRows(
    file,
    count,
    wanted.reduce((sum, rows) => sum + rows, 0),
  );
  return timeSeries;
}

/** Whether a sample is one of at most TIMES_MAX evenly spaced samples that include the last. */
function isKept(sample: number, samples: number): boolean {
  const cell = (i: number) => Math.floor((i * TIMES_MAX) / samples);
  return samples <= TIMES_MAX || cell(sample + 1) > cell(sample);
}

/** The index of a kept sample among those kept. */
function rowOf(sample: number, samples: number): number {
  return samples <= TIMES_MAX ? sample : Math.floor(((sample + 1) * TIMES_MAX) / samples) - 1;
}

function timeSeriesOf(point: PlannedPoint, responses: readonly Response[], kept: readonly number[][][]): TimeSeries[] {
  return responses.map((response, r) => {
    const column = (offset: number) => kept.map((rows) => rows.map((cells) => itemAt(cells, 1 + 4 * r + offset)));
    const deviations = column(1);
    return {
      point,
      response,
      times: kept.map((rows) => itemAt(itemAt(rows, 0), 0)),
      means: column(0).map((values, i) => meanOf(point, response, values, itemAt(deviations, i))),
      p50: column(2).map((values) => mean(values)),
      p90: column(3).map((values) => mean(values)),
    };
  });
}

/** The mean over servers at a time, from the mean and standard deviation of each replication. */
function meanOf(point: PlannedPoint, response: Response, means: readonly number[], deviations: readonly number[]) {
  const { servers } = point.scenario;
  if (betweenOf(point) === "replications") {
    const sums = scatterOfValues(means.map((value) => value * servers));
    return levelEstimate(point, response, sums, servers);
  }
  const groups = means.map((value, i): Scatter => {
    const deviation = servers === 1 ? 0 : itemAt(deviations, i);
    return { count: servers, mean: value, squares: (servers - 1) * deviation * deviation };
  });
  return levelEstimate(point, response, pooledScatter(groups), 1);
}

function checkRows(file: string, found: number, wanted: number): void {
  if (found !== wanted) throw new UserError(`${basename(file)} has ${found} of the ${wanted} rows of its plan`);
}
