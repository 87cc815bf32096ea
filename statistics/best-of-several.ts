/**
 * Comparison of several means with the best, which is the smallest: simultaneous intervals for the excess of each mean
 * over the best of the others.
 *
 * These are Hsu's constrained multiple comparisons with the best (Annals of Statistics 12, 1984, 1136-1144), with a
 * one-sided paired t interval for each of the k - 1 comparisons. Bonferroni's correction makes them valid for any
 * dependence between values that share random numbers (Yang and Nelson, Operations Research 39, 1991). The best
 * need not be chosen beforehand; intervals around "the smallest mean observed" would be misleading.
 *
 * Assumptions: replications are independent, and means are nearly normal.
 */
import { mean, variance, type Interval } from "./estimate.ts";
import { studentTQuantile } from "./special-functions.ts";

const ALPHA = 0.05;

export interface AboveBest extends Interval {
  /** Its mean minus the smallest of the other means: negative for the one with the smallest mean. */
  readonly value: number;
  /** Whether it may be the best: no interval says that another one is smaller. */
  readonly isCandidate: boolean;
}

/**
 * For each alternative, an interval of its true mean minus the smallest of the others' true means. It extends to 0 or
 * beyond on each side that is not excluded. All intervals hold simultaneously with 95 % confidence.
 * @param observations of each alternative, in the order of the shared replications; at least two of either
 */
export function aboveBest(observations: readonly ArrayLike<number>[]): AboveBest[] {
  const replications = observations[0].length;
  const quantile = studentTQuantile(1 - ALPHA / (observations.length - 1), replications - 1);
  return observations.map((own, i) => {
    let [value, least, most] = [-Infinity, -Infinity, -Infinity];
    for (const [j, other] of observations.entries()) {
      if (j === i) continue;
      const differences = Float64Array.from(own, (x, replication) => x - other[replication]);
      const difference = mean(differences);
      const reach = quantile * Math.sqrt(variance(differences) / replications);
      value = Math.max(value, difference);
      least = Math.max(least, difference - reach);
      most = Math.max(most, difference + reach);
    }
    return { value, lower: Math.min(0, least), upper: Math.max(0, most), isCandidate: least <= 0 };
  });
}
