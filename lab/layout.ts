/**
 * How design points are laid out in a picture: which factor tells the series apart, which goes along an axis, and
 * which make panels.
 */
import { SERIES_MAX } from "../page/drawing.ts";
import type { Factor } from "./experiment.ts";
import type { Plan, PlannedPoint } from "./tables.ts";

/** More panels than this are not drawn. */
export const PANELS_MAX = 12;

export interface Layout {
  readonly series: readonly string[];
  /** In the order of the design points; none is empty. */
  readonly panels: readonly Panel[];
  /** Panels that are not drawn. */
  readonly left: number;
}

export interface Panel {
  readonly name: string;
  readonly points: readonly { readonly series: number; readonly point: PlannedPoint }[];
}

/** Curves: the compared factor tells the series apart, or the last one whose levels are few enough. */
export function curveLayout(plan: Plan): Layout {
  return layoutOf(plan, plan.experiment.factors, undefined);
}

/** Estimates: one factor lies along the axis. That is one of numbers, if there is any, and not the compared one else. */
export function axisLayout(plan: Plan): Layout & { readonly axis: Factor | undefined } {
  const { factors, compare } = plan.experiment;
  const isOfNumbers = ({ levels }: Factor) => levels.length > 1 && levels.every(({ name }) => isNumber(name));
  const axis = factors.findLast(isOfNumbers) ?? factors.find(({ name }) => name !== compare?.factor) ?? factors[0];
  return { ...layoutOf(plan, factors.filter((factor) => factor !== axis), axis), axis };
}

/** How a level is called: a word speaks for itself, a number does not. */
export function levelName(factor: string, level: string): string {
  return isNumber(level) ? `${factor} ${level}` : level;
}

export function isNumber(level: string): boolean {
  return level.trim() !== "" && Number.isFinite(Number(level));
}

function layoutOf({ experiment, points }: Plan, factors: readonly Factor[], axis: Factor | undefined): Layout {
  const { compare } = experiment;
  const compared = factors.find(({ name }) => name === compare?.factor);
  const factor = compared ?? factors.findLast(({ levels }) => levels.length <= SERIES_MAX);
  const all = factor?.levels.map(({ name }) => name) ?? [];
  const chosen = all.length <= SERIES_MAX ? all : [compare!.baseline, compare!.against];
  const series = factor === undefined ? ["all"] : chosen.map((level) => levelName(factor.name, level));
  const panels = new Map<string, { series: number; point: PlannedPoint }[]>();
  for (const point of points) {
    const place = factor === undefined ? 0 : chosen.indexOf(point.levels[factor.name]);
    if (place === -1) continue;
    const others = Object.entries(point.levels).filter(([name]) => name !== factor?.name && name !== axis?.name);
    const name = others.map(([factorName, level]) => levelName(factorName, level)).join(", ");
    panels.set(name, [...(panels.get(name) ?? []), { series: place, point }]);
  }
  const named = [...panels].map(([name, own]) => ({ name, points: own }));
  return { series, panels: named.slice(0, PANELS_MAX), left: Math.max(0, named.length - PANELS_MAX) };
}
