/**
 * One server, step by step: its queue, its threads, and the lines of the spooler that run, side by side for the
 * compared levels.
 *
 * While the view has the focus, Space plays and pauses, the arrow keys step, and L goes to the next leak.
 */
import { timeToMillisecond } from "../lab/simulated-time.ts";
import { Figure } from "../page/figure.ts";
import type { TimelineChart } from "../page/chart.ts";
import type { PlotLibrary } from "../page/plotting.ts";
import { timelineEnds } from "../page/timeline-panel.ts";
import type { Scene } from "../models/contract/pictures.ts";
import type { PlannedPoint } from "../lab/experiment/design-point.ts";
import { byOthers } from "../lab/experiment/design.ts";
import type { Plan } from "../lab/experiment/plan.ts";
import { button, element, keepHeight } from "./dom.ts";
import { SideBySide, type ServerHistory } from "./history.ts";

/** The time between two events during play [ms]. */
const PLAY_MS = 900;
const STORY_LINES = 6;

export class ServerView {
  private readonly side: SideBySide;
  private readonly clock: HTMLElement;
  /** A sentence about the latest event of each server, below the buttons. */
  private readonly sentences: HTMLElement;
  private readonly columns: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly picture: HTMLElement;
  private readonly plot: PlotLibrary;
  private chart: TimelineChart | undefined;
  private figure: Figure | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  /** The names of open details, which stay open from event to event. */
  private readonly opened: Set<string>;

  /** @param points design points whose model has scenes, and which differ only in the compared factor */
  constructor(container: HTMLElement, points: readonly PlannedPoint[], seed: string, plot: PlotLibrary) {
    this.side = new SideBySide(points, seed, 0);
    this.timer = undefined;
    this.opened = new Set();
    this.clock = element("p", { class: "clock", role: "status" });
    this.sentences = element("div", { class: "sentences" });
    this.columns = element("div", { class: "servers" });
    this.picture = element("div", { class: "figure" });
    this.picture.append(element("p", { class: "note" }, "Press Next leak for a picture of a leak."));
    this.plot = plot;
    this.play = button("Play", { id: "play", "aria-keyshortcuts": "Space" }, () => this.toggle());
    const buttons = element(
      "div",
      { class: "steps", role: "group", "aria-label": "Step through the events" },
      button("Next leak", { id: "leak", class: "main", "aria-keyshortcuts": "L" }, () => this.toLeak()),
      button("Back", { id: "back", "aria-keyshortcuts": "ArrowLeft" }, () => this.step(-1)),
      button("Next event", { id: "next", "aria-keyshortcuts": "ArrowRight" }, () => this.step(1)),
      this.play,
    );
    container.replaceChildren(buttons, this.clock, this.sentences, this.picture, this.columns);
    container.onkeydown = (event) => this.key(event);
    this.show();
    // The first leak is shown as soon as this part of the page becomes visible, and not before.
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      if (this.side.now === 0) this.toLeak();
    });
    observer.observe(buttons);
  }

  /** Stops playing. */
  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.play.textContent = "Play";
  }

  private toggle(): void {
    if (this.timer !== undefined) return this.end();
    this.play.textContent = "Pause";
    this.timer = setInterval(() => {
      const before = this.side.now;
      const isGoing = this.side.forward();
      const isOver = before < this.storyEnd && this.side.now >= this.storyEnd;
      if (!isGoing || isOver) this.end();
      this.show(isOver ? "This story is over. Press Next leak for another." : "");
    }, PLAY_MS);
  }

  /** The end of the story being shown [us]; 0 if there is none. */
  private get storyEnd(): number {
    return this.chart === undefined ? 0 : this.chart.origin + timelineEnds(this.chart)[1] * 1e6;
  }

  private step(by: 1 | -1): void {
    this.end();
    const moved = by === 1 ? this.side.forward() : this.side.back();
    this.show(moved ? "" : by === 1 ? "This is the end of the simulation." : "This is the beginning.");
  }

  private toLeak(): void {
    this.end();
    const chart = this.side.toNextStory();
    if (chart !== undefined) {
      this.chart = chart;
      this.figure = new Figure(this.picture, { id: "story", heading: "", note: "", charts: [chart] }, this.plot);
    } else if (this.chart === undefined) this.picture.textContent = "No job is altered at the wrong moment.";
    const found = "Somebody is about to alter a job that is printing: press Next event, or Play.";
    this.show(chart === undefined ? "No more leaks." : found);
  }

  private key(event: KeyboardEvent): void {
    const does = {
      " ": () => this.toggle(),
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      l: () => this.toLeak(),
      L: () => this.toLeak(),
    }[event.key];
    if (does === undefined || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    does();
  }

  private show(more = ""): void {
    this.clock.textContent = `${timeToMillisecond(this.side.now)}${more === "" ? "" : `. ${more}`}`;
    this.sentences.replaceChildren(...this.side.histories.map((history) => sentenceOf(history, this.side.now)));
    keepHeight(this.clock);
    keepHeight(this.sentences);
    this.columns.replaceChildren(...this.side.histories.map((history) => columnOf(history, this.opened)));
    if (this.chart === undefined) return;
    const now = (this.side.now - this.chart.origin) / 1e6;
    this.figure?.replace({ ...this.chart, now });
  }
}

/** The groups of design points whose servers can be shown side by side; empty if the model has no scenes. */
export function stepped({ points, experiment }: Plan): readonly (readonly PlannedPoint[])[] {
  const { model } = points[0].resolved;
  if (model.scene === undefined || model.reference === undefined) return [];
  if (points.some(({ resolved }) => resolved.model.isCoordinated?.(resolved.values) === true)) return [];
  const { compare } = experiment;
  return compare === undefined ? points.map((point) => [point]) : byOthers(points, compare.factor);
}

/** Describes the event of a server at this time [us], or its latest event. */
function sentenceOf(history: ServerHistory, now: number): HTMLElement {
  const { event, point } = history;
  const [last] = history.story(1);
  const isTold = last !== undefined && last.time === event?.time;
  const sentence =
    event === undefined
      ? "nothing has happened yet."
      : isTold
        ? `${last.sentence}.`
        : `event ${event.kind} (${[event.event.toLowerCase(), event.detail].filter((one) => one !== "").join(", ")}).`;
  const isLeak = isTold && last.isLeak;
  const when = event === undefined || event.time === now ? "" : "before: ";
  const name = Object.values(point.levels).join(", ") || "the server";
  return element(
    "p",
    { class: isLeak ? "sentence leaks" : "sentence" },
    element("b", {}, name),
    `: ${when}${sentence}`,
  );
}

function columnOf(history: ServerHistory, opened: Set<string>): HTMLElement {
  const { scene, point } = history;
  const name = Object.values(point.levels).join(", ") || "the server";
  const story = history.story(STORY_LINES);
  const { groups, gauges, code } = scene;
  const isLeak = story[0]?.isLeak === true && story[0].time === history.lastTime;
  return element(
    "section",
    { class: isLeak ? "server leaks" : "server", "aria-label": name },
    element("h3", {}, name),
    codeOf(code),
    element("div", { class: "gauges" }, ...gauges.map(gaugeOf)),
    foldOf("Queue, threads and print processors", opened, element("div", { class: "groups" }, ...groups.map(groupOf))),
    foldOf(
      "What happened before",
      opened,
      element(
        "ol",
        { class: "story" },
        ...story.map((line) => element("li", {}, `${timeToMillisecond(line.time)}: ${line.sentence}`)),
      ),
    ),
  );
}

/** A detail that can be opened; those of both servers open and close together. */
function foldOf(name: string, opened: Set<string>, body: HTMLElement): HTMLElement {
  const fold = element("details", { open: opened.has(name) }, element("summary", {}, name), body);
  fold.addEventListener("toggle", () => {
    if (fold.open) opened.add(name);
    else opened.delete(name);
  });
  return fold;
}

function gaugeOf({ label, value, ceiling }: Scene["gauges"][number]): HTMLElement {
  const of = ceiling === undefined ? "" : ` of ${ceiling}`;
  const meter =
    ceiling === undefined
      ? []
      : [element("meter", { min: "0", max: String(ceiling), value: String(value), "aria-label": label })];
  return element("div", { class: "gauge" }, element("strong", {}, `${value}${of}`), ` ${label}`, ...meter);
}

function groupOf({ heading, things, none }: Scene["groups"][number]): HTMLElement {
  const chips = things.map(({ name, does, tone }) => {
    return element("li", { class: `thing ${tone}` }, element("strong", {}, name), does === "" ? "" : ` ${does}`);
  });
  const list = things.length === 0 ? element("p", { class: "none" }, none) : element("ul", {}, ...chips);
  return element("div", { class: "group" }, element("h4", {}, heading), list);
}

function codeOf({ title, lines, ran }: Scene["code"]): HTMLElement {
  const shown = lines.map((line, i) => {
    const isRun = ran.includes(i);
    return element("span", { class: isRun ? "line ran" : "line" }, `${isRun ? "\u25b6 " : "  "}${line}\n`);
  });
  const label = ran.length === 0 ? "the spooler's code; no line of it ran" : "the spooler's code; the marked lines ran";
  return element(
    "figure",
    { class: "code" },
    element("figcaption", {}, title),
    element("pre", { tabindex: "0", "aria-label": label }, element("code", {}, ...shown)),
  );
}
