/**
 * Closed forms beside estimates: the exact value, the distance from it in standard errors, and a verdict.
 *
 * All estimates of a run that have closed forms share a probability of one in a hundred of a false alarm (Bonferroni).
 * An estimate without variance has no distance: it agrees if it equals the value. With few observations there is no
 * verdict, because ratios of rare counts are then far from Student's t.
 */
import { zScore, type Estimate } from "../../statistics/estimate.ts";
import { studentTCdf, studentTQuantile } from "../../statistics/special-functions.ts";
import type { Exact } from "../analysis/leak-rates.ts";
import { significant } from "./format.ts";

/** The probability that a correct simulation is reported to differ anywhere in a run. */
const ALPHA = 0.01;

/** With fewer observations there is no verdict. */
const OBSERVATIONS_MIN = 10;

/** The verdict on an estimate that differs from its closed form. */
export const DIFFERS = "differs";

export const closedFormHead = ["closed form", "z", "verdict"];

/** The bound that a correct estimate respects 19 times in 20: the 97.5 % quantile of Student's t, with two digits. */
export function usualZ(observations: number): string {
  return studentTQuantile(0.975, observations - 1).toPrecision(2);
}

/**
 * The probability, at most, that the farthest of several correct estimates lies at least so far away (Bonferroni): from
 * few observations, many standard errors may be chance.
 *
 * @param z >= 0
 */
export function farthestP(z: number, observations: number, estimates: number): number {
  return Math.min(1, estimates * 2 * studentTCdf(-z, observations - 1));
}

/** Why closed forms are empty: a line for each reason, with the names of the estimates. */
export function faultsLegend(estimates: readonly (readonly [name: string, Exact])[]): string[] {
  const names = new Map<string, Set<string>>();
  for (const [name, { closedFormFault }] of estimates) {
    if (closedFormFault !== "") names.set(closedFormFault, (names.get(closedFormFault) ?? new Set()).add(name));
  }
  return [...names].map(([fault, of]) => `no closed form of ${[...of].join(", ")} where ${fault}`);
}

export class ClosedForm {
  private readonly observations: number;
  private readonly bound: number;

  /**
   * @param observations the least number of independent observations of an estimate
   * @param estimates the number of estimates that are shown beside their closed form: whole, >= 0
   */
  constructor(observations: number, estimates: number) {
    this.observations = observations;
    const isEnough = observations >= OBSERVATIONS_MIN && estimates > 0;
    this.bound = isEnough ? studentTQuantile(1 - ALPHA / (2 * estimates), observations - 1) : NaN;
  }

  /** Closed form, z and verdict; three empty cells if there is no closed form. */
  cells(estimate: Estimate, closedForm: number, text: (value: number) => string): string[] {
    if (Number.isNaN(closedForm)) return ["", "", ""];
    const z = zScore(estimate, closedForm);
    return [text(closedForm), Number.isNaN(z) ? "" : z.toFixed(2), this.verdict(z, estimate.value === closedForm)];
  }

  /** The meanings of z and verdict; empty for a single observation, which has neither. */
  legend(): string[] {
    const { observations } = this;
    if (observations < 2) return [];
    return [
      "z: distance from the closed form in standard errors; " +
        `from ${observations} independent observations 19 in 20 lie within ±${usualZ(observations)}`,
      Number.isNaN(this.bound)
        ? `verdict: none from fewer than ${OBSERVATIONS_MIN} observations`
        : `verdict: differs beyond ±${significant(this.bound)}, which chance alone exceeds in one run of 100`,
    ];
  }

  private verdict(z: number, same: boolean): string {
    if (same) return "agrees";
    if (Number.isNaN(z) || Number.isNaN(this.bound)) return "";
    return Math.abs(z) <= this.bound ? "agrees" : DIFFERS;
  }
}
