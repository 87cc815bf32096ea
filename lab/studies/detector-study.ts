/**
 * The detector bench: how often is each leak detector right, wrong and late, on servers whose leaks are known?
 *
 * The runs of an experiment's results are executed again with more frequent readings. Every detector (detectors.ts)
 * monitors every server as an administrator would: through a gauge, each day at noon and once more at the horizon. The
 * ledger then gives the truth. On a server where no leak response has risen by the horizon, every alarm is a false
 * alarm. On the others, an alarm after the first leak is a detection, and earlier alarms are not counted. The first
 * leak is dated by the model's own event time, or by the first reading at which another response has leaked. A server
 * that is not detected by the horizon is right-censored there (Kaplan-Meier).
 *
 * Servers and replications are independent, repeated looks at one server are not. So every proportion is one of
 * servers, with Wilson's interval. Nothing is random beyond the runs, and results are in canonical order: design point,
 * gauge, sampling interval, detector.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { days } from "../reports/format.ts";
import { setImmediate } from "node:timers/promises";
import type { Response } from "../../models/contract/responses.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { wilsonInterval } from "../../statistics/proportion.ts";
import { kaplanMeier, medianTime } from "../../statistics/survival.ts";
import { integer, number, table, text, type Column, type Table } from "../results/csv.ts";
import { pairs } from "../experiment/design.ts";
import { detectors, type Detector, type Watch } from "./detectors.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import type { RunResult } from "../execution/run.ts";
import { runsOf, serverRunsOf } from "../execution/partition.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import { levelsText, type PlannedPoint } from "../experiment/design-point.ts";
import { UserError, argument, badArgument } from "../user-error.ts";
import { cutsOf, measured, type Measured, type Measurement } from "../traces/measurement.ts";
import { resampledPlan } from "./resampled-plan.ts";
import { itemAt } from "../lists.ts";

const MINUTES_PER_DAY = 1440;

/** Theil-Sen compares all pairs: 4,096 readings give 8 million slopes, at every look. */
const READINGS_MAX = 4096;

/** Delays are in days between a first leak and a look; a fleet has few different ones. */
const DELAYS_MAX = 65_536;

export interface Watching extends Machine {
  /** Sampling intervals [minutes]: whole, each dividing a day or a multiple of days. */
  readonly everyMinutes: readonly number[];
  /** The levels of the design points to try, as "site=office"; "" for all points. */
  readonly at: string;
  /** Names of gauges; if empty, the model's first gauge. */
  readonly gauges: readonly string[];
  /** The most servers observed in each replication: whole, >= 1. */
  readonly servers: number;
  /** The level of every one-sided test: in (0, 0.5). */
  readonly level: number;
  /** The measurement errors of counters; none if omitted. A lost sample repeats the previous reading. */
  readonly measurement?: Measurement | undefined;
}

/** The number of servers observed, and of those on which a detector alarmed. */
export interface Tally {
  readonly servers: number;
  /** Alarms at the horizon. */
  readonly atHorizon: number;
  /** Alarms at any look. */
  readonly ever: number;
}

/** A row of detectors.csv: a detector on a gauge of the servers of a design point. */
export interface DetectorResult {
  readonly point: PlannedPoint;
  readonly gauge: string;
  readonly everyMinutes: number;
  readonly detector: Detector;
  readonly level: number;
  /** Servers without a leak by the horizon: alarms are false. */
  readonly sound: Tally;
  /** Servers with a leak: alarms are right. */
  readonly leaking: Tally;
  /** From the first leak to the alarm [days]; NaN if fewer than half are detected, or none leaks. */
  readonly delayDaysMedian: number;
}

export interface Detection {
  readonly plan: Plan;
  readonly verdicts: readonly DetectorResult[];
}

/** The readings of a server, and the truth. */
interface Seen {
  /** By gauge, at the shortest sampling interval. */
  readonly readings: readonly Float64Array[];
  /** Infinity if it never leaked. */
  readonly firstLeakDays: number;
}

/** The observed servers of a design point, in the order of replications and servers. */
type Fleet = readonly Seen[];

/** @throws UserError when the folder has no results of this program, or the options do not suit them */
export async function benchDetectors(folder: string, watching: Watching): Promise<Detection> {
  const stepMinutes = watching.everyMinutes.reduce(greatestCommonDivisor);
  const change = () => ({ sampleEveryHours: stepMinutes / 60 });
  const plan = await resampledPlan(folder, { at: watching.at, servers: watching.servers, change });
  const gauges = gaugesOf(plan, watching.gauges);
  for (const { scenario } of plan.points) checkReadings(scenario.horizonDays, watching.everyMinutes);
  const fleets = await observedFleets(plan, gauges, stepMinutes, watching);
  const controls = controlsOf(plan, fleets);
  const verdicts: DetectorResult[] = [];
  for (const point of plan.points) {
    for (const [m, gauge] of gauges.entries()) {
      for (const everyMinutes of watching.everyMinutes) {
        const views = viewsOf(itemAt(fleets, point.index), controls.get(point.index), m, everyMinutes / stepMinutes);
        for (const detector of detectors) {
          await setImmediate();
          watching.signal.throwIfAborted();
          const verdict = verdictOf(detector, views, point, everyMinutes, watching.level);
          if (verdict !== undefined) verdicts.push({ ...verdict, gauge });
        }
      }
    }
  }
  return { plan, verdicts };
}

export function detectorsTable(plan: Plan): Table<DetectorResult> {
  return table("detectors", "a detector on a gauge of the servers of a design point", [
    ...factorColumns<DetectorResult>(plan),
    text("gauge", "the response that was read", (row) => row.gauge),
    number("everyHours", "h", "time between two readings", (row) => row.everyMinutes / 60),
    text("detector", "name of the detector", (row) => row.detector.name),
    number("level", "1", "one-sided level of its test", (row) => row.level),
    integer("soundServers", "1", "servers that had not leaked at the horizon", (row) => row.sound.servers),
    ...shareColumns("falseAlarm", "of these, those with an alarm", ({ sound }) => sound),
    integer("leakingServers", "1", "servers that had leaked at the horizon", (row) => row.leaking.servers),
    ...shareColumns("detection", "of these, those with an alarm after the first leak", ({ leaking }) => leaking),
    number(
      "delayDaysMedian",
      "d",
      "time from the first leak to the first look with an alarm, median (Kaplan-Meier, " +
        "right-censored at the horizon); empty when fewer than half were found",
      (row) => row.delayDaysMedian,
    ),
  ]);
}

function shareColumns(name: string, what: string, of: (row: DetectorResult) => Tally): Column<DetectorResult>[] {
  const columns = (when: "atHorizon" | "ever", suffix: string, looks: string): Column<DetectorResult>[] => {
    const interval = (row: DetectorResult) => wilsonInterval(of(row)[when], of(row).servers);
    const share = `${name}Share${suffix}`;
    return [
      number(share, "1", `${what}, ${looks}, as a share`, (row) => of(row)[when] / of(row).servers),
      number(`${share}Lower`, "1", "lower end of its 95 % interval (Wilson)", (row) => interval(row).lower),
      number(`${share}Upper`, "1", "upper end of the interval", (row) => interval(row).upper),
    ];
  };
  return [...columns("atHorizon", "", "looking once, at the horizon"), ...columns("ever", "Ever", "looking every day")];
}

/** The names of the gauges to read. @throws UserError */
function gaugesOf(plan: Plan, names: readonly string[]): readonly string[] {
  const model = plan.points[0].scenario.model;
  if (!responsesOf(plan).some(({ role }) => role === "leak")) {
    throw new UserError(`${model} has no response of role leak, so no alarm can be called true or false`);
  }
  const gauges = responsesOf(plan).filter(({ role, unseen }) => role === "gauge" && unseen !== true);
  const known = gauges.map(({ name }) => name);
  if (known.length === 0)
    throw new UserError(`an administrator of ${model} can read no gauge, so no detector can judge it`);
  for (const gauge of names) {
    if (!known.includes(gauge)) {
      const rule = `an administrator of ${model} can read ${known.join(", ")}`;
      throw new UserError(argument("gauges"), ` has ${gauge}; ${rule}`);
    }
  }
  return names.length > 0 ? names : known.slice(0, 1);
}

function checkReadings(horizonDays: number, everyMinutes: readonly number[]): void {
  for (const every of everyMinutes) {
    const readings = Math.floor((horizonDays * MINUTES_PER_DAY) / every);
    if (readings > READINGS_MAX || readings < 1) {
      const rule = `the bench takes 1 to ${READINGS_MAX}`;
      throw badArgument("everyMinutes", String(every), `${readings} readings in ${days(horizonDays)}; ${rule}`);
    }
  }
}

/** Executes the runs and keeps each server's gauges and truth, by design point. */
async function observedFleets(
  plan: Plan,
  gauges: readonly string[],
  stepMinutes: number,
  watching: Watching,
): Promise<Fleet[]> {
  const responses = responsesOf(plan);
  const names = responses.map(({ name }) => name);
  const columns = gauges.map((gauge) => names.indexOf(gauge));
  const restarts = names.indexOf(plan.points[0].resolved.model.upkeep?.restart.response ?? "");
  const execution = new Execution(watching, undefined, serverRunsOf(plan));
  const fleets = plan.points.map(({ scenario }) => new Array<Seen>(plan.experiment.replications * scenario.servers));
  for await (const result of execution.results(runsOf(plan, watching.sliceSize))) {
    const point = itemAt(plan.points, result.point);
    const { servers, horizonDays } = point.scenario;
    // Compared levels share their jobs; measurement errors are independent.
    const seed = `${plan.experiment.seed} ${levelsText(point)}`;
    const readings = Math.floor((horizonDays * MINUTES_PER_DAY) / stepMinutes);
    for (let index = 0; index < result.count; index++) {
      const at = result.replication * servers + result.first + index;
      const seen = seenOf(result, index, responses, columns, readings, stepMinutes / MINUTES_PER_DAY, restarts);
      const serverId = { seed, replication: result.replication, server: result.first + index };
      itemAt(fleets, result.point)[at] =
        watching.measurement === undefined
          ? seen
          : asMeasured(seen, responses, columns, stepMinutes / 60, serverId, watching.measurement);
    }
  }
  return fleets;
}

function seenOf(
  { samples, count }: RunResult,
  index: number,
  responses: readonly Response[],
  gauges: readonly number[],
  readings: number,
  stepDays: number,
  restarts: number,
): Seen & { readonly starts: Float64Array } {
  const last = samples.length / count / responses.length - 1;
  const at = (sample: number, response: number) =>
    itemAt(samples, (sample * responses.length + response) * count + index);
  let firstLeakDays = Infinity;
  for (const [r, { role, firstLeak }] of responses.entries()) {
    if (firstLeak === true && !Number.isNaN(at(last, r))) {
      firstLeakDays = Math.min(firstLeakDays, at(last, r) / US_PER_DAY);
    }
    if (role !== "leak" || !(at(last, r) > 0)) continue;
    let sample = 0;
    while (!(at(sample, r) > 0)) sample++;
    firstLeakDays = Math.min(firstLeakDays, (sample + 1) * stepDays);
  }
  return {
    readings: gauges.map((gauge) => Float64Array.from({ length: readings }, (_, sample) => at(sample, gauge))),
    firstLeakDays,
    starts: Float64Array.from({ length: readings }, (_, sample) => (restarts === -1 ? 0 : at(sample, restarts))),
  };
}

function asMeasured(
  seen: Seen & { readonly starts: Float64Array },
  responses: readonly Response[],
  gauges: readonly number[],
  stepHours: number,
  serverId: Measured,
  measurement: Measurement,
): Seen {
  const cuts = cutsOf(seen.starts);
  const readings = seen.readings.map((exact, m) => {
    const shown = measured(itemAt(responses, itemAt(gauges, m)), exact, cuts, stepHours, serverId, measurement);
    let last = exact[0] ?? 0;
    return shown.map((value) => (last = Number.isNaN(value) ? last : value));
  });
  return { ...seen, readings };
}

/**
 * By design point: the control fleet, which is the fleet of the compared baseline, provided that none of its servers
 * leaks, for that design point and for itself.
 */
function controlsOf({ experiment, points }: Plan, fleets: readonly Fleet[]): Map<number, Fleet> {
  const controls = new Map<number, Fleet>();
  if (experiment.compare === undefined) return controls;
  for (const [baseline, against] of pairs(points, experiment.compare)) {
    const control = itemAt(fleets, against.index);
    if (control.length !== itemAt(fleets, baseline.index).length || control.some(isLeaking)) continue;
    controls.set(baseline.index, control);
    controls.set(against.index, control);
  }
  return controls;
}

/** A server as observed at one sampling interval. */
interface View extends Pick<Watch, "readings" | "twin" | "peer">, Pick<Seen, "firstLeakDays"> {}

/**
 * Every `stride`-th reading of a gauge. The peer is the next server of the control fleet; the last server's is the
 * first.
 */
function viewsOf(fleet: Fleet, control: Fleet | undefined, gauge: number, stride: number): View[] {
  const thinned = ({ readings }: Seen) => {
    return itemAt(readings, gauge).filter((_, i) => (i + 1) % stride === 0);
  };
  const others = control?.map(thinned);
  return fleet.map((seen, i) => ({
    readings: thinned(seen),
    twin: others?.[i],
    peer: others === undefined || others.length < 2 ? undefined : others[(i + 1) % others.length],
    firstLeakDays: seen.firstLeakDays,
  }));
}

/** Undefined if the detector does not apply to such readings. */
function verdictOf(
  detector: Detector,
  views: readonly View[],
  point: PlannedPoint,
  everyMinutes: number,
  level: number,
): Omit<DetectorResult, "gauge"> | undefined {
  const readingsPerDay = MINUTES_PER_DAY / everyMinutes;
  const { horizonDays } = point.scenario;
  const watchOf = ({ readings, twin, peer }: View, count = readings.length): Watch => {
    return { readings: readings.subarray(0, count), twin, peer, readingsPerDay, level };
  };
  if (!views.every((view) => detector.applies(watchOf(view)))) return undefined;
  const looks = looksOf(horizonDays, everyMinutes);
  const sound = { servers: 0, atHorizon: 0, ever: 0 };
  const leaking = { servers: 0, atHorizon: 0, ever: 0 };
  const [found, lost] = [new Distribution(DELAYS_MAX), new Distribution(DELAYS_MAX)];
  for (const view of views) {
    const tally = isLeaking(view) ? leaking : sound;
    const since = isLeaking(view) ? view.firstLeakDays : 0;
    const alarm = looks.find(({ days, count }) => days >= since && detector.alarms(watchOf(view, count)) === true);
    tally.servers++;
    tally.ever += Number(alarm !== undefined);
    tally.atHorizon += Number(detector.alarms(watchOf(view)) === true);
    if (tally === sound) continue;
    (alarm === undefined ? lost : found).add(Float64Array.of((alarm?.days ?? horizonDays) - since));
  }
  const delayDaysMedian = medianTime(kaplanMeier(found.cells(), lost.cells()));
  return { point, everyMinutes, detector, level, sound, leaking, delayDaysMedian };
}

/** The times of looks and the number of readings by then: every noon with a new reading, and the horizon. */
function looksOf(horizonDays: number, everyMinutes: number): { days: number; count: number }[] {
  const looks: { days: number; count: number }[] = [];
  const look = (days: number) => {
    const count = Math.floor((days * MINUTES_PER_DAY) / everyMinutes);
    if (count > (looks.at(-1)?.count ?? 0)) looks.push({ days, count });
  };
  for (let noon = 0.5; noon < horizonDays; noon++) look(noon);
  look(horizonDays);
  return looks;
}

function isLeaking({ firstLeakDays }: Pick<Seen, "firstLeakDays">): boolean {
  return firstLeakDays < Infinity;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
