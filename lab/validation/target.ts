/**
 * A target: a number that somebody printed, or that was computed independently of this program, and this program's
 * value for it.
 *
 * There are four kinds. A formula is a closed form; a vector is a statistic of a published data set: both are computed
 * once and must agree in every given digit. A simulation is an estimate between replications with a fixed seed, and
 * must be within a given number of standard errors of the theoretical value. A certainty is also simulated, but its
 * value does not depend on chance and must be met exactly.
 *
 * A source says whose digits these are: "printed by" somebody, or "computed from" somebody's formula (by hand or with
 * numpy and scipy), where only the formula is theirs.
 *
 * The value is text, because its digits are its precision: 0.047721741 is met by any number that rounds to it, and a
 * whole number only by itself.
 */
import type { Estimate } from "../../statistics/estimate.ts";

export interface Exact {
  readonly kind: "formula" | "vector" | "certainty";
  /** Its number in the published table (catalogue.ts), or undefined if it is not in the table. */
  readonly number: number | undefined;
  /** What is computed, with its arguments. */
  readonly name: string;
  /** Who published the value. */
  readonly source: string;
  readonly expected: string;
  readonly computed: () => number | Promise<number>;
}

export interface Simulated extends Omit<Exact, "kind" | "computed"> {
  readonly kind: "simulation";
  /** The estimate, and its number of replications. */
  readonly computed: () => Promise<{ readonly estimate: Estimate; readonly replications: number }>;
}

export type Target = Exact | Simulated;

/** Targets of one subject, in the order of the report. */
export interface Topic {
  readonly name: string;
  readonly targets: readonly Target[];
}

type PublishedIn = Exact["number"];

const exactOf =
  (kind: "formula" | "vector") =>
  (number: PublishedIn, name: string, source: string, expected: string, computed: () => number): Exact => {
    return { kind, number, name, source, expected, computed };
  };

export const formula = exactOf("formula");
export const vector = exactOf("vector");

/** A formula, or a statistic of some data, computed independently. @param formula whose formula it is */
export function computed(name: string, formula: string, expected: string, computed: () => number): Exact {
  return { kind: "formula", number: undefined, name, source: `computed from ${formula}`, expected, computed };
}

export function certain(name: string, source: string, expected: string, computed: () => Promise<number>): Exact {
  return { kind: "certainty", number: undefined, name, source, expected, computed };
}

export function simulated(
  number: PublishedIn,
  name: string,
  source: string,
  expected: string,
  computed: Simulated["computed"],
): Simulated {
  return { kind: "simulation", number, name, source, expected, computed };
}

/** The largest allowed distance from a printed value: half a unit of its last digit; 0 for a whole number. */
export function toleranceOf(expected: string): number {
  const match = /^-?\d+(?:\.(\d*))?(?:e([+-]?\d+))?$/.exec(expected);
  if (match === null) throw new Error(`expected is "${expected}"; it is a number, written out`);
  const [, decimals, exponent] = match;
  if (decimals === undefined && exponent === undefined) return 0;
  return Number(`5e${Number(exponent ?? 0) - (decimals ?? "").length - 1}`);
}
