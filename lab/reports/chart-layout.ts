/**
 * The layout of design points in a chart: which factor distinguishes the series, which is on an axis, and which form
 * panels. The ranges of a sample count as factors whose values are levels.
 */
import { SERIES_MAX } from "../../page/plotting.ts";
import { againstOf, factorNames, type Compare } from "../experiment/experiment.ts";
import type { Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** The most levels of the compared factor that become series; those beyond the first few are shown on demand. */
const LEVELS_MAX = 20;
/** The most panels that are drawn. */
export const PANELS_MAX = 12;

export interface Layout {
  readonly series: readonly string[];
  /** In the order of the design points; none is empty. */
  readonly panels: readonly Panel[];
  /** The number of panels that are not drawn. */
  readonly left: number;
  /** The number of levels that are not drawn as series. */
  readonly levelsLeft: number;
}

export interface Panel {
  readonly name: string;
  readonly points: readonly { readonly series: number; readonly point: PlannedPoint }[];
}

/** A factor that varies, and its levels among the design points. */
interface Varied {
  readonly name: string;
  readonly levels: readonly string[];
  readonly isOfNumbers: boolean;
}

/** Curves: the series are the levels of the compared factor, or of the last factor with few enough levels. */
export function curveLayout(plan: Plan): Layout {
  return layoutOf(plan, variedOf(plan), []);
}

/**
 * Estimates: the axis is a range of the sample, or the last numeric factor, or else the first factor that is not
 * compared. Points of a sample do not become panels, because there would be one for each.
 */
export function axisLayout(plan: Plan): Layout & { readonly axis: Varied | undefined } {
  const { sample, compare } = plan.experiment;
  const all = variedOf(plan);
  const sampled = all.filter(({ name }) => sample?.ranges.some((range) => range.name === name));
  const axis =
    sampled[0] ??
    all.findLast(({ levels, isOfNumbers }) => isOfNumbers && levels.length > 1) ??
    all.find(({ name }) => name !== compare?.factor) ??
    all[0];
  const apart = [...sampled, ...(axis === undefined ? [] : [axis])];
  return {
    ...layoutOf(
      plan,
      all.filter((one) => !apart.includes(one)),
      apart,
    ),
    axis,
  };
}

/** The name of a level: a word alone, a number with its factor. */
export function levelName(factor: string, level: string): string {
  return isNumber(level) ? `${factor} ${level}` : level;
}

/** A level in a sentence: "the fixed spooler" for an exchangeable part, "policy weekly" for anything else. */
export function levelWords({ levels, resolved }: PlannedPoint, factor: string): string {
  const isPart = resolved.model.parameters[factor]?.kind === "part";
  return isPart ? `the ${levels[factor]} ${factor}` : `${factor} ${levels[factor]}`;
}

function isNumber(level: string): boolean {
  return level.trim() !== "" && Number.isFinite(Number(level));
}

/**
 * The levels to show of many: the two that are compared, or the baseline and as many others as can be distinguished.
 */
function comparedLevels(compare: Compare, all: readonly string[]): string[] {
  const { baseline } = compare;
  const against = againstOf(compare).filter((level) => all.includes(level));
  if (against.length > 0) return [baseline, ...against].slice(0, LEVELS_MAX);
  return [baseline, ...all.filter((level) => level !== baseline)].slice(0, LEVELS_MAX);
}

function variedOf({ experiment, points }: Plan): Varied[] {
  return factorNames(experiment).map((name) => {
    const levels = [...new Set(points.map((point) => itemAt(point.levels, name)))];
    return { name, levels, isOfNumbers: levels.every(isNumber) };
  });
}

/** @param apart the factor that becomes neither series nor panels */
function layoutOf({ experiment, points }: Plan, factors: readonly Varied[], apart: readonly Varied[]): Layout {
  const { compare } = experiment;
  const factor =
    factors.find(({ name }) => name === compare?.factor) ??
    factors.findLast(({ levels }) => levels.length <= SERIES_MAX);
  const all = factor?.levels ?? [];
  const chosen = all.length <= LEVELS_MAX ? all : comparedLevels(compare!, all);
  const panels = new Map<string, { series: number; point: PlannedPoint }[]>();
  for (const point of points) {
    const series = factor === undefined ? 0 : chosen.indexOf(itemAt(point.levels, factor.name));
    if (series === -1) continue;
    const own = Object.entries(point.levels).filter(
      ([name]) => name !== factor?.name && !apart.some((one) => one.name === name),
    );
    const name = own.map(([of, level]) => levelName(of, level)).join(", ");
    panels.set(name, [...(panels.get(name) ?? []), { series, point }]);
  }
  const named = [...panels].map(([name, own]) => ({ name, points: own }));
  return {
    series: factor === undefined ? ["all"] : chosen.map((level) => levelName(factor.name, level)),
    panels: named.slice(0, PANELS_MAX),
    left: Math.max(0, named.length - PANELS_MAX),
    levelsLeft: all.length - chosen.length,
  };
}
