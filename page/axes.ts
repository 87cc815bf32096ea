/** The axes of a panel: ranges, margins and ticks, estimated without measuring fonts. */
import type { Known } from "./chart.ts";
import type { PlotLibrary, View } from "./plotting.ts";
import { MARGIN, type Axis } from "./week-axis.ts";

/** Axes and grid, with given ticks or Plot's own on the x axis. Numbers are written as in tables: 7140, not 7,140. */
export function frame(library: PlotLibrary, { x, y }: { x: string; y: string }, view: View, axis: Axis = {}) {
  const { theme, width, height, isNamed } = view;
  const { ink, grid } = theme;
  const yTicks = Math.max(3, Math.round(height / 45));
  const xTicks = axis.ticks ?? Math.max(3, Math.round(width / 75));
  return [
    library.gridY({ ticks: yTicks, stroke: grid, strokeOpacity: 1 }),
    library.axisX({
      ticks: xTicks,
      tickSize: 4,
      fill: ink,
      stroke: ink,
      tickFormat: axis.tickFormat ?? String,
      label: isNamed === true ? null : (axis.label ?? x),
      labelAnchor: "center",
      labelArrow: "none",
    }),
    library.axisY({
      ticks: yTicks,
      tickSize: 0,
      tickFormat: String,
      fill: ink,
      label: isNamed === true ? null : y,
      labelArrow: "none",
      labelAnchor: "top",
    }),
  ];
}

/** At most 12 whole numbers between two numbers. */
export function wholesBetween([from, to]: readonly [from: number, to: number]): number[] {
  const first = Math.ceil(from);
  const wholes = Array.from({ length: Math.floor(to) - first + 1 }, (_, i) => first + i);
  return wholes.filter((_, i) => i % Math.ceil(wholes.length / 12) === 0);
}

/** The margin for the numbers of the y axis. */
export function marginOf(range: readonly [from: number, to: number]): number {
  return 18 + widthOf(range);
}

/** The margin for the half of the last number of the x axis that may lie beyond the axis. */
export function marginAfter(range: readonly [from: number, to: number]): number {
  return Math.max(MARGIN, 6 + widthOf(range) / 2);
}

/** The width of the longest number of an axis, estimated without measuring fonts. */
function widthOf([from, to]: readonly [from: number, to: number]): number {
  // The axis may extend to a round number.
  const whole = Math.round(1.2 * Math.max(Math.abs(from), Math.abs(to))).toString().length;
  let decimals = 0;
  for (let step = (to - from) / 6; step < 1 && decimals < 6; step *= 10) decimals++;
  const marks = (decimals > 0 ? 1 : 0) + (from < 0 ? 1 : 0);
  return 6.5 * (whole + decimals + marks);
}

/** The range of the points, extended to 0 if it is near. */
export function extentNear(values: readonly Known[]): [from: number, to: number] {
  const [from, to] = extentOf(values);
  const reach = 1.5 * (to - from);
  return [from > 0 && from < reach ? 0 : from, to < 0 && -to < reach ? 0 : to];
}

export function extentOf(values: readonly Known[]): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) return [0, 1];
  return from === to ? [from, from + 1] : [from, to];
}
