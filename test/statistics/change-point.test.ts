/** Pettitt's test by hand, and the run lengths of CUSUM against published ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import { averageRunLength, Cusum, cusumThreshold, pettitt, sequentialScores } from "../../statistics/change-point.ts";
import { assertNear } from "./near.ts";

test("pettitt finds the step, with K and p of a hand calculation", () => {
  // Ranks 1 2 3 4 | 5 6 7 8: U_4 = 2 (1 + 2 + 3 + 4) - 4 9 = -16; p = 2 exp(-6 256 / (512 + 64)) = 2 exp(-8/3).
  const { after, k, p, kRising, pRising } = pettitt([1, 2, 3, 4, 15, 16, 17, 18]);
  assert.deepEqual([after, k, kRising], [4, 16, 16]);
  assertNear(p, 2 * Math.exp(-8 / 3), 1e-15);
  assertNear(pRising, Math.exp(-8 / 3), 1e-15);
});

test("pettitt's U is the sum of signs of all pairs across the change", () => {
  const series = [4, 4, 1, 9, 7, 7, 7, 12, 3, 8];
  const across = (t: number) => {
    let u = 0;
    for (let i = 0; i < t; i++) for (let j = t; j < series.length; j++) u += Math.sign(series[i] - series[j]);
    return u;
  };
  const all = series.map((_, i) => across(i + 1)).slice(0, -1);
  const { k, after, kRising } = pettitt(series);
  assert.equal(k, Math.max(...all.map(Math.abs)));
  assert.equal(Math.abs(across(after)), k);
  assert.equal(kRising, Math.max(...all.map((u) => -u)));
});

test("a fall is not a rise, a constant is not a change, and a steady rise has its change in the middle", () => {
  assert.ok(pettitt([9, 8, 7, 6, 2, 2, 1, 1]).pRising > 0.9);
  assert.deepEqual(pettitt([5, 5, 5, 5]), { after: 0, k: 0, p: 1, kRising: 0, pRising: 1 });
  const rise = pettitt(Float64Array.from({ length: 40 }, (_, i) => i));
  assert.equal(rise.after, 20);
  assert.ok(rise.p < 1e-4);
});

test("averageRunLength is near the tabulated run lengths of CUSUM with k = 1/2", () => {
  // Montgomery, Introduction to Statistical Quality Control, table of the two-sided CUSUM; without a shift the
  // one-sided sum runs twice as long.
  assertNear(averageRunLength(0, 0.5, 4) / 2 / 168, 1, 0.02);
  assertNear(averageRunLength(0, 0.5, 5) / 2 / 465, 1, 0.02);
  for (const [shift, ofFour, ofFive] of [
    [1, 8.38, 10.4],
    [1.5, 4.75, 5.75],
    [2, 3.34, 4.01],
  ]) {
    assertNear(averageRunLength(shift, 0.5, 4) / ofFour, 1, 0.04);
    assertNear(averageRunLength(shift, 0.5, 5) / ofFive, 1, 0.04);
  }
  assertNear(averageRunLength(0.5, 0.5, 5), 6.166 * 6.166, 1e-12);
  assertNear(averageRunLength(0.5001, 0.5, 5), 6.166 * 6.166, 0.05);
});

test("the CUSUM's run length on simulated normal values, shifted by one, agrees with its closed form", () => {
  const stream = new Stream("cusum", "values", 0, 0, 1);
  let values = 0;
  const runs = 2000;
  for (let run = 0; run < runs; run++) {
    const cusum = new Cusum(5);
    do values++;
    while (!cusum.add(1 + normalQuantile(stream.draw(0))));
  }
  assertNear(values / runs, 10.4, 0.4);
});

test("the sum matches a hand calculation: rises add up, and it never falls below zero", () => {
  const cusum = new Cusum(2);
  assert.deepEqual(
    [1, -5, 1.5, 1, 2].map((value) => cusum.add(value)),
    [false, false, false, false, true],
  );
  assert.equal(cusum.sum, 3);
});

test("the threshold of a level has the run length of that level", () => {
  // 28 values at 5 %: an average of 28 / -ln 0.95 = 545.9 values, of which e^b - b - 1 is half, at b = h + 1.166.
  const h = cusumThreshold(28, 0.05);
  assertNear(2 * (Math.exp(h + 1.166) - (h + 1.166) - 1), 545.8803, 1e-3);
});

test("scores of sequential ranks match a hand calculation, with ties too", () => {
  // The ranks of 3, 1, 2, 2 among the values so far: 1, 1, 2, and 2.5 of four.
  const scores = sequentialScores([3, 1, 2, 2], 0);
  const expected = [1 / 2, 0.5 / 2, 1.5 / 3, 2 / 4].map(normalQuantile);
  assert.deepEqual([...scores], expected);
  assert.deepEqual([...sequentialScores([3, 1, 2, 2], 2)], expected.slice(2));
  assert.deepEqual([...sequentialScores([3, 1], 2)], []);
});

test("the sum of scores has its false alarm rate for every law, looked at once or after each value", () => {
  const stream = new Stream("cusum", "scores", 0, 0, 1);
  const threshold = cusumThreshold(28, 0.05);
  const series = 4000;
  let alarms = 0;
  for (let one = 0; one < series; one++) {
    const cusum = new Cusum(threshold);
    const values = Array.from({ length: 28 }, () => 1 / stream.draw(0));
    if (sequentialScores(values, 7).some((score) => cusum.add(score))) alarms++;
  }
  assert.ok(alarms / series < 0.05 && alarms / series > 0.005, String(alarms / series));
});
