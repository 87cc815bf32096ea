/** Draws a panel of curves: lines, steps or points, with bands, ceilings, restarts and marked times. */
import { extentNear, extentOf, frame, marginOf, wholesBetween } from "./axes.ts";
import { FEW_SAMPLES, type Curve, type CurveChart, type CurvePanel, type Known } from "./chart.ts";
import {
  dashOf,
  plotted,
  SERIES_MAX,
  symbolOf,
  type AnyDocument,
  type Drawing,
  type PlotLibrary,
  type Theme,
  type View,
} from "./plotting.ts";
import { weekAxis, weekendsBetween } from "./week-axis.ts";

/** The width of a letter of a label, and of the space around a label [px]. */
const LETTER = 6.5;
const LABEL_SPACE = 12;
/** A band this many times as high as its curve would flatten it, and is cut off. */
const BAND_SEEN = 2;
/** A ceiling this many times as high as the curves would flatten them, and is not drawn. */
const CEILING_SEEN = 2.5;
/** Room for the label of a ceiling. */
const CEILING_HEADROOM = 1.12;
/** The same if the chart is about ceilings. */
const CEILING_WANTED = 25;
/** The height of a restart's tick, as a share of the panel. */
const TICK_SHARE = 0.06;
const TICKS_MAX = 100;
/** Of a point [px]. */
const DOT_RADIUS = 4;

export function drawCurves(
  library: PlotLibrary,
  document: AnyDocument,
  chart: CurveChart,
  panel: CurvePanel,
  view: View,
): Drawing {
  const { theme, hidden, domain } = view;
  const curves = panel.curves.filter(({ series }) => hidden?.has(series) !== true);
  const { extent, ceilings } = heightsOf(chart, panel, view);
  const ends = panelEnds(panel);
  const [from, to] = domain ?? ends;
  const happened = (panel.marks ?? []).filter(({ x }) => x >= from && x <= to);
  const labels = labelsOf(happened, [from, to], view.width);
  /** The label of a ceiling needs room above it. */
  const below = ceilings.length === 0 ? {} : { y1: extent[0], y2: Math.max(...ceilings.map(({ y }) => y)) };
  const week = weekAxis(chart, [from, to], view.width);
  const weekends = week === undefined ? [] : weekendsBetween([from, to]);
  const whole = chart.wholeX === true ? { ticks: wholesBetween([from, to]), tickFormat: String } : {};
  return plotted(library, document, view, {
    x: { domain: [...(domain ?? ends)] },
    y: {
      domain: [extent[0], chart.yMax ?? extent[1]],
      nice: chart.yMax === undefined,
      // Points at the ends of the axis are drawn whole.
      ...(chart.shape === "points" ? { insetTop: DOT_RADIUS, insetBottom: DOT_RADIUS } : {}),
    },
    marginLeft: marginOf(extent),
    marks: [
      library.rect(weekends, { x1: "0", x2: "1", fill: theme.grid, fillOpacity: 0.45, inset: 0, clip: true }),
      ...frame(library, chart, view, week ?? whole),
      ...curves.flatMap((curve) => curveMarks(library, chart.shape, curve, ends, theme)),
      ...restartTicks(library, curves, [from, to], extent, theme),
      library.ruleX(happened, { x: "x", ...below, stroke: theme.ink, strokeWidth: 1, strokeDasharray: "2 3" }),
      ...markLabels(library, labels, theme),
      ...ceilingMarks(library, ceilings, chart.isOfCeilings === true, theme),
      ...(extent[0] <= 0 && extent[1] >= 0 ? [library.ruleY([0], { stroke: theme.ink, strokeWidth: 1 })] : []),
    ],
  });
}

/** The range of the y axis, and the ceilings of the panel that are near enough to be drawn. */
function heightsOf(chart: CurveChart, panel: CurvePanel, { hidden, domain, isAlone }: View) {
  const isSeen = (x: number) => domain === undefined || (x >= domain[0] && x <= domain[1]);
  // Panels are compared, so they share a scale; scatter plots are read one by one.
  const compared = chart.shape === "points" || isAlone === true ? [panel] : chart.panels;
  const curves = compared.flatMap((one) => one.curves).filter(({ series }) => hidden?.has(series) !== true);
  const heights = curves.flatMap(({ x, y, lower, upper, level }) => [
    ...[y, ...bandIn(y, lower, upper)].flatMap((ys) => ys.filter((_, i) => isSeen(x[i]))),
    ...(level === undefined ? [] : [level.value, level.lower, level.upper]),
  ]);
  const [, top] = extentOf([0, ...heights]);
  const seen = chart.isOfCeilings === true ? CEILING_WANTED : CEILING_SEEN;
  const isNear = ({ y }: { y: number }) => y <= seen * top;
  const highest = compared.flatMap((one) => (one.ceilings ?? []).filter(isNear).map(({ y }) => y));
  const headroom = chart.isOfCeilings === true ? highest.map((y) => y * CEILING_HEADROOM) : highest;
  return {
    extent: chart.shape === "points" ? extentNear(heights) : extentOf([0, ...heights, ...headroom]),
    ceilings: (panel.ceilings ?? []).filter(isNear),
  };
}

/** The band and the level of a curve, and its line or points. */
function curveMarks(
  library: PlotLibrary,
  shape: CurveChart["shape"],
  { series, x, y, lower, upper, level, beside }: Curve,
  ends: [from: number, to: number],
  theme: Theme,
) {
  const colour = theme.series[series % SERIES_MAX];
  const curve = shape === "step" ? ("step-after" as const) : ("linear" as const);
  const isSecondary = beside !== undefined;
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
    shape === "points"
      ? library.dot(x, { x, y, fill: colour, symbol: symbolOf(series), r: DOT_RADIUS, clip: true })
      : library.line(x, {
          x,
          y,
          curve,
          stroke: colour,
          strokeWidth: isSecondary ? 1 : 2,
          strokeDasharray: isSecondary ? "1 2" : dashOf(series),
          clip: true,
        }),
    ...(shape === "line" && !isSecondary && x.length <= FEW_SAMPLES
      ? [library.dot(x, { x, y, fill: colour, symbol: symbolOf(series), r: 3 })]
      : []),
  ];
}

/** A tick on the axis for each restart, unless there are too many to tell apart. */
function restartTicks(
  library: PlotLibrary,
  curves: readonly Curve[],
  [from, to]: readonly [from: number, to: number],
  [low, high]: readonly [low: number, high: number],
  theme: Theme,
) {
  const tick = { y1: low, y2: low + TICK_SHARE * (high - low), strokeWidth: 1.5 };
  return curves.flatMap(({ series, restarts }) => {
    const stroke = theme.series[series % SERIES_MAX];
    const seen = (restarts ?? []).filter((x) => x >= from && x <= to);
    return seen.length === 0 || seen.length > TICKS_MAX ? [] : [library.ruleX(seen, { ...tick, x: seen, stroke })];
  });
}

function ceilingMarks(
  library: PlotLibrary,
  ceilings: NonNullable<CurvePanel["ceilings"]>,
  isOfCeilings: boolean,
  theme: Theme,
) {
  return [
    library.ruleY(ceilings, { y: "y", stroke: theme.ink, strokeWidth: 1 }),
    library.text(ceilings, {
      y: "y",
      text: "label",
      frameAnchor: "left",
      textAnchor: "start",
      dx: 2,
      dy: -7,
      fill: theme.ink,
      ...(isOfCeilings ? {} : { stroke: theme.paper, strokeWidth: 4 }),
    }),
  ];
}

/** A label of a mark, and its side. */
interface MarkLabel {
  readonly x: number;
  readonly label: string;
  readonly isLeft: boolean;
}

function markLabels(library: PlotLibrary, labels: readonly MarkLabel[], theme: Theme) {
  return [true, false].map((left) =>
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
  );
}

/** The labels of marks that have room: to the right of a mark on the left of the panel, else to the left of it. */
function labelsOf(
  marks: NonNullable<CurvePanel["marks"]>,
  [from, to]: readonly [from: number, to: number],
  width: number,
): MarkLabel[] {
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

/** The part of a band to draw: nothing below 0 if the curve is never negative, and not all of a very wide one. */
function bandIn(y: readonly Known[], lower: readonly Known[] = [], upper: readonly Known[] = []): Known[][] {
  const [least, most] = extentOf(y);
  const [low, high] = [least < 0 ? BAND_SEEN * least : 0, most > 0 ? BAND_SEEN * most : 0];
  const inside = (value: Known) => (value === null ? null : Math.max(low, Math.min(high, value)));
  return [lower.map(inside), upper.map(inside)];
}

/** The ends of a panel's x axis; points get half a step of margin on either side. */
export function panelEnds({ curves }: CurvePanel): [from: number, to: number] {
  const xs = curves.flatMap(({ x }) => [x[0], x[x.length - 1]]);
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  return curves.some(({ level }) => level !== undefined) ? [from - 0.5, to + 0.5] : [from, to];
}
