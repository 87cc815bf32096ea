/**
 * Draws a panel of a chart, for pages and files alike.
 *
 * Observable Plot does the drawing on a document that the caller provides: that of the page, or a separate one for
 * files. Neither fonts nor the screen are measured, so equal charts give equal texts. Series are distinguished by
 * colour (the palette of Okabe and Ito), by dashes and by the shapes of their points.
 */
import type * as Plot from "@observablehq/plot";
import { FEW_SAMPLES } from "./chart.ts";
import type {
  Chart,
  Curve,
  CurveChart,
  CurvePanel,
  HeatChart,
  HeatPanel,
  IntervalChart,
  IntervalPanel,
  Known,
  PlacedInterval,
} from "./chart.ts";
import {
  dashOf,
  fourDigits,
  plotted,
  SERIES_MAX,
  symbolOf,
  type AnyDocument,
  type Drawing,
  type PlotLibrary,
  type Theme,
  type View,
} from "./plotting.ts";
import { drawTimeline, LANE_HEIGHT } from "./timeline.ts";
import { weekAxis, weekendsBetween, type Axis } from "./week-axis.ts";

/** Draws one panel. */
export function drawPanel(
  library: PlotLibrary,
  document: AnyDocument,
  chart: Chart,
  panel: number,
  view: View,
): Drawing {
  switch (chart.kind) {
    case "curves":
      return drawCurves(library, document, chart, chart.panels[panel], view);
    case "intervals":
      return drawIntervals(library, document, chart, chart.panels[panel], view);
    case "heat":
      return drawHeat(library, document, chart, chart.panels[panel], view);
    case "timeline":
      return drawTimeline(library, document, chart, chart.panels[panel], view);
  }
}

/** The height of a panel of this width: rows need a height each, curves a landscape format. */
export function panelHeight(chart: Chart, panel: number, width: number): number {
  const landscape = Math.max(210, Math.min(340, Math.round(width * 0.5)));
  switch (chart.kind) {
    case "curves":
      return landscape;
    case "intervals": {
      const { estimates } = chart.panels[panel];
      const names = new Set(estimates.map(({ x }) => x)).size;
      return typeof estimates[0].x === "string" ? 70 + names * (18 + 9 * chart.series.length) : landscape;
    }
    case "heat": {
      const { length } = chart.panels[panel].rows;
      return 64 + length * Math.max(7, Math.min(22, 160 / length));
    }
    case "timeline":
      return 62 + LANE_HEIGHT * chart.panels[panel].lanes.length;
  }
}

function drawCurves(
  library: PlotLibrary,
  document: AnyDocument,
  chart: CurveChart,
  panel: CurvePanel,
  view: View,
): Drawing {
  const { theme, hidden, domain } = view;
  const curves = panel.curves.filter(({ series }) => hidden?.has(series) !== true);
  const isSeen = (x: number) => domain === undefined || (x >= domain[0] && x <= domain[1]);
  const heightsOf = (all: readonly Curve[]) =>
    all
      .filter(({ series }) => hidden?.has(series) !== true)
      .flatMap(({ x, y, lower, upper, level }) => [
        ...[y, ...bandIn(y, lower, upper)].flatMap((ys) => ys.filter((_, i) => isSeen(x[i]))),
        ...(level === undefined ? [] : [level.value, level.lower, level.upper]),
      ]);
  // Panels are compared, so they share a scale; scatter plots are read one by one.
  const compared = chart.shape === "points" || view.isAlone === true ? [panel] : chart.panels;
  const heights = compared.flatMap((one) => heightsOf(one.curves));
  const [, top] = extentOf([0, ...heights]);
  const seen = chart.isOfCeilings === true ? CEILING_WANTED : CEILING_SEEN;
  const isNear = ({ y }: { y: number }) => y <= seen * top;
  const ceilings = (panel.ceilings ?? []).filter(isNear);
  const highest = compared.flatMap((one) => (one.ceilings ?? []).filter(isNear).map(({ y }) => y));
  const headroom = chart.isOfCeilings === true ? highest.map((y) => y * CEILING_HEADROOM) : highest;
  const extent = chart.shape === "points" ? extentNear(heights) : extentOf([0, ...heights, ...headroom]);
  const curve = chart.shape === "step" ? ("step-after" as const) : ("linear" as const);
  const marks = curves.flatMap(({ series, x, y, lower, upper, level, beside }) => {
    const colour = theme.series[series % SERIES_MAX];
    const ends = panelEnds(panel);
    return [
      ...(lower === undefined || upper === undefined
        ? []
        : [library.areaY(x, { x, y1: lower, y2: upper, curve, fill: colour, fillOpacity: 0.18, clip: true })]),
      ...(level === undefined
        ? []
        : [
            library.areaY(ends, {
              x: ends,
              y1: ends.map(() => level.lower),
              y2: ends.map(() => level.upper),
              fill: colour,
              fillOpacity: 0.18,
            }),
            library.ruleY([level.value], { stroke: colour, strokeWidth: 1.75, strokeDasharray: dashOf(series) }),
          ]),
      chart.shape === "points"
        ? library.dot(x, { x, y, fill: colour, symbol: symbolOf(series), r: 4, clip: true })
        : library.line(x, {
            x,
            y,
            curve,
            stroke: colour,
            strokeWidth: beside === undefined ? 2 : 1,
            strokeDasharray: beside === undefined ? dashOf(series) : "1 2",
            clip: true,
          }),
      ...(chart.shape === "line" && beside === undefined && x.length <= FEW_SAMPLES
        ? [library.dot(x, { x, y, fill: colour, symbol: symbolOf(series), r: 3 })]
        : []),
    ];
  });
  const ends = panelEnds(panel);
  const [from, to] = domain ?? ends;
  const tick = { y1: extent[0], y2: extent[0] + TICK_SHARE * (extent[1] - extent[0]), strokeWidth: 1.5 };
  const restarts = curves.flatMap(({ series, restarts: times }) => {
    const stroke = theme.series[series % SERIES_MAX];
    const seen = (times ?? []).filter((x) => x >= from && x <= to);
    return seen.length === 0 || seen.length > TICKS_MAX ? [] : [library.ruleX(seen, { ...tick, x: seen, stroke })];
  });
  const happened = (panel.marks ?? []).filter(({ x }) => x >= from && x <= to);
  const labels = labelsOf(happened, [from, to], view.width);
  /** The label of a ceiling needs room above it. */
  const below = ceilings.length === 0 ? {} : { y1: extent[0], y2: Math.max(...ceilings.map(({ y }) => y)) };
  const week = weekAxis(chart, [from, to], view.width);
  const weekends = week === undefined ? [] : weekendsBetween([from, to]);
  return plotted(library, document, view, {
    x: { domain: [...(domain ?? ends)] },
    y: { domain: [extent[0], chart.yMax ?? extent[1]], nice: chart.yMax === undefined },
    marginLeft: marginOf(extent),
    marks: [
      library.rect(weekends, { x1: "0", x2: "1", fill: theme.grid, fillOpacity: 0.45, inset: 0, clip: true }),
      ...frame(
        library,
        chart,
        view,
        week ?? (chart.wholeX === true ? { ticks: wholesBetween([from, to]), tickFormat: String } : {}),
      ),
      ...marks,
      ...restarts,
      library.ruleX(happened, { x: "x", ...below, stroke: theme.ink, strokeWidth: 1, strokeDasharray: "2 3" }),
      ...[true, false].map((left) =>
        library.text(
          labels.filter(({ isLeft }) => isLeft === left),
          {
            x: "x",
            text: "label",
            frameAnchor: "middle",
            textAnchor: left ? "start" : "end",
            dx: left ? 5 : -5,
            fill: theme.ink,
            stroke: theme.paper,
            strokeWidth: 4,
          },
        ),
      ),
      library.ruleY(ceilings, { y: "y", stroke: theme.ink, strokeWidth: 1 }),
      library.text(ceilings, {
        y: "y",
        text: "label",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 2,
        dy: -7,
        fill: theme.ink,
        ...(chart.isOfCeilings === true ? {} : { stroke: theme.paper, strokeWidth: 4 }),
      }),
      ...(extent[0] <= 0 && extent[1] >= 0 ? [library.ruleY([0], { stroke: theme.ink, strokeWidth: 1 })] : []),
    ],
  });
}

/** The width of a letter of a label, and of the space around a label [px]. */
const LETTER = 6.5;
const LABEL_SPACE = 12;

/** The labels of marks that have room: to the right of a mark on the left of the panel, else to the left of it. */
function labelsOf(
  marks: NonNullable<CurvePanel["marks"]>,
  [from, to]: readonly [from: number, to: number],
  width: number,
): { x: number; label: string; isLeft: boolean }[] {
  let end = -Infinity;
  return [...marks]
    .sort((a, b) => a.x - b.x)
    .map(({ x, label }) => ({ x, label, isLeft: x - from < 0.55 * (to - from) }))
    .filter(({ x, label, isLeft }) => {
      const at = ((x - from) / (to - from)) * width;
      const length = LETTER * Math.max(...label.split("\n").map((line) => line.length)) + LABEL_SPACE;
      const begin = isLeft ? at : at - length;
      if (begin < end) return false;
      end = begin + length;
      return true;
    });
}

/** A band this many times as high as its curve would flatten it, and is cut off. */
const BAND_SEEN = 2;

/** The part of a band to draw: nothing below 0 if the curve is never negative, and not all of a very wide one. */
function bandIn(y: readonly Known[], lower: readonly Known[] = [], upper: readonly Known[] = []): Known[][] {
  const [least, most] = extentOf(y);
  const [low, high] = [least < 0 ? BAND_SEEN * least : 0, most > 0 ? BAND_SEEN * most : 0];
  const inside = (value: Known) => (value === null ? null : Math.max(low, Math.min(high, value)));
  return [lower.map(inside), upper.map(inside)];
}

/** A ceiling this many times as high as the curves would flatten them, and is not drawn. */
const CEILING_SEEN = 2.5;
/** Room for the label of a ceiling. */
const CEILING_HEADROOM = 1.12;
/** The same if the chart is about ceilings. */
const CEILING_WANTED = 25;
/** The height of a restart's tick, as a share of the panel. */
const TICK_SHARE = 0.06;
const TICKS_MAX = 100;
/** The ends of a panel's x axis; points get half a step of margin on either side. */
export function panelEnds({ curves }: CurvePanel): [from: number, to: number] {
  const xs = curves.flatMap(({ x }) => [x[0], x[x.length - 1]]);
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  return curves.some(({ level }) => level !== undefined) ? [from - 0.5, to + 0.5] : [from, to];
}

function drawIntervals(
  library: PlotLibrary,
  document: AnyDocument,
  chart: IntervalChart,
  panel: IntervalPanel,
  view: View,
): Drawing {
  const { theme, hidden } = view;
  const isShown = ({ series }: { series: number }) => hidden?.has(series) !== true;
  const shown = panel.estimates.filter(isShown);
  const isOfNames = panel.estimates.some(({ x }) => typeof x === "string");
  const compared = view.isAlone === true || panel.y !== undefined ? [panel] : chart.panels;
  const all = compared.flatMap(({ estimates }) => estimates.filter(isShown));
  // Amounts that are never negative have an axis that begins at 0.
  const least = chart.bars === true && all.every(({ value }) => value >= 0) ? 0 : -Infinity;
  const values = all.flatMap(({ value, lower, upper, closedForm }) => [
    value,
    lower === null ? null : Math.max(least, lower),
    upper,
    closedForm,
  ]);
  const extent = extentOf([0, ...values]);
  const known = shown.flatMap((one) => (one.lower === null ? [] : [{ ...one, lower: Math.max(least, one.lower) }]));
  const withClosedForm = shown.filter(({ closedForm }) => closedForm !== null);
  const colourOf = ({ series }: { series: number }) => theme.series[series % SERIES_MAX];
  const groups = chart.series.map((_, series) => series);
  const value = { domain: extent, nice: true };
  if (!isOfNames) {
    return plotted(library, document, view, {
      x: { domain: extentOf(panel.estimates.map(({ x }) => x as number)), nice: true, inset: 6 },
      y: value,
      marginLeft: marginOf(extent),
      marks: [
        ...frame(library, chart, view),
        ...groups.map((series) =>
          library.line(inOrder(withClosedForm.filter((one) => one.series === series)), {
            x: "x",
            y: "closedForm",
            stroke: theme.ink,
            strokeWidth: 1,
            strokeDasharray: "3 3",
          }),
        ),
        library.ruleX(known, { x: "x", y1: "lower", y2: "upper", stroke: colourOf, strokeWidth: 2 }),
        ...groups.map((series) =>
          library.dot(
            shown.filter((one) => one.series === series),
            {
              x: "x",
              y: "value",
              fill: theme.series[series % SERIES_MAX],
              r: 4,
              symbol: symbolOf(series),
            },
          ),
        ),
        library.dot(withClosedForm, {
          x: "x",
          y: "closedForm",
          stroke: theme.ink,
          fill: "none",
          r: 7,
          symbol: "diamond",
        }),
        library.ruleY([0], { stroke: theme.ink, strokeWidth: 1 }),
      ],
    });
  }
  const names = [...new Set(panel.estimates.map(({ x }) => x as string))];
  const offset = (series: number) => (groups.length === 1 ? 0 : (series - (groups.length - 1) / 2) * 8);
  return plotted(library, document, view, {
    x: value,
    y: { domain: names, type: "point", padding: 0.6, label: null },
    marginTop: 8,
    marginLeft: 16 + 6.5 * Math.max(...names.map(({ length }) => length)),
    marks: [
      library.gridX({ stroke: theme.grid, strokeOpacity: 1 }),
      library.axisX({
        tickSize: 0,
        fill: theme.ink,
        label: view.isNamed === true ? null : (panel.y ?? chart.y),
        labelAnchor: "center",
        labelArrow: "none",
      }),
      library.axisY({ tickSize: 0, fill: theme.ink, label: null }),
      ...groups.flatMap((series) => {
        const own = { y: "x", dy: offset(series) };
        const of = (some: readonly PlacedInterval[]) => some.filter((one) => one.series === series);
        const bar = { ...own, x1: () => 0, x2: "value", stroke: theme.series[series], strokeWidth: 14 };
        return [
          ...(chart.bars === true ? [library.ruleY(of(shown), { ...bar, strokeOpacity: 0.35 })] : []),
          library.ruleY(of(known), {
            ...own,
            x1: "lower",
            x2: "upper",
            stroke: theme.series[series % SERIES_MAX],
            strokeWidth: 2,
          }),
          library.dot(of(shown), {
            ...own,
            x: "value",
            fill: theme.series[series % SERIES_MAX],
            r: 4,
            symbol: symbolOf(series),
          }),
          library.dot(of(withClosedForm), { ...own, x: "closedForm", stroke: theme.ink, r: 7, symbol: "diamond" }),
        ];
      }),
      library.ruleX([0], { stroke: theme.ink, strokeWidth: 1 }),
    ],
  });
}

/** Sorts from left to right. */
function inOrder<Placed extends { readonly x: number | string }>(estimates: readonly Placed[]): Placed[] {
  return [...estimates].sort((a, b) => Number(a.x) - Number(b.x));
}

function drawHeat(
  library: PlotLibrary,
  document: AnyDocument,
  chart: HeatChart,
  { rows, edges, values }: HeatPanel,
  view: View,
): Drawing {
  const { theme, domain } = view;
  const ends: [number, number] = [edges[0], edges[edges.length - 1]];
  const cells = values.flatMap((row, r) => row.map((value, c) => ({ r, c, value })));
  const week = weekAxis(chart, domain ?? ends, view.width, false);
  const every = Math.ceil(rows.length / 8);
  return plotted(library, document, view, {
    x: { domain: [...(domain ?? ends)] },
    y: { domain: [rows.length, 0] },
    color: heatScale(greatestOf(chart)),
    marginLeft: 24 + 6 * Math.max(...rows.map(({ length }) => length)),
    marks: [
      library.rect(cells, {
        x1: ({ c }) => edges[c],
        x2: ({ c }) => edges[c + 1],
        y1: "r",
        y2: ({ r }) => r + 1,
        fill: "value",
        inset: 0,
        clip: true,
        shapeRendering: "crispEdges",
      }),
      library.axisX({
        ...(week?.ticks === undefined ? {} : { ticks: week.ticks }),
        ...(week?.tickFormat === undefined ? {} : { tickFormat: week.tickFormat }),
        tickSize: 0,
        fill: theme.ink,
        label: view.isNamed === true ? null : (week?.label ?? chart.x),
        labelAnchor: "center",
        labelArrow: "none",
      }),
      library.axisY(
        rows.map((_, r) => r + 0.5).filter((_, r) => r % every === 0),
        {
          tickSize: 0,
          fill: theme.ink,
          tickFormat: (middle: number) => rows[middle - 0.5],
          label: view.isNamed === true ? null : chart.y,
          labelAnchor: "top",
          labelArrow: "none",
        },
      ),
    ],
  });
}

/** The colour scale of a heat map, as a strip with numbers. */
export function drawRamp(
  library: PlotLibrary,
  document: AnyDocument,
  chart: HeatChart,
  theme: Theme,
  width: number,
): Drawing {
  const most = greatestOf(chart);
  const steps = Array.from({ length: 32 }, (_, i) => (i * most) / 32);
  return plotted(
    library,
    document,
    { width, height: 38, theme },
    {
      x: { domain: [0, most] },
      y: { axis: null },
      color: heatScale(most),
      marginTop: 4,
      marginBottom: 22,
      marginLeft: 12,
      marginRight: 22,
      marks: [
        library.rect(steps, {
          x1: (from: number) => from,
          x2: (from: number) => from + most / 32,
          fill: (from: number) => from + most / 64,
          inset: 0,
          shapeRendering: "crispEdges",
        }),
        library.axisX([0, most], { tickSize: 0, fill: theme.ink, label: null, tickFormat: fourDigits }),
      ],
    },
  );
}

/** The symbol of a series in a legend: a line or a point. */
export function drawKey(
  library: PlotLibrary,
  document: AnyDocument,
  series: number,
  isPoint: boolean,
  theme: Theme,
): Drawing {
  const stroke = theme.series[series % SERIES_MAX];
  return plotted(
    library,
    document,
    { width: 28, height: 12, theme },
    {
      x: { axis: null, domain: [0, 1] },
      y: { axis: null, domain: [0, 1] },
      marginTop: 0,
      marginBottom: 0,
      marginLeft: 0,
      marginRight: 0,
      marks: isPoint
        ? [library.dot([0.5], { x: [0.5], y: [0.5], fill: stroke, r: 4, symbol: symbolOf(series) })]
        : [library.ruleY([0.5], { stroke, strokeWidth: 3, strokeDasharray: dashOf(series) })],
    },
  );
}

/** The name of the x axis; for bars by name, that of the values. */
export function xName(chart: Chart, width: number, domain?: readonly [from: number, to: number]): string {
  switch (chart.kind) {
    case "curves": {
      return weekAxis(chart, domain ?? panelEnds(chart.panels[0]), width)?.label ?? chart.x;
    }
    case "heat": {
      const { edges } = chart.panels[0];
      const ends = [edges[0], edges[edges.length - 1]] as const;
      return weekAxis(chart, domain ?? ends, width, false)?.label ?? chart.x;
    }
    case "intervals":
      return typeof chart.panels[0].estimates[0].x === "string" ? "" : chart.x;
    case "timeline":
      return chart.x;
  }
}

/** Whether the series of a chart are points rather than lines. */
export function isOfPoints(chart: Chart): boolean {
  return chart.kind === "intervals" || (chart.kind === "curves" && chart.shape === "points");
}

/** The maximum over all panels, which share one colour scale. */
function greatestOf({ panels }: HeatChart): number {
  return Math.max(...panels.flatMap(({ values }) => values.flat()));
}

/** Cividis, which looks the same with colour blindness; small values are dark. */
function heatScale(most: number): Plot.ScaleOptions {
  return { type: "linear", scheme: "cividis", domain: [0, most === 0 ? 1 : most] };
}

/** Axes and grid, with given ticks or Plot's own on the x axis. */
function frame(library: PlotLibrary, { x, y }: { x: string; y: string }, view: View, axis: Axis = {}) {
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
      ...(axis.tickFormat === undefined ? {} : { tickFormat: axis.tickFormat }),
      label: isNamed === true ? null : (axis.label ?? x),
      labelAnchor: "center",
      labelArrow: "none",
    }),
    library.axisY({
      ticks: yTicks,
      tickSize: 0,
      fill: ink,
      label: isNamed === true ? null : y,
      labelArrow: "none",
      labelAnchor: "top",
    }),
  ];
}

/** At most 12 whole numbers between two numbers. */
function wholesBetween([from, to]: readonly [from: number, to: number]): number[] {
  const first = Math.ceil(from);
  const wholes = Array.from({ length: Math.floor(to) - first + 1 }, (_, i) => first + i);
  return wholes.filter((_, i) => i % Math.ceil(wholes.length / 12) === 0);
}

/** The margin for the numbers of the y axis, estimated from the longest, without measuring fonts. */
function marginOf([from, to]: readonly [from: number, to: number]): number {
  // The axis may extend to a round number.
  const whole = Math.round(1.2 * Math.max(Math.abs(from), Math.abs(to))).toString().length;
  let decimals = 0;
  for (let step = (to - from) / 6; step < 1 && decimals < 6; step *= 10) decimals++;
  const separators = Math.floor((whole - 1) / 3) + (decimals > 0 ? 1 : 0) + (from < 0 ? 1 : 0);
  return 18 + 6.5 * (whole + decimals + separators);
}

/** The range of the points, extended to 0 if it is near. */
function extentNear(values: readonly Known[]): [from: number, to: number] {
  const [from, to] = extentOf(values);
  const reach = 1.5 * (to - from);
  return [from > 0 && from < reach ? 0 : from, to < 0 && -to < reach ? 0 : to];
}

function extentOf(values: readonly Known[]): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) return [0, 1];
  return from === to ? [from, from + 1] : [from, to];
}
