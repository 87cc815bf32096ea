/**
 * The loop allocates nothing per event. In a file of its own, because V8 compiles the loop for what the process has
 * seen: beside the obvious list, which allocates, it would be another loop.
 */
import assert from "node:assert/strict";
import { PerformanceObserver } from "node:perf_hooks";
import { test } from "node:test";
import { Digest } from "../../sim/digest.ts";
import { Simulation, type System } from "../../sim/simulation.ts";

test("twenty million events allocate nothing: the garbage collector has no reason to run", async () => {
  const ring: System = {
    start: (schedule) => schedule.after(1e12, 0, 0, 0),
    handle: (_kind, _subject, object, schedule) => schedule.after(1 + (object & 3), 0, 0, object ^ 1),
  };
  const simulation = new Simulation(ring, new Digest(0, 1));
  // Times beyond 2^31 are not small integers to V8: each one that is passed to a function would be an object.
  simulation.run(1e12 + 1_000_000);
  let collections = 0;
  const observer = new PerformanceObserver((list) => void (collections += list.getEntries().length));
  observer.observe({ entryTypes: ["gc"] });
  simulation.run(1e12 + 30_000_000);
  await new Promise((resolve) => setTimeout(resolve, 10));
  observer.disconnect();
  assert.ok(simulation.eventCount > 19_000_000, `${simulation.eventCount} events`);
  // One object of 16 bytes per event would fill the young generation, 16 MB, about twenty times.
  assert.ok(collections <= 2, `${collections} collections for ${simulation.eventCount} events`);
});
