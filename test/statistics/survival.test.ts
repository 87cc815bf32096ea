/** statistics/survival.ts against published values and values computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  kaplanMeier,
  medianInterval,
  medianTime,
  restrictedMeanTime,
  restrictedMeanVariance,
  survivalBands,
} from "../../statistics/survival.ts";
import { assertNear, counted } from "./near.ts";

/** Freireich et al. 1963, the 21 patients of the 6-MP arm. */
const remissions = [6, 6, 6, 7, 10, 13, 16, 22, 23];
const stillIn = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];

test("Kaplan-Meier gives the published curve of 6-mercaptopurine in leukaemia", () => {
  const curve = kaplanMeier(counted(remissions), counted(stillIn));
  assert.deepEqual(
    curve.map(({ time }) => time),
    [6, 7, 10, 13, 16, 22, 23],
  );
  assert.deepEqual(
    curve.map(({ atRisk }) => atRisk),
    [21, 17, 15, 12, 11, 7, 6],
  );
  assert.deepEqual(
    curve.map(({ events }) => events),
    [3, 1, 1, 1, 1, 1, 1],
  );
  const published = [0.857143, 0.806723, 0.752941, 0.690196, 0.627451, 0.537815, 0.448179];
  curve.forEach(({ survival }, i) => assertNear(survival, published[i], 5e-7));
  assertNear(restrictedMeanTime(curve, 23), 17.909244, 5e-7);
  assert.equal(medianTime(curve), 23);
});

test("Kaplan-Meier of the placebo arm, which has no censoring, is the share still at risk", () => {
  const relapses = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
  const curve = kaplanMeier(counted(relapses), counted([]));
  for (const { time, survival } of curve) {
    assert.equal(survival, relapses.filter((relapse) => relapse > time).length / 21);
  }
  assertNear(restrictedMeanTime(curve, 23), 8.666667, 5e-7);
  assert.equal(medianTime(curve), 8);
});

test("a median is reached when exactly half is left, despite rounding of the product", () => {
  for (let n = 2; n <= 200; n += 2) {
    const times = Array.from({ length: n / 2 }, (_, i) => i + 1);
    assert.equal(medianTime(kaplanMeier(counted(times), counted(new Array(n / 2).fill(n)))), n / 2);
  }
});

test("of several observations that are right-censored at one time, all leave the risk set", () => {
  // 4 of 5 are left after 1, two are lost at 2, and 1 of the 2 at risk is left after 3: S = 4/5, 4/5 1/2.
  const curve = kaplanMeier(counted([1, 3]), counted([2, 2, 4]));
  assert.deepEqual(
    curve.map(({ atRisk, survival }) => [atRisk, survival]),
    [
      [5, 4 / 5],
      [2, 4 / 10],
    ],
  );
});

test("a million right-censored observations can be one value with its count", () => {
  const lost = { values: Float64Array.of(3), counts: Float64Array.of(1e6 - 4) };
  assert.deepEqual(kaplanMeier({ values: Float64Array.of(1, 2), counts: Float64Array.of(1, 3) }, lost), [
    { time: 1, atRisk: 1e6, events: 1, survival: 1 - 1e-6 },
    { time: 2, atRisk: 1e6 - 1, events: 3, survival: 1 - 4e-6 },
  ]);
});

test("a curve without events stays at 1", () => {
  assert.deepEqual(kaplanMeier(counted([]), counted([2, 2])), []);
  assert.equal(medianTime([]), NaN);
  assert.equal(restrictedMeanTime([], 2), 2);
});

test("a restricted mean ignores what comes after its limit", () => {
  const curve = kaplanMeier(counted([1, 3]), counted([]));
  assert.equal(restrictedMeanTime(curve, 2), 1.5);
  assert.equal(restrictedMeanTime(curve, 0.5), 0.5);
});

test("Greenwood's errors and log-log bands of 6-mercaptopurine are the published ones", () => {
  const bands = survivalBands(kaplanMeier(counted(remissions), counted(stillIn)));
  assertNear(bands.at(-1)!.standardError, 0.134591, 5e-7);
  // scipy.stats.ecdf, confidence_interval(method="log-log"), as R's survfit with conf.type = "log-log".
  const lower = [0.61971796, 0.56314656, 0.50319951, 0.43161022, 0.36751086, 0.26777894, 0.18805201];
  const upper = [0.95155175, 0.92280902, 0.88936184, 0.84906596, 0.80491219, 0.74679072, 0.68014263];
  bands.forEach((band, i) => {
    assertNear(band.lower, lower[i], 5e-9);
    assertNear(band.upper, upper[i], 5e-9);
  });
});

test("Nelson-Aalen gives the cumulative hazard of 6-mercaptopurine", () => {
  const { hazard, hazardStandardError } = survivalBands(kaplanMeier(counted(remissions), counted(stillIn))).at(-1)!;
  assertNear(hazard, 0.752114, 5e-7);
  // sqrt(3/21^2 + 1/17^2 + 1/15^2 + 1/12^2 + 1/11^2 + 1/7^2 + 1/6^2)
  assertNear(hazardStandardError, 0.279467746695, 5e-13);
});

test("without censoring Greenwood's error is the binomial one", () => {
  const bands = survivalBands(kaplanMeier(counted([1, 2, 3, 4]), counted([])));
  bands.forEach(({ survival: s, standardError }) => assertNear(standardError, Math.sqrt((s * (1 - s)) / 4), 1e-15));
});

test("the interval of a median lies between the order statistics that fair coins give", () => {
  // Table of the sign test: ranks 1 and 6 of 6, 2 and 9 of 10, 6 and 15 of 20, 40 and 61 of 100; none of 5.
  const first = (n: number) => counted(Array.from({ length: n }, (_, i) => i + 1));
  assert.deepEqual(medianInterval(first(5), 5), { lower: NaN, upper: NaN });
  for (const [n, lower, upper] of [
    [6, 1, 6],
    [10, 2, 9],
    [20, 6, 15],
    [100, 40, 61],
  ] as const) {
    assert.deepEqual(medianInterval(first(n), n), { lower, upper }, String(n));
  }
  // Of 2,000: 1000.5 -+ 1.96 sqrt(500); the horizon hides what lies beyond the 1,030th.
  assert.deepEqual(medianInterval(first(1030), 2000), { lower: 956, upper: NaN });
});

test("a curve at 0 has no band there", () => {
  const bands = survivalBands(kaplanMeier(counted([1, 2]), counted([])));
  assert.deepEqual([bands[1].standardError, bands[1].lower, bands[1].upper], [0, NaN, NaN]);
});

test("the restricted mean of 6-mercaptopurine has the variance of the areas", () => {
  const curve = kaplanMeier(counted(remissions), counted(stillIn));
  assertNear(restrictedMeanVariance(curve, 23), 2.4123991085312, 1e-12);
});

test("the restricted mean to the end of a sample without censoring has the variance of a mean", () => {
  const times = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
  const curve = kaplanMeier(counted(times), counted([]));
  const mean = times.reduce((sum, time) => sum + time) / 21;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  assertNear(restrictedMeanVariance(curve, 23), squares / 21 / 21, 1e-12);
});

test("without events the variance is 0", () => {
  assert.equal(restrictedMeanVariance([], 5), 0);
  assert.deepEqual(survivalBands([]), []);
});
