/**
 * Variates: pure functions that turn one uniform draw into one duration or count.
 *
 * Each is the quantile function of its distribution (inversion: Devroye 1986, chapter II.2). So a variate costs one
 * draw, and a larger draw never gives a smaller variate. Common random numbers depend on this: two models that use the
 * same draw get variates that move together. Rejection methods are faster but need a varying number of draws. Only
 * `hyperexponential` is not monotone; its comment says so.
 *
 * u is the draw, 0 (included) to 1 (excluded), in steps of 2^-53, as Stream.draw gives it. Nothing is validated and
 * nothing is allocated here; parameters are checked once, on input.
 *
 * The laws at the end transform a block of numbers in place, because V8 boxes a number that is passed to or returned by
 * a function that it does not inline.
 */
import { exp, exponentialQuantile, exponentialQuantiles, log1p, normalQuantile } from "./math.ts";
import type { Law } from "./streams.ts";

/**
 * Exponential with the given mean (>= 0, in the unit of the result). Range: 0 (at u = 0) to 36.74 means.
 * Source: F(x) = 1 - exp(-x / mean), inverted; log1p keeps the digits of a small u and never meets log 0.
 */
export function exponential(u: number, mean: number): number {
  return exponentialQuantile(u) * mean;
}

/**
 * Geometric: the number of trials up to and with the first success, of mean 1 / (chance of success). Whole,
 * >= 1; the mean is >= 1, and a mean of 1 always gives 1. Range: 1 (at u = 0) to about 36.74 means.
 * Source: F(n) = 1 - (1 - 1 / mean)^n, inverted (Devroye 1986, X.2).
 */
export function geometric(u: number, mean: number): number {
  return 1 + Math.floor(log1p(-u) / log1p(-1 / mean));
}

/**
 * Lognormal, given by its median (> 0, in the unit of the result) and sigma (>= 0), the standard deviation of
 * its logarithm. A sigma of 0 always gives the median. Its mean is median exp(sigma^2 / 2). Range: 0 to
 * median exp(8.21 sigma); 0 only at u = 0, which a duration rounds up to a microsecond.
 * Source: the definition, log X = log median + sigma Z.
 */
export function lognormal(u: number, median: number, sigma: number): number {
  return sigma === 0 ? median : median * exp(sigma * normalQuantile(u));
}

/**
 * Hyperexponential of two phases with balanced means: the given mean (>= 0, in the unit of the result) and
 * squared coefficient of variation (>= 1). u chooses the phase, and the rest of u is stretched to [0, 1) for the
 * phase. So it needs one draw, but the result increases with u only within each phase, and the choice costs the draw a
 * bit or two.
 * Source: Whitt 1982, "Approximating a point process by a renewal process, I": phase 1 with chance p = (1 +
 * sqrt((c - 1) / (c + 1))) / 2 and mean / (2 p), phase 2 with mean / (2 (1 - p)).
 */
export function hyperexponential(u: number, mean: number, squaredVariation: number): number {
  const p = (1 + Math.sqrt((squaredVariation - 1) / (squaredVariation + 1))) / 2;
  return u < p ? exponential(u / p, mean / (2 * p)) : exponential((u - p) / (1 - p), mean / (2 * (1 - p)));
}

/**
 * Erlang of two phases with the given mean (>= 0, in the unit of the result): the sum of two exponentials of
 * half the mean; its squared coefficient of variation is 1/2. Range: 0 (at u = 0) to 20.2 means.
 * Source: F(x) = 1 - (1 + v) exp(-v) with v = 2 x / mean, so v - log(1 + v) = -log(1 - u). Newton from the
 * right end of v <= sqrt(2 e) + e (Chatzigeorgiou 2013) descends to v, always in four steps; near 0, where
 * the left side cancels, the series in sqrt(2 e) takes over (DLMF 4.13.6, of Lambert's W).
 * Error: 3e-15 of the result. Cost: 220 ns, the slow one: five logarithms.
 */
export function erlang2(u: number, mean: number): number {
  const e = -log1p(-u);
  const s = Math.sqrt(2 * e);
  let v = s + e;
  if (s < 0.1) {
    const upper = 1 / 17010 + s * (-139 / 5443200 + s / 204120);
    v = s * (1 + s * (1 / 3 + s * (1 / 36 + s * (-1 / 270 + s * (1 / 4320 + s * upper)))));
  } else {
    for (let step = 0; step < 4; step++) v -= ((v - log1p(v) - e) * (1 + v)) / v;
  }
  return (v * mean) / 2;
}

/** Rounds a duration [us] up to a whole microsecond, at least 1, as the simulator requires. */
export function wholeMicroseconds(x: number): number {
  const whole = Math.ceil(x);
  return whole < 1 ? 1 : whole;
}

/** Exponentials of mean 1, in place. */
export const exponentials: Law = exponentialQuantiles;

/**
 * Lognormals of median 1 and the given sigma (>= 0), in place. Two short loops are faster than one, because the
 * processor overlaps several iterations of a short loop.
 */
export function lognormalQuantiles(numbers: Float64Array, from: number, to: number, sigma: number): void {
  if (sigma === 0) {
    numbers.fill(1, from, to);
    return;
  }
  for (let i = from; i < to; i++) numbers[i] = normalQuantile(numbers[i]);
  for (let i = from; i < to; i++) numbers[i] = exp(sigma * numbers[i]);
}

/** The same as the law of a stream. */
export function lognormals(sigma: number): Law {
  return (numbers, from, to) => lognormalQuantiles(numbers, from, to, sigma);
}

/** Uniform between two numbers, in place. */
export function uniforms(low: number, high: number): Law {
  return (numbers, from, to) => {
    for (let i = from; i < to; i++) numbers[i] = low + (high - low) * numbers[i];
  };
}
