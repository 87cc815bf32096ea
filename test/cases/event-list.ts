/** The suite that every future event list must pass: the contract of sim/event-list.ts, said in tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EventList } from "../../sim/event-list.ts";
import { SortedList } from "../../sim/sorted-list.ts";

type Popped = [time: number, kind: number, subject: number, object: number];

function drain(list: EventList): Popped[] {
  const popped: Popped[] = [];
  while (list.pop(Infinity)) popped.push([list.time, list.kind, list.subject, list.object]);
  return popped;
}

/** The order that the contract asks for, by a stable sort that knows nothing of lists. */
function inOrder(events: readonly Popped[]): Popped[] {
  return [...events].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** Whole numbers from 0 (included) to `below` (excluded), from a small generator of the test's own. */
export function wholeNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

export function eventListCases(name: string, create: () => EventList): void {
  test(`${name}: an empty list has size 0, no next time and nothing to pop`, () => {
    const list = create();
    assert.equal(list.size, 0);
    assert.equal(list.nextTime, Infinity);
    assert.equal(list.pop(Infinity), false);
  });

  test(`${name}: events leave by time`, () => {
    const list = create();
    list.push(30, 0, 1, 10);
    list.push(10, 0, 2, 20);
    list.push(20, 0, 3, 30);
    assert.equal(list.size, 3);
    assert.equal(list.nextTime, 10);
    assert.deepEqual(drain(list), [
      [10, 0, 2, 20],
      [20, 0, 3, 30],
      [30, 0, 1, 10],
    ]);
    assert.equal(list.size, 0);
  });

  test(`${name}: a window excludes its end, and an event at its end belongs to the next window`, () => {
    const list = create();
    list.push(10, 0, 0, 1);
    list.push(20, 0, 0, 2);
    assert.equal(list.pop(10), false);
    assert.equal(list.time, 0);
    assert.equal(list.pop(11), true);
    assert.deepEqual([list.time, list.object], [10, 1]);
    assert.equal(list.pop(20), false);
    assert.deepEqual([list.time, list.object], [10, 1]);
    assert.equal(list.pop(21), true);
    assert.deepEqual([list.time, list.object], [20, 2]);
    assert.equal(list.pop(Infinity), false);
  });

  test(`${name}: events of equal time leave by kind`, () => {
    const list = create();
    list.push(5, 127, 1, 0);
    list.push(5, 0, 2, 0);
    list.push(5, 3, 3, 0);
    assert.deepEqual(
      drain(list).map(([, kind]) => kind),
      [0, 3, 127],
    );
  });

  test(`${name}: events of equal time and kind leave in the order in which they were pushed`, () => {
    const list = create();
    const events: Popped[] = [];
    for (let i = 0; i < 5000; i++) {
      events.push([7, 2, i % 13, i]);
      list.push(7, 2, i % 13, i);
    }
    assert.deepEqual(drain(list), events);
  });

  test(`${name}: thousands of ties among few times and kinds leave in the order of a stable sort`, () => {
    const below = wholeNumbers(1);
    const list = create();
    const events: Popped[] = Array.from({ length: 20000 }, (_, i) => [below(50), below(4), below(9), i]);
    for (const event of events) list.push(...event);
    assert.deepEqual(drain(list), inOrder(events));
  });

  test(`${name}: times up to 2^53 - 1 and negative objects are returned unchanged`, () => {
    const list = create();
    list.push(Number.MAX_SAFE_INTEGER, 127, 16777215, -2147483648);
    list.push(Number.MAX_SAFE_INTEGER - 1, 127, 0, 2147483647);
    assert.deepEqual(drain(list), [
      [Number.MAX_SAFE_INTEGER - 1, 127, 0, 2147483647],
      [Number.MAX_SAFE_INTEGER, 127, 16777215, -2147483648],
    ]);
  });

  test(`${name}: the cursor stays on the last event while others are pushed`, () => {
    const list = create();
    list.push(1, 1, 4, 5);
    list.pop(Infinity);
    list.push(2, 0, 0, 0);
    assert.deepEqual([list.time, list.kind, list.subject, list.object], [1, 1, 4, 5]);
  });

  test(`${name}: any mixture of pushes and pops gives what the sorted list gives`, () => {
    const push = fc.tuple(fc.nat(20), fc.nat(3), fc.nat(5));
    const operations = fc.array(fc.option(push, { nil: undefined }), { maxLength: 300 });
    fc.assert(
      fc.property(operations, (operations) => {
        const list = create();
        const judge = new SortedList();
        let now = 0;
        operations.forEach((operation, i) => {
          if (operation === undefined) {
            assert.equal(list.pop(Infinity), judge.pop(Infinity));
            assert.deepEqual(
              [list.time, list.kind, list.subject, list.object],
              [judge.time, judge.kind, judge.subject, judge.object],
            );
            now = judge.time;
          } else {
            const [delay, kind, subject] = operation;
            list.push(now + delay, kind, subject, i);
            judge.push(now + delay, kind, subject, i);
          }
          assert.equal(list.size, judge.size);
          assert.equal(list.nextTime, judge.nextTime);
        });
        assert.deepEqual(drain(list), drain(judge));
      }),
      { seed: 223863, numRuns: 300 },
    );
  });

  for (const [law, draw] of Object.entries(delayLaws)) {
    test(`${name}: holds 2,000 events through 20,000 pops in order, delays ${law}`, () => {
      const below = wholeNumbers(7);
      const list = create();
      const judge = new SortedList();
      for (let i = 0; i < 2000; i++) {
        const time = draw(below);
        list.push(time, i & 1, i, 0);
        judge.push(time, i & 1, i, 0);
      }
      for (let i = 0; i < 20000; i++) {
        list.pop(Infinity);
        judge.pop(Infinity);
        if (list.time !== judge.time || list.kind !== judge.kind || list.subject !== judge.subject) {
          assert.fail(`pop ${i} gives subject ${list.subject} at ${list.time}, not ${judge.subject} at ${judge.time}`);
        }
        const delay = draw(below);
        list.push(judge.time + delay, judge.kind, judge.subject, i);
        judge.push(judge.time + delay, judge.kind, judge.subject, i);
      }
    });
  }
}

/** Delays that event lists find hard: skewed, clumped, in two places, all the same. */
export const delayLaws: Record<string, (below: (n: number) => number) => number> = {
  uniform: (below) => below(1000),
  "skewed over eight orders of magnitude": (below) => Math.floor(10 ** (below(800) / 100)),
  bimodal: (below) => (below(10) === 0 ? 1_000_000 + below(100) : below(100)),
  triangular: (below) => below(1000) + below(1000),
  exponential: (below) => Math.floor(-100 * Math.log((1 + below(1e6)) / 1e6)),
  "all equal": () => 1000,
};
