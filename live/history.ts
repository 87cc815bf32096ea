/**
 * One server under each of the compared levels, event by event and side by side: the same jobs, the same alterations,
 * the same times. Handled events are kept, so one can go back.
 */
import type { TimelineChart } from "../page/chart.ts";
import type { Scene } from "../models/contract/pictures.ts";
import type { Narrative } from "../models/contract/narrative.ts";
import type { ReferenceRun, TraceEvent } from "../models/contract/reference.ts";
import type { Model } from "../models/model.ts";
import type { PlannedPoint } from "../lab/experiment/design-point.ts";
import { storyChart } from "../lab/reports/story-chart.ts";

/** A server after an event; before the first there is none. */
interface Snapshot {
  readonly event: TraceEvent | undefined;
  readonly state: object;
}

/** Events that one search looks through. */
const EVENTS_MAX = 400_000;
/** A story that does not end is over so long after its leak [us]. */
const STORY_US_MAX = 60e6;

export class ServerHistory {
  readonly point: PlannedPoint;
  private readonly model: Model;
  private readonly run: ReferenceRun;
  private readonly snapshots: Snapshot[];
  private at: number;

  /** @param point of a model that has a reference and a scene */
  constructor(point: PlannedPoint, seed: string, server: number) {
    this.point = point;
    this.model = point.resolved.model;
    this.run = this.model.reference!(point.resolved.values, seed, server, 0);
    this.snapshots = [{ event: undefined, state: this.run.state! }];
    this.at = 0;
  }

  /** The event that happened last. */
  get event(): TraceEvent | undefined {
    return this.snapshots[this.at]!.event;
  }

  get scene(): Scene {
    const { event, state } = this.snapshots[this.at]!;
    const before = this.snapshots[Math.max(0, this.at - 1)]!.state;
    return this.model.scene!(this.point.resolved.values, before, event, state);
  }

  /** The last events, the newest first, as sentences. */
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

  /** When the event happened that would be undone; -1 when there is none. */
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
   * The next leak before the horizon [us] whose story is not under way yet; undefined when there is none.
   * @param isPlain only of a job that nobody has altered before
   */
  nextLeak(horizon: number, isPlain = false): NextLeak | undefined {
    const { narrative, canLeak } = this.model;
    if (narrative === undefined || canLeak?.(this.point.resolved.values, narrative.leaks) === false) return undefined;
    const from = this.at;
    const altered = new Map<number | undefined, number>();
    const again = new Set<number | undefined>();
    let found: NextLeak | undefined;
    for (let events = 0; events < EVENTS_MAX && this.nextTime < horizon; events++) {
      const event = this.forward();
      if (narrative.begins?.(event) === true) {
        if (altered.has(event.job)) again.add(event.job);
        altered.set(event.job, event.time);
      }
      const begin = altered.get(event.job);
      if (!narrative.isLeak(event) || begin === undefined || (isPlain && again.has(event.job))) continue;
      found = { begin, leak: event, end: this.endOf(event, narrative) };
      break;
    }
    this.at = from;
    return found;
  }

  /** When the story of the leak that has just happened is over [us]. */
  private endOf(leak: TraceEvent, { follow }: Narrative): number {
    const isOver = follow?.(leak) ?? (() => true);
    let event = leak;
    while (!isOver(event) && event.time < leak.time + STORY_US_MAX) event = this.forward();
    return event.time;
  }

  /** The events of a job up to a time [us], which is included. */
  eventsOfJob(job: number | undefined, until: number): TraceEvent[] {
    const from = this.at;
    while (this.nextTime <= until) this.forward();
    this.at = from;
    return this.snapshots.flatMap(({ event }) =>
      event !== undefined && event.job === job && event.time <= until ? [event] : [],
    );
  }
}

/** A leak to come [us]: when the job is altered, the event by which it leaks, and when the story is over. */
interface NextLeak {
  readonly begin: number;
  readonly leak: TraceEvent;
  readonly end: number;
}

/** Histories of one server at several design points, which go on and back together. */
export class SideBySide {
  readonly histories: readonly ServerHistory[];
  private readonly horizon: number;

  constructor(points: readonly PlannedPoint[], seed: string, server: number) {
    this.histories = points.map((point) => new ServerHistory(point, seed, server));
    this.horizon = Math.max(...points.map(({ scenario }) => scenario.horizonDays)) * 86400e6;
  }

  get now(): number {
    return Math.max(0, ...this.histories.map(({ lastTime }) => lastTime));
  }

  /** Those whose next event comes first handle it. Whether there was one before the horizon. */
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
   * Goes to just before the alteration by which something leaks next, and draws that story; undefined without one. The
   * first story is a plain one, where there is one: a job that is altered once.
   */
  toNextStory(): TimelineChart | undefined {
    const search = (isPlain: boolean) => this.histories.flatMap((one) => one.nextLeak(this.horizon, isPlain) ?? []);
    const plain = this.now === 0 ? search(true) : [];
    const leaks = plain.length > 0 ? plain : search(false);
    const [first] = leaks.sort((a, b) => a.begin - b.begin);
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
