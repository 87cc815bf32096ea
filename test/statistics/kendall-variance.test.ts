/** The exact variance of S of dependent values, and the false positives that follow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { falsePositiveRate, independentVariance, kendallVariance } from "../../statistics/kendall-variance.ts";
import { assertNear } from "./near.ts";

test("independent values have the textbook variance", () => {
  for (const n of [2, 3, 10, 40])
    assertNear(
      kendallVariance(n, () => 0),
      independentVariance(n),
      1e-9 * n * n * n,
    );
});

test("a series of three values has the hand-calculated variance of a count", () => {
  // S = s12 + s23 + s13; Var = 3 + 2 (c(12,23) + c(12,13) + c(23,13)), each 2/pi arcsin of the correlation of the two
  // differences: (2r1 - r2 - 1) / (2 - 2 r1) once, (1 - r2) / 2 / sqrt((1 - r1) (1 - r2)) twice.
  const [r1, r2] = [0.5, 0.25];
  const between = Math.asin((2 * r1 - r2 - 1) / (2 - 2 * r1));
  const beside = Math.asin((1 - r2) / (2 * Math.sqrt((1 - r1) * (1 - r2))));
  const variance = 3 + ((2 * 2) / Math.PI) * (between + 2 * beside);
  assertNear(
    kendallVariance(3, (lag) => [1, r1, r2][lag]),
    variance,
    1e-12,
  );
});

test("the formula over lags equals the sum over all pairs of pairs", () => {
  const n = 9;
  const r = (lag: number) => 0.7 ** Math.abs(lag);
  let sum = 0;
  for (let j = 1; j < n; j++)
    for (let i = 0; i < j; i++)
      for (let l = 1; l < n; l++)
        for (let k = 0; k < l; k++) {
          const top = r(j - l) - r(i - l) - r(j - k) + r(i - k);
          const cosine = top / Math.sqrt((2 - 2 * r(i - j)) * (2 - 2 * r(k - l)));
          sum += (2 / Math.PI) * Math.asin(Math.max(-1, Math.min(1, cosine)));
        }
  assertNear(kendallVariance(n, r), sum, 1e-9);
});

test("the plain test rejects as often as predicted for autocorrelations of 0.2 to 0.8 at n = 100", () => {
  // Evaluated independently from the fourfold sum, to the digits given; nominal level 5 %.
  for (const [r, inflation, rate] of [
    [0, 1, 0.05],
    [0.2, 1.4564, 0.1044],
    [0.4, 2.2082, 0.1872],
    [0.6, 3.6722, 0.3064],
    [0.8, 7.7225, 0.4806],
  ]) {
    assertNear(kendallVariance(100, (lag) => r ** lag) / independentVariance(100), inflation, 5e-5);
    assertNear(falsePositiveRate(100, r, 0.05), rate, 5e-5);
  }
});

test("more autocorrelation gives more variance", () => {
  let before = 0;
  for (const r of [-0.5, 0, 0.3, 0.6, 0.9]) {
    const variance = kendallVariance(30, (lag) => r ** lag);
    assert.ok(variance > before);
    before = variance;
  }
});
