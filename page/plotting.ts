/**
 * The basis of every drawing: Observable Plot on a given document, a theme, a view, and the marks that distinguish
 * series: colour (the palette of Okabe and Ito), dashes and the shapes of their points.
 */
import type * as Plot from "@observablehq/plot";
import type { Known } from "./chart.ts";
import { MARGIN } from "./week-axis.ts";

export type PlotLibrary = Pick<
  typeof Plot,
  "plot" | "line" | "areaY" | "dot" | "ruleX" | "ruleY" | "rect" | "text" | "axisX" | "axisY" | "gridX" | "gridY"
>;

/** CSS colours. */
export interface Theme {
  /** The colour of text and axes. */
  readonly ink: string;
  readonly grid: string;
  /** The fill of empty marks. */
  readonly paper: string;
  readonly series: readonly string[];
}

/** The view of a panel. */
export interface View {
  /** [px] */
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  /** Whether the axes are named elsewhere, with more room; then their names are not drawn. */
  readonly isNamed?: boolean;
  /** The indices of hidden series. */
  readonly hidden?: ReadonlySet<number>;
  /** The visible part of the x axis; all of it if omitted. */
  readonly domain?: readonly [from: number, to: number];
  /** Whether the panel has its own scale; by default all panels share one. */
  readonly isAlone?: boolean;
}

/** The palette of Okabe and Ito without yellow, in the order of use on white. */
export const paperTheme: Theme = {
  ink: "#1f2328",
  grid: "#d9dde2",
  paper: "#ffffff",
  series: ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"],
};

/** With more series than colours, some would look alike. */
export const SERIES_MAX = paperTheme.series.length;

const dashes = ["none", "7 3", "2 3", "9 3 2 3", "5 5", "12 4", "1 4"];
const symbols = ["circle", "square", "triangle", "diamond", "star", "cross", "wye"] as const;

/** What is used of a drawing: an SVG element of any document. */
export interface Drawing {
  querySelector(selector: string): { remove(): void } | null;
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
  scale(name: string): { apply(value: number): number; invert?(position: number): number } | undefined;
}

/** What Plot accepts as a document. */
export type AnyDocument = object;

/** With more series than colours, those of one colour have different dashes. */
export function dashOf(series: number): string {
  return dashes[(series + Math.floor(series / SERIES_MAX)) % dashes.length];
}

export function symbolOf(series: number) {
  return symbols[(series + Math.floor(series / SERIES_MAX)) % symbols.length];
}

/** Formats four significant digits. */
export function fourDigits(value: Known): string {
  return value === null ? "" : String(Number(value.toPrecision(4)));
}

/** Plots, and removes Plot's style sheet: a page has its own, and a file needs none. */
export function plotted(
  library: PlotLibrary,
  document: AnyDocument,
  { width, height, theme, isNamed }: View,
  options: Plot.PlotOptions,
): Drawing {
  const drawing = library.plot({
    document: document as never,
    className: "chart",
    width,
    height,
    marginTop: isNamed === true ? 10 : 26,
    marginBottom: isNamed === true ? 24 : 38,
    marginRight: MARGIN,
    ...options,
  }) as unknown as Drawing;
  drawing.querySelector("style")?.remove();
  drawing.setAttribute("color", theme.ink);
  drawing.setAttribute("font-size", "11");
  return drawing;
}
