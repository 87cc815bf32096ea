/**
 * Draws a panel of a chart, for pages and files alike.
 *
 * Observable Plot does the drawing on a document that the caller provides: that of the page, or a separate one for
 * files. Neither fonts nor the screen are measured, so equal charts give equal texts. Series are distinguished by
 * colour (the palette of Okabe and Ito), by dashes and by the shapes of their points.
 */
import type { Chart } from "./chart.ts";
import { drawCurves, panelEnds } from "./curve-panel.ts";
import { drawHeat } from "./heat-panel.ts";
import { drawIntervals } from "./interval-panel.ts";
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
import { drawTimeline, LANE_HEIGHT } from "./timeline-panel.ts";
import { weekAxis } from "./week-axis.ts";

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
