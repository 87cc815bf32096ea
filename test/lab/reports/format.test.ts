/** lab/reports/format.ts: numbers as people read them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  days,
  daysAheadText,
  daysBetween,
  durationText,
  ends,
  labelOf,
  resourceName,
  significant,
  valueBetweenEnds,
} from "../../../lab/reports/format.ts";
import { random } from "../../cases/damage.ts";

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

test("days ahead have no digits beyond ten years", () => {
  assert.deepEqual([170.2, 3652, 3653, 1.44e6, Infinity, NaN].map(daysAheadText), [
    "170",
    "3650",
    "more than 10 years",
    "more than 10 years",
    "more than 10 years",
    "",
  ]);
});

test("both ends of an interval have the decimals of the greater, or more where an end would lose what it says", () => {
  const cases: readonly (readonly [number, number, string])[] = [
    [12.04, 126.3, "12 to 126"],
    [-0.3, 126.3, "-0.3 to 126.3"],
    [8.94, 10.1, "8.9 to 10.1"],
    [0, 0.4612, "0 to 0.461"],
    [0.0253, 5.57, "0.03 to 5.57"],
    [126.4, 1432, "130 to 1430"],
    [997.6, 1002, "998 to 1002"],
    [1e-9, 12.34, "1.00e-9 to 12.3"],
    [9.5e5, 1.2e6, "950000 to 1.20e+6"],
    [2, 2, "2.00 to 2.00"],
    [0, 0, "0 to 0"],
    [3, Infinity, "3.00 to Infinity"],
  ];
  for (const [lower, upper, text] of cases) assert.equal(ends(lower, upper).join(" to "), text);
});

test("an estimate has three digits, or more where its ends have more decimals, so that it lies between them", () => {
  const cases: readonly (readonly [number, number, number, string])[] = [
    [-203.35, -203.47, -203.22, "-203.3"],
    [203.35, 203.26, 203.44, "203.3"],
    [1012, 1008, 1014, "1012"],
    [12_342, 12_338, 12_347, "12340"],
    [75, 20, 142, "75.0"],
    [0.52, 0.1, 2.31, "0.520"],
    [0, -0.3, 0.4, "0"],
    [203.4, 203.4, 203.4, "203"],
    [203.4, NaN, NaN, "203"],
    [203.4, 203.1, Infinity, "203"],
  ];
  for (const [value, lower, upper, text] of cases) assert.equal(valueBetweenEnds({ value, lower, upper }), text);
  const next = random(20261129);
  for (let i = 0; i < 2000; i++) {
    const value = (next() - 0.5) * 10 ** Math.floor(8 * next() - 3);
    const width = Math.abs(value) * 10 ** -Math.floor(4 * next());
    const [lower, upper] = [value - width * next(), value + width * next()];
    const [from, to] = ends(lower, upper).map(Number) as [number, number];
    const shown = Number(valueBetweenEnds({ value, lower, upper }));
    assert.ok(from <= shown && shown <= to, `${shown} of ${from} .. ${to}`);
  }
});

test("days are singular or plural, and a short time is in hours, minutes, seconds or milliseconds", () => {
  assert.deepEqual([1, 28, 2.95, 0.5].map(days), ["1 day", "28 days", "2.95 days", "0.500 days"]);
  const short = [1 / 24, 0.05, 0.00309, 1e-4, 4.87e-9].map(days);
  assert.deepEqual(short, ["1 hour", "1.20 hours", "4.45 minutes", "8.64 seconds", "0.421 milliseconds"]);
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

test("a time between readings is in the largest unit of which it is a whole number", () => {
  assert.deepEqual([2880, 360, 5, 1.5, 0.25, 0.1 / 60].map(durationText), [
    "2 d",
    "6 h",
    "5 min",
    "90 s",
    "15 s",
    "0.1 s",
  ]);
});

test("both ends of a time are in hours if one of them would be", () => {
  assert.equal(daysBetween(1.98 / 24, 2.95 / 24), "1.98 hours to 2.95 hours");
  assert.equal(daysBetween(0.02, 0.05), "28.8 minutes to 1.20 hours");
  assert.equal(daysBetween(0.05, 3), "1.20 hours to 3 days");
  assert.equal(daysBetween(1.03, 1.18), "1.03 days to 1.18 days");
});
