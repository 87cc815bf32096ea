/** Mann and Kendall's test against published results, a count of pairs, and what shuffling says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kendallScore, mannKendall } from "../../statistics/mann-kendall.ts";
import { assertNear } from "./near.ts";
import { rainfall } from "../../lab/validation/rainfall.ts";

test("mannKendall agrees with pyMannKendall and R for 360 months of rainfall, 7 of them missing", () => {
  assert.equal(rainfall.length, 360);
  const { count, s, variance, z, p, tau } = mannKendall(rainfall);
  assert.equal(count, 353);
  assert.equal(s, -1959);
  assertNear(variance, 4889800.333333333, 1e-6);
  assertNear(z, -0.8854562842589916, 1e-13);
  assertNear(p, 0.37591058740506833, 1e-13);
  assertNear(tau, -0.03153167653875869, 1e-15);
});

test("without ties the variance is n (n - 1) (2n + 5) / 18, and ten rising values are significant", () => {
  // z = 44 / sqrt 125 and p by hand with 30-digit arithmetic.
  const { s, variance, z, p, pRising, tau } = mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual([s, variance, tau], [45, 125, 1]);
  assertNear(z, 3.93547964, 1e-8);
  assertNear(p, 8.30307e-5, 1e-10);
  assertNear(pRising, p / 2, 1e-18);
});

test("ties reduce the variance", () => {
  // S 17 of 21 pairs less 4 tied; (7 6 19 - (2 1 9 + 3 2 11)) / 18 = 39.666...
  const { s, variance, z, p } = mannKendall([1, 2, 2, 3, 3, 3, 4]);
  assert.equal(s, 17);
  assertNear(variance, 119 / 3, 1e-12);
  assertNear(z, 2.5404294, 1e-7);
  assertNear(p, 0.01107164, 1e-8);
});

test("the merge sort counts the same inversions as comparing all pairs", () => {
  let state = 1;
  for (const n of [0, 1, 2, 3, 7, 8, 33, 100]) {
    const values = Float64Array.from({ length: n }, () => (state = (state * 16807) % 2147483647) % 10);
    let s = 0;
    for (let j = 0; j < n; j++) for (let i = 0; i < j; i++) s += Math.sign(values[j] - values[i]);
    assert.equal(kendallScore(values).s, s, `of ${n} values`);
  }
});

test("reversing a series changes the sign of z and keeps p", () => {
  const forward = mannKendall(rainfall);
  const backward = mannKendall(rainfall.slice().reverse());
  assert.equal(backward.z, -forward.z);
  assert.equal(backward.p, forward.p);
  assertNear(backward.pRising, 1 - forward.pRising, 1e-15);
});

test("equal values show no trend", () => {
  const { s, variance, z, p } = mannKendall(new Float64Array(12).fill(7));
  assert.deepEqual([s, variance, z, p], [0, 0, 0, 1]);
});
