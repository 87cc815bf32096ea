/**
 * The gamma distribution of scale 1: its distribution function, its tail and its quantiles, and the logarithm of the
 * gamma function.
 *
 * The Poisson distribution is related to it: the probability of at most k events where x are expected is gammaTail(k +
 * 1, x). So an interval for a count consists of two gamma quantiles (compound-poisson.ts). A chi-square variate with f
 * degrees of freedom is twice a gamma variate of shape f / 2.
 *
 * The shape need not be whole. For whole shapes below a few thousand, a plain sum of Poisson probabilities would do.
 * Errors are relative, against 40-digit mpmath.
 */
import { exp, log, log1p } from "../sim/math.ts";

const LOG_SQRT_TWO_PI = 0.9189385332046727;

/** From here on, Stirling's series is exact to double precision. */
const STIRLING_FROM = 16;

/** A term of this size, relative to the sum, is negligible. */
const NEGLIGIBLE = 1e-17;

/**
 * The logarithm of Gamma(a), for a > 0.
 * Source: Stirling's series (DLMF 5.11.1) from 16 on; below, Gamma(a + 1) = a Gamma(a) climbs there.
 * Error: 6e-15 at most, absolute where the result is below 1 and relative beyond, from 0.01 to 2,000.
 */
export function logGamma(a: number): number {
  if (!(a > 0)) throw new Error(`a is ${a}; logGamma takes numbers > 0`);
  let product = 1;
  let at = a;
  while (at < STIRLING_FROM) product *= at++;
  return (at - 0.5) * log(at) - at + LOG_SQRT_TWO_PI + stirlingRest(at) - log(product);
}

/**
 * The probability that a gamma variate of this shape is at most x: the regularized incomplete gamma function P(a, x).
 * Source: the power series (DLMF 8.7.1) below x = shape + 1, and the tail's complement above.
 * Error: 2e-14 of the result at most over 80 arguments, shapes from 0.01 to 1,235.
 * @param shape real, > 0, or it throws
 */
export function gammaCdf(shape: number, x: number): number {
  checkShape(shape);
  if (x !== x) return NaN;
  if (x <= 0) return 0;
  return x < shape + 1 ? lowerSeries(shape, x) : 1 - upperFraction(shape, x);
}

/**
 * The probability that a gamma variate of this shape exceeds x: Q(a, x) = 1 - P(a, x), computed as a tail.
 * Source: Legendre's continued fraction (DLMF 8.9.2) by Lentz's method from x = shape + 1 on, the complement below.
 * Error: 4e-13 of the result at most, for shapes near 0.01; 2e-14 from 0.3 on.
 */
export function gammaTail(shape: number, x: number): number {
  checkShape(shape);
  if (x !== x) return NaN;
  if (x <= 0) return 1;
  return x < shape + 1 ? 1 - lowerSeries(shape, x) : upperFraction(shape, x);
}

/**
 * The x below which a gamma variate of this shape lies with probability p: 0 at p = 0, Infinity at p = 1; a p outside
 * [0, 1] throws.
 * Source: Newton's method on the logarithm of the smaller of P and Q over the logarithm of x, between bounds that every
 * step narrows; a step that leaves them is replaced by their middle.
 * Error: 1e-12 of the result at most for shapes of 0.01 to 1,235 and p from 1e-12 to 1 - 1e-9; 2e-14 for shapes from 1.
 */
export function gammaQuantile(p: number, shape: number): number {
  checkShape(shape);
  checkProbability(p);
  return p <= 0.5 ? quantileOf(p, shape, true) : quantileOf(1 - p, shape, false);
}

/**
 * The x that a gamma variate of this shape exceeds with probability q: gammaQuantile(1 - q), also for a q so small that
 * 1 - q is 1. Infinity at q = 0, 0 at q = 1; a q outside [0, 1] throws.
 */
export function gammaUpperQuantile(q: number, shape: number): number {
  checkShape(shape);
  checkProbability(q);
  return q < 0.5 ? quantileOf(q, shape, false) : quantileOf(1 - q, shape, true);
}

/** @param tail the probability below x, or above it, from 0 to 1/2 */
function quantileOf(tail: number, shape: number, isLower: boolean): number {
  if (tail === 0) return isLower ? 0 : Infinity;
  const target = log(tail);
  let [low, high] = [-745, log(shape + 800 + 40 * Math.sqrt(shape))];
  let y = startingPoint(isLower ? tail : 1 - tail, shape);
  for (let step = 0; step < 200; step++) {
    if (!(y > low && y < high)) y = (low + high) / 2;
    const x = exp(y);
    const probability = isLower ? gammaCdf(shape, x) : gammaTail(shape, x);
    const excess = log(probability) - target;
    if (excess > 0 === isLower) high = y;
    else low = y;
    const slope = (exp(logMass(shape, x)) * shape) / probability;
    const next = isLower ? y - excess / slope : y + excess / slope;
    if (Math.abs(next - y) <= 2e-16 * Math.max(1, Math.abs(y)) || high - low < 1e-16) return exp(next);
    y = next;
  }
  return exp(y);
}

/** The x below which a chi-square variate lies with probability p. */
export function chiSquareQuantile(p: number, degrees: number): number {
  return 2 * gammaQuantile(p, degrees / 2);
}

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new Error(`p is ${p}; a probability lies in [0, 1]`);
}

function checkShape(shape: number): void {
  if (!(shape > 0 && shape < Infinity)) throw new Error(`shape is ${shape}; the shape of a gamma variate is > 0`);
}

/**
 * log of the probability: by the power law near 0, which is where a small p of a small shape lies, and else by Wilson
 * and Hilferty's cube, without its normal quantile: the middle is near enough for Newton.
 */
function startingPoint(p: number, shape: number): number {
  const near = (log(p) + logGamma(shape + 1)) / shape;
  return near < -1 || shape < 1 ? Math.min(near, log(shape + 1)) : log(shape);
}

/** log of x^a e^-x / Gamma(a + 1). For great shapes the great terms are taken out before they can cancel. */
function logMass(a: number, x: number): number {
  if (a < STIRLING_FROM) return a * log(x) - x - logGamma(a + 1);
  const t = (x - a) / a;
  const deviance = t > -0.5 ? t - log1p(t) : t - log(x / a);
  return -a * deviance - 0.5 * log(a) - LOG_SQRT_TWO_PI - stirlingRest(a);
}

/** log Gamma(a) less Stirling's (a - 1/2) log a - a + log sqrt(2 pi), for a >= 16. */
function stirlingRest(a: number): number {
  const s = 1 / (a * a);
  return (1 / 12 + s * (-1 / 360 + s * (1 / 1260 + s * (-1 / 1680 + s * (1 / 1188 - (s * 691) / 360360))))) / a;
}

/** P(a, x) for x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > NEGLIGIBLE * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.min(1, exp(logMass(a, x)) * sum);
}

/** Q(a, x) for x >= a + 1. */
function upperFraction(a: number, x: number): number {
  let beta = x + 1 - a;
  let c = Infinity;
  let d = 1 / beta;
  let fraction = d;
  for (let n = 1; ; n++) {
    const alpha = -n * (n - a);
    beta += 2;
    d = 1 / (alpha * d + beta);
    c = beta + alpha / c;
    const change = c * d;
    fraction *= change;
    if (!(Math.abs(change - 1) > 5e-16)) break;
  }
  return Math.min(1, exp(logMass(a, x)) * a * fraction);
}
