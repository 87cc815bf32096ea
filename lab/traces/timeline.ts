/**
 * The timeline of a server, for people who look before they read: the Chrome trace event format, which
 * ui.perfetto.dev and chrome://tracing open.
 *
 * A server is a process. Its port threads are threads, on which slices nest: what the port does, and within that the
 * time for which a pause blocks it. Jobs, alterations and guard windows overlap, so each is an asynchronous track of
 * its own: from its first event to its last, and within that what became of it. A leak is an instant, with the words
 * of the article; a meter or a leaked total is a counter, which is stepped where the kernel changes it.
 *
 * It is told by the rows of the trace and by what they changed in the reference's state; a model without a reference
 * has its events as instants, and its counters.
 *
 * Order: time; then ends, beginnings, leaks and counters, in the order of the trace. What has not ended at the end of
 * the trace ends there, so every beginning has its end.
 * Cost: what is open now is held, and nothing else.
 */
import { runThrough } from "../../models/barrier.ts";
import type { Response } from "../../models/model.ts";
import type { Sink } from "../results/csv.ts";
import { isLeak } from "./story.ts";
import { kernelOf, traceOf, type Kernel, type ServerSelector, type TraceRow } from "./trace.ts";

/**
 * An event of the format: B and E begin and end a slice of a thread, b and e one of an asynchronous track, i is an
 * instant, C a counter and M the name of a process or a thread.
 */
export interface TimelineEvent {
  readonly ph: "B" | "E" | "b" | "e" | "i" | "C" | "M";
  readonly name: string;
  /** Time [us]; a name has none. */
  readonly ts?: number;
  readonly pid: number;
  readonly tid?: number;
  readonly cat?: string;
  /** What an asynchronous slice belongs to, in its category and process. */
  readonly id2?: { readonly local: string };
  /** Of an instant: it is drawn across its thread. */
  readonly s?: "t";
  readonly args?: Readonly<Record<string, unknown>>;
}

const SERVICE = 1;
const LEAKS = 2;
/** The port of printer n has the thread FIRST_PORT + n; viewers keep thread 0 for an idle processor. */
const FIRST_PORT = 3;

/** The timeline of the server until `until` [us]. @throws BrokenInvariant as traceOf does */
export function* timelineOf(place: ServerSelector, until: number): Iterable<TimelineEvent> {
  const timeline = new Timeline(place);
  yield* timeline.take();
  for (const row of traceOf(place, until)) {
    timeline.add(row);
    yield* timeline.take();
  }
  timeline.end(until);
  yield* timeline.take();
}

/** Pieces of about this many characters go to a file. */
const PIECE_LENGTH = 1 << 16;

/**
 * Writes the timelines of servers of one replication as a file of the format, an event a line; at most a piece is held
 * in memory.
 */
export async function writeTimelines(places: readonly ServerSelector[], until: number, sink: Sink): Promise<void> {
  const [{ resolved, seed, replication }] = places;
  const { model, parameters } = resolved.scenario;
  let piece = `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ seed, replication, model, parameters })},\n`;
  piece += `"traceEvents":[`;
  let separator = "\n";
  for (const place of places) {
    for (const event of timelineOf(place, until)) {
      piece += separator + JSON.stringify(event);
      separator = ",\n";
      if (piece.length < PIECE_LENGTH) continue;
      await sink(piece);
      piece = "";
    }
  }
  await sink(`${piece}\n]}\n`);
}

/** What is open of one category, by its id: the name of what is nested in it now, or "". */
type Open = Map<string, string>;

/** What became of the things of one category by an event: their state, or undefined for those that are gone. */
type Became = Map<string, string | undefined>;

class Timeline {
  private readonly pid: number;
  private readonly withoutReference: boolean;
  private readonly counters: Counters;
  private events: TimelineEvent[] = [];
  private now = 0;
  /** What is open, by category. */
  private readonly open = { job: new Map() as Open, alteration: new Map() as Open, "guard window": new Map() as Open };
  /** The threads that have a name, and what each does. */
  private readonly threads = new Map<number, string | undefined>();
  /** The ports that a pause is to block or blocks, by thread: since when, and whether it is drawn yet. */
  private readonly blocks = new Map<number, { readonly at: number; drawn: boolean }>();
  /** The commands of alterations that are under way. */
  private readonly commands = new Map<string, string>();

  constructor(place: ServerSelector) {
    const { resolved, server } = place;
    // Process 0 is the idle one to viewers.
    this.pid = server + 1;
    this.withoutReference = resolved.model.reference === undefined;
    const { pid } = this;
    const { spooler } = resolved.scenario.parameters;
    const name = `server ${server}${spooler === undefined ? "" : ` (${spooler})`}`;
    this.events.push({ ph: "M", name: "process_name", pid, args: { name } });
    this.events.push({ ph: "M", name: "process_sort_index", pid, args: { sort_index: server } });
    this.thread(SERVICE, this.withoutReference ? "events" : "service");
    this.counters = new Counters(place);
    this.count(-1);
  }

  /** The events since they were last taken. */
  take(): readonly TimelineEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  add(row: TraceRow): void {
    this.drawBlocks(row.time);
    this.now = row.time;
    if (this.withoutReference) this.instant(SERVICE, "events", row.event, { detail: row.detail });
    const { service, phases, jobs, alterations, guards } = this.read(row);
    if (service !== undefined) this.does(SERVICE, "service", service === "running" ? undefined : service);
    this.become("job", jobs, row, (number, state) => `job ${number} ${state}`);
    this.become("alteration", alterations, row, (key, state) => `${this.commands.get(key)} ${state}`);
    this.become("guard window", guards, row, () => "");
    for (const [printer, phase] of phases) {
      this.does(FIRST_PORT + printer, `port ${printer}`, phase === "idle" ? undefined : phaseText(phase, row));
    }
    if (isLeak(row)) this.leak(row);
    this.count();
  }

  /** Ends what is open. */
  end(until: number): void {
    this.drawBlocks(until);
    this.now = until;
    for (const category of categories) {
      const gone = [...this.open[category].keys()].map((id): [string, undefined] => [id, undefined]);
      this.become(category, new Map(gone), undefined, () => "");
    }
    for (const tid of this.threads.keys()) this.stopDoing(tid);
  }

  /** What the row changed, as the reference's patches say: an object is added whole, or one property replaced. */
  private read({ patches, job, event, detail }: TraceRow) {
    let service: string | undefined;
    const phases = new Map<number, string>();
    const [jobs, alterations, guards]: Became[] = [new Map(), new Map(), new Map()];
    const gone = (became: Became, id: string) => void (became.has(id) || became.set(id, undefined));
    for (const { path, op, value } of patches) {
      const [noun, key, list, id, property] = path.map(String);
      const removed = op === "remove";
      if (noun === "service") {
        service = String(value);
      } else if (noun === "printers") {
        if (list === "phase") phases.set(Number(key), String(value));
        if (list === "printout") this.noteBlock(FIRST_PORT + Number(key), id, value);
        if (list === "jobs" && property === "status") jobs.set(id, String(value));
        const isMember = (list === "jobs" || list === "parked") && path.length === 4 && id !== "length";
        if (isMember && removed && list === "jobs") gone(jobs, id);
        const member = value as { readonly number: number; readonly status: string };
        if (isMember && !removed) jobs.set(String(member.number), member.status);
      } else if (noun === "asked" || noun === "inside") {
        if (path.length === 1) this.forgetAll(noun, alterations);
        else if (removed) gone(alterations, key);
        else if (noun === "asked") alterations.set(key, ASKED);
        else alterations.set(key, `inside print processor ${(value as { readonly instance: number }).instance}`);
      } else if (noun === "instances") {
        if (path.length === 1) for (const open of this.open["guard window"].keys()) gone(guards, open);
        else if (list === "guard") guards.set(key, Number(value) > 0 ? "up" : undefined);
        else if (path.length === 2) guards.set(key, undefined);
      }
    }
    // The parked jobs are a list whose members move up; no patch says who left it.
    if (event === "COMMAND" && detail.startsWith("delete")) jobs.set(String(job), undefined);
    if (event === "ALTER") for (const key of alterations.keys()) this.commands.set(key, detail);
    return { service, phases, jobs, alterations, guards };
  }

  /** Nobody has asked, or nobody is inside, any more. */
  private forgetAll(noun: "asked" | "inside", alterations: Became): void {
    for (const [key, inner] of this.open.alteration) {
      const hasAsked = inner.endsWith(` ${ASKED}`);
      if (hasAsked === (noun === "asked") && !alterations.has(key)) alterations.set(key, undefined);
    }
  }

  // Asynchronous tracks.

  /**
   * Begins, changes and ends the things of a category.
   * @param row what they became so by, or undefined at the end of the trace
   * @param nameOf what is nested in a thing that is in a state, "" for nothing
   */
  private become(
    category: Category,
    became: Became,
    row: TraceRow | undefined,
    nameOf: (id: string, state: string) => string,
  ): void {
    const open = this.open[category];
    for (const [id, state] of became) {
      const was = open.get(id);
      const is = state === undefined ? undefined : nameOf(id, state);
      if (is === was) continue;
      if (was) this.async("e", category, id, was);
      if (was !== undefined && is === undefined) this.async("e", category, id, category, row && { by: row.event });
      if (was === undefined && row !== undefined) this.async("b", category, id, category, aboutOf(category, id, row));
      if (is) this.async("b", category, id, is);
      if (is !== undefined) open.set(id, is);
      else {
        open.delete(id);
        this.commands.delete(id);
      }
    }
  }

  private async(ph: "b" | "e", cat: Category, id: string, name: string, args?: TimelineEvent["args"]): void {
    const event = { ph, name, ts: this.now, pid: this.pid, tid: SERVICE, cat, id2: { local: `${cat} ${id}` } };
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

  /** The thread does this from now on, or nothing. */
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

  /** A printout says when a pause blocks its thread, or that nothing does. */
  private noteBlock(tid: number, property: string | undefined, value: unknown): void {
    if (property !== undefined && property !== "blockAt") return;
    // A printout that has just begun is not to block, and one that is over does not.
    const at = property === undefined ? null : (value as number | null);
    this.unblock(tid);
    if (at !== null) this.blocks.set(tid, { at, drawn: false });
  }

  /** A block is known of before it begins, and may be taken back until then. */
  private drawBlocks(until: number): void {
    const due = [...this.blocks].filter(([, { at, drawn }]) => !drawn && at < until);
    for (const [tid, block] of due.sort(([a, left], [b, right]) => left.at - right.at || a - b)) {
      block.drawn = true;
      this.events.push({ ph: "B", name: BLOCKED, ts: block.at, pid: this.pid, tid });
    }
  }

  private unblock(tid: number): void {
    const block = this.blocks.get(tid);
    if (block?.drawn) this.events.push({ ph: "E", name: BLOCKED, ts: this.now, pid: this.pid, tid });
    this.blocks.delete(tid);
  }

  // Instants and counters.

  private leak({ job, instance, detail }: TraceRow): void {
    const name = detail.replace(/^orphaned: /, "").replace(/, guard \d+$/, "");
    this.instant(LEAKS, "leaks", name, { job, instance, detail });
  }

  private instant(tid: number, thread: string, name: string, args: Readonly<Record<string, unknown>>): void {
    this.thread(tid, thread);
    this.events.push({ ph: "i", name, ts: this.now, pid: this.pid, tid, s: "t", args });
  }

  /** @param now the instant whose events are done: before the first, all is as it began */
  private count(now = this.now): void {
    for (const [name, value] of this.counters.changed(now)) {
      this.events.push({ ph: "C", name, ts: this.now, pid: this.pid, args: { value } });
    }
  }
}

const categories = ["job", "alteration", "guard window"] as const;
type Category = (typeof categories)[number];

const ASKED = "asked";
const BLOCKED = "blocked by a pause";

function phaseText(phase: string, { job, instance }: TraceRow): string {
  if (phase === "picking") return "picks a job";
  if (phase === "printing") return `prints job ${job} with print processor ${instance}`;
  return `${phase === "finishing" ? "finishes" : phase} job ${job}`;
}

function aboutOf(category: Category, id: string, { job, detail }: TraceRow): Readonly<Record<string, unknown>> {
  if (category === "guard window") return { instance: Number(id), job };
  return { job: category === "job" ? Number(id) : job, detail };
}

/** The meters and leaks of a server, as the kernel has them after every event of an instant. */
class Counters {
  private readonly kernel: Kernel;
  private readonly told: readonly { readonly name: string; readonly column: number }[];
  private readonly last: number[];

  constructor(place: ServerSelector) {
    this.kernel = kernelOf(place);
    this.told = place.resolved.model.responses.flatMap((response, column) => {
      const isTold = response.role === "gauge" || response.role === "leak";
      return isTold ? [{ name: counterName(response), column }] : [];
    });
    this.last = this.told.map(() => NaN);
  }

  /** Those that have another value than when they were last asked for. */
  changed(now: number): [name: string, value: number][] {
    const { simulation, instance, subject } = this.kernel;
    runThrough(simulation, instance.controller, now + 1);
    instance.observe(now + 1);
    return this.told.flatMap(({ name, column }, i): [string, number][] => {
      const value = instance.columns[column][subject];
      if (value === this.last[i]) return [];
      this.last[i] = value;
      return [[name, value]];
    });
  }
}

function counterName({ name, unit }: Response): string {
  return unit === "1" ? name : `${name} [${unit}]`;
}
