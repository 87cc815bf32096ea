/**
 * One server under each of the compared levels, event by event and side by side: the same jobs, the same alterations,
 * the same times. Handled events are kept, so one can go back.
 */
import { US_PER_DAY } from "../sim/time-units.ts";
import type { TimelineChart } from "../page/chart.ts";
import type { Scene } from "../models/contract/pictures.ts";
import type { Narrative } from "../models/contract/narrative.ts";
import type { ReferenceRun, TraceEvent } from "../models/contract/reference.ts";
import type { Model } from "../models/model.ts";
import type { PlannedPoint } from "../lab/experiment/design-point.ts";
import { STORY_US_MAX, TYPICAL_OF, typicalOf } from "../lab/traces/story.ts";
import { storyChart } from "../lab/reports/story-chart.ts";

/** The state of a server after an event. */
interface Snapshot {
  readonly event: TraceEvent | undefined;
  readonly state: object;
}

/** The most events that one search goes through. */
const EVENTS_MAX = 400_000;
/** The most events among which several leaks are looked for. */
const SEVERAL_EVENTS_MAX = 30_000;

export class ServerHistory {
  readonly point: PlannedPoint;
  private readonly model: Model;
  private readonly run: ReferenceRun;
  private readonly snapshots: Snapshot[];
  private at: number;

  /** @param point a design point whose model has a reference and a scene */
  constructor(point: PlannedPoint, seed: string, server: number) {
    this.point = point;
    this.model = point.resolved.model;
    this.run = this.model.reference!(point.resolved.values, seed, server, 0);
    this.snapshots = [{ event: undefined, state: this.run.state! }];
    this.at = 0;
  }

  /** The latest event. */
  get event(): TraceEvent | undefined {
    return this.snapshots[this.at]!.event;
  }

  get scene(): Scene {
    const { event, state } = this.snapshots[this.at]!;
    const before = this.snapshots[Math.max(0, this.at - 1)]!.state;
    return this.model.scene!(this.point.resolved.values, before, event, state);
  }

  /** The latest events as sentences, newest first. */
  story(count: number): { readonly time: number; readonly sentence: string; readonly isLeak: boolean }[] {
    const lines = [];
    for (let at = this.at; at > 0 && lines.length < count; at--) {
      const event = this.snapshots[at]!.event!;
      const sentence = this.model.narrative?.sentence(event);
      if (sentence === undefined) continue;
      lines.push({ time: event.time, sentence, isLeak: this.model.narrative?.isLeak(event) === true });
    }
    return lines;
  }

  get nextTime(): number {
    return this.snapshots[this.at + 1]?.event?.time ?? this.run.nextTime;
  }

  /** The time of the latest event; -1 if there is none. */
  get lastTime(): number {
    return this.event?.time ?? -1;
  }

  forward(): TraceEvent {
    this.at++;
    if (this.at === this.snapshots.length) {
      const event = this.run.step();
      this.snapshots.push({ event, state: this.run.state! });
    }
    return this.event!;
  }

  back(): void {
    this.at = Math.max(0, this.at - 1);
  }

  /**
   * The next leaks before the horizon [us] whose stories have not begun, at most so many.
   *
   * @param isPlain only leaks of jobs that were not altered before
   */
  nextLeaks(horizon: number, most: number, isPlain = false): NextLeak[] {
    const { narrative, canLeak } = this.model;
    if (narrative === undefined || canLeak?.(this.point.resolved.values, narrative.leaks) === false) return [];
    const from = this.at;
    const altered = new Map<number | undefined, number>();
    const again = new Set<number | undefined>();
    const found: NextLeak[] = [];
    for (let events = 0; events < EVENTS_MAX && this.nextTime < horizon; events++) {
      if (found.length > 0 && events > SEVERAL_EVENTS_MAX) break;
      const event = this.forward();
      if (narrative.begins?.(event) === true) {
        if (altered.has(event.job)) again.add(event.job);
        altered.set(event.job, event.time);
      }
      const begin = altered.get(event.job);
      if (!narrative.isLeak(event) || begin === undefined || (isPlain && again.has(event.job))) continue;
      const at = this.at;
      found.push({ begin, leak: event, end: this.endOf(event, narrative) });
      this.at = at;
      if (found.length === most) break;
    }
    this.at = from;
    return found;
  }

  /** The end of the story of the latest leak [us]. */
  private endOf(leak: TraceEvent, { follow }: Narrative): number {
    const isOver = follow?.(leak) ?? (() => true);
    let event = leak;
    while (!isOver(event) && event.time < leak.time + STORY_US_MAX) event = this.forward();
    return event.time;
  }

  /** The events of a job up to and including a time [us]. */
  eventsOfJob(job: number | undefined, until: number): TraceEvent[] {
    const from = this.at;
    while (this.nextTime <= until) this.forward();
    this.at = from;
    return this.snapshots.flatMap(({ event }) =>
      event !== undefined && event.job === job && event.time <= until ? [event] : [],
    );
  }
}

/** A future leak [us]: when its job is altered, the event that leaks, and the end of its story. */
interface NextLeak {
  readonly begin: number;
  readonly leak: TraceEvent;
  readonly end: number;
}

/** Histories of one server at several design points, which move together. */
export class SideBySide {
  readonly histories: readonly ServerHistory[];
  private readonly horizon: number;

  constructor(points: readonly PlannedPoint[], seed: string, server: number) {
    this.histories = points.map((point) => new ServerHistory(point, seed, server));
    this.horizon = Math.max(...points.map(({ scenario }) => scenario.horizonDays)) * US_PER_DAY;
  }

  get now(): number {
    return Math.max(0, ...this.histories.map(({ lastTime }) => lastTime));
  }

  /**
   * Handles the next event, in all histories that have one at its time. Returns whether there was one before the
   * horizon.
   */
  forward(): boolean {
    const time = Math.min(...this.histories.map(({ nextTime }) => nextTime));
    if (time >= this.horizon) return false;
    for (const history of this.histories) if (history.nextTime === time) history.forward();
    return true;
  }

  back(): boolean {
    const time = Math.max(...this.histories.map(({ lastTime }) => lastTime));
    if (time < 0) return false;
    for (const history of this.histories) if (history.lastTime === time) history.back();
    return true;
  }

  /**
   * Goes to just before the alteration that causes the next leak, and draws its story; undefined if there is no leak.
   * If possible, the first story is a plain one, in which the job is altered once, and a typical one.
   */
  toNextStory(): TimelineChart | undefined {
    const search = (most: number, isPlain = false) =>
      this.histories.flatMap((one) => one.nextLeaks(this.horizon, most, isPlain));
    const plain = this.now === 0 ? search(TYPICAL_OF, true) : [];
    const typical = typicalOf(plain, ({ begin, end }) => end - begin);
    const first = typical ?? search(1).sort((a, b) => a.begin - b.begin)[0];
    if (first === undefined) return undefined;
    while (Math.min(...this.histories.map(({ nextTime }) => nextTime)) < first.begin) this.forward();
    return this.chartOf(first);
  }

  private chartOf({ leak, end }: NextLeak): TimelineChart | undefined {
    const { narrative } = this.histories[0]!.point.resolved.model;
    const panels = this.histories.flatMap((history) => {
      const events = history.eventsOfJob(leak.job, end);
      const picture = narrative?.picture?.(events);
      const name = Object.values(history.point.levels).join(", ");
      return picture === undefined || events.length === 0 ? [] : [{ name, picture }];
    });
    return storyChart(narrative?.subject(leak) ?? "", panels, leak.time, end);
  }
}
