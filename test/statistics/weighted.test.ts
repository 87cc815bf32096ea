/** statistics/weighted.ts: weights that are counts are values that are repeated. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mean } from "../../statistics/estimate.ts";
import {
  effectiveSize,
  weightedCovariance,
  weightedMean,
  weightedQuantile,
  weightedVariance,
} from "../../statistics/weighted.ts";

const values = [4, 1, 3];
const weights = [1, 3, 2];
const repeated = [1, 1, 1, 3, 3, 4];

test("a weight of n is a value n times", () => {
  const center = mean(repeated);
  const squares = repeated.map((value) => (value - center) * (value - center));
  assert.equal(weightedMean(values, weights), center);
  assert.ok(Math.abs(weightedVariance(values, weights) - mean(squares)) < 1e-15);
  for (const [p, quantile] of [
    [0.01, 1],
    [0.5, 1],
    [0.51, 3],
    [0.84, 4],
    [1, 4],
  ] as const) {
    assert.equal(weightedQuantile(values, weights, p), quantile, String(p));
  }
  assert.equal(weightedQuantile([1, 2], [1, 0], 1), 1, "no weight, no quantile");
});

test("the effective sample size is the number of equal weights, and 1 if one has all", () => {
  assert.equal(effectiveSize([2, 2, 2, 2]), 4);
  assert.equal(effectiveSize([0, 5, 0]), 1);
  assert.equal(effectiveSize([]), 0);
});

test("the covariance of points on a line is singular", () => {
  const points = values.map((x) => [x, 2 * x]);
  const [xx, xy, yx, yy] = weightedCovariance(points, weights, 2);
  const variance = weightedVariance(values, weights);
  for (const [got, times] of [
    [xx, 1],
    [xy, 2],
    [yx, 2],
    [yy, 4],
  ] as const) {
    assert.ok(Math.abs(got - times * variance) < 1e-14);
  }
});
