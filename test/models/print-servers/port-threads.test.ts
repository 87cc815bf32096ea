/**
 * The arithmetic of printing, by hand.
 *
 * The printout begins at 1000 and has three chunks of 100 us and a last one of 40 us: tests at 1000, 1100, 1200 and
 * 1300, the end at 1340 (where TEXT tests once more). It unwinds in 7 us, aborted in 3 us; a blocked thread runs 5 us
 * after it is woken.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSE, DONE, WAKE } from "../../../models/print-servers/event-kinds.ts";
import { BUSY, NEVER, PortThreads } from "../../../models/print-servers/port-threads.ts";
import type { Clock } from "../../../sim/simulation.ts";

/** A clock that shows this time. */
function at(now: number): Clock {
  return { now };
}

/** The thread of port 1 of 2, printing. */
function printing(testsAtEnd: 0 | 1 = 0): PortThreads {
  const threads = new PortThreads(2, 5);
  threads.begin(1, 42, 4, 100, 40, testsAtEnd, 7, 3, at(1000));
  assert.equal(threads.returnAt[1], 1340);
  return threads;
}

/** Accepts the event that is due and of this kind; any other kind or time would have been stale. */
function happen(threads: PortThreads, time: number, kind: number): void {
  assert.equal(threads.due[1], time);
  assert.equal(threads.accept(1, kind, at(time - 1)), false);
  assert.equal(threads.accept(1, kind === CLOSE ? WAKE : CLOSE, at(time)), false);
  assert.equal(threads.accept(1, kind, at(time)), true);
  assert.equal(threads.due[1], NEVER);
}

test("an undisturbed printout closes when it has unwound", () => {
  const threads = printing();
  assert.deepEqual([threads.phase[1], threads.job[1], threads.phase[0]], [BUSY, 42, 0]);
  happen(threads, 1347, CLOSE);
  assert.equal(threads.accept(1, CLOSE, at(1347)), false);
});

test("a pause blocks at the next test, which may be at the same time", () => {
  for (const [now, blocks] of [
    [1000, 1000],
    [1001, 1100],
    [1100, 1100],
    [1250, 1300],
    [1300, 1300],
  ]) {
    const threads = printing();
    threads.pause(1, at(now));
    assert.equal(threads.due[1], NEVER);
    // It has not blocked before that moment: a resume then leaves the close attempt where it was.
    assert.equal(threads.resume(1, at(blocks)), false);
    happen(threads, 1347, CLOSE);
  }
});

test("a resume wakes a blocked thread, which prints the rest from where it blocked", () => {
  const threads = printing();
  threads.pause(1, at(1101));
  assert.equal(threads.resume(1, at(1500)), true);
  assert.equal(threads.resume(1, at(1501)), false, "it is woken once");
  happen(threads, 1505, WAKE);
  assert.equal(threads.rerun(1, false, at(1505)), true);
  // It blocked at 1200 with two chunks to go: 100 + 40 us, and 7 to unwind.
  happen(threads, 1652, CLOSE);
});

test("the tests of a resumed run count from its start", () => {
  const threads = printing();
  threads.pause(1, at(1001));
  threads.resume(1, at(2000));
  happen(threads, 2005, WAKE);
  threads.rerun(1, false, at(2005));
  threads.pause(1, at(2006));
  assert.equal(threads.resume(1, at(2106)), true, "it blocked at 2105");
  happen(threads, 2111, WAKE);
  threads.rerun(1, false, at(2111));
  happen(threads, 2111 + 140 + 7, CLOSE);
});

test("a thread that wakes up paused blocks again, keeps its position and needs another wake", () => {
  const threads = printing();
  threads.pause(1, at(1101));
  threads.resume(1, at(1500));
  threads.pause(1, at(1502));
  happen(threads, 1505, WAKE);
  assert.equal(threads.rerun(1, true, at(1505)), false);
  assert.equal(threads.due[1], NEVER);
  assert.equal(threads.resume(1, at(1700)), true);
  happen(threads, 1705, WAKE);
  threads.rerun(1, false, at(1705));
  happen(threads, 1852, CLOSE);
});

test("an abort is seen by the next test and unwinds in its own time", () => {
  for (const [now, closes] of [
    [1000, 1003],
    [1001, 1103],
    [1300, 1303],
  ]) {
    const threads = printing();
    assert.equal(threads.abort(1, at(now)), "closes");
    assert.equal(threads.abort(1, at(now)), undefined, "once is enough");
    threads.pause(1, at(now));
    happen(threads, closes, CLOSE);
  }
});

test("no command is seen in the last chunk of RAW; TEXT tests at its end", () => {
  const raw = printing();
  assert.equal(raw.abort(1, at(1301)), undefined);
  happen(raw, 1347, CLOSE);
  const paused = printing();
  paused.pause(1, at(1301));
  happen(paused, 1347, CLOSE);
  const text = printing(1);
  assert.equal(text.abort(1, at(1301)), "closes");
  happen(text, 1343, CLOSE);
  const atTheEnd = printing(1);
  assert.equal(atTheEnd.abort(1, at(1340)), "closes");
  happen(atTheEnd, 1343, CLOSE);
});

test("a pause during the return blocks TEXT, which tests at its end", () => {
  const threads = printing(1);
  threads.pause(1, at(1340));
  assert.equal(threads.due[1], NEVER);
  assert.equal(threads.resume(1, at(1341)), true);
  happen(threads, 1346, WAKE);
});

test("TEXT that blocked at its end returns as soon as it wakes", () => {
  const threads = printing(1);
  threads.pause(1, at(1301));
  assert.equal(threads.due[1], NEVER);
  assert.equal(threads.resume(1, at(1341)), true);
  happen(threads, 1346, WAKE);
  threads.rerun(1, false, at(1346));
  happen(threads, 1353, CLOSE);
});

test("a thread that has returned ignores commands", () => {
  for (const testsAtEnd of [0, 1] as const) {
    const threads = printing(testsAtEnd);
    threads.pause(1, at(1341));
    assert.equal(threads.abort(1, at(1342)), undefined);
    assert.equal(threads.resume(1, at(1343)), false);
    happen(threads, 1347, CLOSE);
  }
});

test("an abort of a thread that is about to block is seen where it would have blocked", () => {
  const threads = printing();
  threads.pause(1, at(1101));
  assert.equal(threads.abort(1, at(1200)), "closes");
  happen(threads, 1203, CLOSE);
});

test("an abort wakes a blocked thread, or finds it awake, and it unwinds as aborted", () => {
  const threads = printing();
  threads.pause(1, at(1101));
  assert.equal(threads.abort(1, at(1400)), "wakes");
  happen(threads, 1405, WAKE);
  assert.equal(threads.rerun(1, false, at(1405)), true);
  happen(threads, 1408, CLOSE);
  const woken = printing();
  woken.pause(1, at(1101));
  woken.resume(1, at(1400));
  assert.equal(woken.abort(1, at(1402)), undefined);
  happen(woken, 1405, WAKE);
  woken.rerun(1, true, at(1405));
  happen(woken, 1408, CLOSE);
});

test("a job of one chunk is tested only at its beginning", () => {
  const threads = new PortThreads(1, 5);
  threads.begin(0, 1, 1, 100, 30, 0, 7, 3, at(50));
  assert.equal(threads.returnAt[0], 80);
  assert.equal(threads.abort(0, at(51)), undefined);
  assert.equal(threads.accept(0, CLOSE, at(87)), true);
  threads.begin(0, 1, 1, 100, 30, 0, 7, 3, at(50));
  assert.equal(threads.abort(0, at(50)), "closes");
  assert.equal(threads.accept(0, CLOSE, at(53)), true);
});

test("a thread of an ended process waits for nothing and starts anew without a trace of its last job", () => {
  const threads = printing();
  threads.abort(1, at(1001));
  threads.stop(1);
  assert.equal(threads.accept(1, CLOSE, at(1103)), false);
  threads.begin(1, 43, 1, 100, 100, 0, 7, 3, at(9000));
  assert.equal(threads.abort(1, at(9000)), "closes");
  threads.arm(1, 500, DONE, at(9000));
  assert.equal(threads.accept(1, DONE, at(9500)), true);
});
