/**
 * Control variates: the mean of a response, corrected by other responses of the same replications with known means.
 *
 * If a replication has more jobs than a replication has on average, it prints more than usual, too. The regression of
 * the response on its controls says how much more, and the correction takes it out. The variance is divided by 1 /
 * (1 - R^2), with R^2 the share of the variance that the controls explain.
 *
 * Assumes that the known means are exact, and that response and controls are jointly normal: then the interval is exact
 * (Lavenberg and Welch 1981, A perspective on the use of control variables to increase the efficiency of Monte Carlo
 * simulations). Every control costs a degree of freedom, so few replications want few controls.
 */
import { cholesky, forward, solve } from "./cholesky.ts";
import { mean, sum, tEstimate, variance, type Estimate } from "./estimate.ts";

type Numbers = ArrayLike<number>;

export interface Control {
  /** Of each replication. */
  readonly values: Numbers;
  /** The mean that is known. */
  readonly mean: number;
}

export interface Controlled {
  readonly estimate: Estimate;
  /** How many times the variance of the mean without controls is as large. */
  readonly varianceRatio: number;
}

/**
 * The mean with its t interval: of n replications and q controls, with n - q - 1 degrees of freedom.
 *
 * @param values of each replication
 * @throws RangeError when the controls vary too little, follow from each other, or are too many: n >= q + 2
 */
export function controlledMean(values: Numbers, controls: readonly Control[]): Controlled {
  const [n, q] = [values.length, controls.length];
  const center = mean(values);
  const deviations = controls.map((control) => deviationsOf(control.values));
  const own = deviationsOf(values);
  const factor = cholesky(
    deviations.flatMap((row) => deviations.map((column) => product(row, column))),
    q,
  );
  if (factor === undefined || n < q + 2) {
    throw new RangeError(
      `${q} controls in ${n} replications: too few replications, or controls that do not vary freely`,
    );
  }
  const covariances = deviations.map((control) => product(control, own));
  const explained = solve(factor, covariances);
  // The observed means of the controls minus their known means.
  const off = Float64Array.from(controls, (control) => mean(control.values) - control.mean);
  const left = product(own, own) - product(explained, covariances);
  const leverage = forward(factor, off);
  const squared = (Math.max(0, left) / (n - q - 1)) * (1 / n + product(leverage, leverage));
  return {
    estimate: tEstimate(center - product(explained, off), Math.sqrt(squared), n - q - 1),
    varianceRatio: variance(values) / n / squared,
  };
}

function deviationsOf(values: Numbers): Float64Array {
  const center = mean(values);
  return Float64Array.from(values, (value) => value - center);
}

function product(x: Numbers, y: Numbers): number {
  return sum(Float64Array.from(x, (value, i) => value * y[i]));
}
