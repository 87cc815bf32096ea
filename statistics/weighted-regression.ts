/**
 * Weighted least squares of several outputs on the same inputs, with an intercept and a small ridge penalty, which
 * keeps the coefficients of correlated inputs finite.
 *
 * It has two uses: the residual spread of the summaries of simulated worlds, given their parameters; and the adjustment
 * of Beaumont, Zhang and Balding (2002, "Approximate Bayesian computation in population genetics"), which moves the
 * parameters of accepted worlds to the values that they would have if their world had shown exactly the observed
 * summaries.
 */
import { cholesky, solve } from "./cholesky.ts";
import { weightedMean, weightedVariance } from "./weighted.ts";

type Numbers = ArrayLike<number>;

/** Added to each diagonal element, as a share of their mean: so that a few cases do not overfit. */
const RIDGE = 1e-2;

export interface Regression {
  /** By output: the output at the mean of the inputs. */
  readonly intercepts: Float64Array;
  /** By output, then input. */
  readonly slopes: readonly Float64Array[];
  /** The weighted means of the inputs. */
  readonly center: Float64Array;
}

/** @param inputs one row per case, like the outputs */
export function regression(inputs: readonly Numbers[], outputs: readonly Numbers[], weights: Numbers): Regression {
  const size = inputs[0].length;
  const column = (of: readonly Numbers[], d: number) => of.map((row) => row[d]);
  const center = Float64Array.from({ length: size }, (_, d) => weightedMean(column(inputs, d), weights));
  const spreads = Float64Array.from({ length: size }, (_, d) => {
    const variance = weightedVariance(column(inputs, d), weights);
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  const standard = inputs.map((row) => center.map((middle, d) => (row[d] - middle) / spreads[d]));
  const normal = new Float64Array(size * size);
  const outputCount = outputs[0].length;
  const right = Array.from({ length: outputCount }, () => new Float64Array(size));
  const intercepts = Float64Array.from({ length: outputCount }, (_, o) => weightedMean(column(outputs, o), weights));
  for (const [i, row] of standard.entries()) {
    for (let a = 0; a < size; a++) {
      const weighted = weights[i] * row[a];
      for (let b = 0; b < size; b++) normal[a * size + b] += weighted * row[b];
      for (let o = 0; o < outputCount; o++) right[o][a] += weighted * (outputs[i][o] - intercepts[o]);
    }
  }
  let trace = 0;
  for (let d = 0; d < size; d++) trace += normal[d * size + d];
  for (let d = 0; d < size; d++) normal[d * size + d] += RIDGE * (trace / size);
  const factor = cholesky(normal, size);
  const slopes = right.map((side) => {
    return factor === undefined ? new Float64Array(size) : solve(factor, side).map((slope, d) => slope / spreads[d]);
  });
  return { intercepts, slopes, center };
}

/** The predicted output at the inputs. */
export function predicted({ intercepts, slopes, center }: Regression, output: number, inputs: Numbers): number {
  let value = intercepts[output];
  for (let d = 0; d < center.length; d++) value += slopes[output][d] * (inputs[d] - center[d]);
  return value;
}

/** By output: the standard deviation of the residuals, corrected for the degrees of freedom used. */
export function residualSpreads(
  inputs: readonly Numbers[],
  outputs: readonly Numbers[],
  weights: Numbers,
): Float64Array {
  const fitted = regression(inputs, outputs, weights);
  const freedom = Math.max(1, inputs.length - inputs[0].length - 1) / inputs.length;
  return Float64Array.from({ length: outputs[0].length }, (_, o) => {
    const squares = outputs.map((row, i) => {
      const rest = row[o] - predicted(fitted, o, inputs[i]);
      return rest * rest;
    });
    return Math.sqrt(weightedMean(squares, weights) / freedom);
  });
}
