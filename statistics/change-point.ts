/**
 * Did the level of a series change, and when? Pettitt's test examines a complete series; Page's CUSUM monitors a series
 * as it arrives.
 */
import { exp, log, normalQuantile } from "../sim/math.ts";
import { midranks } from "./seasonal-kendall.ts";
import { known } from "./mann-kendall.ts";

type Numbers = ArrayLike<number>;

export interface ChangePoint {
  /** The number of values before the most likely change: 1 to n - 1. */
  readonly after: number;
  /** max |U|: how much the ranks before and after the change differ. */
  readonly k: number;
  /** Two-sided. */
  readonly p: number;
  /** The largest U of an upward change, and its one-sided probability. */
  readonly kRising: number;
  readonly pRising: number;
}

/**
 * Pettitt's test of one change of level (Applied Statistics 28, 1979, 126-135): with U_t = 2 sum of the first t ranks -
 * t (n + 1), K = max |U_t| and p = 2 exp(-6 K^2 / (n^3 + n^2)), at most 1; one-sided, half of it with K of that side.
 * Assumes independent values of one distribution before, and of one after. The approximation of p is good below 0.5.
 *
 * When it lies: when values depend on each other, as Mann and Kendall's test does, and worse; and it calls a steady
 * rise a change in the middle: that it is significant does not say that something happened there.
 *
 * NaN is left out. Cost: O(n log n).
 */
export function pettitt(series: Numbers): ChangePoint {
  const ranks = midranks(known(series));
  const n = ranks.length;
  let [u, k, kRising, after] = [0, 0, 0, 0];
  for (let t = 1; t < n; t++) {
    u += 2 * ranks[t - 1] - (n + 1);
    if (Math.abs(u) > k) [k, after] = [Math.abs(u), t];
    kRising = Math.max(kRising, -u);
  }
  const pOf = (size: number) => exp((-6 * size * size) / (n * n * n + n * n));
  return { after, k, p: Math.min(1, 2 * pOf(k)), kRising, pRising: pOf(kRising) };
}

/**
 * Page's cumulative sum for a rise of standardized values (Biometrika 41, 1954): C_t = max(0, C_(t-1) + x_t - k), an
 * alarm when C exceeds h. It is tuned to a shift of 2 k; k = 1/2 is usual.
 *
 * In the long run it gives a false alarm for certain, after averageRunLength values on the average. That holds for
 * independent values of mean 0 and variance 1. Of values that are standardized by a week's mean and spread, or have a
 * cycle or autocorrelation, alarms come sooner by orders of magnitude; sequentialScores need no mean and no spread.
 */
export class Cusum {
  /** C after the values so far. */
  sum: number;
  private readonly allowance: number;
  private readonly threshold: number;

  /** @param threshold h; @param allowance k */
  constructor(threshold: number, allowance = 0.5) {
    this.sum = 0;
    this.allowance = allowance;
    this.threshold = threshold;
  }

  /** Adds a value; returns whether the sum exceeds the threshold. */
  add(value: number): boolean {
    this.sum = Math.max(0, this.sum + value - this.allowance);
    return this.sum > this.threshold;
  }
}

/**
 * How many independent normal values the one-sided sum takes on the average to its alarm, when their mean lies `shift`
 * standard deviations above m: (e^(-2 d b) + 2 d b - 1) / (2 d^2) with d = shift - k and b = h + 1.166 (Siegmund,
 * Sequential Analysis, 1985), b^2 at d = 0. Within some percent of the exact value.
 */
export function averageRunLength(shift: number, allowance = 0.5, threshold = 5): number {
  const d = shift - allowance;
  const b = threshold + 1.166;
  return d === 0 ? b * b : (exp(-2 * d * b) + 2 * d * b - 1) / (2 * d * d);
}

/**
 * The threshold of a sum that alarms within `values` independent normal values of mean m with a chance of `level`: the
 * time to its alarm is nearly exponential, so its average is to be -values / ln(1 - level) (Siegmund's, above).
 */
export function cusumThreshold(values: number, level: number, allowance = 0.5): number {
  const wanted = -values / log(1 - level);
  let [low, high] = [0, 100];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (averageRunLength(0, allowance, middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Normal scores of sequential ranks: of each value from the place `from` on, the normal quantile of (R - 1/2) / n,
 * where R is its rank (of equal values the mean rank) among the n values up to it. Of independent values of one
 * distribution, whatever it is, ranks are independent, and their scores have mean 0 and a variance of nearly 1, so
 * that a CUSUM of them needs neither mean nor spread (McDonald 1990, Naval Research Logistics 37, 627-646). Cost:
 * O(n^2).
 */
export function sequentialScores(series: Numbers, from: number): Float64Array {
  return Float64Array.from({ length: Math.max(0, series.length - from) }, (_, at) => {
    const last = from + at;
    let [below, equal] = [0, 0];
    for (let i = 0; i <= last; i++) {
      if (series[i] < series[last]) below++;
      else if (series[i] === series[last]) equal++;
    }
    return normalQuantile((below + equal / 2) / (last + 1));
  });
}
