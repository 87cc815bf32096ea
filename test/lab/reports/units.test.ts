/** lab/reports/units.ts: bytes and times in the unit of their size. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterNumber, scaleOf } from "../../../lab/reports/units.ts";

test("bytes and times are shown in a unit of their size, other numbers unchanged", () => {
  assert.deepEqual([scaleOf("B", 2.5e6).unit, scaleOf("B", 2.5e6).text(2.5e6)], ["MB", "2.50"]);
  assert.deepEqual([scaleOf("B", 12).unit, scaleOf("B", -1500).unit], ["B", "kB"]);
  assert.deepEqual([scaleOf("us", 7.2e9).unit, scaleOf("us", 7.2e9).text(7.2e9)], ["h", "2.00"]);
  assert.deepEqual([scaleOf("us", 5).unit, scaleOf("pages", 1e9).unit, scaleOf("B", 0).unit], ["us", "pages", "B"]);
});

test("a unit after a number is not read as a part of it", () => {
  assert.deepEqual(["ms", "1/d", "1", ""].map(afterNumber), [" ms", " per day", "", ""]);
});
