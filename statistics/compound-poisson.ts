/**
 * The leak rate and its interval from a ledger of leaks: the total that leaked over the exposure.
 *
 * If leaks occur independently and are rare among many opportunities, their number has a Poisson distribution, whatever
 * the hours at which they occur. Only the expected number over the exposure matters, so a rate that follows the working
 * week does no harm. If each leak has a random size, the total is compound Poisson, with mean v E[B] T and variance v
 * E[B^2] T. Both can be estimated from a single run, so an interval needs no replications.
 *
 * When it is wrong: if leaks occur in clusters (one cause, many leaks) or servers differ in their rates, the dispersion
 * is above 1, and the interval is too narrow by its square root. If leaking stops itself, as after a ceiling, the
 * dispersion is below 1, and the interval is too wide. Check the dispersion before you trust the interval.
 */
import { log, normalQuantile } from "../sim/math.ts";
import { gammaQuantile, gammaUpperQuantile } from "./gamma.ts";
import type { Interval } from "./estimate.ts";

/**
 * Garwood's interval for the mean of a Poisson variate that came out as this count (Biometrika 28, 1936): the means at
 * which this count or more, and this count or fewer, would have (1 - confidence) / 2 each. Exact: it covers at least as
 * often as it says, more often for small counts. [0, 3.69] for no leak at all.
 * @param count whole, >= 0
 */
export function poissonInterval(count: number, confidence = 0.95): Interval {
  return poissonLimits(count, (1 - confidence) / 2);
}

/** Garwood's interval by the probability outside each end, which may be smaller than a difference from 1 can be. */
export function poissonLimits(count: number, tail: number): Interval {
  if (!(Number.isInteger(count) && count >= 0)) throw new Error(`count is ${count}; a count is whole and >= 0`);
  return clusterLimits(count, 1, tail);
}

/**
 * Garwood's interval for a total of events that occur in clusters of equal size. The number of clusters, total / size,
 * need not be whole.
 */
export function clusterInterval(total: number, size: number, confidence = 0.95): Interval {
  return clusterLimits(total, size, (1 - confidence) / 2);
}

function clusterLimits(total: number, size: number, tail: number): Interval {
  return {
    lower: total === 0 ? 0 : size * gammaQuantile(tail, total / size),
    upper: size * gammaUpperQuantile(tail, total / size + 1),
  };
}

/**
 * The one-sided upper limit of a mean if no event was observed: -log(1 - confidence), 2.9957 at 95 %. Divided by the
 * exposure it is the rule of three: after n server-days without a leak, the rate is at most 3 / n leaks per server-day,
 * with 95 % confidence. To show that a rate of v is gone takes 3 / v server-days without a leak.
 */
export function upperLimitOfNone(confidence = 0.95): number {
  return -log(1 - confidence);
}

/** The leaks of a ledger, each of some size. */
export interface Leaked {
  /** Sum of the sizes. */
  readonly total: number;
  /** Sum of the squares of the sizes. */
  readonly squares: number;
  /** The largest possible size of a leak. */
  readonly largest: number;
}

/**
 * An interval for the mean of a compound Poisson total of leaks of several sizes: the gamma interval of Fay and Feuer
 * (Statistics in Medicine 16, 1997, 791-801), made for sums of Poisson counts with known weights. With y the total and
 * v the sum of squares, the lower end is the quantile of a gamma variate of mean y and variance v, the upper one of
 * mean y + w and variance v + w^2, where w is the largest size. For leaks of one size it is that size times Garwood's
 * interval, and for many it tends to y +- z sqrt v. It covers at least what it says in all cases that its authors
 * tried.
 */
export function compoundInterval({ total, squares, largest }: Leaked, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  return {
    lower: total === 0 ? 0 : gammaOf(tail, total, squares),
    upper: largest === 0 ? 0 : gammaOf(1 - tail, total + largest, squares + largest * largest),
  };
}

/**
 * The number of servers per arm that distinguishes the leaks of two arms within some days: (z_a + z_b)^2 (v1 + v2)
 * E[B^2] / (T ((v1 - v2) E[B])^2), not rounded; round up.
 *
 * Assumes compound Poisson totals, identical servers, and enough leaks for the normal approximation. Servers that
 * differ need more. A fix that leaves no leak needs fewer and no test: see upperLimitOfNone.
 *
 * @param first leaks per server-day of one arm
 * @param second those of the other
 * @param sizeDispersion E[B^2] / E[B]^2: 1 for leaks of one size, 2 for exponential sizes
 * @param level two-sided probability of a false alarm
 * @param power probability of detecting the difference
 */
export function serversPerArm(
  first: number,
  second: number,
  days: number,
  { sizeDispersion = 1, level = 0.05, power = 0.9 } = {},
): number {
  const z = normalQuantile(1 - level / 2) + normalQuantile(power);
  const difference = first - second;
  return (z * z * (first + second) * sizeDispersion) / (days * difference * difference);
}

/** The quantile of a gamma variate with this mean and variance. */
function gammaOf(p: number, mean: number, variance: number): number {
  const scale = variance / mean;
  return scale * gammaQuantile(p, mean / scale);
}
