/** Pointer and keys over a panel: they show a readout and choose the part to zoom into. */
import type { Chart } from "./chart.ts";
import { element, keyOf } from "./elements.ts";
import type { Drawing, PlotLibrary } from "./plotting.ts";
import type { Readout } from "./readout.ts";

/** A drag over fewer pixels is a click [px]. */
const DRAG_MIN = 8;

/** Follows pointer and keys over one panel. */
export class Pointing {
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
