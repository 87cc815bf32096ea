/**
 * The distribution of a sum of independent exponential times with different rates: the time to pass through several
 * phases in series.
 *
 * Its survival function is the sum of c_i e^(-r_i t), with c_i = product over j <> i of r_j / (r_j - r_i). So equal
 * rates are refused (use the Erlang distribution), and rates that agree in their first digits lose as many digits.
 *
 * Source: Ross, Introduction to Probability Models, 5.2.4.
 */
import { exp } from "../sim/math.ts";

export interface Hypoexponential {
  /** The probability that it takes longer than t. */
  survival(t: number): number;
  density(t: number): number;
  /** The mean of min(t, its duration): the area below the survival curve up to t. */
  meanUntil(t: number): number;
}

/** @throws Error when two rates are equal */
export function hypoexponential(rates: readonly number[]): Hypoexponential {
  const coefficients = rates.map((rate, i) =>
    rates.reduce((product, other, j) => (j === i ? product : (product * other) / (other - rate)), 1),
  );
  if (!coefficients.every(Number.isFinite)) throw new Error(`rates are ${rates.join(", ")}; they are all different`);
  const total = (term: (rate: number) => number) =>
    rates.reduce((sum, rate, i) => sum + coefficients[i] * term(rate), 0);
  return {
    survival: (t) => total((rate) => exp(-rate * t)),
    density: (t) => total((rate) => rate * exp(-rate * t)),
    meanUntil: (t) => total((rate) => (1 - exp(-rate * t)) / rate),
  };
}
