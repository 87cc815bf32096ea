/**
 * What it is worth to know more before a decision (Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961).
 *
 * One of several worlds is true. Each has a probability, and each action has a loss in each world. A decision made now
 * takes the action with the smallest expected loss. With perfect information, the decision would take the best action
 * in the true world; the expected saving is the value of perfect information. With an observation whose probability in
 * each world is known, the probabilities of the worlds are updated by Bayes' rule; the expected saving is the value of
 * the observation. It is never negative and never larger than the value of perfect information. The cost of waiting for
 * the observation is not included.
 *
 * An action may have no known loss in some worlds. It is taken only where these are ruled out.
 */
import { exp, log, log1p } from "../sim/math.ts";
import { betaCdf } from "./beta.ts";
import { mean, variance } from "./estimate.ts";
import { logGamma } from "./gamma.ts";

/** Worlds that together are less probable are ruled out. */
const RULED_OUT = 0.001;
/** Groups differ if an F test at this level says so. */
const DIFFERENT = 0.05;

export interface Decision {
  /** The weight of each world: >= 0; they sum to 1. */
  readonly weights: readonly number[];
  /** For each action, its loss in each world; finite also where it is not known. */
  readonly losses: readonly (readonly number[])[];
  /** For each action, whether its loss in each world is known; one of them must be known in all. Unless given: yes. */
  readonly known?: readonly (readonly boolean[])[];
}

/** The mean loss of each action without further information. */
export function meanLosses({ weights, losses }: Decision): number[] {
  return losses.map((row) => weighted(weights, row));
}

/** The smallest mean loss of an action whose loss is known in every world. */
function leastLoss(decision: Decision): number {
  return Math.min(...meanLosses(decision).filter((_, action) => decision.known?.[action].every(Boolean) ?? true));
}

/** The value of knowing the world. */
export function perfectInformationValue(decision: Decision): number {
  const { weights, losses, known } = decision;
  const best = weights.map((_, world) => {
    return Math.min(...losses.map((row) => row[world]).filter((_, action) => known?.[action][world] ?? true));
  });
  return leastLoss(decision) - weighted(weights, best);
}

/**
 * What it is worth to see an observation.
 * @param chances of each thing that may be observed, its chance in each world; they sum to 1 over the things
 */
export function observationValue(decision: Decision, chances: Iterable<readonly number[]>): number {
  const { weights, losses, known } = decision;
  let loss = 0;
  for (const chance of chances) {
    const joint = weights.map((weight, world) => weight * chance[world]);
    const most = RULED_OUT * weighted(weights, chance);
    const isOpen = (action: number) => {
      return joint.reduce((sum, one, world) => (known?.[action][world] === false ? sum + one : sum), 0) <= most;
    };
    loss += Math.min(...losses.filter((_, action) => isOpen(action)).map((row) => weighted(joint, row)));
  }
  // A rounding error is not information.
  return Math.min(perfectInformationValue(decision), Math.max(0, leastLoss(decision) - loss));
}

/**
 * The means of groups of independent values, without what chance explains: each is moved towards the mean of all groups
 * by the share of their variance that is due to the variance within groups (best linear unbiased prediction of random
 * effects: Robinson 1991). If an F test finds no difference, all means are equal.
 * @param groups of equal sizes, at least two values each
 */
export function predictedMeans(groups: readonly ArrayLike<number>[]): number[] {
  const means = groups.map((group) => mean(group));
  if (groups.length < 2) return means;
  const size = groups[0].length;
  const between = size * variance(means);
  const within = mean(groups.map((group) => variance(group)));
  if (within === 0) return means;
  const [more, rest] = [groups.length - 1, groups.length * (size - 1)];
  const isDifferent = betaCdf((more * between) / (more * between + rest * within), more / 2, rest / 2) > 1 - DIFFERENT;
  const kept = isDifferent ? 1 - within / between : 0;
  const all = mean(means);
  return means.map((one) => all + kept * (one - all));
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
