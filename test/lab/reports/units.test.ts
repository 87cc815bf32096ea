/** lab/reports/units.ts: bytes and times in the unit of their size. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { afterNumber, scaleOf, sizeText } from "../../../lab/reports/units.ts";

test("bytes and times are shown in a unit of their size, other numbers unchanged", () => {
  assert.deepEqual([scaleOf("B", 2.5e6).unit, scaleOf("B", 2.5e6).text(2.5e6)], ["MB", "2.50"]);
  assert.deepEqual([scaleOf("B", 12).unit, scaleOf("B", -1500).unit], ["B", "kB"]);
  assert.deepEqual(
    [scaleOf("B", 2.5e9).unit, scaleOf("B", 3e15).text(3e15), scaleOf("B", 3e15).unit],
    ["GB", "3000", "TB"],
  );
  assert.deepEqual([scaleOf("us", 7.2e9).unit, scaleOf("us", 7.2e9).text(7.2e9)], ["h", "2.00"]);
  assert.deepEqual([scaleOf("us", 5).unit, scaleOf("pages", 1e9).unit, scaleOf("B", 0).unit], ["us", "pages", "B"]);
});

test("the size of a file or of memory is a number with the unit of its size", () => {
  assert.deepEqual([0, 61, 61_440, 131_000.4, 999_999, 1e9, 9.4e11].map(sizeText), [
    "0 B",
    "61 B",
    "61.4 kB",
    "131 kB",
    "1 MB",
    "1 GB",
    "940 GB",
  ]);
});

test("a unit after a number is not read as a part of it", () => {
  assert.deepEqual(["ms", "1/d", "1", ""].map(afterNumber), [" ms", " per day", "", ""]);
});
