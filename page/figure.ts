/**
 * A figure in a browser: one chart of a group at a time, with pointer and keyboard.
 *
 * Point at a chart, or move along it with the arrow keys, to read its numbers. Drag across it to zoom in; double-click,
 * press Escape or the button to zoom out. Press a series in the legend to hide or show it. Nothing is fetched, and
 * nothing is stored.
 */
import {
  columnsOf,
  seriesOf,
  type Chart,
  type ChartGroup,
  type CurvePanel,
  type HeatPanel,
  type IntervalPanel,
  type Known,
  type TimelinePanel,
} from "./chart.ts";
import { dayName, type Calendar } from "./week-axis.ts";
import { drawKey, drawPanel, drawRamp, isOfPoints, panelEnds, panelHeight, xName } from "./drawing.ts";
import { fourDigits, SERIES_MAX, type Drawing, type PlotLibrary, type Theme } from "./plotting.ts";

/** The style sheet defines the colours for light and dark mode. */
const theme: Theme = {
  ink: "var(--ink)",
  grid: "var(--grid)",
  paper: "var(--paper)",
  series: Array.from({ length: SERIES_MAX }, (_, i) => `var(--series-${i})`),
};

/** A drag over fewer pixels is a click [px]. */
const DRAG_MIN = 8;
const PANEL_WIDTH_MAX = 860;
/** The gap between two panels [px], as in the style sheet. */
const GAP = 24;
const TABLE_ROWS_MAX = 400;

/** The contents of a readout: a heading and lines. */
interface Readout {
  /** The position of the thing pointed at [px of the drawing]. */
  readonly x: number;
  readonly heading: string;
  readonly lines: readonly { readonly series?: number; readonly text: string }[];
}

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
    // No image: what is inside an image is not read aloud, and the readout is to be.
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
      (x, y) => this.readoutAt(drawing, panel, x, y),
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

  private readoutAt(drawing: Drawing, panel: number, x: number, y: number): Readout | undefined {
    const { chart, hidden } = this;
    switch (chart.kind) {
      case "curves":
        return curveReadout(chart, chart.panels[panel], hidden, drawing, x, this.domain);
      case "intervals":
        return intervalReadout(chart, chart.panels[panel], hidden, drawing, x, y);
      case "heat":
        return heatReadout(chart, chart.panels[panel], drawing, x, y);
      case "timeline":
        return timelineReadout(chart.panels[panel], drawing, x);
    }
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

/** Follows pointer and keys over one panel. */
class Pointing {
  private readonly plot: PlotLibrary;
  private readonly chart: Chart;
  private readonly stage: HTMLElement;
  private readonly width: number;
  private readonly readoutAt: (x: number, y: number) => Readout | undefined;
  private readonly hair: HTMLElement;
  private readonly box: HTMLElement;
  private readonly selection: HTMLElement;
  private from: number | undefined;
  /** The position of keyboard navigation. */
  private at: number;

  constructor(
    plot: PlotLibrary,
    chart: Chart,
    stage: HTMLElement,
    drawing: Drawing,
    width: number,
    readoutAt: (x: number, y: number) => Readout | undefined,
    zoom: (domain: [from: number, to: number] | undefined) => void,
  ) {
    this.plot = plot;
    this.chart = chart;
    this.stage = stage;
    this.width = width;
    this.readoutAt = readoutAt;
    this.hair = element("div", "hair");
    this.box = element("div", "readout");
    this.box.setAttribute("role", "status");
    this.selection = element("div", "selection");
    this.from = undefined;
    this.at = width / 2;
    for (const part of [this.hair, this.box, this.selection]) part.hidden = true;
    stage.append(this.hair, this.selection, this.box);
    stage.addEventListener("pointerleave", () => this.show(undefined));
    stage.addEventListener("pointermove", (event) => this.moved(...this.place(event)));
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      [this.from] = this.place(event);
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointerup", (event) => {
      const { from } = this;
      const [to] = this.place(event);
      this.from = undefined;
      this.selection.hidden = true;
      const invert = drawing.scale("x")?.invert;
      if (from === undefined || invert === undefined || Math.abs(to - from) < DRAG_MIN) return;
      zoom([invert(Math.min(from, to)), invert(Math.max(from, to))]);
    });
    stage.addEventListener("dblclick", () => zoom(undefined));
    stage.addEventListener("blur", () => this.show(undefined));
    stage.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === "Escape") zoom(undefined);
      if (step === undefined) return;
      event.preventDefault();
      this.at = Math.max(0, Math.min(width, this.at + (step * width) / (event.shiftKey ? 10 : 60)));
      this.moved(this.at, this.at);
    });
  }

  /** The position of an event in the drawing. */
  private place(event: PointerEvent): [x: number, y: number] {
    const { left, top, width } = this.stage.getBoundingClientRect();
    const scale = this.width / width;
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  }

  private moved(x: number, y: number): void {
    this.show(this.readoutAt(x, y));
    if (this.from === undefined) return;
    this.selection.hidden = Math.abs(x - this.from) < DRAG_MIN;
    this.selection.style.left = `${Math.min(x, this.from)}px`;
    this.selection.style.width = `${Math.abs(x - this.from)}px`;
  }

  private show(readout: Readout | undefined): void {
    this.hair.hidden = this.box.hidden = readout === undefined;
    if (readout === undefined) return;
    this.hair.style.left = `${readout.x}px`;
    this.box.replaceChildren(
      element("strong", "", readout.heading),
      ...readout.lines.map(({ series, text }) => {
        const line = element("div", "");
        if (series !== undefined) line.append(keyOf(this.plot, this.chart, series));
        line.append(text);
        return line;
      }),
    );
    const isRight = readout.x > this.width / 2;
    this.box.style.left = isRight ? "auto" : `${readout.x + 10}px`;
    this.box.style.right = isRight ? `${this.width - readout.x + 10}px` : "auto";
  }
}

function curveReadout(
  chart: Chart & { kind: "curves" },
  panel: CurvePanel,
  hidden: ReadonlySet<number>,
  drawing: Drawing,
  x: number,
  domain: readonly [number, number] | undefined,
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

/** Whether panels have their own names and units of y. */
function hasOwnNames(chart: Chart): boolean {
  return chart.kind === "intervals" && chart.panels.some(({ y }) => y !== undefined);
}

/** Each panel of a scatter plot is read by itself. */
function isScatter(chart: Chart): boolean {
  return chart.kind === "curves" && chart.shape === "points";
}

/** "Tuesday of week 2 (after 8.25 days)" */
function timeName(chart: Calendar, days: number): string {
  return `${dayName(chart, days)} (after ${fourDigits(days)} days)`;
}

function intervalReadout(
  chart: Chart & { kind: "intervals" },
  { estimates }: IntervalPanel,
  hidden: ReadonlySet<number>,
  drawing: Drawing,
  x: number,
  y: number,
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
  chart: Chart & { kind: "heat" },
  { rows, edges, values }: HeatPanel,
  drawing: Drawing,
  x: number,
  y: number,
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

/** The numbers of a chart as a table: panel, series, x and values; of a heat map, its last column alone. */
function tableOf(chart: Chart): { head: string[]; rows: string[][] } {
  switch (chart.kind) {
    case "curves":
      return {
        head: ["panel", "series", chart.x, chart.y, "lower", "upper"],
        rows: chart.panels.flatMap(({ name, curves }) =>
          curves.flatMap(({ series, x, y, lower, upper }) => {
            return x.map((at, i) => [
              name,
              chart.series[series],
              ...[at, y[i], lower?.[i] ?? null, upper?.[i] ?? null].map(fourDigits),
            ]);
          }),
        ),
      };
    case "intervals":
      return {
        head: ["panel", "series", chart.x, chart.y || "value", "lower", "upper", "closed form"],
        rows: chart.panels.flatMap(({ name, estimates }) =>
          estimates.map((one) => [
            name,
            chart.series[one.series],
            String(one.x),
            ...[one.value, one.lower, one.upper, one.closedForm].map(fourDigits),
          ]),
        ),
      };
    case "heat":
      return {
        head: ["panel", "row", `${chart.colour} at the end`],
        rows: chart.panels.flatMap(({ name, rows, values }) => {
          return rows.map((row, i) => [name, row, fourDigits(values[i][values[i].length - 1])]);
        }),
      };
    case "timeline":
      return {
        head: ["panel", "what", "from [s]", "to [s]", "is"],
        rows: chart.panels.flatMap(({ name, lanes }) =>
          lanes.flatMap((lane) =>
            lane.spans.map(({ from, to, label }) => [name, lane.name, fourDigits(from), fourDigits(to), label]),
          ),
        ),
      };
  }
}

function intervalText({ value, lower, upper }: { value: number; lower: Known; upper: Known }, unit = ""): string {
  return lower === null
    ? `${fourDigits(value)}${unit}`
    : `${fourDigits(value)}${unit} (${fourDigits(lower)} to ${fourDigits(upper)})`;
}

/** The legend symbol of a series. */
function keyOf(plot: PlotLibrary, chart: Chart, series: number): SVGSVGElement {
  return unread(drawKey(plot, document, series, isOfPoints(chart), theme));
}

/** A drawing hidden from screen readers, because its contents are described beside it. */
function unread(drawing: Drawing): SVGSVGElement {
  const svg = drawing as unknown as SVGSVGElement;
  svg.setAttribute("aria-hidden", "true");
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return svg;
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}
