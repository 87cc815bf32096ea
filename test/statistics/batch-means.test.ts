/** statistics/batch-means.ts: series whose memory is known, and the arithmetic of batches of unequal length. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BATCHES, batchMeans } from "../../statistics/batch-means.ts";
import { meanEstimate } from "../../statistics/estimate.ts";
import { normals, several } from "./draws.ts";
import { assertNear } from "./near.ts";

const ones = (length: number) => new Float64Array(length).fill(1);

test("batches of equal length give the t interval of their means", () => {
  const series = Float64Array.from(several(60, normals("batches")));
  const means = Array.from({ length: BATCHES }, (_, i) => (series[3 * i] + series[3 * i + 1] + series[3 * i + 2]) / 3);
  const [found, known] = [batchMeans(series, ones(60)), meanEstimate(means)];
  assertNear(found.value, known.value, 1e-12);
  assertNear(found.halfWidth, known.halfWidth, 1e-12);
});

test("every observation counts, whatever their number, and fewer than twenty are as many batches", () => {
  for (const length of [1, 19, 20, 21, 59, 503]) {
    const series = Float64Array.from({ length }, (_, i) => (i * 7919) % 100);
    assertNear(batchMeans(series, ones(length)).value, series.reduce((a, b) => a + b) / length, 1e-12);
  }
  assert.equal(batchMeans(ones(1), ones(1)).halfWidth, NaN);
});

test("intervals cover 95 % for an autocorrelated series, where those for independent observations cover half", () => {
  const draw = normals("memory");
  let [covered, naive] = [0, 0];
  for (let round = 0; round < 400; round++) {
    // x = 0.8 x + e, so the sum of 1000 has a variance nine times that of 1000 independent ones.
    let x = draw() / 0.6;
    const series = Float64Array.from({ length: 1000 }, () => (x = 0.8 * x + draw()));
    const [batches, each] = [batchMeans(series, ones(1000)), meanEstimate(series)];
    covered += Number(batches.lower < 0 && 0 < batches.upper);
    naive += Number(each.lower < 0 && 0 < each.upper);
  }
  assert.ok(covered > 0.92 * 400 && covered < 0.98 * 400, `${covered}`);
  assert.ok(naive < 0.6 * 400, `${naive}`);
});
