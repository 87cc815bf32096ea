/**
 * The basis of every drawing: Observable Plot on a given document, a theme, a view, and the marks that distinguish
 * series: colour (the palette of Okabe and Ito), dashes and the shapes of their points.
 */
import type * as Plot from "@observablehq/plot";
import type { Known } from "./chart.ts";

export type PlotLibrary = Pick<
  typeof Plot,
  "plot" | "line" | "areaY" | "dot" | "ruleX" | "ruleY" | "rect" | "text" | "axisX" | "axisY" | "gridX" | "gridY"
>;

/** Colours as CSS says them. */
export interface Theme {
  /** Text and axes. */
  readonly ink: string;
  readonly grid: string;
  /** What an empty mark is filled with. */
  readonly paper: string;
  readonly series: readonly string[];
}

/** How a panel is looked at. */
export interface View {
  /** [px]. */
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  /** Whether what the axes show is said elsewhere, where a long text has room: then it is not drawn. */
  readonly isNamed?: boolean;
  /** Series that are not shown, by index. */
  readonly hidden?: ReadonlySet<number>;
  /** The part of the x axis that is shown; all of it when not said. */
  readonly domain?: readonly [from: number, to: number];
  /** Whether the panel has a scale of its own; when not said, all panels have one. */
  readonly isAlone?: boolean;
}

/** The palette of Okabe and Ito, yellow left out, in the order in which it is used on white. */
export const paperTheme: Theme = {
  ink: "#1f2328",
  grid: "#d9dde2",
  paper: "#ffffff",
  series: ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"],
};

/** More series than colours would be alike. */
export const SERIES_MAX = paperTheme.series.length;

const dashes = ["none", "7 3", "2 3", "9 3 2 3", "5 5", "12 4", "1 4"];
const symbols = ["circle", "square", "triangle", "diamond", "star", "cross", "wye"] as const;

/** A drawing, as far as it is used here: an SVG element of whatever document. */
export interface Drawing {
  querySelector(selector: string): { remove(): void } | null;
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
  scale(name: string): { apply(value: number): number; invert?(position: number): number } | undefined;
}

/** What Plot takes for a document. */
export type AnyDocument = object;

/** Of more series than colours, those of one colour have different dashes. */
export function dashOf(series: number): string {
  return dashes[(series + Math.floor(series / SERIES_MAX)) % dashes.length];
}

export function symbolOf(series: number) {
  return symbols[(series + Math.floor(series / SERIES_MAX)) % symbols.length];
}

/** Four digits, as people read them. */
export function fourDigits(value: Known): string {
  return value === null ? "" : String(Number(value.toPrecision(4)));
}

/** Plots, and takes away the style sheet that Plot adds: a page has its own, and a file needs none. */
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
    marginRight: 20,
    ...options,
  }) as unknown as Drawing;
  drawing.querySelector("style")?.remove();
  drawing.setAttribute("color", theme.ink);
  drawing.setAttribute("font-size", "11");
  return drawing;
}
