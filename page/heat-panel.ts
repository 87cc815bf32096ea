/** Draws a panel of a heat map, and the strip that explains its colours. */
import type * as Plot from "@observablehq/plot";
import type { HeatChart, HeatPanel } from "./chart.ts";
import {
  fourDigits,
  plotted,
  type AnyDocument,
  type Drawing,
  type PlotLibrary,
  type Theme,
  type View,
} from "./plotting.ts";
import { weekAxis } from "./week-axis.ts";

export function drawHeat(
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

/** The maximum over all panels, which share one colour scale. */
function greatestOf({ panels }: HeatChart): number {
  return Math.max(...panels.flatMap(({ values }) => values.flat()));
}

/** Cividis, which looks the same with colour blindness; small values are dark. */
function heatScale(most: number): Plot.ScaleOptions {
  return { type: "linear", scheme: "cividis", domain: [0, most === 0 ? 1 : most] };
}
