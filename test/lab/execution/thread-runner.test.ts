/** lab/execution/thread-runner.ts: the suite of runners on two threads, and what concerns threads alone. */
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Run } from "../../../lab/execution/run.ts";
import { runsInFlight } from "../../../lab/execution/partition.ts";
import { onThreads, threadRunner } from "../../../lab/execution/thread-runner.ts";
import { runnerCases } from "../../cases/runner.ts";

runnerCases("threads", threadRunner(2), ["outlives-exit"]);

test("a long run is waited for before the others get too far ahead", async () => {
  const scenario = { model: "mm1", servers: 200, sampleEveryHours: 1000, parameters: {} };
  const runs = Array.from({ length: 200 }, (_, first): Run => {
    // The first is thousands of times as long as the others.
    const own = { ...scenario, horizonDays: first === 0 ? 40 : 0.01 };
    return { point: 0, replication: 0, seed: "1", scenario: own, first, count: 1, sliceSize: 1 };
  });
  let begun = 0;
  function* counted(): Iterable<Run> {
    for (const run of runs) {
      begun++;
      yield run;
    }
  }
  let early = 0;
  for await (const { first } of threadRunner(2)(counted(), new AbortController().signal)) {
    if (first === 0) break;
    early++;
  }
  // All that may be held: results that came early, runs in progress, and one that was requested but not begun.
  assert.ok(begun <= runsInFlight(2) + 1, `${begun} runs were asked for`);
  assert.ok(early < runsInFlight(2), `${early} results came early`);
});

test("threads that are done execute the next runs, and threads left in the middle end", async () => {
  let started = 0;
  const count = () => void started++;
  process.on("worker", count);
  const scenario = { model: "mm1", servers: 4, horizonDays: 0.01, sampleEveryHours: 1000, parameters: {} };
  const run = { point: 0, replication: 0, seed: "1", scenario, count: 1, sliceSize: 1 };
  /** Executes four runs, of which `wanted` are waited for; returns the number of threads that this started. */
  const startedFor = async (wanted: number) => {
    started = 0;
    const runs = [0, 1, 2, 3].map((first) => ({ ...run, first }));
    for await (const _ of threadRunner(2)(runs, new AbortController().signal)) if (--wanted === 0) break;
    return started;
  };
  await startedFor(Infinity);
  assert.deepEqual([await startedFor(Infinity), await startedFor(1), await startedFor(Infinity)], [0, 0, 2]);
  process.off("worker", count);
});

test("of two tasks that fail, the failure of the first is thrown, although it fails later", async () => {
  const door = join(mkdtempSync(join(tmpdir(), "spoolsim-door-")), "door.cjs");
  const program = `module.exports = ({ name, failed }) => {
    if (name === "first") {
      Atomics.wait(failed, 0, 0);
      // Until the answer of the second has arrived.
      Atomics.wait(failed, 0, 1, 100);
    } else {
      Atomics.store(failed, 0, 1);
      Atomics.notify(failed, 0);
    }
    return { failure: { name: "UserError", message: name } };
  };`;
  writeFileSync(door, program);
  const failed = new Int32Array(new SharedArrayBuffer(4));
  const scenario = { model: "mm1", servers: 1, horizonDays: 1, sampleEveryHours: 1, parameters: {} };
  const run = { point: 0, replication: 0, seed: "1", scenario, first: 0, count: 1, sliceSize: 1 };
  const tasks = ["first", "second"].map((name) => ({ run, name, failed }));
  const machine = { workers: 2, signal: new AbortController().signal };
  await assert.rejects(onThreads(pathToFileURL(door), tasks, machine), { message: "first" });
});
