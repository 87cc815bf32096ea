/**
 * A figure in a browser: one chart of a group at a time, with pointer and keyboard.
 *
 * Point at a chart, or move along it with the arrow keys, to read its numbers. Drag across it to zoom in; double-click,
 * press Escape or the button to zoom out. Press a series in the legend to hide or show it. Nothing is fetched, and
 * nothing is stored.
 */
import { tableOf } from "./chart-table.ts";
import { columnsOf, seriesOf, type Chart, type ChartGroup } from "./chart.ts";
import { drawPanel, panelHeight, xName } from "./drawing.ts";
import { element, keyOf, theme, unread } from "./elements.ts";
import { drawRamp } from "./heat-panel.ts";
import { SERIES_MAX, type PlotLibrary } from "./plotting.ts";
import { Pointing } from "./pointing.ts";
import { readoutAt } from "./readout.ts";

const PANEL_WIDTH_MAX = 860;
/** The gap between two panels [px], as in the style sheet. */
const GAP = 24;
const TABLE_ROWS_MAX = 400;

/** Shows one chart of a group at a time, and its view. */
export class Figure {
  private readonly plot: PlotLibrary;
  private readonly group: ChartGroup;
  private readonly controls: HTMLElement;
  /** The names of the y axes of all panels. */
  private readonly yName: HTMLElement;
  private readonly panels: HTMLElement;
  private readonly xName: HTMLElement;
  private readonly summary: HTMLElement;
  private readonly numbers: HTMLDetailsElement;
  private chart: Chart;
  private readonly hidden: Set<number>;
  private domain: [from: number, to: number] | undefined;
  private width: number;
  /** Whether each panel has its own scale. */
  private isAlone: boolean;

  /** @param container its contents are replaced by the charts */
  constructor(container: HTMLElement, group: ChartGroup, plot: PlotLibrary) {
    this.plot = plot;
    this.group = group;
    this.chart = group.charts[0];
    this.isAlone = false;
    this.hidden = new Set();
    for (let series = SERIES_MAX; series < seriesOf(this.chart).length; series++) this.hidden.add(series);
    this.domain = this.opening();
    this.width = 0;
    this.controls = element("div", "controls");
    this.panels = element("div", "panels");
    this.summary = element("p", "summary");
    this.numbers = element("details", "numbers");
    this.numbers.append(element("summary", "", "Show the numbers"));
    this.numbers.addEventListener("toggle", () => this.fillNumbers());
    this.yName = element("div", "named");
    this.xName = element("div", "named along");
    container.replaceChildren(this.controls, this.yName, this.panels, this.xName, this.summary, this.numbers);
    this.showControls();
    new ResizeObserver(() => this.fit()).observe(this.panels);
    this.fit();
  }

  /** Shows another chart of the same kind in the same view. */
  replace(chart: Chart): void {
    this.chart = chart;
    this.draw();
    this.fillNumbers();
  }

  /** Redraws for the available width, or for paper, whose width is not known before it is laid out. */
  fit(width = this.panels.getBoundingClientRect().width): void {
    if (Math.abs(width - this.width) < 1) return;
    this.width = width;
    this.draw();
  }

  private choose(chart: Chart): void {
    this.chart = chart;
    this.zoom(undefined);
    this.fillNumbers();
  }

  private showControls(): void {
    const { charts } = this.group;
    const controls: HTMLElement[] = [];
    if (charts.length > 1) {
      const select = element("select", "choice");
      select.append(...charts.map(({ title }, i) => new Option(title, String(i))));
      select.addEventListener("change", () => this.choose(charts[Number(select.value)]));
      const label = element("label", "", "Show");
      label.append(select);
      controls.push(label);
    } else {
      controls.push(element("span", "title", charts[0].title));
    }
    const series = seriesOf(this.chart);
    if (series.length > 1) {
      const legend = element("div", "legend");
      legend.setAttribute("role", "group");
      legend.setAttribute("aria-label", "series");
      legend.append(...series.map((name, i) => this.legendButton(name, i)));
      controls.push(legend);
    }
    if (series.length > 0 && this.chart.panels.length > 1 && !isScatter(this.chart) && !hasOwnNames(this.chart)) {
      const scale = element("button", "scale", "Same scale");
      scale.setAttribute("aria-pressed", "true");
      scale.addEventListener("click", () => {
        this.isAlone = !this.isAlone;
        scale.setAttribute("aria-pressed", String(!this.isAlone));
        this.draw();
      });
      controls.push(scale);
    }
    const reset = element("button", "reset");
    reset.addEventListener("click", () => this.zoom(this.domain === undefined ? this.opening() : undefined));
    this.controls.replaceChildren(...controls, reset);
    this.nameReset();
  }

  /** The part of the axis that is shown first; undefined for all of it. */
  private opening(): [from: number, to: number] | undefined {
    return this.chart.kind === "timeline" ? [...this.chart.opensAt] : undefined;
  }

  /** Names the reset button: show the whole axis or, where only a part is shown first, that part. */
  private nameReset(): void {
    const reset = this.controls.querySelector<HTMLElement>(".reset")!;
    const { chart, domain } = this;
    const opening = chart.kind === "timeline" ? chart.opening : undefined;
    reset.hidden = domain === undefined && opening === undefined;
    reset.textContent =
      opening === undefined ? "Reset zoom" : `Show ${domain === undefined ? opening : "the whole story"}`;
  }

  private legendButton(name: string, series: number): HTMLElement {
    const button = element("button", "series");
    button.append(keyOf(this.plot, this.chart, series), name);
    button.setAttribute("aria-pressed", String(!this.hidden.has(series)));
    button.addEventListener("click", () => {
      if (!this.hidden.delete(series)) this.hidden.add(series);
      button.setAttribute("aria-pressed", String(!this.hidden.has(series)));
      this.draw();
    });
    return button;
  }

  private zoom(domain: [from: number, to: number] | undefined): void {
    this.domain = domain;
    this.nameReset();
    this.draw();
  }

  private draw(): void {
    if (this.width === 0) return;
    const { chart } = this;
    this.summary.textContent = chart.summary;
    const columns = columnsOf(chart, this.width);
    this.panels.style.setProperty("--columns", String(columns));
    const width = Math.min(PANEL_WIDTH_MAX, Math.floor((this.width - (columns - 1) * GAP) / columns));
    const focused = [...this.panels.children].findIndex((panel) => panel.contains(document.activeElement));
    this.panels.replaceChildren(...chart.panels.map((_, panel) => this.panelFigure(panel, width)));
    this.panels.children[focused]?.querySelector<HTMLElement>(".stage")?.focus();
    this.yName.textContent = hasOwnNames(chart) ? "" : chart.y;
    this.xName.textContent = xName(chart, width, this.domain);
  }

  private panelFigure(panel: number, width: number): HTMLElement {
    const { chart, hidden, domain } = this;
    const { name } = chart.panels[panel];
    const figure = element("figure", "panel");
    const caption = element("figcaption", "", name);
    const height = panelHeight(chart, panel, width);
    const drawing = drawPanel(this.plot, document, chart, panel, {
      width,
      height,
      theme,
      hidden,
      isNamed: true,
      isAlone: this.isAlone,
      ...(domain === undefined ? {} : { domain }),
    });
    const stage = element("div", "stage");
    stage.tabIndex = 0;
    // Not the role img: screen readers do not read what is inside an image, and they should read the readout.
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", `${chart.title}${name === "" ? "" : `, ${name}`}. ${chart.summary}`);
    stage.append(unread(drawing));
    if (chart.kind === "heat") caption.append(unread(drawRamp(this.plot, document, chart, theme, 190)));
    const own = "y" in chart.panels[panel] ? chart.panels[panel].y : undefined;
    figure.append(caption, ...(own === undefined ? [] : [element("div", "named", own)]), stage);
    new Pointing(
      this.plot,
      chart,
      stage,
      drawing,
      width,
      (x, y) => readoutAt(chart, panel, drawing, { x, y, hidden, domain }),
      (domainSeen) => {
        if (this.canZoom()) this.zoom(domainSeen);
      },
    );
    return figure;
  }

  /** The x axis of curves, heat maps and timelines is numeric. */
  private canZoom(): boolean {
    return this.chart.kind !== "intervals";
  }

  private fillNumbers(): void {
    if (!this.numbers.open) return;
    const { head, rows } = tableOf(this.chart);
    const table = element("table", "");
    table.append(element("caption", "", this.chart.summary));
    const row = (cells: readonly string[], kind: "th" | "td") => {
      const line = element("tr", "");
      line.append(...cells.map((cell, i) => element(kind, i < 2 ? "text" : "", cell)));
      return line;
    };
    const [top, body] = [element("thead", ""), element("tbody", "")];
    top.append(row(head, "th"));
    body.append(...rows.slice(0, TABLE_ROWS_MAX).map((cells) => row(cells, "td")));
    table.append(top, body);
    const rest = rows.length - TABLE_ROWS_MAX;
    const frame = element("div", "scrolls");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", `Numbers of the chart: ${this.chart.title}`);
    frame.append(table);
    const more = rest > 0 ? [element("p", "note", `Rows that are not shown: ${rest}.`)] : [];
    this.numbers.replaceChildren(this.numbers.querySelector("summary")!, frame, ...more);
  }
}

/** Whether panels have their own names and units of y. */
function hasOwnNames(chart: Chart): boolean {
  return chart.kind === "intervals" && chart.panels.some(({ y }) => y !== undefined);
}

/** Each panel of a scatter plot is read by itself. */
function isScatter(chart: Chart): boolean {
  return chart.kind === "curves" && chart.shape === "points";
}
