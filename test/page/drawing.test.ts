/** page/drawing.ts draws the numbers of a chart, where they belong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Chart, CurveChart } from "../../page/chart.ts";
import { panelEnds } from "../../page/curve-panel.ts";
import { drawPanel, panelHeight } from "../../page/drawing.ts";
import { fourDigits, paperTheme, type View } from "../../page/plotting.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");
const view: View = { width: 400, height: 200, theme: paperTheme };

const line: CurveChart = {
  kind: "curves",
  shape: "line",
  id: "line",
  title: "a line",
  summary: "A line.",
  x: "x",
  y: "y",
  series: ["a", "b"],
  panels: [
    {
      name: "",
      curves: [
        { series: 0, x: [0, 1, 2], y: [0, 10, 20], lower: [0, 9, 18], upper: [0, 11, 22] },
        { series: 1, x: [0, 2], y: [5, 5] },
      ],
    },
  ],
};

function drawn(chart: Chart, changed: Partial<View> = {}) {
  const drawing = drawPanel(Plot, document, chart, 0, { ...view, ...changed });
  return { drawing, svg: drawing.outerHTML };
}

/** The points of the line of a series, as numbers of the chart. */
function pointsOf(chart: Chart, series: number): [x: number, y: number][] {
  const { drawing, svg } = drawn(chart);
  const group =
    new RegExp(`<g[^>]*stroke="${paperTheme.series[series]}"[^>]*><path[^>]* d="([^"]*)"`).exec(svg) ??
    new RegExp(`<g[^>]*stroke="${paperTheme.series[series]}"[^>]*>.*?d="([^"]*)"`).exec(svg);
  const [x, y] = [drawing.scale("x")!.invert!, drawing.scale("y")!.invert!];
  return [...group![1].matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, px, py]) => [
    Number(x(Number(px)).toFixed(1)),
    Number(y(Number(py)).toFixed(1)),
  ]);
}

test("a line goes through its points", () => {
  assert.deepEqual(pointsOf(line, 0), [
    [0, 0],
    [1, 10],
    [2, 20],
  ]);
  assert.deepEqual(pointsOf(line, 1), [
    [0, 5],
    [2, 5],
  ]);
});

test("a hidden series is not drawn, and only the requested part of the axis is shown", () => {
  assert.ok(drawn(line).svg.includes(paperTheme.series[0]));
  assert.ok(!drawn(line, { hidden: new Set([0]) }).svg.includes(paperTheme.series[0]));
  const { drawing } = drawn(line, { domain: [1, 2] });
  assert.deepEqual([drawing.scale("x")!.invert!(400 - 20), drawing.scale("x")!.apply(2)], [2, 380]);
});

test("points have half a step of space on either side", () => {
  const [{ curves }] = line.panels;
  assert.deepEqual(panelEnds(line.panels[0]), [0, 2]);
  const level = { value: 1, lower: null, upper: null };
  assert.deepEqual(panelEnds({ name: "", curves: [{ ...curves[0], level }] }), [-0.5, 2.5]);
});

test("points of equal or round values are drawn whole", () => {
  for (const y of [
    [5, 5],
    [0, 10],
    [-10, 0],
  ]) {
    const points: CurveChart = {
      ...line,
      shape: "points",
      panels: [{ name: "", curves: [{ series: 0, x: [0, 1], y }] }],
    };
    const scale = drawn(points).drawing.scale("y")!;
    // The frame is 26 pixels below the top of the drawing and 38 above its bottom; a point has a radius of 4.
    const places = y.map((one) => scale.apply(one));
    assert.ok(Math.max(...places) <= view.height - 38 - 4 && Math.min(...places) >= 26 + 4, String(places));
  }
});

test("the numbers of axes have no thousands separators, as in tables", () => {
  const high = { ...line, panels: [{ name: "", curves: [{ series: 0, x: [0, 8000], y: [0, 7140] }] }] };
  const estimate = { value: 7140, lower: null, upper: null, closedForm: null, series: 0 };
  const of = { kind: "intervals" as const, id: "i", title: "i", summary: "I.", x: "x", y: "y", series: ["a"] };
  const charts = [1000, "one"].map((x): Chart => ({ ...of, panels: [{ name: "", estimates: [{ ...estimate, x }] }] }));
  for (const chart of [high, ...charts]) {
    const { svg } = drawn(chart);
    assert.match(svg, />[2-7]000</);
    assert.doesNotMatch(svg, />\d+,\d+</);
  }
});

test("intervals without bounds and panels of zeros are drawn with finite numbers only", () => {
  const unknown = { value: 3, lower: null, upper: null, closedForm: null, series: 0 };
  const of = { id: "i", title: "i", summary: "I.", x: "x", y: "y", series: ["a"] };
  const charts: Chart[] = [
    { kind: "intervals", ...of, panels: [{ name: "", estimates: [{ ...unknown, x: 1 }] }] },
    { kind: "intervals", ...of, panels: [{ name: "", estimates: [{ ...unknown, x: "one", value: 0 }] }] },
    { kind: "heat", ...of, colour: "c", panels: [{ name: "", rows: ["0"], edges: [0, 1], values: [[0]] }] },
    { ...line, panels: [{ name: "", curves: [{ series: 0, x: [0, 1], y: [null, 0] }] }] },
  ];
  for (const chart of charts) {
    assert.doesNotMatch(drawn(chart).svg, /NaN|Infinity|undefined/);
    assert.ok(panelHeight(chart, 0, 400) > 60);
  }
});

test("the last number below named intervals fits into the drawing", () => {
  for (const end of [800, 800_000, 80_000_000]) {
    const upper = 0.95 * end;
    const estimate = { x: "one", value: upper / 2, lower: 0, upper, closedForm: null, series: 0 };
    const of = { id: "i", title: "i", summary: "I.", x: "x", y: "y", series: ["a"] };
    const { drawing } = drawn({ kind: "intervals", ...of, panels: [{ name: "", estimates: [estimate] }] });
    // The axis ends at a round number. A digit takes 7 pixels of text at this size.
    assert.ok(drawing.scale("x")!.apply(end) + (7 * String(end).length) / 2 <= view.width, String(end));
  }
});

test("the closed form is one line for each series, from left to right", () => {
  const one = { value: 1, lower: 0, upper: 2 };
  const places = [
    [0, 3],
    [0, 1],
    [1, 2],
    [1, 1],
  ];
  const estimates = places.map(([series, x]) => ({ ...one, series, x, closedForm: x * (series + 1) }));
  const of = { id: "i", title: "i", summary: "I.", x: "x", y: "y", series: ["a", "b"] };
  const { svg } = drawn({ kind: "intervals", ...of, panels: [{ name: "", estimates }] });
  const lines = [...svg.matchAll(/stroke-dasharray="3 3"[^>]*>(?:<path[^>]*d="([^"]*)")/g)].map(([, path]) => path);
  assert.equal(lines.length, 2);
  for (const path of lines) {
    const xs = [...path.matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x));
    assert.deepEqual(
      xs,
      [...xs].sort((a, b) => a - b),
    );
  }
});

test("text has four digits at most", () => {
  assert.deepEqual([1234.56, 0.000123456, null, 0].map(fourDigits), ["1235", "0.0001235", "", "0"]);
});

test("panels that are compared share a scale, and a panel viewed alone has its own", () => {
  const high = { name: "b", curves: [{ series: 0, x: [0, 2], y: [0, 200] }] };
  const two = { ...line, panels: [...line.panels, high] };
  assert.deepEqual(pointsOf(line, 0).length, pointsOf(two, 0).length);
  const top = (changed: Partial<View>) => drawn(two, changed).drawing.scale("y")!.invert!(26);
  assert.ok(top({}) >= 200);
  assert.ok(top({ isAlone: true }) < 30);
});

test("an event at a time is marked there with its label", () => {
  const marks = [{ x: 1, label: "half of them" }];
  assert.match(drawn({ ...line, panels: [{ ...line.panels[0], marks }] }).svg, />half of them</);
  const close = [0.9, 1, 1.05, 1.9].map((x) => ({ x, label: "restart" }));
  const { svg } = drawn({ ...line, panels: [{ ...line.panels[0], marks: close }] });
  assert.equal(svg.match(/>restart</g)!.length, 2, "labels do not overlap");
});

test("a chart about ceilings draws them even if they are far above the curves", () => {
  const panels = [{ ...line.panels[0], ceilings: [{ y: 300, label: "ceiling 300" }] }];
  assert.match(drawn({ ...line, panels, isOfCeilings: true }).svg, /ceiling 300/);
});

test("weekends are shaded only where time begins on a Monday", () => {
  const week = { ...line, panels: [{ name: "", curves: [{ series: 0, x: [0, 7], y: [0, 10] }] }] };
  const shades = (chart: CurveChart) => drawn(chart).svg.split("<rect").length - 1;
  assert.equal(shades({ ...week, startsOnMonday: true }) - shades(week), 1);
});

test("a ceiling near the curves is drawn and named, and a distant one does not flatten them", () => {
  const chart = (y: number) => ({ ...line, panels: [{ ...line.panels[0], ceilings: [{ y, label: "ceiling: 30" }] }] });
  assert.match(drawn(chart(30)).svg, /ceiling: 30/);
  assert.doesNotMatch(drawn(chart(300)).svg, /ceiling/);
  assert.deepEqual(pointsOf(chart(300), 0), pointsOf(line, 0));
});

test("restarts are ticks on the axis, in the colour of their series", () => {
  const [panel] = line.panels;
  const [a, b] = panel.curves;
  const chart: CurveChart = { ...line, panels: [{ name: "", curves: [a, { ...b, restarts: [0.5, 1.5, 9] }] }] };
  const { svg, drawing } = drawn(chart);
  const [, ticks = ""] = new RegExp(`<g[^>]*stroke="${paperTheme.series[1]}"[^>]*>((?:<line[^>]*/>)+)</g>`).exec(svg)!;
  const places = [...ticks.matchAll(/x2="([\d.]+)" x1="\1"/g)].map(([, x]) => {
    return Number(drawing.scale("x")!.invert!(Number(x)).toFixed(2));
  });
  assert.deepEqual(places, [0.5, 1.5]);
});

test("a band far from its curve does not flatten it, and a band below 0 is cut off", () => {
  const [panel] = line.panels;
  const wide = { series: 0, x: [0, 1], y: [1, 2], lower: [-90, -80], upper: [90, 80] };
  const { drawing } = drawn({ ...line, panels: [{ ...panel, curves: [wide] }] });
  const [bottom, top] = [176, 8].map((y) => drawing.scale("y")!.invert!(y));
  assert.ok(bottom >= -1.5 && top <= 5.5, `${bottom} to ${top}`);
});
