/** Kendall's test within seasons against published results, and on a cycle. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mannKendall } from "../../statistics/mann-kendall.ts";
import { correlatedSeasonalKendall, midranks, seasonalKendall } from "../../statistics/seasonal-kendall.ts";
import { assertNear } from "./near.ts";
import { rainfall } from "../../lab/validation/rainfall.ts";

test("seasonalKendall agrees with pyMannKendall and R for 30 years of months", () => {
  const { s, variance, z, p, tau } = seasonalKendall(rainfall, 12);
  assert.equal(s, -399);
  assertNear(variance, 34702.333333333336, 1e-9);
  assertNear(z, -2.136504114534638, 1e-13);
  assertNear(p, 0.03263834596177739, 1e-14);
  assertNear(tau, -0.0794979079497908, 1e-15);
});

test("correlatedSeasonalKendall gives the results of pyMannKendall and R for complete years", () => {
  const { s, variance, z, p, tau } = correlatedSeasonalKendall(rainfall, 12);
  assert.equal(s, -333);
  assertNear(variance, 31427.666666666664, 1e-9);
  assertNear(z, -1.878400366918792, 1e-13);
  assertNear(p, 0.06032641537423844, 1e-14);
  assertNear(tau, -0.10054347826086957, 1e-15);
});

test("with period 1 it is the test without seasons", () => {
  assert.deepEqual(seasonalKendall(rainfall, 1), mannKendall(rainfall));
});

test("a cycle alone has no seasonal trend wherever it is cut off, and a trend within it is found", () => {
  const cycle = Float64Array.from({ length: 34 }, (_, i) => [0, 5, 9, 5][i % 4]);
  assert.equal(seasonalKendall(cycle, 4).s, 0);
  assert.equal(correlatedSeasonalKendall(cycle, 4).s, 0);
  const rising = cycle.map((value, i) => value + i / 100);
  assert.ok(seasonalKendall(rising, 4).z > 2 * mannKendall(rising).z);
});

test("equal values share their midrank", () => {
  assert.deepEqual([...midranks(Float64Array.of(5, 1, 5, 9, 5))], [3, 1, 3, 5, 3]);
});

test("a period that is not a positive whole number is refused", () => {
  assert.throws(() => seasonalKendall([1, 2], 0), /period is 0; a period is whole and >= 1/);
  assert.throws(() => correlatedSeasonalKendall([1, 2], 1.5), /period is 1.5/);
});
