/**
 * The Poisson and Erlang distributions: how many events a Poisson process has had, and when it has had a given number.
 *
 * The n-th event comes after t exactly if fewer than n events have come by t, so one sum serves both. The rate is 1;
 * for another rate, multiply the time by it.
 *
 * The sum is taken over the smaller tail, term by term from its largest, so that a far tail keeps its digits. Cost:
 * proportional to the square root of the mean.
 */
import { exp, log } from "../sim/math.ts";

const TWO_PI = 6.283185307179586;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** A term of this size, relative to the sum, is negligible. */
const NEGLIGIBLE = 1e-18;

/**
 * The probability of k events when `mean` are expected.
 * Source: the saddle-point form of Loader 2000, "Fast and accurate computation of binomial probabilities", in which
 * nothing large cancels.
 * Error: 1e-14 of the result for means up to 1e6 (test/statistics/erlang.test.ts).
 * @param k whole, >= 0
 * @param mean >= 0
 */
export function poissonProbability(k: number, mean: number): number {
  if (mean === 0) return k === 0 ? 1 : 0;
  if (k === 0) return exp(-mean);
  return exp(-stirlingError(k) - deviance(k, mean)) / Math.sqrt(TWO_PI * k);
}

/** The probability of at most k events when `mean` are expected. */
export function poissonAtMost(k: number, mean: number): number {
  if (k < 0) return 0;
  if (k >= mean) return 1 - poissonAtLeast(k + 1, mean);
  let term = poissonProbability(k, mean);
  let sum = 0;
  for (let j = k; term > NEGLIGIBLE * sum && j >= 0; j--) {
    sum += term;
    term *= j / mean;
  }
  return sum;
}

/** The probability of at least k events when `mean` are expected. */
export function poissonAtLeast(k: number, mean: number): number {
  if (k <= 0) return 1;
  if (k <= mean) return 1 - poissonAtMost(k - 1, mean);
  let term = poissonProbability(k, mean);
  let sum = 0;
  for (let j = k + 1; term > NEGLIGIBLE * sum; j++) {
    sum += term;
    term *= mean / j;
  }
  return sum;
}

/** The probability that the n-th event comes after t. @param n whole, >= 1 */
export function erlangSurvival(n: number, t: number): number {
  return poissonAtMost(n - 1, t);
}

/** The probability that the n-th event has come by t. */
export function erlangCdf(n: number, t: number): number {
  return poissonAtLeast(n, t);
}

/** The density of the time of the n-th event. */
export function erlangDensity(n: number, t: number): number {
  return poissonProbability(n - 1, t);
}

/**
 * The density over the survival: the rate at which the n-th event comes to those who wait for it. It rises from 0
 * towards 1. By the quotient of the sums, (n - 1)! / t^(n - 1) times sum of t^k / k!, because far out both are 0.
 * @param t > 0 unless n is 1
 */
export function erlangHazard(n: number, t: number): number {
  let term = 1;
  let sum = 0;
  for (let k = n - 1; term > NEGLIGIBLE * sum && k >= 0; k--) {
    sum += term;
    term *= k / t;
  }
  return 1 / sum;
}

/** The mean of min(t, time of the n-th event): the area below the survival curve up to t. */
export function erlangMeanUntil(n: number, t: number): number {
  return n * erlangCdf(n + 1, t) + t * erlangSurvival(n, t);
}

/**
 * The t by which the n-th event has come with probability p, 0 (excluded) to 1 (excluded): bisected to the last bit.
 */
export function erlangQuantile(n: number, p: number): number {
  let low = 0;
  let high = 2 * n + 40;
  while (erlangCdf(n, high) < p) high *= 2;
  for (let middle = high / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (erlangCdf(n, middle) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** k log(k / mean) + mean - k, without cancellation where they are near (Loader's bd0). */
function deviance(k: number, mean: number): number {
  const difference = k - mean;
  if (Math.abs(difference) >= 0.1 * (k + mean)) return k * log(k / mean) + mean - k;
  const v = difference / (k + mean);
  const square = v * v;
  let sum = difference * v;
  let term = 2 * k * v;
  for (let j = 3; ; j += 2) {
    term *= square;
    const next = sum + term / j;
    if (next === sum) return sum;
    sum = next;
  }
}

/** log k! less Stirling's approximation log sqrt(2 pi k) + k log k - k, for k >= 1 (Loader's stirlerr). */
function stirlingError(k: number): number {
  if (k >= 16) {
    const s = 1 / (k * k);
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / k;
  }
  let factorial = 1;
  for (let j = 2; j <= k; j++) factorial *= j;
  return log(factorial) - HALF_LOG_TWO_PI - (k + 0.5) * log(k) + k;
}
