/** Lanes: the order of each subject is that of the contract, windows go lane by lane, and a crowd is no disaster. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PerSubjectList } from "../../sim/per-subject-list.ts";
import { SortedList } from "../../sim/sorted-list.ts";
import { eventListCases, wholeNumbers } from "../cases/event-list.ts";

// With one subject, the order subject by subject is one order for all.
eventListCases("lanes, one of them", () => oneLane());

/** A lane that shows the subject as part of the object, so that the suite can tell its events apart. */
function oneLane() {
  const lanes = new PerSubjectList(1);
  const subjects: number[] = [];
  const objects: number[] = [];
  return {
    push(time: number, kind: number, subject: number, object: number) {
      lanes.push(time, kind, 0, subjects.push(subject) - 1);
      objects.push(object);
    },
    pop: (until: number) => lanes.pop(until),
    get time() {
      return lanes.time;
    },
    get kind() {
      return lanes.kind;
    },
    get subject() {
      return subjects[lanes.object] ?? 0;
    },
    get object() {
      return objects[lanes.object] ?? 0;
    },
    clock: lanes.clock,
    get size() {
      return lanes.size;
    },
    get nextTime() {
      return lanes.nextTime;
    },
  };
}

test("a window passes through the lanes once, and every lane keeps its own order", () => {
  const events = fc.array(fc.tuple(fc.nat(30), fc.nat(3), fc.nat(4)), { maxLength: 400 });
  // With many subjects, lanes are narrow at first.
  const counts = fc.constantFrom(5, 257);
  fc.assert(
    fc.property(counts, events, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }), (count, events, stops) => {
      const lanes = new PerSubjectList(count);
      const judges = Array.from({ length: 5 }, () => new SortedList());
      events.forEach(([time, kind, subject], i) => {
        lanes.push(time, kind, subject, i);
        judges[subject].push(time, kind, subject, i);
      });
      for (const until of [...stops.sort((a, b) => a - b), Infinity]) {
        const [popped, expected]: number[][] = [[], []];
        while (lanes.pop(until)) popped.push(lanes.subject, lanes.time, lanes.kind, lanes.object);
        for (const judge of judges) {
          while (judge.pop(until)) expected.push(judge.subject, judge.time, judge.kind, judge.object);
        }
        assert.deepEqual(popped, expected);
        assert.equal(
          lanes.size,
          judges.reduce((sum, { size }) => sum + size, 0),
        );
      }
    }),
    { seed: 223863, numRuns: 200 },
  );
});

test("a lane holds thousands of events next to lanes of one, in order and without slowing them", () => {
  const below = wholeNumbers(3);
  const lanes = new PerSubjectList(3);
  const judge = new SortedList();
  for (const subject of [0, 2]) lanes.push(100, 0, subject, subject);
  for (let i = 0; i < 3000; i++) {
    const [time, kind] = [below(500), below(2)];
    lanes.push(time, kind, 1, i);
    judge.push(time, kind, 1, i);
  }
  assert.equal(lanes.size, 3002);
  assert.equal(lanes.nextTime, judge.nextTime);
  assert.equal(lanes.pop(1000), true);
  assert.deepEqual([lanes.time, lanes.subject, lanes.object], [100, 0, 0]);
  while (judge.pop(1000)) {
    assert.equal(lanes.pop(1000), true);
    assert.deepEqual([lanes.time, lanes.kind, lanes.subject, lanes.object], [judge.time, judge.kind, 1, judge.object]);
  }
  assert.equal(lanes.pop(1000), true);
  assert.deepEqual([lanes.time, lanes.subject, lanes.object], [100, 2, 2]);
  assert.equal(lanes.pop(1000), false);
});

test("a subject that schedules for another is refused within a window, and not between two windows", () => {
  const lanes = new PerSubjectList(2);
  lanes.push(1, 0, 0, 0);
  lanes.push(1, 0, 1, 0);
  lanes.pop(Infinity);
  const refusal =
    "in lanes a subject schedules for itself only: take another list for subjects that are not independent";
  assert.throws(() => lanes.push(2, 0, 1, 0), { message: `subject 0 schedules for subject 1; ${refusal}` });
  while (lanes.pop(2));
  lanes.push(2, 0, 1, 7);
  assert.equal(lanes.pop(3), true);
  assert.deepEqual([lanes.subject, lanes.object], [1, 7]);
});

test("a lane holds 63 events and becomes a calendar at the 64th, among few lanes and among many", () => {
  for (const count of [2, 257]) {
    const lanes = new PerSubjectList(count);
    for (let i = 0; i < 63; i++) lanes.push(i, 0, 1, i);
    assert.equal(lanes.pending(1).length, 63);
    lanes.push(63, 0, 1, 63);
    assert.deepEqual([lanes.pending(1), lanes.size], [[], 64]);
  }
});

test("an unknown lane is refused", () => {
  const lanes = new PerSubjectList(2);
  for (const subject of [2, -1]) {
    assert.throws(() => lanes.push(1, 0, subject, 0), {
      message: `an event of subject ${subject}; the subjects are 0 to 1`,
    });
  }
});
