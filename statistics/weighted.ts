/**
 * Weighted values: the effective sample size, mean, covariance and quantiles.
 *
 * Weights are at least 0 and need not have any particular sum. Sums run in the order of their arguments, so equal
 * arguments give equal bits.
 */
import { sum } from "./estimate.ts";

type Numbers = ArrayLike<number>;

/** The effective number of equally weighted values: (sum of w)^2 / sum of w^2 (Kish 1965); 0 if there are none. */
export function effectiveSize(weights: Numbers): number {
  let squares = 0;
  for (let i = 0; i < weights.length; i++) squares += weights[i] * weights[i];
  const total = sum(weights);
  return squares === 0 ? 0 : (total * total) / squares;
}

/** NaN if the weights sum to 0. */
export function weightedMean(values: Numbers, weights: Numbers): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += weights[i] * values[i];
  return total / sum(weights);
}

/** Sum of w (x - mean)^2 over the sum of w; NaN if the weights sum to 0. */
export function weightedVariance(values: Numbers, weights: Numbers): number {
  const center = weightedMean(values, weights);
  const squares = Float64Array.from(values, (value) => (value - center) * (value - center));
  return weightedMean(squares, weights);
}

/**
 * The least value such that those up to it have at least the share p of the weight: the inverse of the weighted
 * empirical distribution function; NaN of no weight.
 * @param p in (0, 1]
 */
export function weightedQuantile(values: Numbers, weights: Numbers, p: number): number {
  const order = Array.from({ length: values.length }, (_, i) => i).filter((i) => weights[i] > 0);
  order.sort((a, b) => values[a] - values[b] || a - b);
  // Added in the order of the values, so that the last sum is exactly the total.
  const sums = new Float64Array(order.length);
  let total = 0;
  order.forEach((i, rank) => (sums[rank] = total += weights[i]));
  const at = sums.findIndex((below) => below >= p * total);
  return order.length === 0 ? NaN : values[order[at === -1 ? order.length - 1 : at]];
}

/** The covariance matrix of points, row by row, with the sum of weights as divisor. */
export function weightedCovariance(points: readonly Numbers[], weights: Numbers, dimensions: number): Float64Array {
  const centers = Float64Array.from({ length: dimensions }, (_, d) => {
    return weightedMean(
      points.map((point) => point[d]),
      weights,
    );
  });
  const matrix = new Float64Array(dimensions * dimensions);
  const total = sum(weights);
  for (const [i, point] of points.entries()) {
    for (let row = 0; row < dimensions; row++) {
      const weighted = (weights[i] / total) * (point[row] - centers[row]);
      for (let column = 0; column < dimensions; column++) {
        matrix[row * dimensions + column] += weighted * (point[column] - centers[column]);
      }
    }
  }
  return matrix;
}
