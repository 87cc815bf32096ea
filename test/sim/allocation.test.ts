/**
 * What the loop allocates per event. In a file of its own, because V8 compiles the loop for what the process has
 * seen: beside the obvious list, which makes an object of every event, it would be another loop.
 */
import assert from "node:assert/strict";
import inspector from "node:inspector";
import { test } from "node:test";
import { Digest } from "../../sim/digest.ts";
import { Simulation, type System } from "../../sim/simulation.ts";
import { SortedList } from "../../sim/sorted-list.ts";

const ring: System = {
  // Times beyond 2^31 are not small integers to V8: one that is passed to a function it did not inline is boxed, 16
  // bytes.
  start: (schedule) => schedule.after(1e12, 0, 0, 0),
  handle: (_kind, _subject, object, schedule) => schedule.after(1 + (object & 3), 0, 0, object ^ 1),
};

/** Bytes allocated per event, by V8's sampling of allocations, collected ones included; after a warm-up. */
function bytesPerEvent(simulation: Simulation): number {
  simulation.run(1e12 + 2_000_000);
  const session = new inspector.Session();
  session.connect();
  const flags = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  session.post("HeapProfiler.startSampling", { samplingInterval: 4096, ...flags } as object);
  const before = simulation.eventCount;
  simulation.run(1e12 + 5_000_000);
  let bytes = 0;
  session.post("HeapProfiler.stopSampling", (error, outcome) => {
    assert.equal(error, null);
    bytes = sizeOf(outcome.profile.head);
  });
  session.disconnect();
  return bytes / (simulation.eventCount - before);
}

function sizeOf({ selfSize, children }: inspector.HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}

test("the loop makes no object of an event: at most a time or two is boxed where V8 does not inline", () => {
  const bytes = bytesPerEvent(new Simulation(ring, new Digest(0, 1)));
  // Boxes have 16 bytes; the smallest object of four numbers has 56, and the event lists of objects grow arrays as
  // well.
  assert.ok(bytes <= 48.5, `${bytes} bytes an event`);
});

test("a list that makes an object of every event is seen to do so", () => {
  const bytes = bytesPerEvent(new Simulation(ring, new Digest(0, 1), new SortedList()));
  assert.ok(bytes > 56, `${bytes} bytes an event`);
});
