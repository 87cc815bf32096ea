/** lab/imports/grid.ts: equal steps from the first midnight of a process on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gridOf, partsOf } from "../../../lab/imports/grid.ts";

const HOUR = 3600e6;

test("a value is the last one read within its step, and unknown if there was none", () => {
  const hours = [23, 25, 26, 30, 31, 47.9, 48];
  const times = Float64Array.from(hours, (hour) => hour * HOUR);
  const values = Float64Array.of(1, 2, 3, NaN, 5, 6, 7);
  const part = { fromUs: 23 * HOUR, untilUs: 48 * HOUR };
  // From the midnight at 24 h, every 6 h: until 30, 36, 42 and 48 h.
  assert.deepEqual(gridOf(times, values, part, 6 * HOUR), Float64Array.of(3, 5, NaN, 7));
  assert.deepEqual(gridOf(times, values, part, 24 * HOUR), Float64Array.of(7));
});

test("a part lies between two restarts, and nothing is estimated across one", () => {
  const times = Float64Array.from({ length: 72 }, (_, hour) => hour * HOUR);
  const values = times.map((time) => time / HOUR);
  const restart = { kind: "restart", timeUs: 30 * HOUR, sinceUs: 29 * HOUR, response: "" } as const;
  const parts = partsOf({ timesUs: times, incidents: [restart] });
  assert.deepEqual(parts, [
    { fromUs: 0, untilUs: 29 * HOUR },
    { fromUs: 30 * HOUR, untilUs: 71 * HOUR },
  ]);
  assert.deepEqual(gridOf(times, values, parts[0]!, 12 * HOUR), Float64Array.of(12, 24));
  assert.deepEqual(gridOf(times, values, parts[1]!, 12 * HOUR), Float64Array.of(60));
  assert.deepEqual(partsOf({ timesUs: new Float64Array(0), incidents: [] }), []);
});
