/** The remedies for dependent values against published results, and their traps, shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { known, mannKendall } from "../../statistics/mann-kendall.ts";
import {
  autocorrelations,
  blockMeans,
  blockMinima,
  hamedRao,
  prewhitened,
  trendFreePrewhitened,
} from "../../statistics/serial-dependence.ts";
import { theilSenSlope } from "../../statistics/slope.ts";
import { assertNear } from "./near.ts";
import { rainfall } from "../../lab/validation/rainfall.ts";

/** Published with the missing months closed up, and the trend to take out estimated before that. */
const closed = known(rainfall);
const slope = theilSenSlope(rainfall);

test("hamedRao with three lags agrees with pyMannKendall and modifiedmk", () => {
  const { s, variance, z, p } = hamedRao(closed, 3, slope);
  assert.equal(s, -1959);
  assertNear(variance, 14228919.889368296, 1e-6);
  assertNear(z, -0.5190709455046154, 1e-13);
  assertNear(p, 0.6037112685123898, 1e-13);
});

test("hamedRao with all lags gives the published false alarm on a purely seasonal series", () => {
  const { variance, z, p } = hamedRao(closed, Infinity, slope);
  assertNear(variance, 259723.81316716125, 1e-6);
  assertNear(z, -3.8419950613710894, 1e-12);
  assertNear(p, 0.00012203829241275166, 1e-15);
});

test("hamedRao is NaN where the sum over lags makes the variance negative", () => {
  const cycle = Float64Array.from({ length: 24 }, (_, i) => (i % 2) + i / 50);
  for (const { variance, z, p, pRising } of [hamedRao(cycle), hamedRao(cycle, Infinity)]) {
    assert.ok(variance < 0, `variance ${variance}`);
    assert.deepEqual([z, p, pRising], [NaN, NaN, NaN]);
  }
});

test("prewhitened agrees with pyMannKendall and modifiedmk", () => {
  const { s, variance, z, p, tau } = prewhitened(closed);
  assert.deepEqual([s, variance], [-219, 4865719]);
  assertNear(z, -0.09882867695903437, 1e-14);
  assertNear(p, 0.9212742990272651, 1e-13);
  assertNear(tau, -0.003545066045066045, 1e-16);
});

test("trendFreePrewhitened agrees with pyMannKendall and modifiedmk", () => {
  const { s, variance, z, p } = trendFreePrewhitened(closed, slope);
  assert.deepEqual([s, variance], [-630, 4866576]);
  assertNear(z, -0.28512735834365455, 1e-13);
  assertNear(p, 0.7755465706913385, 1e-13);
});

test("autocorrelations match a hand calculation: 1 at lag 0, and 0 for a constant", () => {
  // 1 2 4: deviations -4/3 -1/3 5/3; squares 42/9; lag 1: 4/9 - 5/9; lag 2: -20/9.
  const [r0, r1, r2, ...more] = autocorrelations([1, 2, 4], 5);
  assertNear(r0, 1);
  assertNear(r1, -1 / 42);
  assertNear(r2, -20 / 42);
  assert.deepEqual(more, []);
  assert.deepEqual([...autocorrelations([3, 3, 3], 2)], [1, 0, 0]);
});

test("prewhitening reduces the power against a trend, and restoring the trend regains it", () => {
  const series = Float64Array.from({ length: 40 }, (_, i) => i / 10 + [0, 0.9, 0.1, -0.8, 0.3][i % 5]);
  const [plain, white, free] = [mannKendall(series), prewhitened(series), trendFreePrewhitened(series)];
  assert.ok(white.z < plain.z / 2 && free.z > 2 * white.z, `${plain.z} ${white.z} ${free.z}`);
});

test("blockMeans are means of complete blocks; the rest is dropped", () => {
  assert.deepEqual([...blockMeans([1, 3, 5, 7, 100], 2)], [2, 6]);
  assert.deepEqual([...blockMeans([1, 3], 3)], []);
  assert.deepEqual([...blockMinima([3, 1, 5, 7, -1], 2)], [1, 5]);
  assert.throws(() => blockMeans([1], 0), /size is 0; a block has a whole number of values/);
});

test("four blocks cannot reject at 5 %, two-sided, whatever their values", () => {
  assertNear(mannKendall(blockMeans([1, 2, 3, 4, 5, 6, 7, 8], 2)).p, 0.0894, 1e-4);
});

test("a gap in readings is refused where its duration would be lost", () => {
  for (const method of [hamedRao, prewhitened, trendFreePrewhitened] as const) {
    assert.throws(() => method([1, NaN, 3]), /value 1 is NaN; a series without gaps is needed/);
  }
});
