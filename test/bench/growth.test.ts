/** bench/growth.ts: what it measures is what was simulated. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { growthChart, growthText, measureCase, medians } from "../../bench/growth.ts";

test("a case is simulated as specified, and twice as many servers handle about twice as many events", async () => {
  const of = (servers: number) => {
    const set = [`servers=${servers}`, "horizonDays=0.25"];
    return measureCase({ sweep: "servers", value: servers, workers: 1, set });
  };
  const [few, many] = [await of(2), await of(4)];
  assert.ok(few.seconds > 0 && few.peakBytes > 1e7);
  assert.ok(many.events > 1.7 * few.events && many.events < 2.3 * few.events, `${few.events}, ${many.events}`);
});

test("rounds are combined case by case: the median time and the largest memory", () => {
  const of = (seconds: number, peakBytes: number) => [{ sweep: "days", value: 1, events: 1000, seconds, peakBytes }];
  const rows = medians([of(3e-6, 1e6), of(1e-6, 3e6), of(2e-6, 2e6)]);
  assert.deepEqual(rows, of(2e-6, 3e6));
  assert.equal(
    growthText(rows),
    ["what grows  to  events  seconds  ns/event  peak MB", "days         1    1000     0.00         2        3"].join(
      "\n",
    ),
  );
});

test("a sweep over powers of ten is drawn on a logarithmic axis, and any other on a linear one", () => {
  const row = (sweep: string, value: number) => ({ sweep, value, events: 1000, seconds: 1e-4, peakBytes: 0 });
  const { panels } = growthChart([row("servers", 10), row("servers", 1000), row("share", 0), row("share", 0.9)]);
  assert.deepEqual(
    panels.map(({ name }) => name),
    ["decimal logarithm of servers", "share"],
  );
  assert.deepEqual(
    panels.map(({ curves }) => curves[0].x),
    [
      [1, 3],
      [0, 0.9],
    ],
  );
  assert.deepEqual(panels[0].curves[0].y, [100, 100]);
});
