/** statistics/estimate.ts against published values and values computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  mean,
  meanEstimate,
  scatterEstimate,
  scatterOfValues,
  nearestRank,
  neverNegative,
  pairedEstimate,
  pooledScatter,
  pValue,
  ratioEstimate,
  scatterOf,
  variance,
  zScore,
} from "../../statistics/estimate.ts";
import { assertNear, counted } from "./near.ts";

/** t(0.975) with 1, 2 and 4 degrees of freedom, from the tables. */
const T1 = 12.7062047364;
const T2 = 4.30265272991;
const T4 = 2.7764451052;

test("mean and variance of 2, 4, 4, 4, 5, 5, 7, 9 are 5 and 32/7", () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  assert.equal(mean(values), 5);
  assert.equal(variance(values), 32 / 7);
});

test("a variance keeps its digits with a large mean", () => {
  assert.equal(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]), 30);
});

test("a mean has a t interval between replications", () => {
  const { value, standardError, halfWidth, lower, upper } = meanEstimate([1, 2, 3, 4, 5]);
  assert.equal(value, 3);
  assertNear(standardError, Math.sqrt(0.5));
  assertNear(halfWidth, T4 * Math.sqrt(0.5));
  assertNear(lower, 3 - halfWidth);
  assertNear(upper, 3 + halfWidth);
});

test("a divisor scales the mean and its interval", () => {
  const { value, halfWidth } = meanEstimate([10, 20], 10);
  assert.equal(value, 1.5);
  assertNear(halfWidth, T1 * 0.5);
});

test("one replication has a value and no interval", () => {
  const { value, standardError, halfWidth, lower, upper } = meanEstimate([7]);
  assert.equal(value, 7);
  assert.deepEqual([standardError, halfWidth, lower, upper], [NaN, NaN, NaN, NaN]);
});

test("equal replications have an interval of no width", () => {
  assert.deepEqual(meanEstimate([7, 7, 7], 3), {
    value: 7 / 3,
    standardError: 0,
    halfWidth: 0,
    lower: 7 / 3,
    upper: 7 / 3,
  });
});

test("pairs cancel their common part", () => {
  // x - y is 1, 1, 2: mean 4/3, variance 1/3; the variances of x and y are 100 and 271/3.
  const { difference, varianceRatio } = pairedEstimate([10, 20, 30], [9, 19, 28]);
  assertNear(difference.value, 4 / 3);
  assertNear(difference.halfWidth, T2 * Math.sqrt(1 / 9));
  assertNear(varianceRatio, 300 + 271);
});

test("the variance with independent random numbers is the average over all pairs that drew different ones", () => {
  // From every shift of y against x: the squares about the mean difference, and the paired variance that they lack.
  const [x, y] = [
    [10, 21, 35, 34, 50],
    [9, 17, 31, 36, 41],
  ];
  const n = x.length;
  const center = mean(x) - mean(y);
  let squares = 0;
  for (let shift = 1; shift < n; shift++) {
    for (let i = 0; i < n; i++) squares += (x[i] - y[(i + shift) % n] - center) ** 2;
  }
  const paired = variance(x.map((value, i) => value - y[i]));
  const independent = squares / (n * (n - 1)) + paired / n;
  const { varianceRatio, independentHalfWidth } = pairedEstimate(x, y);
  assertNear(varianceRatio, independent / paired, 1e-12);
  assertNear(independentHalfWidth, T4 * Math.sqrt(independent / n), 1e-9);
  const divided = pairedEstimate(x, y, 7);
  assertNear(divided.independentHalfWidth, independentHalfWidth / 7, 1e-9);
  assertNear(divided.varianceRatio, varianceRatio, 1e-12);
});

test("pairs with equal differences have an infinite variance ratio", () => {
  const { difference, varianceRatio, independentHalfWidth } = pairedEstimate([10, 25, 30], [7, 22, 27]);
  assert.equal(difference.value, 3);
  assert.equal(difference.halfWidth, 0);
  assert.equal(varianceRatio, Infinity);
  assertNear(independentHalfWidth, T2 * Math.sqrt((2 * 325) / 3 / 3), 1e-8);
});

test("pairs that never vary have no variance ratio, and the ratio against a constant is 1", () => {
  assert.equal(pairedEstimate([3, 3], [0, 0]).varianceRatio, NaN);
  assert.equal(pairedEstimate([3, 8, 4], [0, 0, 0]).varianceRatio, 1);
  assert.equal(pairedEstimate([3], [1]).varianceRatio, NaN);
});

test("equal values do not vary, although their rounded mean differs from them", () => {
  const equal = [0.1, 0.1, 0.1];
  assert.notEqual(mean(equal), 0.1);
  assert.deepEqual([variance(equal), scatterOfValues(equal).squares, meanEstimate(equal).halfWidth], [0, 0, 0]);
  assert.equal(pairedEstimate(equal, [0, 0, 0]).varianceRatio, NaN);
  assert.equal(pValue(meanEstimate(equal), 3), NaN);
});

test("several simultaneous intervals have a smaller error rate each", () => {
  // t with 4 degrees of freedom at 1 - 0.025 / 5 = 0.995, from the tables.
  assertNear(meanEstimate([1, 2, 3, 4, 5], 1, 5).halfWidth, 4.60409487135 * Math.sqrt(0.5));
});

test("the p-value is the level at which the interval just touches 0", () => {
  // t = 3 / sqrt(1/2) = 4.2426 with 4 degrees of freedom; R: 2 * pt(-3 * sqrt(2), 4).
  assertNear(pValue(meanEstimate([1, 2, 3, 4, 5]), 5), 0.013235599, 5e-9);
  assert.equal(pValue(meanEstimate([2, 2]), 2), NaN);
  assert.equal(pValue(meanEstimate([2]), 1), NaN);
});

test("a ratio of totals has an interval by the delta method", () => {
  // R = 12/6; residuals 1 - 2, 4 - 4, 7 - 6: s = 1; standard error 1 / (2 sqrt 3).
  const { value, standardError, halfWidth } = ratioEstimate([1, 4, 7], [1, 2, 3]);
  assert.equal(value, 2);
  assertNear(standardError, 1 / (2 * Math.sqrt(3)));
  assertNear(halfWidth, T2 * standardError);
});

test("a ratio with equal denominators is a mean with the mean's interval", () => {
  const ratio = ratioEstimate([1, 2, 6], [4, 4, 4]);
  const plain = meanEstimate([1, 2, 6], 4);
  assertNear(ratio.value, plain.value);
  assertNear(ratio.halfWidth, plain.halfWidth);
});

test("a ratio with denominator 0 is unknown", () => {
  assert.equal(ratioEstimate([0, 0], [0, 0]).value, NaN);
});

test("the interval of what is never negative begins at 0 at the earliest, and keeps its upper end", () => {
  const wide = meanEstimate([0, 2, 4]);
  assert.ok(wide.lower < 0);
  const { value, standardError, lower, upper, halfWidth } = neverNegative(wide);
  assert.deepEqual([value, standardError, lower, upper], [wide.value, wide.standardError, 0, wide.upper]);
  assert.equal(halfWidth, wide.upper - wide.value);
  const narrow = meanEstimate([2, 3, 4]);
  assert.equal(neverNegative(narrow), narrow);
  assert.ok(Number.isNaN(neverNegative(meanEstimate([1])).lower));
});

test("z counts standard errors above the closed form", () => {
  const estimate = meanEstimate([10, 20]);
  assert.equal(zScore(estimate, 10), 1);
  assert.equal(zScore(estimate, NaN), NaN);
  assert.equal(zScore(meanEstimate([10, 10]), 9), NaN);
  assert.equal(zScore(meanEstimate([10]), 9), NaN);
});

test("a nearest-rank quantile is the least value that this share does not exceed", () => {
  // Wikipedia, Percentile, the nearest-rank method: 15, 20, 35, 40, 50.
  const values = [15, 20, 35, 40, 50];
  assert.deepEqual(
    [5, 30, 40, 50, 100].map((percent) => nearestRank(counted(values), percent)),
    [15, 20, 20, 35, 50],
  );
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  const percents = [1, 7, 50, 90, 99, 100];
  assert.deepEqual(
    percents.map((percent) => nearestRank(counted(hundred), percent)),
    percents,
  );
  assert.equal(nearestRank(counted([8]), 50), 8);
  assert.equal(nearestRank(counted([]), 50), NaN);
});

test("a quantile of counted values is the quantile of the values", () => {
  const values = [1, 1, 1, 2, 5, 5, 5, 5, 5, 9];
  for (let percent = 1; percent <= 100; percent++) {
    assert.equal(nearestRank(counted(values), percent), values[Math.ceil(percent / 10) - 1]);
  }
});

test("pooled groups scatter like all their numbers together", () => {
  const groups = [[3, 3, 7, 12], [40, 41, 41], [5]];
  const pooled = pooledScatter(groups.map((values) => scatterOf(counted(values))));
  const all = groups.flat();
  assert.deepEqual([pooled.count, pooled.mean], [8, 19]);
  assertNear(pooled.squares / 7, variance(all));
  assert.deepEqual(scatterOf(counted([5])), { count: 1, mean: 5, squares: 0 });
});

test("the estimate of a scatter is that of its values", () => {
  const values = [3, 1, 4, 1, 5];
  const [direct, known] = [meanEstimate(values, 7, 3), scatterEstimate(scatterOfValues(values), 7, 3)];
  for (const key of ["value", "standardError", "lower", "upper"] as const) {
    assert.ok(Math.abs(known[key] - direct[key]) <= 1e-15 * Math.abs(direct[key]), key);
  }
});
