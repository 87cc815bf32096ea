/**
 * The probability of a rare event from independent values, each of which is an unbiased estimate of it: what remains
 * when leaks are thinned, and what levels of splitting come to.
 *
 * *Thinning.* Of leaks that come independently of each other, each is kept with the same probability. Given how many
 * there were, those that are kept are binomial, so their probability is computed and not drawn (conditional Monte
 * Carlo; Asmussen and Glynn, Stochastic Simulation, 2007, chapter V.4).
 *
 * *Splitting.* The share of trajectories that get from each level to the next, multiplied, is unbiased with a fixed
 * number of trajectories at each level that continue from states drawn uniformly (Garvels 2000; L'Ecuyer, Demers and
 * Tuffin, ACM TOMACS 17, 2007, article 9).
 */
import { exp, log1p } from "../sim/math.ts";
import { betaCdf } from "./beta.ts";
import { mean, meanEstimate, variance, withoutInterval, type Estimate } from "./estimate.ts";

/**
 * The probability that at least `least` of `count` are kept, each with the probability `share`: a binomial tail.
 * @param count whole, >= 0 @param share in (0, 1) @param least whole
 */
export function atLeastKept(count: number, share: number, least: number): number {
  if (least <= 0) return 1;
  if (least > count) return 0;
  return betaCdf(share, least, count - least + 1);
}

/** If more than a fifth of the values are 0, fewer other values than this do not determine the variance. */
const SOME_MIN = 10;

/**
 * The mean of independent values that are >= 0, with the t interval of its logarithm (delta method), which never goes
 * below 0 and suits values that differ by factors. NaN limits where fewer than ten values are not 0, and many are, and
 * where all values are equal, which says nothing of their variance.
 */
export function probabilityEstimate(values: ArrayLike<number>): Estimate {
  const estimate = meanEstimate(values);
  const { value, halfWidth } = estimate;
  const some = Array.from(values).filter((one) => one !== 0).length;
  if (!(halfWidth > 0) || (some < SOME_MIN && 5 * some < 4 * values.length)) return withoutInterval(estimate);
  const factor = exp(halfWidth / value);
  return { ...estimate, lower: value / factor, upper: Math.min(1, value * factor) };
}

/** The probability that it happens to at least one of so many independent servers, if it happens to each with `p`. */
export function toAnyOf(servers: number, p: number): number {
  const logNone = servers * log1p(-p);
  // If the probability is so small that 1 - exp(x) would lose digits: two terms of the series.
  return logNone > -1e-6 ? -logNone - (logNone * logNone) / 2 : 1 - exp(logNone);
}

/**
 * How many times as much plain simulation would cost for as narrow an interval: p (1 - p) times what one plain trial
 * costs, over the variance of the values times what one of them costs. NaN where the values do not vary.
 */
export function costRatio(values: ArrayLike<number>, cost: number, plainCost: number): number {
  const p = mean(values);
  const spread = variance(values);
  return spread > 0 ? (p * (1 - p) * plainCost) / (spread * cost) : NaN;
}
