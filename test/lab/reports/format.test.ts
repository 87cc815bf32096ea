/** lab/reports/format.ts: numbers as people read them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { days, labelOf, resourceName, significant } from "../../../lab/reports/format.ts";

test("a number has three digits, and an exponent only for extreme values", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0"],
    [NaN, ""],
    [8.2847, "8.28"],
    [8.9999, "9.00"],
    [1234.5, "1230"],
    [-0.0123456, "-0.0123"],
    [176204751, "1.76e+8"],
    [1e-7, "1.00e-7"],
  ];
  for (const [value, text] of cases) assert.equal(significant(value), text);
});

test("days are one or many", () => {
  assert.deepEqual([1, 28, 2.95].map(days), ["1 day", "28 days", "2.95 days"]);
});

test("a response has its label as a name, or the words of its own name", () => {
  assert.equal(resourceName({ name: "leakedPagedPoolBytes" }, "kB"), "paged pool bytes [kB]");
  assert.equal(resourceName({ name: "processorsLeaked", label: "print processors" }, "1"), "print processors");
  assert.equal(labelOf({ name: "firstSymptomUs" }), "first symptom");
  assert.deepEqual(
    ["leaked", "Us"].map((name) => labelOf({ name })),
    ["leaked", "us"],
  );
});
