/**
 * Leaks that add up, and the time at which they reach a ceiling.
 *
 * Leaks are a Poisson process of rate nu per unit of time with independent sizes B, so the total leaked by t is
 * compound Poisson, with mean nu t E[B] and variance nu t E[B^2]. Thinning justifies this: if jobs are a Poisson
 * process and each leaks with some probability, the leaks are a Poisson process. The total is an integrated process:
 * its values at two times are correlated, so a regression line through them has less information than it seems.
 *
 * A ceiling is reached when the total is no longer below it. With leaks of equal size, the ceiling is a number of leaks
 * and the time has an Erlang distribution. With exponential sizes, the distribution is also known exactly. A diffusion
 * with the same mean and variance gives an inverse Gaussian time. It ignores the overshoot of the last leak, so on
 * average it is too early by E[B^2] / (2 E[B]^2 nu). The Birnbaum-Saunders distribution looks only at the total at time
 * t.
 *
 * Sources: Ross, Stochastic Processes (1996), 2.5; Wald's identity; Chhikara and Folks, The Inverse Gaussian
 * Distribution (1989), 2.2; Birnbaum and Saunders 1969.
 */
import { exp, pow } from "../sim/math.ts";
import { poissonAtLeast, poissonProbability } from "./erlang.ts";
import { integral } from "./quadrature.ts";
import { normalCdf } from "./special-functions.ts";

const SQRT_TWO_PI = 2.5066282746310007;

/** The mean and the variance of a random number. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The total that has leaked by `time`, with leaks at rate nu and these moments of their size. */
export function leakedTotal(nu: number, size: Moments, time: number): Moments {
  const expected = nu * time;
  return { mean: expected * size.mean, variance: expected * (size.variance + size.mean * size.mean) };
}

/** The same if jobs arrive at the rate, and each leaks a random number of times. */
export function leakedTotalOfJobs(jobs: number, leaks: Moments, size: Moments, time: number): Moments {
  const squaredLeaks = leaks.variance + leaks.mean * leaks.mean;
  return {
    mean: jobs * time * leaks.mean * size.mean,
    variance: jobs * time * (leaks.mean * size.variance + squaredLeaks * size.mean * size.mean),
  };
}

/** How many leaks of one size reach a ceiling: the smallest whole number with n size >= ceiling. */
export function leaksToCeiling(ceiling: number, size: number): number {
  return Math.ceil(ceiling / size);
}

/** The time of the n-th leak. */
export function erlangTime(n: number, nu: number): Moments {
  return { mean: n / nu, variance: n / (nu * nu) };
}

/** The time to a ceiling of exponential leaks: by Wald, with an overshoot that is exponential again. */
export function exponentialLeaksTime(ceiling: number, sizeMean: number, nu: number): Moments {
  const leaks = ceiling / sizeMean;
  return { mean: (1 + leaks) / nu, variance: (1 + 2 * leaks) / (nu * nu) };
}

/**
 * The chance that exponential leaks have not reached the ceiling by `time`. k leaks stay below it when a Poisson
 * process along the ceiling, of mean ceiling / sizeMean, has at least k points; so it is the chance that one Poisson
 * number is no larger than another.
 */
export function exponentialLeaksSurvival(ceiling: number, sizeMean: number, nu: number, time: number): number {
  const [leaks, room] = [nu * time, ceiling / sizeMean];
  // Beyond ten standard deviations, nothing is left on either side.
  const far = 10 * Math.sqrt(leaks) + 40;
  const from = Math.max(0, Math.floor(leaks - far));
  let stayBelow = poissonAtLeast(from, room);
  let sum = 0;
  for (let k = from; k <= leaks + far; k++) {
    sum += poissonProbability(k, leaks) * stayBelow;
    stayBelow -= poissonProbability(k, room);
  }
  return sum;
}

/** The mean of min(until, time to the ceiling of exponential leaks): the area below the survival curve. */
export function exponentialLeaksMeanUntil(ceiling: number, sizeMean: number, nu: number, until: number): number {
  return integral((time) => exponentialLeaksSurvival(ceiling, sizeMean, nu, time), 0, until, 40);
}

/**
 * The chance that a diffusion of this drift and variance per unit of time has not reached the ceiling by `time`. Where
 * the drift itself is not known but normal about this value, with a variance of `driftVariance`, the mixture has a
 * closed form of the same kind (Whitmore 1986), part of which may never come.
 */
export function inverseGaussianSurvival(
  ceiling: number,
  drift: number,
  variance: number,
  time: number,
  driftVariance = 0,
): number {
  const spread = Math.sqrt(variance * time + driftVariance * time * time);
  const behind = (drift * time - ceiling) / spread;
  const beyond = (drift * time + ceiling + (2 * ceiling * driftVariance * time) / variance) / spread;
  return 1 - normalCdf(behind) - reflected(ceiling, drift, variance, driftVariance, behind, beyond);
}

/** e^(2 ceiling (drift + driftVariance ceiling / variance) / variance) P(Z > beyond). */
function reflected(
  ceiling: number,
  drift: number,
  variance: number,
  driftVariance: number,
  behind: number,
  beyond: number,
): number {
  // Density times Mills' ratio: no factor overflows. Below 0, the exponent is negative.
  if (beyond >= 0) return (exp((-behind * behind) / 2) / SQRT_TWO_PI) * millsRatio(beyond);
  return exp((2 * ceiling * (drift + (driftVariance * ceiling) / variance)) / variance) * normalCdf(-beyond);
}

/** The probability that the total at `time` is below the ceiling, if the total were normal. */
export function birnbaumSaundersSurvival(ceiling: number, drift: number, variance: number, time: number): number {
  return normalCdf((ceiling - drift * time) / Math.sqrt(variance * time));
}

/** The probability that none of the servers has reached it. */
export function firstOfSurvival(servers: number, survival: number): number {
  return pow(survival, servers);
}

/** P(Z > x) over the normal density at x, for x >= 0. */
function millsRatio(x: number): number {
  if (x < 2.5) return normalCdf(-x) * SQRT_TWO_PI * exp((x * x) / 2);
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / fraction;
  return 1 / fraction;
}
