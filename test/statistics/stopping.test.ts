/** statistics/stopping.ts */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../sim/streams.ts";
import { exponentials } from "../../sim/variates.ts";
import { enough, stoppingPoint } from "../../statistics/stopping.ts";
import { normals, several } from "./draws.ts";

test("a mean is precise enough when the half-width is gamma / (1 + gamma) of it", () => {
  // Mean 10, standard deviation 1 of n = 5: half-width 2.776445 / sqrt 5 = 1.241664, a share of 0.1241664 of the mean.
  const spread = Math.sqrt(1 / 2);
  const values = [10 - 2 * spread, 10, 10, 10, 10 + 2 * spread].map((value) => 10 + (value - 10));
  const gamma = 0.1241664 / (1 - 0.1241664);
  assert.equal(enough(values, gamma * 1.001, 2), true);
  assert.equal(enough(values, gamma * 0.999, 2), false);
  assert.equal(
    enough(
      values.map((value) => -value),
      gamma * 1.001,
      2,
    ),
    true,
  );
});

test("fewer values than the minimum, or than two, are never enough", () => {
  assert.equal(enough([5, 5, 5], 0.1, 4), false);
  assert.equal(enough([5, 5, 5, 5], 0.1, 4), true);
  assert.equal(enough([5], 0.1, 1), false);
});

test("equal values are precise enough, but a mean of zero never is", () => {
  assert.equal(enough([7, 7], 0.1, 2), true);
  assert.equal(enough([-1, 1], 0.1, 2), false);
  for (const isAnytime of [false, true]) assert.equal(enough(new Float64Array(100), 0.1, 2, { isAnytime }), false);
});

test("event counts must scatter like Poisson's law, even if their totals agree", () => {
  // t(0.975, 9) = 2.2622: relative half-width 2.2622 / sqrt(10 c) of ten totals of c; 0.1 / 1.1 of it from c = 61.9 on.
  const totals = (count: number) => new Float64Array(10).fill(3 * count);
  assert.equal(enough(totals(61), 0.1, 10, { eventSize: 3 }), false);
  assert.equal(enough(totals(62), 0.1, 10, { eventSize: 3 }), true);
  assert.equal(enough(totals(62), 0.1, 10, { eventSize: 3, isAnytime: true }), false);
});

test("the error relative to the true mean is at most gamma in 95 of 100 sequences", () => {
  const sequences = 300;
  const stream = new Stream("stopping", "values", 0, 0, sequences, exponentials);
  let within = 0;
  for (let sequence = 0; sequence < sequences; sequence++) {
    const values: number[] = [];
    while (!enough(values, 0.2, 10)) values.push(stream.draw(sequence));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    if (Math.abs(mean - 1) <= 0.2) within++;
  }
  // Three standard errors of a share of 0.95 are 0.038. Of 1,000 sequences it was 0.973.
  assert.ok(within / sequences > 0.912, String(within / sequences));
});

const noisy = (seed: string) => several(300, normals(seed)).map((value) => 10 + 3 * value);

test("values beyond the stopping point are ignored", () => {
  const values = noisy("beyond");
  const at = stoppingPoint(values, 0.1, 5);
  assert.ok(at > 20 && at < 100, `${at}`);
  for (let n = 5; n <= at; n++) assert.equal(enough(values.subarray(0, n), 0.1, 5), n === at);
  assert.equal(
    stoppingPoint(
      values.map((value, i) => (i < at ? value : 1e9)),
      0.1,
      5,
    ),
    at,
  );
  assert.equal(stoppingPoint(values.subarray(0, at), 0.1, 5), at);
  assert.equal(stoppingPoint(values.subarray(0, at - 1), 0.1, 5), Infinity);
});

test("repeated looks need more observations", () => {
  const values = noisy("anytime");
  const early = stoppingPoint(values, 0.1, 5);
  const late = stoppingPoint(values, 0.1, 5, { isAnytime: true });
  assert.ok(late > 1.5 * early && late < Infinity, `${early}, ${late}`);
});
