/**
 * Estimates from replications.
 *
 * Every interval is based on independent observations: servers if they do not interact, otherwise replications. It is a
 * t interval with n - 1 degrees of freedom at 95 %, and NaN for fewer than two observations. Sums run in the order of
 * their arguments and variances take two passes, so equal arguments give equal bits. Equal values have a variance of
 * exactly 0.
 */
import { studentTCdf, studentTQuantile } from "./special-functions.ts";

/** The probability above the upper end of a two-sided 95 % interval. */
const ABOVE_PROBABILITY = 0.025;

/** An estimate with its 95 % interval; all but the value are NaN with fewer than two replications. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  readonly halfWidth: number;
  readonly lower: number;
  readonly upper: number;
}

/** The ends of an interval; NaN where there is none. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

type Numbers = ArrayLike<number>;

/** NaN if there are no values. */
export function mean(values: Numbers): number {
  return sum(values) / values.length;
}

/** Sum of (x - mean)^2 over n - 1: exactly 0 if all values are equal; NaN for fewer than two values. */
export function variance(values: Numbers): number {
  return values.length < 2 ? NaN : squaresAboutMean(values) / (values.length - 1);
}

/**
 * The mean of independent values over a constant, mean / divisor +- t s / (divisor sqrt n). The constant is divided by
 * last, so that whole values stay whole until then.
 * @param family how many such intervals are to hold all at once, 95 % of the time: each is then one of 1 - 0.05 /
 * family (Bonferroni; whatever they have to do with each other)
 */
export function meanEstimate(values: Numbers, divisor = 1, family = 1): Estimate {
  const standardError = Math.sqrt(variance(values) / values.length) / divisor;
  return estimate(mean(values) / divisor, standardError, values.length, family);
}

/** The estimate without its interval. */
export function withoutInterval(estimate: Estimate): Estimate {
  return { ...estimate, halfWidth: NaN, lower: NaN, upper: NaN };
}

/** The estimate with another interval, which need not be symmetric: the half-width is that of the longer half. */
export function withInterval({ value, standardError }: Estimate, { lower, upper }: Interval): Estimate {
  return { value, standardError, halfWidth: Math.max(value - lower, upper - value), lower, upper };
}

/** The estimate of something that is never negative: its interval does not reach below 0. */
export function neverNegative(estimate: Estimate): Estimate {
  return estimate.lower < 0 ? withInterval(estimate, { lower: 0, upper: estimate.upper }) : estimate;
}

/** The estimate of the opposite number; 0 stays 0, without a sign. */
export function opposite({ value, standardError, halfWidth, lower, upper }: Estimate): Estimate {
  return { value: 0 - value, standardError, halfWidth, lower: 0 - upper, upper: 0 - lower };
}

/** The mean of independent values whose scatter is known, over a constant: what meanEstimate gives of the values. */
export function scatterEstimate({ count, mean, squares }: Scatter, divisor = 1, family = 1): Estimate {
  const standardError = Math.sqrt(squares / (count - 1) / count) / divisor;
  return estimate(mean / divisor, standardError, count, family);
}

/** The comparison of pairs that used the same random numbers. */
export interface PairedEstimate {
  /** The paired t interval. */
  readonly difference: Estimate;
  /** The half-width with independent random numbers and as many replications. */
  readonly independentHalfWidth: number;
  /**
   * How many times as many replications independent random numbers would have cost; Infinity when the differences do
   * not vary and the values do, NaN when nothing varies.
   */
  readonly varianceRatio: number;
}

/**
 * The mean of x - y over a constant, and what the pairing is worth.
 *
 * What independent random numbers would give is measured: a replication of x and another replication of y drew
 * different numbers. Over all n (n - 1) such pairs, the mean square of (x[i] - y[j]) about the mean difference, made
 * unbiased, is sx^2 + sy^2 to the last term (the test forms the pairs), so this is what is divided by sd^2.
 */
export function pairedEstimate(x: Numbers, y: Numbers, divisor = 1): PairedEstimate {
  const differences = Float64Array.from(x, (value, i) => value - y[i]);
  const difference = meanEstimate(differences, divisor);
  const paired = variance(differences);
  const independent = variance(x) + variance(y);
  return {
    difference,
    independentHalfWidth: estimate(0, Math.sqrt(independent / x.length) / divisor, x.length).halfWidth,
    varianceRatio: independent / paired,
  };
}

/** The two-sided p-value of the t test that an estimate from n values is one of 0; NaN when it has no error. */
export function pValue({ value, standardError }: Estimate, n: number): number {
  return standardError > 0 && n > 1 ? 2 * studentTCdf(-Math.abs(value / standardError), n - 1) : NaN;
}

/**
 * The ratio R = sum(tops) / sum(bottoms) over replications, by the delta method: s^2 = sum (top - R bottom)^2 / (n -
 * 1), standard error s / (mean(bottoms) sqrt n) (Cochran, Sampling Techniques, 3rd edition 1977, section 2.11). NaN
 * when the bottoms sum to 0.
 */
export function ratioEstimate(tops: Numbers, bottoms: Numbers): Estimate {
  const n = tops.length;
  const total = sum(bottoms);
  if (total === 0) return estimate(NaN, NaN, n);
  const ratio = sum(tops) / total;
  const residuals = Float64Array.from(tops, (top, i) => top - ratio * bottoms[i]);
  const spread = Math.sqrt(squaresAbout(0, residuals) / (n - 1));
  return estimate(ratio, spread / ((total / n) * Math.sqrt(n)), n);
}

/** How many standard errors an estimate lies above the value of theory; NaN without theory, or when the error is 0. */
export function zScore({ value, standardError }: Estimate, closedForm: number): number {
  return standardError > 0 ? (value - closedForm) / standardError : NaN;
}

/** The distinct values in ascending order, and how often each occurs. */
export interface Counted {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** The number of values, their mean, and the sum of squared distances from it. */
export interface Scatter {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

export function scatterOf({ values, counts }: Counted): Scatter {
  const count = sum(counts);
  const mean = sum(values.map((value, i) => counts[i] * value)) / count;
  return { count, mean, squares: sum(values.map((value, i) => counts[i] * (value - mean) * (value - mean))) };
}

/** The scatter of single numbers. */
export function scatterOfValues(values: Numbers): Scatter {
  return { count: values.length, mean: mean(values), squares: squaresAboutMean(values) };
}

/** The scatter of the numbers of all groups together. */
export function pooledScatter(groups: readonly Scatter[]): Scatter {
  const count = sum(groups.map((group) => group.count));
  const mean = sum(groups.map((group) => group.count * group.mean)) / count;
  const squares = sum(groups.map((group) => group.squares + group.count * (group.mean - mean) * (group.mean - mean)));
  return { count, mean, squares };
}

/**
 * The exact quantile by nearest rank: the smallest value that `percent` % of the values do not exceed (inverse of the
 * empirical distribution function; type 1 of Hyndman and Fan 1996). The percentage is whole, so the rank is never
 * rounded. NaN of no values.
 */
export function nearestRank({ values, counts }: Counted, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent * sum(counts)) / 100));
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    seen += counts[i];
    if (seen >= rank) return values[i];
  }
  return NaN;
}

/** Left to right, from 0. */
export function sum(values: Numbers): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** 0 if all values are equal, although their rounded mean may differ from them: that of 0.1, 0.1 and 0.1 does. */
function squaresAboutMean(values: Numbers): number {
  for (let i = 1; i < values.length; i++) {
    if (values[i] !== values[0]) return squaresAbout(mean(values), values);
  }
  return 0;
}

function squaresAbout(center: number, values: Numbers): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] - center) * (values[i] - center);
  return total;
}

/** A value with the t interval of a standard error that has so many degrees of freedom. */
export function tEstimate(value: number, standardError: number, degreesOfFreedom: number): Estimate {
  return estimate(value, standardError, degreesOfFreedom + 1);
}

function estimate(value: number, standardError: number, n: number, family = 1): Estimate {
  if (n < 2) return { value, standardError: NaN, halfWidth: NaN, lower: NaN, upper: NaN };
  const halfWidth = studentTQuantile(1 - ABOVE_PROBABILITY / family, n - 1) * standardError;
  return { value, standardError, halfWidth, lower: value - halfWidth, upper: value + halfWidth };
}
