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
 * Cost: both runs once, at most a third of them again, from the last marks on, and the comparisons. Memory: the states
 * of one server, or of the fleet, in both runs, and once more the columns of the last mark, which both share: 0.3 MB
 * for the print servers. Both runs and the marks share the full pages of tapes: 9 MB where 200,000 jobs wait.
 */
import { reachedFrom, type SavedState } from "../../sim/state.ts";
import { Tape } from "../../sim/tape.ts";
import { collectGarbage } from "#platform";
import { itemAt } from "../lists.ts";
import { ComparedSimulation, keyOf, type ComparedRun, type HandledEvent } from "./compared-run.ts";
import { differencesOf, numbersIn, textOf, valueAt, type Difference } from "./state-difference.ts";

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

/** A window has about this many events, or more where the state has many numbers to compare. */
const EVENTS_OF_WINDOW = 20_000;
const EVENTS_PER_NUMBER = 1 / 32;
/** The two runs are marked after this many events, and then each time they have grown by this factor. */
const EVENTS_BEFORE_MARK = 100_000;
const GROWTH_BEFORE_MARK = 1.5;
/** At most this many events are compared one by one. */
const EVENTS_ONE_BY_ONE = 128;
const WINDOWS_AT_FIRST = 64;

/** Finds the first difference of the two runs; undefined when they are equal. */
export async function firstDifference(one: ComparedRun, other: ComparedRun): Promise<FirstDifference | undefined> {
  const sides = [await ComparedSimulation.of(one), await ComparedSimulation.of(other)] as const;
  const { servers } = sides[0];
  const count = sides[0].size;
  let found: FirstDifference | undefined;
  let until = Math.min(sides[0].horizon, sides[1].horizon);
  for (let server = 0; server < Math.min(servers, sides[1].servers); server += count) {
    const difference = new SideBySide(...sides, server).find(until);
    if (difference === undefined) continue;
    found = difference;
    // A later server matters only if it differs at an earlier time.
    until = difference.time;
  }
  return found;
}

class SideBySide {
  private readonly one: ComparedSimulation;
  private readonly other: ComparedSimulation;
  private readonly first: number;
  /** The values that differ at the start, by place, as texts. */
  private readonly constants: ReadonlyMap<string, string>;
  private readonly constantEvents: ReadonlySet<string>;
  /** The marks of both, at which they agree; none while the next ones are made. */
  private saved: readonly SavedState[];

  constructor(one: ComparedSimulation, other: ComparedSimulation, first: number) {
    one.start(first);
    other.start(first);
    freeFormerServer();
    shareTapes(one.roots, other.roots);
    this.one = one;
    this.other = other;
    this.first = first;
    this.constants = new Map(this.allDifferences().map((difference) => [difference.name, textOf(difference)]));
    this.constantEvents = new Set(this.differingEvents());
    this.saved = [];
    this.mark();
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
      const wanted = Math.max(EVENTS_OF_WINDOW, EVENTS_PER_NUMBER * numbersIn(this.one.roots));
      if (events < wanted / 2) window *= 2;
      else if (events > 2 * wanted) window = Math.ceil(window / 2);
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

  private allDifferences(): Difference[] {
    return differencesOf(this.one.roots, this.other.roots, this.one.outside);
  }

  /** The values that differ now, and did not differ in the same way at the start. */
  private newDifferences(): Difference[] {
    const differences = this.allDifferences().filter((difference) => {
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
    const mark = this.one.mark();
    this.saved = [mark, this.other.mark(mark)];
  }

  private resume(): void {
    for (const saved of this.saved) saved.restore();
  }
}

/** The name shown for events that are pending in only one run. */
const NEXT = "scheduled";

/** More than this in columns is worth a collection, which takes some 15 ms [bytes]. */
const FORMER_BYTES = 4e6;

/** V8 would collect the states of the servers before this one only when they take 64 MB. */
function freeFormerServer(): void {
  if (process.memoryUsage().arrayBuffers > FORMER_BYTES) collectGarbage();
}

/** Lets the other run have the full pages of the one. */
function shareTapes(one: object, other: object): void {
  const tapesOf = (root: object) => [...reachedFrom(root)].filter((object) => object instanceof Tape);
  const mine = tapesOf(one);
  tapesOf(other).forEach((tape, i) => mine[i] && tape.shareWith(mine[i]));
}
