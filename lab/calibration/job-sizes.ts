/** The pages, bytes and types of the jobs of a log: what they say of parameters, and how well laws fit them. */
import type { JobLog } from "../../models/contract/logs.ts";
import type { Parameters, Setting, Values } from "../../models/contract/parameters.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { scatterOf, sum, type Counted } from "../../statistics/estimate.ts";
import { wilsonInterval } from "../../statistics/proportion.ts";
import type { ObservedJobs } from "../imports/observed.ts";
import { itemAt } from "../lists.ts";

/** The 97.5 % quantile of the normal distribution. */
export const NORMAL_95 = 1.96;
/** The number of different sizes that are distinguished. */
const SIZES_MAX = 1 << 14;
const DIFFERENCE_LIMIT = 0.1;
const APART = "largest difference of cumulative shares, 0 at best";

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

export type Estimate = Omit<LoggedParameter, "unit">;

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
export class JobSizes {
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
