/**
 * What a job log shows about a model's parameters: how many jobs come, at which hours of the week, and of which sizes
 * and types; and how well the model's distributions fit the log.
 *
 * Only whole hours between the first and the last job of each server are counted. All servers of a model are alike, so
 * there is one estimate for all of them; differences between servers appear in the fit. The model's `jobLog` says which
 * parameters these are.
 */
import type { JobLog } from "../../models/contract/logs.ts";
import type { Parameter, Setting, Settings } from "../../models/contract/parameters.ts";
import { US_PER_HOUR } from "../../sim/time-units.ts";
import { chiSquareTail } from "../../statistics/chi-square.ts";
import { numbersOf } from "../experiment/settings.ts";
import type { Imported } from "../imports/import-record.ts";
import { observedServers } from "../imports/observed.ts";
import { itemAt } from "../lists.ts";
import { number, table, text, type Table } from "../results/csv.ts";
import { JobSizes, NORMAL_95, type Estimate, type Fit, type LoggedParameter } from "./job-sizes.ts";

export interface Workload {
  readonly jobs: number;
  readonly servers: number;
  readonly serverDays: number;
  readonly parameters: readonly LoggedParameter[];
  readonly fits: readonly Fit[];
  /** Jobs per server in each hour of the week, from Monday 0:00. */
  readonly jobsByHour: readonly number[];
  /** What the log does not show, as sentences without a full stop. */
  readonly notes: readonly string[];
}

const HOURS_PER_DAY = 24;
const HOURS_OF_WEEK = 168;
const WORKING_DAYS = 5;
/** Above this ratio, the Poisson distribution is not a good description. */
const VARIANCE_LIMIT = 2;

/** The jobs of a server in each full hour between its first and its last job. */
interface Counts {
  /** Hours since the import's first Monday. */
  readonly firstHour: number;
  readonly jobs: Float64Array;
}

/** Estimates the model's workload from the log; undefined without a log, or if the model has no such workload. */
export async function workloadOf(imported: Imported): Promise<Workload | undefined> {
  const { jobLog, parameters } = imported.model;
  if (jobLog === undefined) return undefined;
  const sizes = new JobSizes(jobLog);
  const counts: Counts[] = [];
  for await (const { jobs } of observedServers(imported)) {
    if (jobs.timesUs.length === 0) continue;
    sizes.add(jobs);
    const own = countsOf(jobs.timesUs);
    if (own.jobs.length > 0) counts.push(own);
  }
  if (counts.length === 0) return undefined;
  const rate = rateOf(jobLog, counts);
  const estimates = [...rate.estimates, ...sizes.estimates(imported.values)];
  const logged = estimates.map((one) => fittedTo(itemAt(parameters, one.parameter), one));
  const values = { ...imported.values };
  for (const { parameter, value } of logged) Object.assign(values, { [parameter]: value });
  return {
    jobs: sizes.jobs,
    servers: counts.length,
    serverDays: counts.reduce((sum, { jobs }) => sum + jobs.length, 0) / HOURS_PER_DAY,
    parameters: logged,
    fits: [...rate.fits, ...sizes.fits(values)],
    jobsByHour: rate.jobsByHour,
    notes: [...rate.notes, ...sizes.notes()],
  };
}

/** The estimated parameters as settings. */
export function loggedSettings(workload: Workload | undefined): Settings {
  return Object.fromEntries((workload?.parameters ?? []).map(({ parameter, value }) => [parameter, value]));
}

/** Rounds an estimate to an allowed value of the parameter: in its range, whole if required, with four digits. */
function fittedTo(parameter: Parameter, estimate: Estimate): LoggedParameter {
  const unit = "unit" in parameter ? parameter.unit : "";
  const { value } = estimate;
  if (parameter.kind !== "number" || typeof value !== "number") return { ...estimate, unit };
  const rounded = parameter.whole === true ? Math.round(value) : Number(value.toPrecision(4));
  return { ...estimate, unit, value: Math.min(parameter.max, Math.max(parameter.min, rounded)) };
}

function countsOf(timesUs: Float64Array): Counts {
  const firstHour = Math.floor(itemAt(timesUs, 0) / US_PER_HOUR) + 1;
  const endHour = Math.floor(itemAt(timesUs, timesUs.length - 1) / US_PER_HOUR);
  const jobs = new Float64Array(Math.max(0, endHour - firstHour));
  for (const timeUs of timesUs) {
    const hour = Math.floor(timeUs / US_PER_HOUR) - firstHour;
    if (hour >= 0 && hour < jobs.length) jobs[hour]!++;
  }
  return { firstHour, jobs };
}

/** The rate and the times of jobs. */
function rateOf({ rate, hours: listed }: JobLog, counts: readonly Counts[]) {
  const [hours, jobs, squares] = [0, 1, 2].map(() => new Float64Array(HOURS_OF_WEEK)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const { firstHour, jobs: own } of counts) {
    for (const [i, count] of own.entries()) {
      const hour = (firstHour + i) % HOURS_OF_WEEK;
      hours[hour]!++;
      jobs[hour]! += count;
      squares[hour]! += count * count;
    }
  }
  const unseen = hours.reduce((sum, seen) => sum + Number(seen === 0), 0);
  const jobsByHour = Array.from(jobs, (count, hour) => count / itemAt(hours, hour));
  for (const [hour, value] of jobsByHour.entries()) {
    if (!Number.isNaN(value)) continue;
    // For an hour that no log covers, the mean of the same hour on other days.
    const others = jobsByHour.filter((_, h) => h % HOURS_PER_DAY === hour % HOURS_PER_DAY && itemAt(hours, h) > 0);
    jobsByHour[hour] = others.reduce((sum, other) => sum + other, 0) / Math.max(1, others.length);
  }
  const byHour = hourFit(hours, jobs, squares);
  const byDay = dayFit(counts, jobsByHour);
  const fits = [byHour, byDay].filter((fit) => fit !== undefined);
  const counted = listed === undefined ? HOURS_OF_WEEK : WORKING_DAYS * HOURS_PER_DAY;
  const sum = (of: (hour: number) => number) => {
    return Array.from({ length: counted }, (_, hour) => of(hour)).reduce((total, each) => total + each, 0);
  };
  const perHour = sum((hour) => itemAt(jobsByHour, hour)) / counted;
  const variance = sum((hour) => itemAt(jobsByHour, hour) / Math.max(1, itemAt(hours, hour))) / (counted * counted);
  const error = Math.sqrt(variance * Math.max(1, byDay?.value ?? 1));
  const value = perHour * rate.hours;
  const [lower, upper] = [perHour - NORMAL_95 * error, perHour + NORMAL_95 * error].map((end) => end * rate.hours);
  const from = listed === undefined ? "jobs and hours" : "jobs from Monday to Friday";
  const estimates: Estimate[] = [{ parameter: rate.parameter, value, lower: lower!, upper: upper!, from }];
  if (listed !== undefined && perHour > 0) {
    const shares = jobsByHour.map((each) => Number((each / (perHour * HOURS_PER_DAY)).toPrecision(4)));
    const setting = shares.join(" ");
    estimates.push({ parameter: listed, value: setting, lower: NaN, upper: NaN, from: "jobs by hour of the week" });
  }
  const notes =
    unseen === 0
      ? []
      : [`${unseen} of 168 hours of the week are not in the log; they have the mean of the same hour on other days`];
  return { estimates, fits, jobsByHour, notes };
}

const OVER_MEAN = "variance / mean, 1 of Poisson's law";

/** Counts in the same hour of the week should be Poisson: Fisher's index of dispersion. */
function hourFit(hours: Float64Array, jobs: Float64Array, squares: Float64Array): Fit | undefined {
  let [chiSquare, degrees] = [0, 0];
  for (const [hour, count] of jobs.entries()) {
    const seen = itemAt(hours, hour);
    if (count === 0 || seen < 2) continue;
    const mean = count / seen;
    chiSquare += (itemAt(squares, hour) - count * mean) / mean;
    degrees += seen - 1;
  }
  return dispersion("jobs of an hour", chiSquare, degrees);
}

/** The same for days, with the means of their hours: reveals busy days and servers that differ. */
function dayFit(counts: readonly Counts[], jobsByHour: readonly number[]): Fit | undefined {
  let [chiSquare, days] = [0, 0];
  const weekdays = new Set<number>();
  for (const { firstHour, jobs } of counts) {
    let [count, expected] = [0, 0];
    for (const [i, own] of jobs.entries()) {
      const hour = firstHour + i;
      count += own;
      expected += itemAt(jobsByHour, hour % HOURS_OF_WEEK);
      const isEnd = (hour + 1) % HOURS_PER_DAY === 0 || i === jobs.length - 1;
      if (!isEnd) continue;
      if (expected > 0) {
        chiSquare += ((count - expected) * (count - expected)) / expected;
        days++;
        weekdays.add(Math.floor((hour % HOURS_OF_WEEK) / HOURS_PER_DAY));
      }
      [count, expected] = [0, 0];
    }
  }
  return dispersion("jobs of a day", chiSquare, days - weekdays.size);
}

function dispersion(what: string, chiSquare: number, degrees: number): Fit | undefined {
  if (degrees < 1) return undefined;
  const pValue = chiSquareTail(chiSquare, degrees);
  return { what, measure: OVER_MEAN, value: chiSquare / degrees, limit: VARIANCE_LIMIT, pValue };
}

export const workloadTable: Table<LoggedParameter> = table("workload", "a parameter that the log of jobs says", [
  text("parameter", "its name", ({ parameter }) => parameter),
  text("unit", "its unit", ({ unit }) => unit),
  text("value", "its value; of a list, numbers with blanks between them", ({ value }) => String(value)),
  number("lower", "see the column unit", "lower end of its 95 % interval", ({ lower }) => lower),
  number("upper", "see the column unit", "upper end of the interval", ({ upper }) => upper),
  text("from", "what it is made of", ({ from }) => from),
]);

export const fitsTable: Table<Fit> = table("fits", "a law of the model, beside the log of jobs", [
  text("what", "what follows the law", ({ what }) => what),
  text("measure", "of how far it does", ({ measure }) => measure),
  number("value", "1", "of the measure", ({ value }) => value),
  number("limit", "1", "up to which the law describes the log", ({ limit }) => limit),
  number("pValue", "1", "probability of so much by chance; empty where the measure has none", ({ pValue }) => pValue),
]);

/** Shortens the list of hours for display. */
export function valueText(value: Setting): string {
  const numbers = typeof value === "string" ? numbersOf(value) : [];
  return numbers.length > 1 ? `${numbers.length} numbers` : String(value);
}
