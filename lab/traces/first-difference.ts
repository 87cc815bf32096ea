/**
 * The first event at which two runs differ: of two scenarios, spoolers, or programs.
 *
 * Both are simulated side by side, window by window, one server after the other (all at once in a coordinated fleet),
 * and no server further than the earliest difference so far. Two simulations are the same when they have handled the
 * same events, and when everything that can be reached in one is equal in the other, but for what differed at the start
 * and has not changed since, such as a setting. When they differ at the end of a window, its time is halved until a few
 * events are left, which are compared one by one. To go back, both are marked (sim/state.ts) now and then.
 *
 * So what is found is where a difference begins that lasts: one that comes and goes within a window, and leaves neither
 * an event nor a number behind, is passed over.
 * Cost: both runs once, and at most a third of them again, from the last marks on. Memory: the states of one server, or
 * of the fleet, in both runs, as they are and as they were at the last marks: 0.3 MB for the print servers, and 75 MB
 * where 200,000 jobs wait.
 */
import { runThrough } from "../../models/barrier.ts";
import type { SavedState } from "../../sim/state.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { StartedSlice } from "../execution/slice-simulator.ts";
import { SliceSimulator } from "../execution/slice-simulator.ts";
import { resolveScenario, type ResolvedScenario, type Scenario } from "../experiment/scenario.ts";
import { itemAt } from "../lists.ts";

/** The parts of a program that simulate: this program, or another version of it. */
export interface Program {
  readonly resolveScenario: typeof resolveScenario;
  readonly SliceSimulator: typeof SliceSimulator;
}

export const thisProgram: Program = { resolveScenario, SliceSimulator };

/** One of the two runs. */
export interface ComparedRun {
  readonly program: Program;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly replication: number;
}

/** An event that was handled, or a decision of the fleet. */
export interface HandledEvent {
  readonly time: number;
  readonly kind: string;
  readonly server: number;
  readonly object: number;
}

/** A number or a text that differs after the event: before it, in the one, and in the other. */
export interface Difference {
  readonly name: string;
  readonly before: unknown;
  readonly one: unknown;
  readonly other: unknown;
}

export interface FirstDifference {
  /** The event that each run handled; undefined if it handled no more events. */
  readonly one: HandledEvent | undefined;
  readonly other: HandledEvent | undefined;
  readonly server: number;
  readonly time: number;
  /** The responses and parts of the state that differ after the event; empty if the events themselves differ. */
  readonly responses: readonly Difference[];
  readonly state: readonly Difference[];
  /** The chain of events that led to this one: each scheduled the next, and the last is the event itself. */
  readonly chain: readonly HandledEvent[];
}

/** The approximate number of events in a window. */
const EVENTS_OF_WINDOW = 20_000;
/** The two runs are marked after this many events, and then each time they have grown by this factor. */
const EVENTS_BEFORE_MARK = 100_000;
const GROWTH_BEFORE_MARK = 1.5;
/** At most this many events are compared one by one. */
const EVENTS_ONE_BY_ONE = 128;
const WINDOWS_AT_FIRST = 64;

/** Finds the first difference of the two runs; undefined when they are equal. */
export async function firstDifference(one: ComparedRun, other: ComparedRun): Promise<FirstDifference | undefined> {
  const sides = [await Side.of(one), await Side.of(other)] as const;
  const { servers } = sides[0];
  const count = sides[0].size;
  let found: FirstDifference | undefined;
  let until = Math.min(sides[0].horizon, sides[1].horizon);
  for (let server = 0; server < Math.min(servers, sides[1].servers); server += count) {
    const difference = new Comparison(...sides, server).find(until);
    if (difference === undefined) continue;
    found = difference;
    // A later server matters only if it differs at an earlier time.
    until = difference.time;
  }
  return found;
}

/** One of the two simulations. */
class Side {
  readonly servers: number;
  readonly horizon: number;
  /** The number of servers simulated together. */
  readonly size: number;
  readonly model: ResolvedScenario["model"];
  private readonly run: ComparedRun;
  private readonly values: ResolvedScenario["values"];
  private readonly simulator: SliceSimulator;
  private first: number;

  private constructor(run: ComparedRun, { model, values, scenario }: ResolvedScenario) {
    this.run = run;
    this.model = model;
    this.values = values;
    this.servers = scenario.servers;
    this.horizon = Math.round(scenario.horizonDays * US_PER_DAY);
    this.size = model.isCoordinated?.(values) === true ? scenario.servers : 1;
    this.simulator = new run.program.SliceSimulator(model, values, this.size);
    this.first = 0;
  }

  static async of(run: ComparedRun): Promise<Side> {
    return new Side(run, await run.program.resolveScenario(run.scenario, "/"));
  }

  get slice(): StartedSlice {
    return this.simulator.started;
  }

  get now(): number {
    return this.slice.simulation.now;
  }

  get eventCount(): number {
    return this.slice.simulation.eventCount;
  }

  start(first: number): void {
    this.first = first;
    this.simulator.start(this.values, this.run.seed, this.run.replication, first);
  }

  runTo(time: number): void {
    runThrough(this.slice.simulation, this.slice.instance.controller, time);
  }

  mark(): SavedState {
    return this.simulator.mark();
  }

  /** Handles the next event or barrier before `until`; undefined when there is none. */
  step(until: number): HandledEvent | undefined {
    const { simulation, instance } = this.slice;
    const barrier = instance.controller?.nextBarrier ?? Infinity;
    if (simulation.step(Math.min(until, barrier))) {
      const { time, kind, subject, object } = simulation.events;
      return { time, kind: this.kindOf(kind), server: this.first + subject, object };
    }
    if (barrier >= until) return undefined;
    runThrough(simulation, undefined, barrier);
    instance.controller!.decide(simulation);
    return { time: barrier, kind: "the fleet decides", server: this.first, object: 0 };
  }

  kindOf(kind: number): string {
    return itemAt(this.model.kinds, kind);
  }

  /** The pending events, as texts. */
  pending(): string[] {
    const { events } = this.slice.simulation;
    const texts: string[] = [];
    for (let subject = 0; subject < this.size; subject++) {
      for (const { time, kind, object } of pendingOf(events, subject))
        texts.push(`${time} ${kind} ${subject} ${object}`);
    }
    return texts;
  }

  /** Brings the columns of responses to the present time. */
  observe(): void {
    this.slice.instance.observe(this.now);
  }

  /** The responses at the present time, by name. */
  responses(): Map<string, number[]> {
    const { instance } = this.slice;
    this.observe();
    return new Map(this.model.responses.map(({ name }, i) => [name, [...itemAt(instance.columns, i)]]));
  }

  /** All mutable state except the event list, whose order in memory means nothing. */
  get roots(): object {
    const { simulation, instance } = this.slice;
    return { instance, digest: simulation.digest };
  }

  /** Reports every event that is scheduled, until the returned function is called. */
  watch(onScheduled: (event: HandledEvent) => void): () => void {
    const { simulation } = this.slice;
    const { after } = simulation;
    const observed = simulation as { after?: typeof after };
    observed.after = (delay, kind, subject, object) => {
      onScheduled({ time: simulation.now + delay, kind: this.kindOf(kind), server: this.first + subject, object });
      after.call(simulation, delay, kind, subject, object);
    };
    return () => delete observed.after;
  }
}

class Comparison {
  private readonly one: Side;
  private readonly other: Side;
  private readonly first: number;
  /** The values that differ at the start, by place, as texts. */
  private readonly constants: ReadonlyMap<string, string>;
  private readonly constantEvents: ReadonlySet<string>;
  /** The marks of both, at which they agree; none while the next ones are made. */
  private saved: readonly SavedState[];

  constructor(one: Side, other: Side, first: number) {
    one.start(first);
    other.start(first);
    this.one = one;
    this.other = other;
    this.first = first;
    this.constants = new Map(
      differencesOf(one.roots, other.roots).map((difference) => [difference.name, textOf(difference)]),
    );
    this.constantEvents = new Set(this.differingEvents());
    this.saved = [this.one.mark(), this.other.mark()];
  }

  /** The first difference before `until`. */
  find(until: number): FirstDifference | undefined {
    let window = Math.ceil(until / WINDOWS_AT_FIRST);
    let markAt = EVENTS_BEFORE_MARK;
    while (this.one.now < until) {
      const from = this.one.now;
      const before = this.one.eventCount;
      this.runTo(Math.min(until, from + window));
      if (this.differs()) return this.halve(from, this.one.now);
      const events = this.one.eventCount - before;
      if (events < EVENTS_OF_WINDOW / 2) window *= 2;
      else if (events > 2 * EVENTS_OF_WINDOW) window = Math.ceil(window / 2);
      if (this.one.eventCount < markAt) continue;
      this.mark();
      markAt = Math.ceil(this.one.eventCount * GROWTH_BEFORE_MARK);
    }
    return undefined;
  }

  /** Halves a window: the two runs agree at `from`, at or after the last marks, and differ at `to`. */
  private halve(from: number, to: number): FirstDifference | undefined {
    const fewest = this.one.size > 1 ? 0 : EVENTS_ONE_BY_ONE;
    let end = this.one.eventCount;
    this.resume();
    this.runTo(from);
    this.mark();
    while (to - from > 1 && end - this.one.eventCount > fewest) {
      const middle = Math.floor((from + to) / 2);
      this.runTo(middle);
      if (this.differs()) {
        to = middle;
        end = this.one.eventCount;
        this.resume();
      } else {
        from = middle;
        this.mark();
      }
    }
    return this.stepThrough(to);
  }

  private stepThrough(until: number): FirstDifference | undefined {
    /** For each scheduled event, the event that scheduled it. */
    const causes = new Map<string, HandledEvent>();
    for (let steps = 0; ; steps++) {
      // Observing only one of the two runs would itself make a difference.
      this.other.observe();
      this.one.observe();
      const scheduled: string[] = [];
      const unwatch = this.one.watch((event) => void scheduled.push(keyOf(event)));
      const one = this.one.step(until);
      unwatch();
      if (one !== undefined) for (const key of scheduled) causes.set(key, one);
      const other = this.other.step(until);
      const isSame = keyOf(one) === keyOf(other);
      if (isSame && one === undefined) return undefined;
      if (!isSame || this.differs()) return this.difference(one, other, causes, () => this.retrace(steps, until));
    }
  }

  /** Returns the first run to its last mark, and steps on from there as `stepThrough` did. */
  private retrace(steps: number, until: number): void {
    itemAt(this.saved, 0).restore();
    for (let step = 0; step < steps; step++) {
      this.one.observe();
      this.one.step(until);
    }
  }

  private difference(
    one: HandledEvent | undefined,
    other: HandledEvent | undefined,
    causes: ReadonlyMap<string, HandledEvent>,
    retrace: () => void,
  ): FirstDifference {
    const events = [one, other].filter((event) => event !== undefined);
    const earliest = events.reduce((a, b) => (b.time < a.time ? b : a));
    const { time, server } = earliest;
    const isSame = keyOf(one) === keyOf(other);
    const state = isSame ? this.newDifferences() : [];
    const responses: Difference[] = [];
    const [mine, theirs] = [this.one.responses(), this.other.responses()];
    if (isSame) retrace();
    const before = this.one.responses();
    for (const [name, values] of isSame ? mine : []) {
      const subject = server - this.first;
      const [a, b] = [values[subject], theirs.get(name)?.[subject]];
      if (!Object.is(a, b)) responses.push({ name, before: before.get(name)?.[subject], one: a, other: b });
    }
    const beforeOf = (name: string) => valueAt(this.one.roots, name);
    const scheduled = state.filter(({ name }) => name === NEXT);
    const differences = state
      .filter(({ name }) => name !== NEXT)
      .map((difference) => ({ ...difference, before: beforeOf(difference.name) }));
    const chain = [earliest];
    for (let cause = causes.get(keyOf(earliest)); cause !== undefined; cause = causes.get(keyOf(cause))) {
      chain.unshift(cause);
    }
    return { one, other, server, time, responses, state: [...differences, ...scheduled], chain };
  }

  private differs(): boolean {
    return this.newDifferences().length > 0;
  }

  /** The values that differ now, and did not differ in the same way at the start. */
  private newDifferences(): Difference[] {
    const differences = differencesOf(this.one.roots, this.other.roots).filter((difference) => {
      return this.constants.get(difference.name) !== textOf(difference);
    });
    const events = this.differingEvents().filter((event) => !this.constantEvents.has(event));
    if (events.length === 0) return differences;
    const of = (mark: string) => events.filter((event) => event.startsWith(mark)).map((event) => this.eventText(event));
    return [...differences, { name: NEXT, before: undefined, one: of("<").join(", "), other: of(">").join(", ") }];
  }

  /** The events that are pending in only one of the two runs. */
  private differingEvents(): string[] {
    const [mine, theirs] = [this.one.pending(), this.other.pending()];
    const [inMine, inTheirs] = [new Set(mine), new Set(theirs)];
    return [
      ...mine.filter((event) => !inTheirs.has(event)).map((event) => `<${event}`),
      ...theirs.filter((event) => !inMine.has(event)).map((event) => `>${event}`),
    ];
  }

  private eventText(event: string): string {
    const [time, kind, , object] = event.slice(1).split(" ").map(Number);
    return `${this.one.kindOf(kind!)} ${object} at ${time} us`;
  }

  private runTo(time: number): void {
    this.one.runTo(time);
    this.other.runTo(time);
  }

  private mark(): void {
    this.saved = [];
    this.saved = [this.one.mark(), this.other.mark()];
  }

  private resume(): void {
    for (const saved of this.saved) saved.restore();
  }
}

/** The name shown for events that are pending in only one run. */
const NEXT = "scheduled";

function keyOf(event: HandledEvent | undefined): string {
  return event === undefined ? "" : `${event.time} ${event.kind} ${event.server} ${event.object}`;
}

function textOf({ one, other }: Pick<Difference, "one" | "other">): string {
  return `${String(one)} ${String(other)}`;
}

interface Lane {
  pending?(subject: number): readonly { readonly time: number; readonly kind: number; readonly object: number }[];
}

/** The pending events of a subject, if the event list can list them. */
function pendingOf(events: object, subject: number) {
  return (events as Lane).pending?.(subject) ?? [];
}

/** The differences between two systems in what both have: numbers, texts, booleans, and elements of columns. */
function differencesOf(one: object, other: object): Difference[] {
  const differences: Difference[] = [];
  const seen = new Set<object>([one]);
  // Names are joined only where something differs: mostly nothing does.
  const path: (string | number)[] = [""];
  const differ = (field: string | number, a: unknown, b: unknown): void => {
    differences.push({ name: [...path, field].join("."), before: undefined, one: a, other: b });
  };
  const visit = (a: unknown, b: unknown, field: string | number): void => {
    if (typeof a === "function" || typeof b === "function") return;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
      if (!Object.is(a, b)) differ(field, a, b);
      return;
    }
    if (seen.has(a)) return;
    seen.add(a);
    path.push(field);
    within(a, b);
    path.pop();
  };
  const within = (a: object, b: object): void => {
    if (ArrayBuffer.isView(a)) return columns(a as unknown as number[], b as unknown as number[]);
    if (a instanceof Map && b instanceof Map) {
      visit(a.size, b.size, "size");
      for (const [key, value] of a) if (b.has(key)) visit(value, b.get(key), String(key));
      return;
    }
    if (Array.isArray(a) && Array.isArray(b)) visit(a.length, b.length, "length");
    for (const field of Object.keys(a)) {
      if (Object.hasOwn(b, field)) visit(Reflect.get(a, field), Reflect.get(b, field), field);
    }
  };
  const columns = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
    if (a.length !== b.length) differ("length", a.length, b.length);
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) if (!Object.is(a[i], b[i])) differ(i, a[i], b[i]);
  };
  within(one, other);
  return differences;
}

function valueAt(root: object, name: string): unknown {
  return name
    .split(".")
    .slice(1)
    .reduce<unknown>((object, field) => {
      if (typeof object !== "object" || object === null) return undefined;
      return object instanceof Map ? object.get(field) : Reflect.get(object, field);
    }, root);
}
