/**
 * lab/execution/execution.ts: results are counted and reported; what test/lab/execution/cache.test.ts and
 * run-experiment.test.ts say is the rest.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Execution, type Progress } from "../../../lab/execution/execution.ts";
import type { Run } from "../../../lab/execution/run.ts";

const scenario = { model: "mm1", servers: 5, horizonDays: 0.01, sampleEveryHours: 1, parameters: {} };
const runs = [0, 2, 4].map((first): Run => {
  return { point: 0, replication: 0, seed: "1", scenario, first, count: first < 4 ? 2 : 1, sliceSize: 1 };
});

for (const workers of [1, 2]) {
  test(`every result is counted and reported, on ${workers === 1 ? "one thread" : "two threads"}`, async () => {
    const reports: Progress[] = [];
    const signal = new AbortController().signal;
    const machine = { workers, sliceSize: 1, signal, progress: (done: Progress) => void reports.push(done) };
    const execution = new Execution(machine, undefined, 5);
    let events = 0;
    for await (const { eventCounts } of execution.results(runs)) for (const count of eventCounts) events += count;
    assert.deepEqual([execution.origins, reports.length], [{ runs: 1, recalled: 0, mixed: 0 }, 3]);
    assert.deepEqual(reports.at(-1), { serversDone: 5, serversRecalled: 0, serversTotal: 5, events });
    assert.ok(events > 0);
  });

  test(`a signal ends the results with its reason, on ${workers === 1 ? "one thread" : "two threads"}`, async () => {
    const controller = new AbortController();
    const execution = new Execution({ workers, sliceSize: 1, signal: controller.signal }, undefined, 5);
    const stopped = async () => {
      for await (const _ of execution.results(runs)) controller.abort();
    };
    await assert.rejects(stopped, { name: "AbortError" });
  });
}
