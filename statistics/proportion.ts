/** Intervals for a probability, from a number of successes in a number of trials. */
import { normalQuantile } from "../sim/math.ts";
import { studentTQuantile } from "./special-functions.ts";
import { betaCdf } from "./beta.ts";
import { ratioEstimate, sum, type Interval } from "./estimate.ts";

/**
 * Wilson's score interval of a probability (JASA 22, 1927, 209-212): the probabilities p for which the share seen lies
 * within z sqrt(p (1 - p) / n). Between 0 and 1 always, and of use at 0 and n successes, where the plain interval has
 * no width. Covers 95 % on the average over p, a little less for p near 0 or 1. NaN of no trials.
 *
 * Assumes independent trials: servers of a fleet are, looks at one server are not.
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (trials === 0) return { lower: NaN, upper: NaN };
  const z = normalQuantile(0.5 + confidence / 2);
  const share = successes / trials;
  const weight = 1 + (z * z) / trials;
  const middle = (share + (z * z) / (2 * trials)) / weight;
  const half = (z / weight) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return {
    lower: successes === 0 ? 0 : middle - half,
    upper: successes === trials ? 1 : middle + half,
  };
}

/**
 * Wilson's interval for trials in clusters, such as several looks at one server: the trials count as the number of
 * independent trials whose share would vary as much as it varies between the clusters (design effect, with the degrees
 * of freedom of the clusters; Korn and Graubard, Survey Methodology 24, 1998, 193-201), never as more than they are.
 *
 * Only successes, or none, show no variation at all. Each cluster then counts as one trial, which is valid however
 * alike the trials of a cluster are. A few misses show hardly more: they vary as if independent if each is on a server
 * of its own, and too few are seen to tell whether more would have been. So no interval ends farther from 0 or 1 than
 * that of the same clusters with only successes or none. Without this limit, 119 successes of 120 in 10 clusters would
 * have a narrower interval than 120; and of a share of 90 %, correlated by 0.25 inside clusters, 88 % of the intervals
 * held instead of 98 %.
 * @param successes by cluster
 * @param trials by cluster; at least 1 each
 */
export function clusteredInterval(successes: Float64Array, trials: Float64Array): Interval {
  const [all, clusters] = [sum(trials), trials.length];
  const { value: share, standardError } = ratioEstimate(successes, trials);
  const none = wilsonInterval(0, clusters);
  if (share === 0 || clusters < 2) return wilsonInterval(share * clusters, clusters);
  if (share === 1) return { lower: 1 - none.upper, upper: 1 };
  const alike = ((share * (1 - share)) / (standardError * standardError)) * (clusters / (clusters - 1));
  const degrees = studentTQuantile(0.975, all - 1) / studentTQuantile(0.975, clusters - 1);
  const independent = Math.min(all, alike) * degrees * degrees;
  const { lower, upper } = wilsonInterval(share * independent, independent);
  return { lower: Math.min(lower, 1 - none.upper), upper: Math.max(upper, none.upper) };
}

/**
 * Clopper and Pearson's interval of a probability (Biometrika 26, 1934, 404-413): the probabilities for which neither
 * so few nor so many successes are improbable. Its coverage is at least 95 % for every probability, and it is wider
 * than Wilson's.
 * @param family the number of intervals that hold simultaneously with 95 % confidence (Bonferroni)
 */
export function clopperPearsonInterval(successes: number, trials: number, family = 1): Interval {
  const tail = 0.025 / family;
  const failures = trials - successes;
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    upper: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}

/** The x below which a beta variate of these shapes lies with this probability: bisected to the last bit. */
function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (betaCdf(middle, a, b) < probability) low = middle;
    else high = middle;
  }
}
