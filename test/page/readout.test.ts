/** page/readout.ts says what is drawn at a position. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Chart, CurveChart, HeatChart, IntervalChart } from "../../page/chart.ts";
import { drawPanel } from "../../page/drawing.ts";
import { paperTheme } from "../../page/plotting.ts";
import { readoutAt } from "../../page/readout.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");
const view = { width: 400, height: 200, theme: paperTheme };
const described = { id: "one", title: "a chart", summary: "A chart.", x: "x", y: "y" };

/** The readout at values of the axes; the y of a chart without one is any. */
function read(chart: Chart, x: number, y?: number, hidden: readonly number[] = []) {
  const drawing = drawPanel(Plot, document, chart, 0, view);
  const pixel = (axis: string, value: number) => drawing.scale(axis)!.apply(value);
  const at = { x: pixel("x", x), y: y === undefined ? 0 : pixel("y", y), hidden: new Set(hidden), domain: undefined };
  const { heading, lines, ...rest } = readoutAt(chart, 0, drawing, at)!;
  return { heading, texts: lines.map(({ text }) => text), x: rest.x, pixel: (value: number) => pixel("x", value) };
}

test("a line is read at its nearest point, with its band; a hidden series is not read", () => {
  const curves = [
    { series: 0, x: [0, 1, 2], y: [0, 10, 20], lower: [0, 9, 18], upper: [0, 11, 22] },
    { series: 1, x: [0, 2], y: [5, 6] },
  ];
  const panels = [{ name: "", curves, marks: [{ x: 1, label: "the\nmark" }] }];
  const line: CurveChart = { ...described, kind: "curves", shape: "line", unit: "kB", series: ["a", "b"], panels };
  const { heading, texts, x, pixel } = read(line, 1.2, undefined, [1]);
  assert.deepEqual([heading, texts], ["x: 1", ["a: 10 kB (9 to 11)", "the mark"]]);
  assert.equal(x, pixel(1), "the line of the readout is at the point, not at the pointer");
  assert.deepEqual(read(line, 1.8).texts, ["a: 20 kB (18 to 22)", "b: 6 kB"]);
  assert.deepEqual(read({ ...line, shape: "step" }, 1.8).texts[0], "a: 10 kB (9 to 11)", "a step holds its value");
});

test("estimates are read together with those of other series at the same place", () => {
  const estimate = { series: 0, x: 1, value: 2, lower: 1, upper: 3, closedForm: 2.5 };
  const other = { series: 1, x: 1, value: 4, lower: null, upper: null, closedForm: null };
  const chart: IntervalChart = {
    ...described,
    kind: "intervals",
    series: ["a", "b"],
    panels: [{ name: "", estimates: [estimate, other, { ...estimate, x: 2 }] }],
  };
  const { heading, texts } = read(chart, 1.1);
  assert.deepEqual([heading, texts], ["x: 1", ["a: 2 (1 to 3); closed form 2.5", "b: 4"]]);
});

test("a heat map is read row by row, at the end of a column", () => {
  const values = [
    [1, 2],
    [3, 4],
  ];
  const panels = [{ name: "", rows: ["first", "second"], edges: [0, 1, 2], values }];
  const chart: HeatChart = { ...described, kind: "heat", colour: "leaks", panels };
  const { heading, texts } = read(chart, 1.5, 1.5);
  assert.deepEqual([heading, texts], ["y second", ["x: 2", "leaks: 4"]]);
});
