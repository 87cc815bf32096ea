/**
 * Runs targets, one after another, and reports for each whether it is met.
 *
 * Simulations share a probability of one in a thousand of a false failure: each of m has 0.001 / m (Bonferroni),
 * two-sided, on Student's t with its own degrees of freedom. m counts the whole catalogue, so a filter does not change
 * the bound. Seeds are fixed, so a target that passes always passes.
 */
import { studentTQuantile } from "../../statistics/special-functions.ts";
import { zScore } from "../../statistics/estimate.ts";
import { integer, number, table, text } from "../results/csv.ts";
import { toleranceOf, type Target, type Topic } from "./target.ts";

/** The probability that a correct program fails any simulated target of the catalogue, over random seeds. */
export const CATALOGUE_ALPHA = 0.001;

/** Allows a value exactly between two roundings to be rounded either way. */
const SLACK = 1 + 1e-6;

export interface ValidationResult {
  readonly topic: string;
  readonly target: Target;
  readonly computed: number;
  /** NaN if it is not simulated. */
  readonly standardError: number;
  /**
   * The distance from the expected value, absolute or, for a simulation, in standard errors; and the largest allowed.
   */
  readonly distance: number;
  readonly bound: number;
  readonly passes: boolean;
}

/** A target and its topic. */
export interface NumberedTarget {
  readonly topic: string;
  readonly target: Target;
}

/** The targets whose topic, kind, name, source or number matches the word; all if there is no word. */
export function targetsOf(topics: readonly Topic[], word = ""): NumberedTarget[] {
  const wanted = word.toLowerCase();
  return topics.flatMap(({ name: topic, targets }) =>
    targets
      .filter(({ number: own, kind, name, source }) => {
        if (/^\d+$/.test(word)) return String(own) === word;
        return [topic, kind, name, source].some((field) => field.toLowerCase().includes(wanted));
      })
      .map((target) => ({ topic, target })),
  );
}

/** @param topics the whole catalogue, over which the error probability is divided; `targets` are those to run */
export async function* validate(
  topics: readonly Topic[],
  targets: readonly NumberedTarget[],
  signal: AbortSignal,
): AsyncIterable<ValidationResult> {
  const simulations = targetsOf(topics).filter(({ target }) => target.kind === "simulation").length;
  for (const one of targets) {
    signal.throwIfAborted();
    yield await resultOf(one, CATALOGUE_ALPHA / simulations);
  }
}

async function resultOf({ topic, target }: NumberedTarget, alpha: number): Promise<ValidationResult> {
  const expected = Number(target.expected);
  if (target.kind === "simulation") {
    const { estimate, replications } = await target.computed();
    const bound = studentTQuantile(1 - alpha / 2, replications - 1);
    const distance = Math.abs(zScore(estimate, expected));
    const { value: computed, standardError } = estimate;
    return { topic, target, computed, standardError, distance, bound, passes: distance <= bound };
  }
  const computed = await target.computed();
  const bound = toleranceOf(target.expected);
  const distance = Math.abs(computed - expected);
  return { topic, target, computed, standardError: NaN, distance, bound, passes: distance <= bound * SLACK };
}

/** The results as a table of CSV. */
export const validationTable = table<ValidationResult>("validation", "a target of the validation catalogue", [
  integer("number", "1", "its number in the table of targets; empty without one", ({ target }) => target.number ?? NaN),
  text("topic", "what it is about", ({ topic }) => topic),
  text("target", "what is computed", ({ target }) => target.name),
  text("kind", "formula, vector (a statistic of published data), simulation or certainty", ({ target }) => target.kind),
  text("source", "who says so", ({ target }) => target.source),
  text("expected", "the value, with the digits in which it is said", ({ target }) => target.expected),
  number("got", "as expected", "the value that the program gives", ({ computed }) => computed),
  number("standardError", "as expected", "that of a simulation; empty elsewhere", (row) => row.standardError),
  number("distance", "see kind", "absolute, of a simulation in standard errors", (row) => row.distance),
  number("bound", "see kind", "the largest distance that passes", ({ bound }) => bound),
  text("verdict", "pass or fail", ({ passes }) => (passes ? "pass" : "fail")),
]);
