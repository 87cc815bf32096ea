/** lab/traces/measurement.ts: what counters add is as large as it says, and starts again with the process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cutsOf, measured, realistic, type Measurement } from "../../../lab/traces/measurement.ts";
import { mean, variance } from "../../../statistics/estimate.ts";

const handles = { name: "handles", unit: "1" };
const bytes = { name: "privateBytes", unit: "B" };
const exactly: Measurement = { pageBytes: 1, slackShare: 0, slackHours: 6, cacheShare: 0, cacheDays: 4, lostShare: 0 };
const who = { seed: "measurement", replication: 0, server: 0 };
const DAYS = 400;
const flat = new Float64Array(24 * DAYS).fill(1e6);
const whole = new Uint8Array(flat.length);

test("without noise a counter shows the true value", () => {
  assert.deepEqual(measured(handles, flat, whole, 1, who, exactly), flat);
});

test("the slack of a series has its spread and its correlation time", () => {
  const shown = measured(bytes, flat, whole, 1, who, { ...exactly, slackShare: 0.01 });
  const spread = Math.sqrt(variance(shown));
  assert.ok(Math.abs(spread / 1e4 - 1) < 0.1, String(spread));
  const middle = mean(shown);
  const products = shown.slice(6).map((value, i) => (value - middle) * (shown[i] - middle));
  // exp(-6 h / 6 h) = 0.368.
  assert.ok(Math.abs(mean(products) / variance(shown) - 0.368) < 0.06);
});

test("a cache refills after each start of the process, and its bytes are counted in pages", () => {
  const cuts = cutsOf(Float64Array.from(flat, (_, hour) => Number(hour >= 2400)));
  assert.equal(cuts.indexOf(1), 2400);
  const shown = measured(bytes, flat, cuts, 1, who, { ...exactly, cacheShare: 0.1, pageBytes: 4096 });
  assert.ok(shown.every((value) => value % 4096 === 0));
  const [atStart, after4Days, full] = [shown[2400], shown[2496], shown[2399]];
  assert.ok(Math.abs(atStart - 1e6) <= 2048);
  // 1 - 1 / e of the whole.
  assert.ok(Math.abs((after4Days - atStart) / (full - atStart) - 0.632) < 0.1);
});

test("the given share of samples is lost, and each server has its own draws", () => {
  const shown = measured(bytes, flat, whole, 1, who, realistic);
  const lost = shown.filter(Number.isNaN).length / shown.length;
  assert.ok(Math.abs(lost - 0.01) < 0.004, String(lost));
  assert.deepEqual(shown, measured(bytes, flat, whole, 1, who, realistic));
  assert.notDeepEqual(shown, measured(bytes, flat, whole, 1, { ...who, server: 1 }, realistic));
  assert.notDeepEqual(shown, measured({ ...bytes, name: "pagedPoolBytes" }, flat, whole, 1, who, realistic));
});
