/**
 * The bootstrap interval of a mean: the spread of the mean over samples drawn, with replacement, from the sample.
 *
 * It assumes independent values and no distribution. It cannot know what the sample does not show, so it is too narrow
 * for few values (with 8 normal values, a nominal 95 % interval covers 89 %). It is therefore shown beside the t
 * interval and not in place of it. If the two differ much, the values are skewed or too few.
 *
 * Randomness is a function that draws uniform numbers from a stream of the caller: equal streams give equal bits.
 */
import { normalQuantile } from "../sim/math.ts";
import { mean, type Interval } from "./estimate.ts";
import { normalCdf } from "./special-functions.ts";

/** Resamples of an interval; one more is a multiple of 40, so the 2.5 % quantiles of an unskewed one fall on values. */
export const RESAMPLES = 1999;

/** The probability below the lower end of a two-sided 95 % interval. */
const LOWER_PROBABILITY = 0.025;

type Numbers = ArrayLike<number>;

/**
 * The indexes of the values in each resample: RESAMPLES rows of n. They can be used for several samples of n values,
 * which are then resampled alike.
 * @param draw the next uniform number in [0, 1)
 */
export function resampledRows(n: number, draw: () => number): Uint32Array {
  const rows = new Uint32Array(RESAMPLES * n);
  for (let i = 0; i < rows.length; i++) rows[i] = Math.floor(n * draw());
  return rows;
}

/** The means of the resamples, ascending. */
export function resampledMeans(values: Numbers, rows: Uint32Array): Float64Array {
  const n = values.length;
  const means = new Float64Array(rows.length / n);
  for (let row = 0, at = 0; row < means.length; row++) {
    let total = 0;
    for (let i = 0; i < n; i++) total += values[rows[at++]];
    means[row] = total / n;
  }
  return means.sort();
}

/**
 * The 95 % interval for the mean: bias-corrected and accelerated (BCa). The ends are the resampled means of the ranks
 * (B + 1) Phi(z0 + (z0 + z) / (1 - a (z0 + z))), z the normal quantiles of 2.5 and 97.5 %, rounded outwards; z0 is the
 * normal quantile of the share of resampled means below the mean, half of those equal to it included, and a = sum d^3 /
 * (6 (sum d^2)^1.5), d the deviations from the mean, is the jackknife's acceleration. NaN of fewer than two values.
 * Source: Efron 1987, Better bootstrap confidence intervals; Efron and Tibshirani 1993, section 14.3.
 */
export function bootstrapInterval(values: Numbers, rows: Uint32Array): Interval {
  const center = mean(values);
  if (values.length < 2) return { lower: NaN, upper: NaN };
  let [squares, cubes] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i] - center;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  if (squares === 0) return { lower: center, upper: center };
  const means = resampledMeans(values, rows);
  const acceleration = cubes / (6 * squares * Math.sqrt(squares));
  const bias = normalQuantile(shareBelow(center, means));
  const rankOf = (probability: number) => {
    const z = bias + normalQuantile(probability);
    return (means.length + 1) * normalCdf(bias + z / (1 - acceleration * z));
  };
  return {
    lower: means[Math.max(1, Math.floor(rankOf(LOWER_PROBABILITY))) - 1],
    upper: means[Math.min(means.length, Math.ceil(rankOf(1 - LOWER_PROBABILITY))) - 1],
  };
}

/** Counts half of the equal values; keeps at least half a value away from 0 and 1. */
function shareBelow(center: number, ascending: Float64Array): number {
  let [below, equal] = [0, 0];
  for (const value of ascending) {
    if (value < center) below++;
    else if (value === center) equal++;
  }
  const count = below + equal / 2;
  return Math.min(ascending.length - 0.5, Math.max(0.5, count)) / ascending.length;
}
