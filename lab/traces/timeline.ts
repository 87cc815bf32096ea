/**
 * The timeline of a server in the Chrome trace event format, which ui.perfetto.dev and chrome://tracing open.
 *
 * A server is a process. What it does sequentially is a thread with nested slices, including the time for which
 * something blocks it. Overlapping things have asynchronous tracks: each thing from its first event to its last, with
 * its states within. The model says what these are. A leak is an instant with the words of the model; a gauge or a
 * leaked total is a counter that changes where the kernel changes it.
 *
 * It is made from the rows of the trace and the changes of the reference's state. A model without a timeline has its
 * events as instants, and its counters.
 *
 * Order: time; then ends, starts, leaks and counters, in the order of the trace. Whatever has not ended at the end of
 * the trace ends there, so every start has an end. Cost: only what is open now is in memory.
 */
import { runThrough } from "../../models/barrier.ts";
import type { Drawn, Timeline } from "../../models/contract/pictures.ts";
import type { Narrative } from "../../models/contract/narrative.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Sink } from "../results/csv.ts";
import { kernelOf, mainPart, traceOf, type Kernel, type ServerSelector, type TraceRow } from "./trace.ts";
import { itemAt } from "../lists.ts";

/**
 * An event of the format: B and E begin and end a slice of a thread, b and e one of an asynchronous track; i is an
 * instant, C a counter, and M names a process or a thread.
 */
export interface TimelineEvent {
  readonly ph: "B" | "E" | "b" | "e" | "i" | "C" | "M";
  readonly name: string;
  /** Time [us]; absent for names. */
  readonly ts?: number;
  readonly pid: number;
  readonly tid?: number;
  readonly cat?: string;
  /** The id of an asynchronous slice within its category and process. */
  readonly id2?: { readonly local: string };
  /** For an instant: drawn across its thread. */
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Viewers reserve thread 0 for an idle processor. The model's own threads are numbered FIRST, and SECOND onwards. */
const FIRST = 1;
const LEAKS = 2;
const SECOND = 3;

/** The part of a run that is shown: from the first time to before the second [us]. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The timeline of the server within the span. @throws BrokenInvariant as traceOf does */
export function* timelineOf(selector: ServerSelector, { from, until }: Span): Iterable<TimelineEvent> {
  yield* eventsFrom(from, wholeTimelineOf(selector, until));
}

/** The events from a time on. What is open then begins there, and each counter has its value there. */
function* eventsFrom(from: number, events: Iterable<TimelineEvent>): Iterable<TimelineEvent> {
  const held = new Held();
  const release = () => held.release().map((event) => ({ ...event, ts: from }));
  for (const event of events) {
    if (event.ts === undefined) yield event;
    else if (event.ts >= from) yield* [...release(), event];
    else held.take(event);
  }
  yield* release();
}

/**
 * What is open, and the counters: found by name, because hundreds of thousands of jobs can wait, and in the order in
 * which it began.
 */
class Held {
  private readonly events = new Map<number, TimelineEvent>();
  /** The keys of `events` by name, the last to begin at the end. */
  private readonly keys = new Map<string, number[]>();
  private count = 0;

  take(event: TimelineEvent): void {
    const { ph } = event;
    if (ph === "C" || ph === "E" || ph === "e") this.drop(event);
    if (ph !== "C" && ph !== "B" && ph !== "b") return;
    const name = Held.nameOf(event);
    const keys = this.keys.get(name);
    if (keys === undefined) this.keys.set(name, [this.count]);
    else keys.push(this.count);
    this.events.set(this.count++, event);
  }

  release(): TimelineEvent[] {
    if (this.events.size === 0) return [];
    const events = [...this.events.values()];
    this.events.clear();
    this.keys.clear();
    return events;
  }

  private drop(event: TimelineEvent): void {
    const name = Held.nameOf(event);
    const keys = this.keys.get(name);
    const key = keys?.pop();
    if (key === undefined) return;
    this.events.delete(key);
    if (keys!.length === 0) this.keys.delete(name);
  }

  /** The same for an end as for its beginning. */
  private static nameOf({ ph, tid, name, id2 }: TimelineEvent): string {
    const kind = ph === "C" ? "counter" : id2 === undefined ? "thread" : "track";
    return `${kind} ${tid} ${id2?.local} ${name}`;
  }
}

function* wholeTimelineOf(selector: ServerSelector, until: number): Iterable<TimelineEvent> {
  const timeline = new Drawing(selector);
  yield* timeline.take();
  for (const row of traceOf(selector, until, 0)) {
    timeline.add(row);
    yield* timeline.take();
  }
  timeline.end(until);
  yield* timeline.take();
}

/** The approximate length of a piece [characters]. */
const PIECE_LENGTH = 1 << 16;

/**
 * Writes the timelines of servers of one replication to a file, one event per line; at most one piece is held in
 * memory.
 */
export async function writeTimelines(selectors: readonly ServerSelector[], span: Span, sink: Sink): Promise<void> {
  const { resolved, seed, replication } = itemAt(selectors, 0);
  const { model, parameters } = resolved.scenario;
  let piece = `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ seed, replication, model, parameters })},\n`;
  piece += `"traceEvents":[`;
  let separator = "\n";
  for (const selector of selectors) {
    for (const event of timelineOf(selector, span)) {
      piece += separator + JSON.stringify(event);
      separator = ",\n";
      if (piece.length < PIECE_LENGTH) continue;
      await sink(piece);
      piece = "";
    }
  }
  await sink(`${piece}\n]}\n`);
}

/** The open slices of one category: the id, and the name of the slice nested in it, or "". */
type Open = Map<string, string>;

class Drawing {
  private readonly pid: number;
  private readonly timeline: Timeline | undefined;
  private readonly narrative: Narrative | undefined;
  private readonly counters: Counters;
  private events: TimelineEvent[] = [];
  private now = 0;
  /** The open slices, by category. */
  private readonly open = new Map<string, Open>();
  /** The named threads, and what each is doing. */
  private readonly threads = new Map<number, string | undefined>();
  /** The threads that are blocked or will be: by what, since when, and whether that has been drawn. */
  private readonly blocks = new Map<number, { readonly by: string; readonly at: number; drawn: boolean }>();

  constructor(selector: ServerSelector) {
    const { resolved, server } = selector;
    // Viewers treat process 0 as the idle process.
    this.pid = server + 1;
    const { timeline, narrative } = resolved.model;
    this.timeline = timeline?.();
    this.narrative = narrative;
    const { pid } = this;
    const part = mainPart(resolved);
    const name = `server ${server}${part === undefined ? "" : ` (${part.setting})`}`;
    this.events.push({ ph: "M", name: "process_name", pid, args: { name } });
    this.events.push({ ph: "M", name: "process_sort_index", pid, args: { sort_index: server } });
    this.thread(FIRST, this.timeline?.main ?? "events");
    this.counters = new Counters(selector);
    this.count(-1);
  }

  /** Returns the events since the last call. */
  take(): readonly TimelineEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  add(row: TraceRow): void {
    this.drawBlocks(row.time);
    this.now = row.time;
    if (this.timeline === undefined) this.instant(FIRST, "events", row.event, { detail: row.detail });
    for (const drawn of this.timeline?.read(row) ?? []) this.draw(drawn, row);
    if (this.narrative?.isLeak(row)) this.leak(row, this.narrative);
    this.count();
  }

  /** Ends all open slices. */
  end(until: number): void {
    this.drawBlocks(until);
    this.now = until;
    for (const [category, open] of this.open) {
      for (const id of [...open.keys()]) this.become(category, id, undefined);
    }
    for (const tid of this.threads.keys()) this.stopDoing(tid);
  }

  private draw(drawn: Drawn, row: TraceRow): void {
    if ("track" in drawn) return this.become(drawn.track, drawn.id, drawn.is, { row, about: drawn.about });
    const tid = drawn.thread === 0 ? FIRST : SECOND + drawn.thread - 1;
    if ("does" in drawn) return this.does(tid, drawn.name, drawn.does);
    this.unblock(tid);
    if (drawn.at !== null) this.blocks.set(tid, { by: drawn.blocked, at: drawn.at, drawn: false });
  }

  // Asynchronous tracks.

  /**
   * Begins, changes or ends an object of a category.
   *
   * @param is the slice now nested in it; "" for none; undefined when the object is gone
   * @param by the cause of the change; absent at the end of the trace
   */
  private become(category: string, id: string, is: string | undefined, by?: Cause): void {
    const open = this.open.get(category) ?? new Map<string, string>();
    this.open.set(category, open);
    const was = open.get(id);
    if (is === was) return;
    if (was) this.async("e", category, id, was);
    if (was !== undefined && is === undefined) this.async("e", category, id, category, by && { by: by.row.event });
    if (was === undefined && by !== undefined) this.async("b", category, id, category, by.about);
    if (is) this.async("b", category, id, is);
    if (is === undefined) open.delete(id);
    else open.set(id, is);
  }

  private async(ph: "b" | "e", cat: string, id: string, name: string, args?: TimelineEvent["args"]): void {
    const event = { ph, name, ts: this.now, pid: this.pid, tid: FIRST, cat, id2: { local: `${cat} ${id}` } };
    this.events.push(args === undefined ? event : { ...event, args });
  }

  // Threads.

  private thread(tid: number, name: string): void {
    if (this.threads.has(tid)) return;
    this.threads.set(tid, undefined);
    const { pid } = this;
    this.events.push({ ph: "M", name: "thread_name", pid, tid, args: { name } });
    this.events.push({ ph: "M", name: "thread_sort_index", pid, tid, args: { sort_index: tid } });
  }

  /** From now on, the thread does this, or nothing. */
  private does(tid: number, thread: string, what: string | undefined): void {
    this.stopDoing(tid);
    if (what === undefined) return;
    this.thread(tid, thread);
    this.threads.set(tid, what);
    this.events.push({ ph: "B", name: what, ts: this.now, pid: this.pid, tid });
  }

  private stopDoing(tid: number): void {
    this.unblock(tid);
    const what = this.threads.get(tid);
    if (what === undefined) return;
    this.threads.set(tid, undefined);
    this.events.push({ ph: "E", name: what, ts: this.now, pid: this.pid, tid });
  }

  /** A block is known before it begins, and may be withdrawn until then. */
  private drawBlocks(until: number): void {
    const due = [...this.blocks].filter(([, { at, drawn }]) => !drawn && at < until);
    for (const [tid, block] of due.sort(([a, left], [b, right]) => left.at - right.at || a - b)) {
      block.drawn = true;
      this.events.push({ ph: "B", name: block.by, ts: block.at, pid: this.pid, tid });
    }
  }

  private unblock(tid: number): void {
    const block = this.blocks.get(tid);
    if (block?.drawn) this.events.push({ ph: "E", name: block.by, ts: this.now, pid: this.pid, tid });
    this.blocks.delete(tid);
  }

  // Instants and counters.

  private leak(row: TraceRow, { cause }: Narrative): void {
    const { job, instance, detail } = row;
    this.instant(LEAKS, "leaks", cause(row), { job, instance, detail });
  }

  private instant(tid: number, thread: string, name: string, args: Readonly<Record<string, unknown>>): void {
    this.thread(tid, thread);
    this.events.push({ ph: "i", name, ts: this.now, pid: this.pid, tid, s: "t", args });
  }

  /** @param now the time whose events are complete; before the first event, everything has its initial value */
  private count(now = this.now): void {
    for (const [name, value] of this.counters.changed(now)) {
      this.events.push({ ph: "C", name, ts: this.now, pid: this.pid, args: { value } });
    }
  }
}

/** The event that caused a change, and the arguments to show with the slice that begins. */
interface Cause {
  readonly row: TraceRow;
  readonly about: Readonly<Record<string, unknown>>;
}

/** The gauges and leaks of a server, from the kernel, after all events of a time. */
class Counters {
  private readonly kernel: Kernel;
  private readonly series: readonly { readonly name: string; readonly column: number }[];
  private readonly last: number[];

  constructor(selector: ServerSelector) {
    this.kernel = kernelOf(selector);
    this.series = selector.resolved.model.responses.flatMap((response, column) => {
      const isCounter = response.role === "gauge" || response.role === "leak";
      return isCounter ? [{ name: counterName(response), column }] : [];
    });
    this.last = this.series.map(() => NaN);
  }

  /** Those that have changed since the last call. */
  changed(now: number): [name: string, value: number][] {
    const { simulation, instance, subject } = this.kernel;
    runThrough(simulation, instance.controller, now + 1);
    instance.observe(now + 1);
    return this.series.flatMap(({ name, column }, i): [string, number][] => {
      const value = itemAt(itemAt(instance.columns, column), subject);
      if (value === this.last[i]) return [];
      this.last[i] = value;
      return [[name, value]];
    });
  }
}

function counterName({ name, unit }: Response): string {
  return unit === "1" ? name : `${name} [${unit}]`;
}
