/**
 * One server with each of the levels that are compared, event by event and side by side: the same jobs, the same
 * alterations, the same times. Events are handled once and remembered, so one can go back.
 */
import type { Model, ReferenceRun, Scene, TraceEvent } from "../models/model.ts";
import type { PlannedPoint } from "../lab/experiment/design-point.ts";

/** A server after an event; before the first there is none. */
interface Snapshot {
  readonly event: TraceEvent | undefined;
  readonly state: object;
}

/** Events that one search looks through. */
const EVENTS_MAX = 400_000;

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
   * When the story of the next leak begins: just before somebody alters the job that will leak. Undefined when there
   * is none before the horizon [us].
   */
  nextStory(horizon: number): number | undefined {
    const { narrative } = this.model;
    if (narrative === undefined) return undefined;
    const from = this.at;
    const altered = new Map<number | undefined, number>();
    let begin: number | undefined;
    for (let events = 0; events < EVENTS_MAX && this.nextTime < horizon; events++) {
      const event = this.forward();
      if (narrative.begins?.(event) === true) altered.set(event.job, event.time);
      // A leak whose story is under way already is not the next one.
      const began = altered.get(event.job);
      if (narrative.isLeak(event) && began !== undefined) {
        begin = began;
        break;
      }
    }
    this.at = from;
    return begin;
  }
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

  /** Goes to just before the alteration by which something leaks next; whether there is one. */
  toNextStory(): boolean {
    const begins = this.histories.flatMap((history) => history.nextStory(this.horizon) ?? []);
    if (begins.length === 0) return false;
    const begin = Math.min(...begins);
    while (Math.min(...this.histories.map(({ nextTime }) => nextTime)) < begin) this.forward();
    return true;
  }
}
