/**
 * Selection of the best of several systems by the sequential procedure of Kim and Nelson: after each observation, a
 * system that is too far behind another is eliminated.
 *
 * With probability at least 1 - alpha the remaining system is the best one, if the best is better than the second by at
 * least the indifference zone; otherwise it may be one that is almost as good. Observations are normal and independent
 * from one replication to the next. Systems may depend on each other, and common random numbers help, because only the
 * variances of differences matter.
 *
 * It reads observations in order and never looks ahead, so additional observations do not change an elimination.
 *
 * Source: Kim and Nelson 2001, A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS
 * 11(3), with c = 1.
 */
import { pow } from "../sim/math.ts";
import { variance } from "./estimate.ts";

export interface Contest {
  /** The smallest difference that matters, in the unit of the observations; > 0. */
  readonly indifference: number;
  /**
   * The number of observations of each system from which the variances are estimated; no system is eliminated before
   * [whole, >= 2].
   */
  readonly firstStage: number;
  /** The probability of selecting a wrong one, in (0, 1 - 1 / systems). */
  readonly alpha: number;
}

export interface KimNelsonSelection {
  /** The index of the best; undefined if the observations end before it is known. */
  readonly best: number | undefined;
  /** After how many observations each system was eliminated; Infinity if it never was. */
  readonly outAfter: readonly number[];
  /** The number of observations of each remaining system. */
  readonly read: number;
}

/** eta and h^2 of the procedure. */
export function contestConstants(systems: number, firstStage: number, alpha: number): { eta: number; h2: number } {
  const eta = (pow((2 * alpha) / (systems - 1), -2 / (firstStage - 1)) - 1) / 2;
  return { eta, h2: 2 * eta * (firstStage - 1) };
}

/**
 * @param observations by system, the same number of each. The system with the greatest mean is the best; among equal
 *   means at the end, the first
 */
export function selectBest(observations: readonly ArrayLike<number>[], contest: Contest): KimNelsonSelection {
  const { indifference, firstStage, alpha } = contest;
  const systems = observations.length;
  const outAfter = observations.map(() => Infinity);
  const available = observations[0].length;
  if (systems === 1) return { best: 0, outAfter, read: 0 };
  if (available < firstStage) return { best: undefined, outAfter, read: available };
  const { h2 } = contestConstants(systems, firstStage, alpha);
  /** h^2 S^2 / delta of each pair: how far one may lag behind, times 2 r, plus r delta. */
  const slack = observations.map((x) =>
    observations.map((y) => {
      const differences = Float64Array.from({ length: firstStage }, (_, r) => x[r] - y[r]);
      return (h2 * variance(differences)) / indifference;
    }),
  );
  const totals = observations.map((x) => totalOf(x, firstStage));
  let left = observations.map((_, i) => i);
  for (let r = firstStage; ; r++) {
    const isBehind = (i: number, l: number) =>
      totals[i] < totals[l] - Math.max(0, (slack[i][l] - r * indifference) / 2);
    const out = left.filter((i) => left.some((l) => isBehind(i, l)));
    for (const i of out) outAfter[i] = r;
    left = left.filter((i) => !out.includes(i));
    const isOver = left.every((i) => left.every((l) => i === l || r * indifference > slack[i][l]));
    if (left.length === 1 || isOver) return { best: greatestOf(left, totals), outAfter, read: r };
    if (r === available) return { best: undefined, outAfter, read: r };
    for (const i of left) totals[i] += observations[i][r];
  }
}

function totalOf(values: ArrayLike<number>, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += values[i];
  return total;
}

function greatestOf(rows: readonly number[], totals: readonly number[]): number {
  return rows.reduce((best, i) => (totals[i] > totals[best] ? i : best));
}
