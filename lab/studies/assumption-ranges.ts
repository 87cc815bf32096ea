/**
 * The assumptions of a design point: the parameters whose values nobody has measured, and the range of each.
 *
 * Every parameter is an assumption except those that the experiment sets or varies, those that the user excludes by
 * name, and those that are known: given by an article (the source starts with its number), a decision (the source
 * starts with that word), or a word or switch that is a fact of the fleet. The range of a number is that of the
 * experiment's sample if it has one. Otherwise it goes from the assumed value divided by a factor to the value times
 * the factor, on a logarithmic scale, within the limits of the parameter. (The limits themselves would be too wide:
 * those of memory are 1 byte and 1 TB.) An assumed 0 has no such range and is not varied, unless the sample gives it
 * one. A switch or a word may have any value.
 */
import type { Parameter, Setting, Settings } from "../../models/contract/parameters.ts";
import { variedBy, type Experiment } from "../experiment/experiment.ts";
import { valueAt, type Range } from "../experiment/range.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { oneOf } from "../experiment/settings.ts";
import { UserError, argument } from "../user-error.ts";
import { itemAt } from "../lists.ts";

export interface AssumedRange {
  /** The name of the parameter. */
  readonly name: string;
  readonly unit: string;
  /** The value at the design point. */
  readonly assumed: Setting;
  /** A range of numbers, or a list of all values. */
  readonly values: Range | readonly Setting[];
  /** The limits of the parameter itself. */
  readonly min: number;
  readonly max: number;
}

/**
 * The assumed parameters with their ranges.
 *
 * @param factor > 1
 * @param without names of parameters that are not varied
 * @throws UserError when one of the names is not a parameter
 */
export function assumedRangesOf(
  experiment: Experiment,
  point: PlannedPoint,
  factor: number,
  without: readonly string[] = [],
): AssumedRange[] {
  const { parameters } = point.resolved.model;
  const unknown = without.find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) {
    throw new UserError(argument("without"), ` is ${unknown}; ${oneOf(unknown, Object.keys(parameters))}`);
  }
  const settings = experiment.scenario.parameters;
  return Object.entries(parameters).flatMap(([name, parameter]): AssumedRange[] => {
    if (without.includes(name)) return [];
    const path = `parameters.${name}`;
    const assumed = itemAt(point.scenario.parameters, name);
    const number = parameter.kind === "number" ? parameter : undefined;
    const common = { name, unit: number?.unit ?? "", assumed, min: number?.min ?? NaN, max: number?.max ?? NaN };
    const given = experiment.sample?.ranges.find((range) => range.path === path);
    if (given !== undefined) return [{ ...common, values: given }];
    const isChosen = Object.hasOwn(settings, name) || variedBy(experiment, path) !== undefined;
    if (isChosen || isKnown(parameter)) return [];
    if (parameter.kind === "switch") return [{ ...common, values: [false, true] }];
    if (parameter.kind === "choice") return [{ ...common, values: parameter.choices }];
    if (number === undefined || Number(assumed) <= 0) return [];
    const { min, max, whole = false } = number;
    const rounded = (value: number) => (whole ? Math.round(value) : value);
    const from = Math.max(min, rounded(Number(assumed) / factor));
    const to = Math.min(max, rounded(Number(assumed) * factor));
    return from > 0 && from < to ? [{ ...common, values: { from, to, scale: "logarithmic", whole } }] : [];
  });
}

function isKnown({ kind, source }: Parameter): boolean {
  return /^(Q\d|decision)/.test(source) || (kind !== "number" && source.startsWith("fact of the fleet"));
}

/**
 * The number of Morris trajectories needed for each pair of a choice's values to be a step of one of them; at least 0.
 */
export function trajectoriesForAllPairs(assumptions: readonly AssumedRange[]): number {
  return Math.max(0, ...assumptions.map(({ values }) => (isList(values) ? pairsOf(values).length : 0)));
}

function pairsOf(values: readonly Setting[]): (readonly [Setting, Setting])[] {
  return values.flatMap((first, at) => values.slice(at + 1).map((second) => [first, second] as const));
}

/** The settings at a point of the unit cube, which has one coordinate per assumption. */
export function settingsAt(assumptions: readonly AssumedRange[], unitPoint: ArrayLike<number>): Settings {
  return Object.fromEntries(assumptions.map(({ name, values }, i) => [name, settingAt(values, itemAt(unitPoint, i))]));
}

/**
 * The settings at a point of one of Morris's trajectories. A step of a switch or choice changes one of its values to
 * another; successive trajectories go through all pairs.
 */
export function settingsOfTrajectory(
  assumptions: readonly AssumedRange[],
  unitPoint: ArrayLike<number>,
  trajectory: number,
): Settings {
  return Object.fromEntries(
    assumptions.map(({ name, values }, i) => {
      if (!isList(values)) return [name, valueAt(values, itemAt(unitPoint, i))];
      const pairs = pairsOf(values);
      return [name, itemAt(pairs, trajectory % pairs.length)[itemAt(unitPoint, i) < 0.5 ? 0 : 1]];
    }),
  );
}

function settingAt(values: AssumedRange["values"], share: number): Setting {
  if (!isList(values)) return valueAt(values, share);
  return itemAt(values, Math.min(values.length - 1, Math.floor(share * values.length)));
}

export function isList(values: AssumedRange["values"]): values is readonly Setting[] {
  return Array.isArray(values);
}
