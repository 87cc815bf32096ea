/** What theory says of estimates, in words: agrees, differs, or nothing where nobody can tell. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClosedForm, closedFormHead } from "../../../lab/reports/closed-form.ts";
import type { Estimate } from "../../../statistics/estimate.ts";
import { studentTQuantile } from "../../../statistics/special-functions.ts";

function estimate(value: number, standardError: number): Estimate {
  return { value, standardError, halfWidth: NaN, lower: NaN, upper: NaN };
}

const text = (value: number) => value.toFixed(1);

test("an estimate agrees within its bound, at a joint level of one in a hundred, and differs beyond it", () => {
  const bound = studentTQuantile(1 - 0.01 / (2 * 5), 9);
  const closedForm = new ClosedForm(10, 5);
  const verdict = (z: number) => closedForm.cells(estimate(4 + z, 1), 4, text).at(-1);
  assert.deepEqual([0, 0.99 * bound, -0.99 * bound, 1.01 * bound, -1.01 * bound].map(verdict), [
    "agrees",
    "agrees",
    "agrees",
    "differs",
    "differs",
  ]);
  assert.equal(closedForm.cells(estimate(4.5, 0.25), 4, text).join(" | "), "4.0 | 2.00 | agrees");
});

test("the more estimates are shown, the further one may be from its closed form", () => {
  const at = (estimates: number) => new ClosedForm(20, estimates).cells(estimate(7.5, 1), 4, text).at(-1);
  assert.deepEqual([at(1), at(20)], ["differs", "agrees"]);
});

test("without a closed form, without variation and for one replication there is no verdict", () => {
  const closedForm = new ClosedForm(10, 1);
  assert.deepEqual(closedForm.cells(estimate(4, 1), NaN, text), ["", "", ""]);
  assert.deepEqual(closedForm.cells(estimate(4, 0), 4.1, text), ["4.1", "", ""]);
  assert.deepEqual(closedForm.cells(estimate(0, 0), 0, text), ["0.0", "", "agrees"]);
  assert.deepEqual(new ClosedForm(1, 1).cells(estimate(4, NaN), 4.1, text), ["4.1", "", ""]);
});

test("few replications have a distance without a verdict, and the legend says so", () => {
  const few = new ClosedForm(9, 1);
  assert.deepEqual(few.cells(estimate(400, 1), 4, text), ["4.0", "396.00", ""]);
  assert.match(few.legend()[1], /^verdict: none from fewer than 10 observations$/);
  assert.equal(new ClosedForm(10, 1).cells(estimate(400, 1), 4, text).at(-1), "differs");
});

test("a run without closed forms has no comparisons to bound", () => {
  assert.doesNotThrow(() => new ClosedForm(20, 0));
});

test("the legend explains agreement and the error rate of a verdict", () => {
  assert.deepEqual(new ClosedForm(1, 1).legend(), []);
  const [z, verdict] = new ClosedForm(20, 1).legend();
  assert.match(z, /from 20 independent observations 19 in 20 lie within ±2\.1$/);
  assert.match(verdict, /^verdict: differs beyond ±2\.86, which chance alone exceeds in one run of 100$/);
  assert.equal(closedFormHead.length, 3);
});
