/**
 * Estimates from replications.
 *
 * Replications are independent, the servers and the instants within one are not, so every interval here is between
 * replications: a t interval with n - 1 degrees of freedom at 95 %, and NaN where there are fewer than two. Sums run in
 * the order of their arguments and variances take two passes, so equal arguments give equal bits; sums of whole numbers
 * below 2^53 are exact, so equal whole numbers have a variance of exactly 0.
 */
import { studentTQuantile } from "./special-functions.ts";

/** The probability below the upper end of a two-sided 95 % interval. */
const UPPER_PROBABILITY = 0.975;

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

/** NaN of no values. */
export function mean(values: Numbers): number {
  return sum(values) / values.length;
}

/** Sum of (x - mean)^2 over n - 1; NaN of fewer than two values. */
export function variance(values: Numbers): number {
  return values.length < 2 ? NaN : squaresAbout(mean(values), values) / (values.length - 1);
}

/**
 * The mean of independent values over a constant, mean / divisor +- t s / (divisor sqrt n). The constant is divided by
 * last, so that whole values stay whole until then.
 */
export function meanEstimate(values: Numbers, divisor = 1): Estimate {
  const standardError = Math.sqrt(variance(values) / values.length) / divisor;
  return estimate(mean(values) / divisor, standardError, values.length);
}

/**
 * The mean of x - y over a constant for pairs that saw the same random numbers (the paired t interval), and the
 * variance ratio (sx^2 + sy^2) / sd^2: how many times as many replications independent random numbers would have cost;
 * NaN when sd is 0.
 */
export function pairedEstimate(x: Numbers, y: Numbers, divisor = 1): { difference: Estimate; varianceRatio: number } {
  const differences = Float64Array.from(x, (value, i) => value - y[i]);
  const paired = variance(differences);
  const varianceRatio = paired > 0 ? (variance(x) + variance(y)) / paired : NaN;
  return { difference: meanEstimate(differences, divisor), varianceRatio };
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
export function zScore({ value, standardError }: Estimate, theory: number): number {
  return standardError > 0 ? (value - theory) / standardError : NaN;
}

/** Numbers of which some are equal: each value once, ascending, and how often it occurs. */
export interface Counted {
  readonly values: Float64Array;
  readonly counts: Float64Array;
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
  return sumFrom(0, values);
}

/** Left to right, from the sum of those before. */
export function sumFrom(total: number, values: Numbers): number {
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function squaresAbout(center: number, values: Numbers): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] - center) * (values[i] - center);
  return total;
}

function estimate(value: number, standardError: number, n: number): Estimate {
  if (n < 2) return { value, standardError: NaN, halfWidth: NaN, lower: NaN, upper: NaN };
  const halfWidth = studentTQuantile(UPPER_PROBABILITY, n - 1) * standardError;
  return { value, standardError, halfWidth, lower: value - halfWidth, upper: value + halfWidth };
}
