/** The readout of a chart: what it says at a position of a panel. */
import type {
  Chart,
  CurveChart,
  CurvePanel,
  HeatChart,
  HeatPanel,
  IntervalChart,
  IntervalPanel,
  Known,
  TimelinePanel,
} from "./chart.ts";
import { panelEnds } from "./curve-panel.ts";
import { fourDigits, type Drawing } from "./plotting.ts";
import { dayName, type Calendar } from "./week-axis.ts";

/** The contents of a readout: a heading and lines. */
export interface Readout {
  /** The position of the thing pointed at [px of the drawing]. */
  readonly x: number;
  readonly heading: string;
  readonly lines: readonly { readonly series?: number; readonly text: string }[];
}

/** The position, and what is shown of the chart. */
interface Pointed {
  /** [px of the drawing] */
  readonly x: number;
  readonly y: number;
  /** The indices of hidden series. */
  readonly hidden: ReadonlySet<number>;
  /** The visible part of the x axis; undefined for all of it. */
  readonly domain: readonly [from: number, to: number] | undefined;
}

/** What a panel's drawing says at a position; undefined where it says nothing. */
export function readoutAt(chart: Chart, panel: number, drawing: Drawing, at: Pointed): Readout | undefined {
  switch (chart.kind) {
    case "curves":
      return curveReadout(chart, chart.panels[panel], drawing, at);
    case "intervals":
      return intervalReadout(chart, chart.panels[panel], drawing, at);
    case "heat":
      return heatReadout(chart, chart.panels[panel], drawing, at);
    case "timeline":
      return timelineReadout(chart.panels[panel], drawing, at.x);
  }
}

function curveReadout(
  chart: CurveChart,
  panel: CurvePanel,
  drawing: Drawing,
  { x, hidden, domain }: Pointed,
): Readout | undefined {
  const scale = drawing.scale("x");
  const curves = panel.curves.filter(({ series }) => !hidden.has(series));
  if (scale?.invert === undefined || curves.length === 0) return undefined;
  const [from, to] = domain ?? panelEnds(panel);
  const value = Math.max(from, Math.min(to, scale.invert(x)));
  const isStep = chart.shape === "step";
  const nearest = curves.map((curve) => curve.x[indexAt(curve.x, value, isStep)]);
  const pointed = isStep ? value : nearest.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
  const unit = chart.unit === undefined ? "" : ` ${chart.unit}`;
  const isNear = (at: number) => Math.abs(scale.apply(at) - scale.apply(pointed)) < 6;
  const lines = curves.flatMap(({ series, x: xs, y, lower, upper, more, level, beside, restarts }) => {
    const i = indexAt(xs, pointed, isStep);
    const [low, high] = [lower?.[i] ?? null, upper?.[i] ?? null].map(fourDigits);
    const between = low === "" ? "" : ` (${low} to ${high})`;
    const name = beside === undefined ? chart.series[series] : `${chart.series[series]}, ${beside}`;
    return [
      { series, text: `${name}: ${fourDigits(y[i])}${unit}${between}` },
      ...(more ?? []).map((other) => ({ text: `${other.name}: ${fourDigits(other.y[i])}${unit}` })),
      ...(level === undefined ? [] : [{ text: `mean: ${intervalText(level)}` }]),
      ...(restarts?.some(isNear) === true ? [{ series, text: `${chart.series[series]}: restarted` }] : []),
    ];
  });
  for (const { x: at, label } of panel.marks ?? []) {
    if (isNear(at)) lines.push({ text: label.replace("\n", " ") });
  }
  const heading = chart.startsOnMonday === true ? timeName(chart, pointed) : `${chart.x}: ${fourDigits(pointed)}`;
  return { x: scale.apply(pointed), heading, lines };
}

function intervalReadout(
  chart: IntervalChart,
  { estimates }: IntervalPanel,
  drawing: Drawing,
  { x, y, hidden }: Pointed,
): Readout | undefined {
  const shown = estimates.filter(({ series }) => !hidden.has(series));
  if (shown.length === 0) return undefined;
  const isNamed = typeof shown[0].x === "string";
  const along = (one: (typeof shown)[number]) => drawing.scale(isNamed ? "y" : "x")!.apply(one.x as number);
  const target = isNamed ? y : x;
  const nearest = shown.reduce((a, b) => (Math.abs(along(b) - target) < Math.abs(along(a) - target) ? b : a));
  const same = shown.filter((one) => one.x === nearest.x);
  const unit = chart.unit === undefined ? "" : ` ${chart.unit}`;
  return {
    x: isNamed ? drawing.scale("x")!.apply(nearest.value) : along(nearest),
    heading: isNamed ? String(nearest.x) : `${chart.x}: ${nearest.x}`,
    lines: same.map((one) => {
      const name = chart.series.length > 1 ? `${chart.series[one.series]}: ` : "";
      const closedForm = one.closedForm === null ? "" : `; closed form ${fourDigits(one.closedForm)}`;
      return { series: one.series, text: `${name}${intervalText(one, unit)}${closedForm}` };
    }),
  };
}

function heatReadout(
  chart: HeatChart,
  { rows, edges, values }: HeatPanel,
  drawing: Drawing,
  { x, y }: Pointed,
): Readout | undefined {
  const [xScale, yScale] = [drawing.scale("x"), drawing.scale("y")];
  if (xScale?.invert === undefined || yScale?.invert === undefined) return undefined;
  const time = xScale.invert(x);
  const row = Math.max(0, Math.min(rows.length - 1, Math.floor(yScale.invert(y))));
  const column = edges.findIndex((edge, i) => i > 0 && time <= edge) - 1;
  if (column < 0 || time < edges[0]) return undefined;
  return {
    x: xScale.apply((edges[column] + edges[column + 1]) / 2),
    heading: `${chart.y} ${rows[row]}`,
    lines: [
      {
        text:
          chart.startsOnMonday === true
            ? timeName(chart, edges[column])
            : `${chart.x}: ${fourDigits(edges[column + 1])}`,
      },
      { text: `${chart.colour}: ${fourDigits(values[row][column])}` },
    ],
  };
}

/** The readout of all lanes at a time. */
function timelineReadout({ lanes }: TimelinePanel, drawing: Drawing, x: number): Readout | undefined {
  const scale = drawing.scale("x");
  if (scale?.invert === undefined) return undefined;
  const time = scale.invert(x);
  const isLong = Math.abs(time) >= 1;
  const text = `${fourDigits(Math.abs(isLong ? time : time * 1e3))} ${isLong ? "s" : "ms"}`;
  return {
    x,
    heading: `${text} ${time < 0 ? "before" : "after"}`,
    lines: lanes.map(({ name, spans }) => {
      const now = spans.filter(({ from, to }) => from <= time && time < to).map(({ label }) => label);
      return { text: `${name}: ${now.join(", ") || "nothing"}` };
    }),
  };
}

/** "Tuesday of week 2 (after 8.25 days)" */
function timeName(chart: Calendar, days: number): string {
  return `${dayName(chart, days)} (after ${fourDigits(days)} days)`;
}

/** The index of the nearest x; for steps, of the last x that is not greater. */
function indexAt(xs: readonly number[], x: number, isStep: boolean): number {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (xs[middle] <= x) low = middle;
    else high = middle - 1;
  }
  if (isStep || low === xs.length - 1) return low;
  return xs[low + 1] - x < x - xs[low] ? low + 1 : low;
}

function intervalText({ value, lower, upper }: { value: number; lower: Known; upper: Known }, unit = ""): string {
  return lower === null
    ? `${fourDigits(value)}${unit}`
    : `${fourDigits(value)}${unit} (${fourDigits(lower)} to ${fourDigits(upper)})`;
}
