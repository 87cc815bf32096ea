/** Elements of a figure: HTML elements, legend symbols, and drawings that screen readers skip. */
import type { Chart } from "./chart.ts";
import { drawKey, isOfPoints } from "./drawing.ts";
import { SERIES_MAX, type Drawing, type PlotLibrary, type Theme } from "./plotting.ts";

/** The style sheet defines the colours for light and dark mode. */
export const theme: Theme = {
  ink: "var(--ink)",
  grid: "var(--grid)",
  paper: "var(--paper)",
  series: Array.from({ length: SERIES_MAX }, (_, i) => `var(--series-${i})`),
};

/** The legend symbol of a series. */
export function keyOf(plot: PlotLibrary, chart: Chart, series: number): SVGSVGElement {
  return unread(drawKey(plot, document, series, isOfPoints(chart), theme));
}

/** A drawing hidden from screen readers, because its contents are described beside it. */
export function unread(drawing: Drawing): SVGSVGElement {
  const svg = drawing as unknown as SVGSVGElement;
  svg.setAttribute("aria-hidden", "true");
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return svg;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}
