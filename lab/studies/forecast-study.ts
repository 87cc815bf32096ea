/**
 * The forecast bench: forecasts of the days until a server runs out of a resource, compared with what happened.
 *
 * The runs of an experiment's results are executed again with more frequent readings and, on request, with a longer
 * horizon. On several days, every forecaster (forecasters.ts) gets the readings so far of each server that has not run
 * out. The truth comes from the event times of the model: the days until the event, or that it did not happen by the
 * horizon. The latter servers are not left out (statistics/calibration.ts): errors count up to the horizon, and an
 * interval that the horizon cuts counts as undecided.
 *
 * A running total starts at 0, which counts as a reading; the first level of a gauge is not known. Servers and
 * replications are independent, the days of one server are not, so each row is about one day. Nothing is random beyond
 * the runs, and rows are in canonical order: design point, limit, day, forecaster.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { days } from "../reports/format.ts";
import { setImmediate } from "node:timers/promises";
import type { Limit } from "../../models/contract/responses.ts";
import { calibration, type Calibration, type Coverage, type ForecastResult } from "../../statistics/calibration.ts";
import { READINGS_MIN, timeByWhich, type Readings } from "../../statistics/days-left.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { selectMedian } from "../../statistics/selection.ts";
import { kaplanMeier, medianTime } from "../../statistics/survival.ts";
import { integer, number, table, text, type Column, type Table } from "../results/csv.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import { forecasters, type Forecaster } from "./forecasters.ts";
import type { RunResult } from "../execution/run.ts";
import { runsOf, serverRunsOf } from "../execution/partition.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { UserError, argument } from "../user-error.ts";
import { resampledPlan } from "./resampled-plan.ts";
import { itemAt } from "../lists.ts";

const MINUTES_PER_DAY = 1440;

/** Theil-Sen compares all pairs of readings. */
const READINGS_MAX = 4096;

/** Exhaustion times are kept exactly up to this many different values. */
const TIMES_MAX = 65_536;

/** The confidence levels of the judged intervals. */
export const LEVELS = [0.5, 0.8, 0.9, 0.95] as const;

/** When to forecast by default: these shares of the time until half of the servers ran out. */
const SHARES_OF_LIFE = [0.25, 0.5, 0.75];

export interface Forecasting extends Machine {
  /** The levels of the design points to try, as "site=office"; "" for all points. */
  readonly at: string;
  /** The most servers of each replication: whole, >= 1. */
  readonly servers: number;
  /** The time between two readings [minutes]: whole, dividing a day or a multiple of days. */
  readonly everyMinutes: number;
  /**
   * When to forecast [d]. By default at a quarter, half and three quarters of the time until half of the servers ran
   * out, or of the horizon if fewer did, provided that there are enough readings by then.
   */
  readonly days?: readonly number[] | undefined;
  /** Names of event times to forecast; by default, at each design point, those that a server reached. */
  readonly eventTimes: readonly string[];
  /** How long servers are observed [d]; by default the experiment's horizon. */
  readonly horizonDays?: number | undefined;
}

/** A row of calibration.csv: a forecaster on a day, for the servers of a design point that had not run out. */
export interface Judged extends Calibration {
  readonly point: PlannedPoint;
  readonly limit: Limit;
  readonly everyMinutes: number;
  readonly day: number;
  readonly forecaster: Forecaster;
  /** The number of servers that had not run out on that day. */
  readonly servers: number;
  /** The number of these that had no forecast and yet ran out. */
  readonly unforeseen: number;
  /** The median of the forecast medians; Infinity if most will never run out. */
  readonly predictedDaysMedian: number;
  /** The median of the actual times (Kaplan-Meier); NaN if fewer than half ran out. */
  readonly actualDaysMedian: number;
}

export interface Forecasts {
  readonly plan: Plan;
  readonly judged: readonly Judged[];
}

/** The readings of a server, by limit of its design point. */
interface Seen {
  readonly readings: readonly Float64Array[];
  readonly eventDays: readonly number[];
}

/** The readings of one limit. */
interface Ran {
  readonly readings: Float64Array;
  /** When it ran out; Infinity if not by the horizon. */
  readonly eventDays: number;
}

/** @throws UserError when the folder has no results of this program, or the options do not suit them */
export async function benchForecasters(folder: string, forecasting: Forecasting): Promise<Forecasts> {
  const { at, servers, everyMinutes, horizonDays, signal } = forecasting;
  const sampleEveryHours = everyMinutes / 60;
  const change = () => ({ sampleEveryHours, ...(horizonDays === undefined ? {} : { horizonDays }) });
  const plan = await resampledPlan(folder, { at, servers, change });
  const limits = plan.points.map((point) => limitsOf(point, forecasting.eventTimes));
  for (const { scenario } of plan.points) checkDays(scenario.horizonDays, forecasting);
  const fleets = await observedFleets(plan, limits, forecasting);
  const judged: Judged[] = [];
  for (const point of plan.points) {
    for (const [index, limit] of itemAt(limits, point.index).entries()) {
      const fleet = itemAt(fleets, point.index).map(({ readings, eventDays }) => {
        return { readings: itemAt(readings, index), eventDays: itemAt(eventDays, index) };
      });
      if (forecasting.eventTimes.length === 0 && fleet.every(({ eventDays }) => eventDays === Infinity)) continue;
      const { days = usualDays(fleet, point, everyMinutes) } = forecasting;
      for (const day of days) {
        for (const forecaster of forecasters) {
          await setImmediate();
          signal.throwIfAborted();
          const row = { point, limit, everyMinutes, day, forecaster };
          judged.push({ ...row, ...judgedOn(row, fleet, isTotal(plan, limit)) });
        }
      }
    }
  }
  if (judged.length === 0) throw nothingToJudge(plan, fleets);
  return { plan, judged };
}

function nothingToJudge({ points }: Plan, fleets: readonly (readonly Seen[])[]): UserError {
  const first = Math.min(...fleets.flat().flatMap(({ eventDays }) => eventDays));
  const { horizonDays } = points[0].scenario;
  return first < Infinity
    ? new UserError(
        `the first server ran out of a resource after ${days(first)}, before there were enough readings; `,
        argument("everyMinutes"),
        " reads them more often",
      )
    : new UserError(
        `no server ran out of a resource within ${days(horizonDays)}; `,
        argument("horizonDays"),
        " simulates them for longer",
      );
}

export function calibrationTable(plan: Plan): Table<Judged> {
  return table("calibration", "a forecaster on a day, for the servers of a design point that had not run out", [
    ...factorColumns<Judged>(plan),
    text("eventTime", "the response that tells when a server ran out", ({ limit }) => limit.eventTime),
    text("resource", "the response whose level was read", ({ limit }) => limit.response),
    number("limit", "see the column resource", "level at which it runs out", ({ limit }) => limit.level),
    number("everyHours", "h", "time between two readings", ({ everyMinutes }) => everyMinutes / 60),
    number("day", "d", "when the forecasts were made", ({ day }) => day),
    text("forecaster", "name of the forecaster", ({ forecaster }) => forecaster.name),
    integer("servers", "1", "servers that had not run out on that day", (row) => row.servers),
    integer("forecasts", "1", "of these, those of which something was forecast", (row) => row.forecasts),
    integer("reached", "1", "of those, servers that ran out by the horizon", (row) => row.happened),
    integer("unforeseen", "1", "servers without a forecast that ran out by the horizon", (row) => row.unforeseen),
    number(
      "predictedDaysMedian",
      "d",
      "days left that were forecast, median; empty when for most it was never",
      (row) => finite(row.predictedDaysMedian),
    ),
    number(
      "actualDaysMedian",
      "d",
      "days that were left, median (Kaplan-Meier, right-censored at the horizon); empty " +
        "when fewer than half ran out",
      (row) => row.actualDaysMedian,
    ),
    number(
      "biasDays",
      "d",
      "forecast less actual days left, both cut off at the horizon, mean",
      ({ bias }) => bias.value,
    ),
    number("biasLower", "d", "lower end of its 95 % interval (t, between servers)", ({ bias }) => bias.lower),
    number("biasUpper", "d", "upper end of the interval", ({ bias }) => bias.upper),
    number("absoluteErrorDays", "d", "the same without its sign, mean", (row) => row.absoluteError),
    ...LEVELS.flatMap((level, i) => coverageColumns(level, ({ coverages }) => coverages[i])),
  ]);
}

function coverageColumns(level: number, of: (row: Judged) => Coverage | undefined): Column<Judged>[] {
  const percent = Math.round(100 * level);
  const name = `coverage${percent}`;
  return [
    number(
      name,
      "1",
      `share of the ${percent} % intervals that held (Kaplan-Meier on the chances that were forecast)` +
        "; empty when too many were not seen to their end, and for a forecaster without intervals",
      (row) => of(row)?.share ?? NaN,
    ),
    number(
      `${name}Lower`,
      "1",
      "lower end of its 95 % interval (Wilson, as if all that nobody knows had failed)",
      (row) => of(row)?.lower ?? NaN,
    ),
    number(`${name}Upper`, "1", "upper end of that (as if all of it had held)", (row) => of(row)?.upper ?? NaN),
    integer(
      `unknown${percent}`,
      "1",
      "forecasts of which nobody knows whether that interval held",
      (row) => of(row)?.unknown ?? NaN,
    ),
  ];
}

function finite(value: number): number {
  return value === Infinity ? NaN : value;
}

/** The limits of a design point with these event times; all if there are none. @throws UserError */
function limitsOf({ resolved, scenario }: PlannedPoint, eventTimes: readonly string[]): readonly Limit[] {
  const all = resolved.model.limits?.(resolved.values) ?? [];
  if (all.length === 0) throw new UserError(`${scenario.model} has no limits, so there is no exhaustion to forecast`);
  const known = all.map(({ eventTime }) => eventTime);
  const unknown = eventTimes.find((eventTime) => !known.includes(eventTime));
  if (unknown !== undefined) {
    throw new UserError(argument("eventTimes"), ` is ${unknown}; ${scenario.model} has ${known.join(", ")}`);
  }
  return eventTimes.length === 0 ? all : all.filter(({ eventTime }) => eventTimes.includes(eventTime));
}

/** @throws UserError when no forecast is possible on one of the days */
function checkDays(horizonDays: number, { days = [], everyMinutes }: Forecasting): void {
  for (const day of days) {
    const readings = readingsBy(day, everyMinutes);
    if (!(day < horizonDays) || readings * everyMinutes !== day * MINUTES_PER_DAY) {
      const rule = `a day before the horizon of ${horizonDays} days, when a reading is due`;
      throw new UserError(argument("days"), ` has ${day}; ${rule}`);
    }
    if (!isEnough(readings)) {
      throw new UserError(
        `day ${day} is after ${readings} readings, one every ${everyMinutes} minutes; ` +
          `a forecast takes ${READINGS_MIN} to ${READINGS_MAX}; `,
        argument("everyMinutes"),
        " and ",
        argument("days"),
        " change that",
      );
    }
  }
}

function readingsBy(day: number, everyMinutes: number): number {
  return Math.floor((day * MINUTES_PER_DAY) / everyMinutes + 1e-9);
}

function isEnough(readings: number): boolean {
  return readings >= READINGS_MIN && readings <= READINGS_MAX;
}

function usualDays(fleet: readonly Ran[], { scenario }: PlannedPoint, everyMinutes: number): number[] {
  const { horizonDays } = scenario;
  const median = medianOf(
    fleet.map(({ eventDays }) => {
      return { time: Math.min(eventDays, horizonDays), happened: eventDays < Infinity };
    }),
  );
  const life = Number.isNaN(median) ? horizonDays : median;
  const readings = new Set(SHARES_OF_LIFE.map((share) => readingsBy(share * life, everyMinutes)));
  return [...readings].filter(isEnough).map((count) => (count * everyMinutes) / MINUTES_PER_DAY);
}

function isTotal(plan: Plan, { response }: Limit): boolean {
  return responsesOf(plan).find(({ name }) => name === response)!.role === "leak";
}

/** Executes the runs and keeps what each server's limits need, by design point. */
async function observedFleets(
  plan: Plan,
  limits: readonly (readonly Limit[])[],
  forecasting: Forecasting,
): Promise<readonly (readonly Seen[])[]> {
  const names = responsesOf(plan).map(({ name }) => name);
  const execution = new Execution(forecasting, undefined, serverRunsOf(plan));
  const fleets = plan.points.map(({ scenario }) => new Array<Seen>(plan.experiment.replications * scenario.servers));
  for await (const result of execution.results(runsOf(plan, forecasting.sliceSize))) {
    const { servers, horizonDays } = itemAt(plan.points, result.point).scenario;
    const readings = Math.floor((horizonDays * MINUTES_PER_DAY) / forecasting.everyMinutes);
    for (let index = 0; index < result.count; index++) {
      const at = result.replication * servers + result.first + index;
      itemAt(fleets, result.point)[at] = seenOf(result, index, names, itemAt(limits, result.point), readings);
    }
  }
  return fleets;
}

function seenOf(
  { samples, count }: RunResult,
  index: number,
  names: readonly string[],
  limits: readonly Limit[],
  readings: number,
): Seen {
  const last = samples.length / count / names.length - 1;
  const at = (sample: number, name: string) =>
    itemAt(samples, (sample * names.length + names.indexOf(name)) * count + index);
  return {
    readings: limits.map(({ response }) => {
      return Float64Array.from({ length: readings }, (_, sample) => at(sample, response));
    }),
    eventDays: limits.map(({ eventTime }) => {
      const eventTimeUs = at(last, eventTime);
      return Number.isNaN(eventTimeUs) ? Infinity : eventTimeUs / US_PER_DAY;
    }),
  };
}

type Scored = Pick<Judged, "point" | "limit" | "everyMinutes" | "day" | "forecaster">;

/** @param begins whether the level is a running total, which was 0 at the start */
function judgedOn(
  { point, limit, everyMinutes, day, forecaster }: Scored,
  fleet: readonly Ran[],
  begins: boolean,
): Omit<Judged, keyof Scored> {
  const { horizonDays } = point.scenario;
  const count = readingsBy(day, everyMinutes);
  const results: ForecastResult[] = [];
  let [servers, unforeseen] = [0, 0];
  for (const { readings, eventDays } of fleet) {
    if (eventDays <= day) continue;
    servers++;
    const happened = eventDays < Infinity;
    const seen = readings.subarray(0, count);
    const observed: Readings = {
      readings: begins ? Float64Array.of(0, ...seen) : seen,
      step: everyMinutes / MINUTES_PER_DAY,
      limit: limit.level,
    };
    const forecast = forecaster.forecast(observed);
    if (forecast === undefined) {
      unforeseen += Number(happened);
      continue;
    }
    const time = (happened ? eventDays : horizonDays) - day;
    results.push({ predicted: timeByWhich(forecast, 0.5), time, happened, chance: 1 - forecast.survival(time) });
  }
  return {
    servers,
    unforeseen,
    ...calibration(results, horizonDays - day, forecaster.isPoint ? [] : LEVELS),
    predictedDaysMedian: selectMedian(Float64Array.from(results, ({ predicted }) => predicted)),
    actualDaysMedian: medianOf(results),
  };
}

/** The median of right-censored times; NaN if fewer than half are uncensored. */
function medianOf(seen: readonly Pick<ForecastResult, "time" | "happened">[]): number {
  const cellsOf = (wanted: boolean) => {
    const times = new Distribution(TIMES_MAX);
    times.add(
      Float64Array.from(
        seen.filter(({ happened }) => happened === wanted),
        ({ time }) => time,
      ),
    );
    return times.cells();
  };
  return medianTime(kaplanMeier(cellsOf(true), cellsOf(false)));
}
