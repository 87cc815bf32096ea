/**
 * Words and numbers that the charts of results share. Numbers are in display units with six digits, more than a
 * picture can show.
 */
import type { Interval, Known } from "../../page/chart.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Layout } from "./chart-layout.ts";
import type { Results } from "./results-reader.ts";
import { counted, labelOf } from "./format.ts";
import type { Scale } from "./units.ts";
import { itemAt } from "../lists.ts";

/** Whether days have names. */
export function weekOf({ plan }: Results): { startsOnMonday?: true } {
  return plan.points[0].resolved.model.startsOnMonday === true ? { startsOnMonday: true } : {};
}

/** The unit after a number that stands alone, or the thing counted. */
export function unitWords(response: Response, { unit }: Scale): string {
  return unit === "1" ? labelOf(response) : unit;
}

/** Distinguishes one of several curves, in brackets; empty if there is only one. */
export function called({ series, panels }: Layout, panel: string, index: number, level = ""): string {
  return bracketed([panels.length === 1 ? "" : panel, level, series.length === 1 ? "" : itemAt(series, index)]);
}

export function bracketed(words: readonly string[]): string {
  const known = words.filter((word) => word !== "");
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

export function leftOut({ left, levelsLeft }: Layout): string {
  const levels = levelsLeft === 0 ? [] : [counted(levelsLeft, "more level")];
  const what = [...levels, ...(left === 0 ? [] : [counted(left, "more panel")])];
  return what.length === 0 ? "" : ` Not drawn, but in the tables: ${what.join(" and ")}.`;
}

/** The first twelve items of a list. */
export function listed(texts: readonly string[]): string {
  const more = texts.length > 12 ? [`${texts.length - 12} more`] : [];
  return [...texts.slice(0, 12), ...more].map((text) => text.trim()).join("; ");
}

/** " Leak rates are lower bounds where a resource ran out: mainframe, buggy." Empty if no rate of the responses is. */
export function boundNote({ findings }: Results, responses: readonly Response[]): string {
  const bounded = findings.leakRates.filter((row) => row.isLowerBound && responses.includes(row.response));
  const places = [...new Set(bounded.map(({ point }) => Object.values(point.levels).join(", ")))];
  return places.length === 0 ? "" : ` Leak rates are lower bounds where a resource ran out: ${listed(places)}.`;
}

/** The name of a response without the unit of times. */
export function responseStem({ name, unit }: Response): string {
  return unit === "us" ? name.replace(/Us$/, "") : name;
}

export function greatestOf(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
}

export function intervalOf({ value, lower, upper }: Estimate, factor: number): Interval {
  return { value: rounded(value * factor), lower: shown(lower * factor), upper: shown(upper * factor) };
}

/** Rounds to six digits. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

export function shown(value: number): Known {
  return Number.isNaN(value) ? null : rounded(value);
}
