/**
 * What a job log shows about a model's parameters: how many jobs come, at which hours of the week, and of which sizes
 * and types; and how well the model's distributions fit the log.
 *
 * Only whole hours between the first and the last job of each server are counted. All servers of a model are alike, so
 * there is one estimate for all of them; differences between servers appear in the fit. The model's `jobLog` says which
 * parameters these are.
 */
import { US_PER_HOUR } from "../../sim/time-units.ts";
import type { JobLog } from "../../models/contract/logs.ts";
import type { Parameter, Setting, Settings, Values, Parameters } from "../../models/contract/parameters.ts";
import { chiSquareTail } from "../../statistics/chi-square.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { scatterOf, sum, type Counted } from "../../statistics/estimate.ts";
import { wilsonInterval } from "../../statistics/proportion.ts";
import { numbersOf } from "../experiment/settings.ts";
import type { Imported } from "../imports/import-record.ts";
import { observedServers, type ObservedJobs } from "../imports/observed.ts";
import { itemAt } from "../lists.ts";
import { number, table, text, type Table } from "../results/csv.ts";

/** A parameter estimated from the log. */
export interface LoggedParameter {
  readonly parameter: string;
  readonly unit: string;
  readonly value: Setting;
  /** The 95 % interval; NaN if there is none. */
  readonly lower: number;
  readonly upper: number;
  /** The data that it was estimated from. */
  readonly from: string;
}

/** How well one of the model's distributions fits the log. */
export interface Fit {
  /** "jobs of a day". */
  readonly what: string;
  /** "variance / mean, 1 of Poisson's law", or "largest difference of cumulative shares, 0 at best". */
  readonly measure: string;
  readonly value: number;
  /** Up to this value, the distribution is a good description. */
  readonly limit: number;
  /** The probability of such a value by chance; NaN if the measure has none. */
  readonly pValue: number;
}

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
/** The 97.5 % quantile of the normal distribution. */
const NORMAL_95 = 1.96;
/** The number of different sizes that are distinguished. */
const SIZES_MAX = 1 << 14;
/** Above this ratio, the Poisson distribution is not a good description. */
const VARIANCE_LIMIT = 2;
const DIFFERENCE_LIMIT = 0.1;

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
  const sizes = new Sizes(jobLog);
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

type Estimate = Omit<LoggedParameter, "unit">;

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

/** Sums over the jobs of one type. */
interface OfType {
  jobs: number;
  /** Over jobs that have both pages and bytes. */
  bytes: number;
  pages: number;
  squares: { bytes: number; pages: number; products: number };
  readonly sizes: Distribution;
  readonly bytesOfPages: Map<number, number>;
}

/** The pages, bytes and types of jobs. */
class Sizes {
  jobs: number;
  private readonly log: JobLog;
  private readonly types: readonly OfType[];
  /** The number of jobs with each number of pages, as far as logged. */
  private readonly pages: Map<number, number>;
  private typed: number;

  constructor(log: JobLog) {
    this.log = log;
    this.jobs = 0;
    this.typed = 0;
    this.pages = new Map();
    this.types = (log.types ?? []).map(() => {
      const squares = { bytes: 0, pages: 0, products: 0 };
      return { jobs: 0, bytes: 0, pages: 0, squares, sizes: new Distribution(SIZES_MAX), bytesOfPages: new Map() };
    });
  }

  add({ bytes, pages, types }: ObservedJobs): void {
    const { types: described = [] } = this.log;
    const size = new Float64Array(1);
    for (const [i, type] of types.entries()) {
      this.jobs++;
      this.typed += Number(type !== "");
      const [ownBytes, ownPages] = [itemAt(bytes, i), itemAt(pages, i)];
      if (!Number.isNaN(ownPages)) this.pages.set(ownPages, (this.pages.get(ownPages) ?? 0) + 1);
      const matching = described.findIndex(({ matches }) => matches.test(type));
      const of = this.types.at(matching);
      if (of === undefined) continue;
      of.jobs++;
      if (!(ownBytes > 0)) continue;
      size[0] = ownBytes;
      of.sizes.add(size);
      if (!(ownPages > 0)) continue;
      of.bytes += ownBytes;
      of.pages += ownPages;
      of.squares.bytes += ownBytes * ownBytes;
      of.squares.pages += ownPages * ownPages;
      of.squares.products += ownBytes * ownPages;
      of.bytesOfPages.set(ownPages, (of.bytesOfPages.get(ownPages) ?? 0) + 1);
    }
  }

  estimates(values: Values<Parameters>): Estimate[] {
    const { pages, types = [] } = this.log;
    const estimates: Estimate[] = [];
    const paged = this.paged();
    const { count: jobs, mean, squares } = scatterOf(paged);
    if (pages !== undefined && jobs > 0) {
      const error = Math.sqrt(squares) / jobs;
      const [lower, upper] = [mean - NORMAL_95 * error, mean + NORMAL_95 * error];
      estimates.push({ parameter: pages.mean, value: mean, lower, upper, from: "jobs that have pages" });
      const most = Math.max(1, paged.values.at(-1)!);
      const known = Number(values[pages.largest]);
      if (most > known) {
        estimates.push({ parameter: pages.largest, value: most, lower: NaN, upper: NaN, from: "the largest job" });
      }
      const empty = this.pages.get(0) ?? 0;
      const all = jobs + empty;
      const interval = wilsonInterval(empty, all);
      estimates.push({ parameter: pages.empty, value: empty / all, ...interval, from: "jobs without a page" });
    }
    if (this.typed > 0) {
      for (const [t, { share, name }] of types.entries()) {
        if (share === undefined) continue;
        const { jobs } = itemAt(this.types, t);
        const interval = wilsonInterval(jobs, this.jobs);
        estimates.push({ parameter: share, value: jobs / this.jobs, ...interval, from: `jobs of type ${name}` });
      }
    }
    for (const [t, { bytesPerPage, name }] of types.entries()) {
      // A log without types has one size distribution for all jobs.
      const of = this.typed > 0 ? itemAt(this.types, t) : this.types.at(-1)!;
      if (of.pages > 0) {
        const value = of.bytes / of.pages;
        const { bytes, pages: squares, products } = of.squares;
        const error = Math.sqrt(Math.max(0, bytes - 2 * value * products + value * value * squares)) / of.pages;
        const [lower, upper] = [value - NORMAL_95 * error, value + NORMAL_95 * error];
        const from = `bytes over pages of ${this.typed > 0 ? `type ${name}` : "all jobs"}`;
        estimates.push({ parameter: bytesPerPage, value, lower, upper, from });
      } else if (of.sizes.count > 0 && pages !== undefined) {
        const { values: sizes, counts: often } = of.sizes.cells();
        const total = sizes.reduce((sum, size, i) => sum + size * itemAt(often, i), 0);
        const value = total / of.sizes.count / Number(values[pages.mean]);
        estimates.push({
          parameter: bytesPerPage,
          value,
          lower: NaN,
          upper: NaN,
          from: `mean bytes over ${pages.mean}, which the log does not say`,
        });
      }
    }
    return estimates;
  }

  fits(values: Values<Parameters>): Fit[] {
    const { pages, types = [] } = this.log;
    const fits: Fit[] = [];
    const differs = (what: string, value: number) => {
      fits.push({ what, measure: APART, value, limit: DIFFERENCE_LIMIT, pValue: NaN });
    };
    const paged = this.paged();
    const jobs = sum(paged.counts);
    if (pages !== undefined && jobs > 0) {
      let [below, apart] = [0, 0];
      for (const [i, own] of paged.values.entries()) {
        apart = Math.max(apart, Math.abs(below / jobs - pages.cumulative(values, own - 1)));
        below += itemAt(paged.counts, i);
        apart = Math.max(apart, Math.abs(below / jobs - pages.cumulative(values, own)));
      }
      differs("pages of a job", apart);
    }
    for (const [t, of] of this.types.entries()) {
      const perPage = Number(values[itemAt(types, t).bytesPerPage]);
      if (of.pages === 0) continue;
      differs(`bytes of a ${itemAt(types, t).name} job, given its pages`, largestDifference(of, perPage));
    }
    return fits;
  }

  notes(): string[] {
    const missing: string[] = [];
    if (this.log.pages !== undefined && this.paged().values.length === 0) missing.push("the log says no pages");
    if (this.types.length > 0 && this.types.every(({ sizes }) => sizes.count === 0))
      missing.push("the log says no bytes");
    if (this.types.length > 0 && this.typed === 0) missing.push("the log says no types");
    return missing;
  }

  /** The page counts above 0, ascending, and how many jobs have each. */
  private paged(): Counted {
    const paged = [...this.pages].filter(([own]) => own > 0).sort(([a], [b]) => a - b);
    return {
      values: Float64Array.from(paged, ([own]) => own),
      counts: Float64Array.from(paged, ([, count]) => count),
    };
  }
}

const APART = "largest difference of cumulative shares, 0 at best";

/** The largest difference between the distribution of sizes and that implied by the pages. */
function largestDifference({ sizes, bytesOfPages }: OfType, perPage: number): number {
  const { values, counts } = sizes.cells();
  const modelled = [...bytesOfPages].map(([pages, count]) => [pages * perPage, count] as const);
  const model = modelled.sort(([a], [b]) => a - b);
  const total = model.reduce((sum, [, count]) => sum + count, 0);
  let [m, modelBelow, below, apart] = [0, 0, 0, 0];
  for (const [i, value] of values.entries()) {
    // A tolerance of half a percent, because logged sizes are rounded.
    const within = (bytes: number) => bytes <= value * 1.005;
    for (; m < model.length && within(itemAt(model, m)[0]); m++) modelBelow += itemAt(model, m)[1];
    below += itemAt(counts, i);
    apart = Math.max(apart, Math.abs(below / sizes.count - modelBelow / total));
  }
  return apart;
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
