/**
 * The beta distribution function: the probability that the first of two gamma variates of scale 1 is at most a given
 * share of their sum.
 *
 * It answers questions about ratios of waiting times: how long the next m leaks take, given how long the last n took
 * (days-left.ts). Errors are relative, against 40-digit mpmath.
 */
import { exp, log, log1p } from "../sim/math.ts";
import { logGamma } from "./gamma.ts";

/** Keeps Lentz's method from dividing by 0. */
const TINY = 1e-300;

/**
 * The probability that a beta variate of these shapes is at most x: the regularized incomplete beta function I_x(a, b).
 * Source: the continued fraction DLMF 8.17.22 by Lentz's method below the mean, the complement above it.
 * Error: 3e-12 of the smaller of the result and its complement at most, for shapes from 0.5 to 1,000; it grows with
 * them, to some 1e-9 at shapes of a million. Cost: of the order of the square root of the larger shape.
 * @param a real, > 0, or it throws
 * @param b likewise
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) throw new Error(`shapes are ${a} and ${b}; the beta distribution takes numbers > 0`);
  if (x !== x) return NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x < (a + 1) / (a + b + 2) ? lowerTail(x, 1 - x, a, b) : 1 - lowerTail(1 - x, x, b, a);
}

/** I_x(a, b) for an x below the mean, with rest = 1 - x. */
function lowerTail(x: number, rest: number, a: number, b: number): number {
  const logX = x < 0.5 ? log(x) : log1p(-rest);
  const logRest = rest < 0.5 ? log(rest) : log1p(-x);
  const logFactor = a * logX + b * logRest + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (exp(logFactor) / a) * fraction(x, a, b);
}

function fraction(x: number, a: number, b: number): number {
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let c = 1;
  let value = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 3e-16) return value;
  }
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
