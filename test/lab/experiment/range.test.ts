/**
 * lab/experiment/range.ts: what a range makes of a share; the mistakes it refuses are in
 * test/lab/experiment/experiment.test.ts.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRange, stepsOf, valueAt, type Range } from "../../../lab/experiment/range.ts";

const linear: Range = { from: 0, to: 0.3, scale: "linear", whole: false };
const logarithmic: Range = { from: 1, to: 1e6, scale: "logarithmic", whole: false };

test("the ends of a range are the given ones, and the values between have nine digits", () => {
  const third: Range = { from: 1 / 3, to: 2 / 3, scale: "linear", whole: false };
  assert.deepEqual([valueAt(third, 0), valueAt(third, 0.5), valueAt(third, 1)], [1 / 3, 0.5, 2 / 3]);
  assert.equal(valueAt(third, 0.25), 0.416666667);
  assert.deepEqual(stepsOf(linear, 4), [0, 0.1, 0.2, 0.3]);
});

test("equal steps of a logarithmic range are equal ratios", () => {
  assert.deepEqual(stepsOf(logarithmic, 4), [1, 100, 10_000, 1e6]);
  assert.deepEqual(stepsOf({ ...logarithmic, from: 8, to: 1 }, 4), [8, 4, 2, 1]);
});

test("a whole range has whole values", () => {
  assert.deepEqual(stepsOf({ ...linear, to: 10, whole: true }, 4), [0, 3, 7, 10]);
});

test("a range too wide for numbers is refused", () => {
  for (const range of [
    { ...linear, from: -1e308, to: 1e308 },
    { ...logarithmic, from: 1e-300, to: 1e300 },
  ]) {
    assert.throws(() => checkRange("here", range), {
      name: "UserError",
      message: "here is too wide; to minus from, or to divided by from, is not a finite number",
    });
  }
});
