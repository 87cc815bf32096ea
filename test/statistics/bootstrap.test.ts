/** statistics/bootstrap.ts against published values and against the whole bootstrap law, resample by resample. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { bootstrapInterval, RESAMPLES, resampledMeans, resampledRows } from "../../statistics/bootstrap.ts";
import { mean, variance } from "../../statistics/estimate.ts";
import { uniforms } from "./draws.ts";
import { assertNear } from "./near.ts";

/** Days of survival of the treated mice: Efron and Tibshirani 1993, table 2.1. */
const mice = [94, 197, 16, 38, 99, 141, 23];

/** Every one of the 7^7 resamples. */
function everyPlaces(n: number): Uint32Array {
  const places = new Uint32Array(n ** n * n);
  for (let row = 0, at = 0; row < n ** n; row++) {
    for (let i = 0, rest = row; i < n; i++, rest = Math.floor(rest / n)) places[at++] = rest % n;
  }
  return places;
}

const all = everyPlaces(mice.length);

test("the resampled means vary by the book's standard error for infinitely many resamples", () => {
  const means = resampledMeans(mice, all);
  assertNear(mean(means), mean(mice));
  // Table 2.2: 23.36.
  assertNear(Math.sqrt((variance(means) * (means.length - 1)) / means.length), 23.36, 0.005);
});

test("the interval is the BCa interval of the whole bootstrap law", () => {
  // By enumeration in numpy: 324/7 and 968/7; its percentile interval is 304/7 to 941/7.
  const { lower, upper } = bootstrapInterval(mice, all);
  assertNear(lower, 324 / 7);
  assertNear(upper, 968 / 7);
});

test("resamples that are drawn approximate the whole law", () => {
  const { lower, upper } = bootstrapInterval(mice, resampledRows(mice.length, uniforms("mice")));
  assertNear(lower, 324 / 7, 2.5);
  assertNear(upper, 968 / 7, 3.5);
});

test("every position is drawn equally often", () => {
  const places = resampledRows(10, uniforms("places"));
  assert.equal(places.length, 10 * RESAMPLES);
  const counts = new Array(10).fill(0);
  for (const place of places) counts[place]++;
  // Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand.
  assert.ok(counts.reduce((sum, count) => sum + (count - RESAMPLES) ** 2 / RESAMPLES, 0) < 27.9, `${counts}`);
});

test("negating the values reverses the interval, and skew extends it on the long side", () => {
  const places = resampledRows(8, uniforms("turned"));
  const skewed = [1, 1, 2, 2, 3, 4, 7, 30];
  const { lower, upper } = bootstrapInterval(skewed, places);
  assert.ok(upper - mean(skewed) > 1.5 * (mean(skewed) - lower));
  const turned = bootstrapInterval(
    skewed.map((value) => -value),
    places,
  );
  assertNear(turned.lower, -upper, 0.8);
  assertNear(turned.upper, -lower, 0.8);
});

test("equal values have an interval of no width, and a single one has none", () => {
  const places = resampledRows(3, uniforms("agree"));
  assert.deepEqual(bootstrapInterval([4, 4, 4], places), { lower: 4, upper: 4 });
  assert.deepEqual(bootstrapInterval([4], resampledRows(1, uniforms("one"))), { lower: NaN, upper: NaN });
});

test("every engine gives these bits for the bootstrap", () => {
  const values = Array.from({ length: 12 }, (_, i) => ((i * 7919) % 101) / 7);
  const { lower, upper } = bootstrapInterval(values, resampledRows(12, uniforms("bits")));
  const hash = createHash("sha256").update(Float64Array.of(lower, upper)).digest("hex");
  assert.equal(hash.slice(0, 16), "8789e255fa2b7913");
});
