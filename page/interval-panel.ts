/** Draws a panel of estimates with their intervals, along an axis of numbers or by name. */
import { extentOf, frame, marginAfter, marginOf } from "./axes.ts";
import type { IntervalChart, IntervalPanel, PlacedInterval } from "./chart.ts";
import {
  plotted,
  SERIES_MAX,
  symbolOf,
  type AnyDocument,
  type Drawing,
  type PlotLibrary,
  type View,
} from "./plotting.ts";

export function drawIntervals(
  library: PlotLibrary,
  document: AnyDocument,
  chart: IntervalChart,
  panel: IntervalPanel,
  view: View,
): Drawing {
  const isOfNames = panel.estimates.some(({ x }) => typeof x === "string");
  return (isOfNames ? drawByName : drawByNumber)(library, document, chart, panel, view);
}

/** What is shown of a panel, and the range of its values. */
function estimatesOf(chart: IntervalChart, panel: IntervalPanel, { hidden, isAlone }: View) {
  const isShown = ({ series }: { series: number }) => hidden?.has(series) !== true;
  const compared = isAlone === true || panel.y !== undefined ? [panel] : chart.panels;
  const all = compared.flatMap(({ estimates }) => estimates.filter(isShown));
  // Amounts that are never negative have an axis that begins at 0.
  const least = chart.bars === true && all.every(({ value }) => value >= 0) ? 0 : -Infinity;
  const values = all.flatMap(({ value, lower, upper, closedForm }) => [
    value,
    lower === null ? null : Math.max(least, lower),
    upper,
    closedForm,
  ]);
  const shown = panel.estimates.filter(isShown);
  return {
    shown,
    /** Those with an interval. */
    known: shown.flatMap((one) => (one.lower === null ? [] : [{ ...one, lower: Math.max(least, one.lower) }])),
    withClosedForm: shown.filter(({ closedForm }) => closedForm !== null),
    extent: extentOf([0, ...values]),
    groups: chart.series.map((_, series) => series),
  };
}

function drawByNumber(
  library: PlotLibrary,
  document: AnyDocument,
  chart: IntervalChart,
  panel: IntervalPanel,
  view: View,
): Drawing {
  const { theme } = view;
  const { shown, known, withClosedForm, extent, groups } = estimatesOf(chart, panel, view);
  const colourOf = ({ series }: { series: number }) => theme.series[series % SERIES_MAX];
  return plotted(library, document, view, {
    x: { domain: extentOf(panel.estimates.map(({ x }) => x as number)), nice: true, inset: 6 },
    y: { domain: extent, nice: true },
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

/** The estimates of each name in a row. */
function drawByName(
  library: PlotLibrary,
  document: AnyDocument,
  chart: IntervalChart,
  panel: IntervalPanel,
  view: View,
): Drawing {
  const { theme } = view;
  const { shown, known, withClosedForm, extent, groups } = estimatesOf(chart, panel, view);
  const names = [...new Set(panel.estimates.map(({ x }) => x as string))];
  const offset = (series: number) => (groups.length === 1 ? 0 : (series - (groups.length - 1) / 2) * 8);
  return plotted(library, document, view, {
    x: { domain: extent, nice: true },
    y: { domain: names, type: "point", padding: 0.6, label: null },
    marginTop: 8,
    marginLeft: 16 + 6.5 * Math.max(...names.map(({ length }) => length)),
    marginRight: marginAfter(extent),
    marks: [
      library.gridX({ stroke: theme.grid, strokeOpacity: 1 }),
      library.axisX({
        tickSize: 0,
        tickFormat: String,
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
