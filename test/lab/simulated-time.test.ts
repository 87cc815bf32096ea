/** lab/simulated-time.ts writes times of a simulation for people. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shortTime, timeToMillisecond, timeToMinute } from "../../lab/simulated-time.ts";

test("a time has its week, its day and its time of day, cut off and not rounded", () => {
  const timeUs = (((8 * 24 + 9) * 60 + 14) * 60 + 3) * 1e6 + 120_999;
  assert.equal(shortTime(timeUs), "week 2 Tue 09:14:03.120999");
  assert.equal(timeToMinute(timeUs), "Tuesday of week 2 at 09:14");
  assert.equal(timeToMillisecond(timeUs), "Tuesday of week 2, 09:14:03.120");
});

test("a day ends a microsecond before the next begins, after a century too", () => {
  assert.equal(shortTime(0), "week 1 Mon 00:00:00.000000");
  assert.equal(shortTime(86400e6 - 1), "week 1 Mon 23:59:59.999999");
  assert.equal(timeToMillisecond(86400e6), "Tuesday of week 1, 00:00:00.000");
  assert.equal(shortTime(36_600 * 86400e6 - 1), "week 5229 Thu 23:59:59.999999");
  assert.equal(timeToMillisecond(36_600 * 86400e6 - 1), "Thursday of week 5229, 23:59:59.999");
});
