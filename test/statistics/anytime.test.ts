/** statistics/anytime.ts against published values, and continuous peeking measured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { alwaysValidPs, anytimeEstimate, mixtureRatio } from "../../statistics/anytime.ts";
import { mean, meanEstimate, pValue } from "../../statistics/estimate.ts";
import { normals, several } from "./draws.ts";
import { assertNear } from "./near.ts";

test("the mixture ratio of two arms is that of Johari et al.", () => {
  // 100 pairs, difference 0.5, variance 1 of each arm (2 of a difference), mixing variance 1.
  const ratio = mixtureRatio(100, 0.5, 2, 1);
  assertNear(ratio, 64.17015095, 5e-9);
  assertNear(alwaysValidPs([ratio])[0], 0.0155835694, 5e-11);
});

test("an always-valid p-value never increases and begins at 1", () => {
  assert.deepEqual(alwaysValidPs([0.5, 4, 2, 8]), [1, 0.25, 0.25, 0.125]);
});

test("the interval ends where the mixture of t statistics is sufficient evidence", () => {
  const values = several(30, normals("ends"));
  const { value, lower, upper, standardError } = anytimeEstimate(values, 1, 0.3);
  const n = values.length;
  const a = 1 + 0.3 * n;
  for (const end of [lower, upper]) {
    const t2 = ((value - end) / standardError) ** 2;
    assertNear(((1 + t2 / (n - 1)) / (1 + t2 / ((n - 1) * a))) ** (n / 2) / Math.sqrt(a), 20, 1e-8);
  }
});

test("for many values the interval is that of a known variance", () => {
  // Robbins: (1 + 1 / (n mixing)) log(a / alpha^2) / n, squared half-width in units of sigma.
  const n = 1e5;
  const values = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1));
  const { halfWidth } = anytimeEstimate(values);
  assertNear(halfWidth / Math.sqrt(((1 + 1 / n) * Math.log((n + 1) * 400)) / n), 1, 1e-3);
});

test("too few values give an infinite interval, and equal values an interval of no width", () => {
  assert.equal(anytimeEstimate([1, 2, 4, 8]).halfWidth, Infinity);
  assert.ok(anytimeEstimate([1, 2, 4, 8, 7]).halfWidth < Infinity);
  assert.equal(anytimeEstimate([3, 3, 3]).halfWidth, 0);
  assert.equal(anytimeEstimate([3]).halfWidth, NaN);
});

test("a divisor scales the interval", () => {
  const values = [1, 5, 2, 8, 4, 4, 9, 3];
  assertNear(anytimeEstimate(values, 4).halfWidth, anytimeEstimate(values).halfWidth / 4);
  assert.equal(anytimeEstimate(values).value, mean(values));
});

test("repeated looks mislead a t test, but not these intervals and tests", () => {
  const draw = normals("peeking");
  const [rounds, looks] = [1000, 60];
  const misled = { t: 0, mixture: 0, anytime: 0 };
  for (let round = 0; round < rounds; round++) {
    const values = several(looks, draw);
    const isEver = (test: (sofar: Float64Array) => boolean) => {
      for (let n = 2; n <= looks; n++) if (test(values.subarray(0, n))) return true;
      return false;
    };
    if (isEver((sofar) => pValue(meanEstimate(sofar), sofar.length) < 0.05)) misled.t++;
    if (isEver((sofar) => mixtureRatio(sofar.length, mean(sofar), 1, 1) >= 20)) misled.mixture++;
    if (isEver((sofar) => Math.abs(mean(sofar)) > anytimeEstimate(sofar).halfWidth)) misled.anytime++;
  }
  const band = 3 * Math.sqrt((0.05 * 0.95) / rounds);
  assert.ok(misled.t / rounds > 0.3, `the t test misled ${misled.t} of ${rounds}`);
  assert.ok(misled.mixture / rounds <= 0.05 + band, `the mixture misled ${misled.mixture}`);
  assert.ok(misled.anytime / rounds <= 0.05 + band, `the anytime interval misled ${misled.anytime}`);
  assert.ok(misled.anytime / rounds > 0.005, "it spends what it may");
});
