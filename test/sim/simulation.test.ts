/** The event loop: order, resuming, and what slices of subjects that do not meet must not change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Digest } from "../../sim/digest.ts";
import type { EventList } from "../../sim/event-list.ts";
import { QuaternaryHeap } from "../../sim/quaternary-heap.ts";
import { Simulation, type Schedule, type System } from "../../sim/simulation.ts";
import { SortedList } from "../../sim/sorted-list.ts";

/** Subjects that schedule two kinds of events for themselves, often at equal times, and keep a log each. */
class Chatter implements System {
  readonly logs: string[][];
  private readonly first: number;

  constructor(first: number, count: number) {
    this.first = first;
    this.logs = Array.from({ length: count }, () => []);
  }

  start(schedule: Schedule): void {
    this.logs.forEach((_, subject) => schedule.after(1, 1, subject, 0));
  }

  handle(kind: number, subject: number, object: number, schedule: Schedule): void {
    this.logs[subject].push(`${schedule.now}:${kind}:${object}`);
    const id = this.first + subject;
    if (kind === 1) schedule.after((id + object) % 3, 0, subject, object + 1);
    else schedule.after((id * object) % 2, 1, subject, object + 1);
    // A few more chains of events, which have no children of their own.
    if (object < 100 && object % 5 === 0) schedule.after(2, 0, subject, object + 101);
  }
}

function chatter(first: number, count: number, events: EventList, stops: readonly number[]) {
  const system = new Chatter(first, count);
  const digest = new Digest(first, count);
  const simulation = new Simulation(system, digest, events);
  for (const stop of stops) simulation.run(stop);
  return { logs: system.logs, digests: system.logs.map((_, subject) => digest.of(subject)), simulation };
}

test("events strictly before `until` are handled, and the time is then `until`", () => {
  const { logs, simulation } = chatter(0, 1, new QuaternaryHeap(), [1]);
  assert.deepEqual(logs[0], []);
  assert.equal(simulation.now, 1);
  simulation.run(2);
  assert.equal(logs[0][0], "1:1:0");
});

test("time never goes back: a run to an earlier time is refused", () => {
  const { simulation } = chatter(0, 1, new QuaternaryHeap(), [10]);
  simulation.run(10);
  assert.throws(() => simulation.run(9), /^Error: run until 9 at time 10; time only goes forward$/);
  assert.throws(() => simulation.run(NaN), /run until NaN at time 10/);
  assert.equal(simulation.now, 10);
});

test("a simulation resumed a hundred times handles the same events as one without breaks", () => {
  const through = chatter(0, 5, new QuaternaryHeap(), [100]);
  const resumed = chatter(
    0,
    5,
    new QuaternaryHeap(),
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  assert.deepEqual(resumed.logs, through.logs);
  assert.deepEqual(resumed.digests, through.digests);
  assert.ok(through.simulation.eventCount > 400);
});

test("the fast list and the sorted list give the same run", () => {
  const fast = chatter(0, 5, new QuaternaryHeap(), [200]);
  const obvious = chatter(0, 5, new SortedList(), [200]);
  assert.deepEqual(fast.logs, obvious.logs);
  assert.deepEqual(fast.digests, obvious.digests);
});

test("a subject behaves the same alone, in a slice of three and in the whole", () => {
  const whole = chatter(0, 9, new QuaternaryHeap(), [100]);
  for (const size of [1, 3]) {
    const logs: string[][] = [];
    const digests: string[] = [];
    for (let first = 0; first < 9; first += size) {
      const slice = chatter(first, size, new QuaternaryHeap(), [100]);
      logs.push(...slice.logs);
      digests.push(...slice.digests);
    }
    assert.deepEqual(logs, whole.logs);
    assert.deepEqual(digests, whole.digests);
  }
});

test("an event scheduled in the past, or between two microseconds, is refused", () => {
  const { simulation } = chatter(0, 1, new QuaternaryHeap(), [10]);
  assert.throws(
    () => simulation.after(-1, 0, 0, 0),
    /delay is -1 at time 10; an event is scheduled a whole number >= 0/,
  );
  assert.throws(() => simulation.after(0.5, 0, 0, 0), /delay is 0.5/);
  assert.throws(() => simulation.after(NaN, 0, 0, 0), /delay is NaN/);
  assert.throws(() => simulation.after(Infinity, 0, 0, 0), /delay is Infinity/);
  assert.throws(() => simulation.after(2 ** 53, 0, 0, 0), /delay is 9007199254740992 at time 10; .*before 2\^53 us/);
});

test("a simulation of a system alone has one subject and refuses events for others", () => {
  const ticking: System = {
    start: (schedule) => schedule.after(1000, 0, 0, 0),
    handle: (_kind, subject, object, schedule) => schedule.after(1000, 0, subject, object + 1),
  };
  const simulation = new Simulation(ticking);
  simulation.run(1e6);
  assert.equal(simulation.eventCount, 999);
  assert.match(simulation.digest.of(0), /^x[0-9a-f]{16}$/);
  for (const subject of [1, -1, 0.5, NaN]) {
    const wrong = { ...ticking, start: (schedule: Schedule) => schedule.after(1000, 0, subject, 0) };
    const rule = new RegExp(`an event of subject ${subject}; the subjects are 0 to 0`);
    assert.throws(() => new Simulation(wrong), rule);
  }
});

test("every list refuses an event of a subject that the digest does not have", () => {
  const wrong: System = { start: (schedule) => schedule.after(1, 0, 7, 0), handle() {} };
  const simulation = new Simulation(wrong, new Digest(0, 2), new QuaternaryHeap());
  assert.throws(() => simulation.run(10), /an event of subject 7; the subjects are 0 to 1/);
});
