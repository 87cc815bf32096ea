/**
 * Intervals and tests that stay valid when they are looked at repeatedly. They hold at all sample sizes at once, so a
 * person who looks after every observation and stops when the result is welcome is wrong no more often than stated. The
 * ordinary t interval is valid only for one sample size that was fixed in advance.
 *
 * Each is based on a likelihood ratio averaged over the possible values of the mean. If the mean is zero, the ratio is
 * a martingale of mean 1, so the probability that it ever reaches 1 / alpha is at most alpha (Ville 1939). The price is
 * width: about 1.5 times that of the t interval, and more for few observations.
 */
import { exp, log } from "../sim/math.ts";
import { mean, variance, type Estimate } from "./estimate.ts";

/** The probability that the interval ever fails. */
const ALPHA = 0.05;

/**
 * Evidence against a mean of 0, from the mean of independent normal observations of known variance: the ratio of its
 * likelihoods under a mean from N(0, mixing) and under 0 (the mixture sequential probability ratio test). To compare
 * two arms, an observation is the difference of a pair, whose variance is the sum of both.
 * Source: Robbins 1970; Johari, Koomen, Pekelis and Walsh 2017, Peeking at A/B tests.
 */
export function mixtureRatio(n: number, meanOfThem: number, knownVariance: number, mixing: number): number {
  const widened = knownVariance + n * mixing;
  const exponent = (n * n * mixing * meanOfThem * meanOfThem) / (2 * knownVariance * widened);
  return Math.sqrt(knownVariance / widened) * exp(exponent);
}

/**
 * The p-value after each ratio: the minimum of 1 and of every 1 / ratio so far. It stays valid however often it is
 * looked at.
 */
export function alwaysValidPs(ratios: readonly number[]): number[] {
  let least = 1;
  return ratios.map((ratio) => (least = Math.min(least, 1 / ratio)));
}

/**
 * The mean of independent normal values of unknown variance over a constant, with an interval that holds at all numbers
 * of values at once: t statistics whose mixture ratio, over effects mean / sigma from N(0, mixing), is below 20,
 *
 *     ((1 + t^2 / (n - 1)) / (1 + t^2 / ((n - 1) a)))^(n / 2) / sqrt a < 1 / alpha,   a = 1 + n mixing,
 *
 * solved for t. Infinitely wide as long as no t would be evidence enough: up to 4 values with a mixing of 1. It is
 * exact, no approximation for many values. The standard error is the ordinary one.
 * Source: Lai 1976, On confidence sequences; the ratio is that of Goenen, Johnson, Lu and Westfall 2005.
 * @param mixing the variance of the effects that are thought of; the greater, the sooner it is narrow where effects are
 * large, and the wider where many values are needed. In (0, Infinity)
 */
export function anytimeEstimate(values: ArrayLike<number>, divisor = 1, mixing = 1): Estimate {
  const n = values.length;
  const value = mean(values) / divisor;
  if (n < 2) return { value, standardError: NaN, halfWidth: NaN, lower: NaN, upper: NaN };
  const standardError = Math.sqrt(variance(values) / n) / divisor;
  const halfWidth = standardError === 0 ? 0 : anytimeQuantile(n, mixing) * standardError;
  return { value, standardError, halfWidth, lower: value - halfWidth, upper: value + halfWidth };
}

/** The size of t at which the evidence of n values is enough; Infinity if n is too small. @param n >= 2 */
export function anytimeQuantile(n: number, mixing = 1): number {
  const a = 1 + n * mixing;
  const bound = exp((2 / n) * (log(a) / 2 - log(ALPHA)));
  return bound < a ? Math.sqrt(((n - 1) * (bound - 1)) / (1 - bound / a)) : Infinity;
}
