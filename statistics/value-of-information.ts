/**
 * What it is worth to know more before a decision (Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961).
 *
 * One of several worlds is true. Each has a probability, and each action has a loss in each world. A decision made now
 * takes the action with the smallest expected loss. With perfect information, the decision would take the best action
 * in the true world; the expected saving is the value of perfect information. With an observation whose probability in
 * each world is known, the probabilities of the worlds are updated by Bayes' rule; the expected saving is the value of
 * the observation. It is never negative and never larger than the value of perfect information. The cost of waiting for
 * the observation is not included.
 */
import { exp, log, log1p } from "../sim/math.ts";
import { logGamma } from "./gamma.ts";

export interface Decision {
  /** The weight of each world: >= 0; they sum to 1. */
  readonly weights: readonly number[];
  /** For each action, its loss in each world. */
  readonly losses: readonly (readonly number[])[];
}

/** The mean loss of each action without further information. */
export function meanLosses({ weights, losses }: Decision): number[] {
  return losses.map((row) => weighted(weights, row));
}

/** The value of knowing the world. */
export function perfectInformationValue({ weights, losses }: Decision): number {
  const best = weights.map((_, world) => Math.min(...losses.map((row) => row[world])));
  return Math.min(...meanLosses({ weights, losses })) - weighted(weights, best);
}

/**
 * What it is worth to see an observation.
 * @param chances of each thing that may be observed, its chance in each world; they sum to 1 over the things
 */
export function observationValue(decision: Decision, chances: Iterable<readonly number[]>): number {
  const { weights, losses } = decision;
  let loss = 0;
  for (const chance of chances) {
    const joint = weights.map((weight, world) => weight * chance[world]);
    loss += Math.min(...losses.map((row) => weighted(joint, row)));
  }
  // A rounding error is not information.
  return Math.min(perfectInformationValue(decision), Math.max(0, Math.min(...meanLosses(decision)) - loss));
}

/** A distribution of counts with its mean (>= 0) and variance over mean. */
export interface Counts {
  readonly mean: number;
  /** 1 for Poisson, more if servers differ; values below 1 count as 1. */
  readonly dispersion: number;
}

/** Counts further than this many standard deviations from every mean are omitted: together, less than 1e-12. */
const DEVIATIONS = 12;

/**
 * For each possible count, its probability in each world: Poisson, or negative binomial with the same mean and variance
 * (Johnson, Kemp and Kotz, Univariate Discrete Distributions, 3rd edition 2005, chapter 5).
 */
export function* countChances(worlds: readonly Counts[]): Iterable<number[]> {
  const ends = worlds.map(({ mean, dispersion }) => {
    const reach = DEVIATIONS * Math.sqrt(mean * Math.max(1, dispersion)) + 40 * Math.max(1, dispersion);
    return { from: Math.max(0, Math.floor(mean - reach)), to: Math.ceil(mean + reach) };
  });
  ends.sort((a, b) => a.from - b.from);
  let next = 0;
  for (const { from, to } of ends) {
    for (let count = Math.max(next, from); count <= to; count++) yield worlds.map((world) => countChance(world, count));
    next = Math.max(next, to + 1);
  }
}

/** The probability of a count: whole, >= 0. */
export function countChance({ mean, dispersion }: Counts, count: number): number {
  if (mean === 0) return count === 0 ? 1 : 0;
  if (!(dispersion > 1)) return exp(count * log(mean) - mean - logGamma(count + 1));
  const size = mean / (dispersion - 1);
  const ways = logGamma(count + size) - logGamma(size) - logGamma(count + 1);
  return exp(ways - size * log(dispersion) + count * log1p(-1 / dispersion));
}

function weighted(weights: readonly number[], values: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * values[i], 0);
}
