/**
 * Distributions of mean 1 by name: how their variates are drawn, and the constants that closed forms need.
 *
 * A model scales them by its own mean. All except the hyperexponential are monotone in the draw.
 */
import { erlang2, exponentials, hyperexponential } from "../sim/variates.ts";
import { exp } from "../sim/math.ts";
import type { Law } from "../sim/streams.ts";

export interface UnitLaw {
  readonly law: Law;
  /** The variance divided by the squared mean. */
  readonly squaredVariation: number;
  /** E[e^(-s X)], for s >= 0. */
  readonly laplace: (s: number) => number;
  /** The mean of min(t, X): the area below the survival curve up to t. */
  readonly meanUntil: (t: number) => number;
}

export const unitLawNames = ["exponential", "constant", "erlang2", "hyperexponential"] as const;

/**
 * The squared coefficient of variation of the hyperexponential distribution; the probability of its first phase, with
 * balanced means.
 */
const VARIATION = 4;
const FIRST_PHASE = (1 + Math.sqrt((VARIATION - 1) / (VARIATION + 1))) / 2;

/** The probabilities and rates of its two phases. */
const phases = [
  { chance: FIRST_PHASE, rate: 2 * FIRST_PHASE },
  { chance: 1 - FIRST_PHASE, rate: 2 * (1 - FIRST_PHASE) },
];

export const unitLaws: Readonly<Record<(typeof unitLawNames)[number], UnitLaw>> = {
  exponential: {
    law: exponentials,
    squaredVariation: 1,
    laplace: (s) => 1 / (1 + s),
    meanUntil: (t) => 1 - exp(-t),
  },
  constant: {
    law: (numbers, from, to) => void numbers.fill(1, from, to),
    squaredVariation: 0,
    laplace: (s) => exp(-s),
    meanUntil: (t) => Math.min(t, 1),
  },
  erlang2: {
    law(numbers, from, to) {
      for (let i = from; i < to; i++) numbers[i] = erlang2(numbers[i], 1);
    },
    squaredVariation: 0.5,
    laplace: (s) => 1 / ((1 + s / 2) * (1 + s / 2)),
    meanUntil: (t) => 1 - exp(-2 * t) * (1 + t),
  },
  hyperexponential: {
    law(numbers, from, to) {
      for (let i = from; i < to; i++) numbers[i] = hyperexponential(numbers[i], 1, VARIATION);
    },
    squaredVariation: VARIATION,
    laplace: (s) => phases.reduce((sum, { chance, rate }) => sum + (chance * rate) / (rate + s), 0),
    meanUntil: (t) => phases.reduce((sum, { chance, rate }) => sum + (chance * (1 - exp(-rate * t))) / rate, 0),
  },
};
