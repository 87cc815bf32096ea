/** Multiple comparisons with the best: by hand, and how often they hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import { aboveBest } from "../../statistics/best-of-several.ts";

test("for two levels it is the one-sided paired t interval, cut off at 0", () => {
  // Differences 1, 2, 3, 4, 5: mean 3, standard deviation 1.5811, t(0.95, 4) = 2.1318 (tables of Student's t).
  const [first, second] = aboveBest([
    [11, 12, 13, 14, 15],
    [10, 10, 10, 10, 10],
  ]);
  const reach = (2.131846786 * 1.58113883) / Math.sqrt(5);
  assert.ok(Math.abs(first.value - 3) < 1e-12 && Math.abs(second.value + 3) < 1e-12);
  assert.equal(first.lower, 0, "it is not the best: the interval of its excess begins at 0");
  assert.ok(Math.abs(first.upper - (3 + reach)) < 1e-8);
  assert.ok(Math.abs(second.lower - (-3 - reach)) < 1e-8);
  assert.equal(second.upper, 0);
  assert.deepEqual([first.isCandidate, second.isCandidate], [false, true]);
});

test("constant outputs are distinguished exactly, and equal ones stay candidates unless certainly worse", () => {
  const rows = aboveBest([
    [1, 1, 1],
    [2, 2, 2],
    [1, 2, 3],
    [1, 1, 1],
  ]);
  assert.deepEqual(
    rows.map(({ isCandidate }) => isCandidate),
    [true, false, true, true],
  );
});

test("all intervals hold simultaneously in 95 % of 2,000 repetitions or more, with common random numbers", () => {
  const means = [0, 0, 0.5, 1, 3];
  const excess = means.map((own, i) => own - Math.min(...means.filter((_, j) => j !== i)));
  const stream = new Stream("best of several", "repetitions", 0, 0, 1);
  const normal = () => normalQuantile(stream.draw(0));
  let [held, kept] = [0, 0];
  const repetitions = 2000;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const common = Array.from({ length: 10 }, () => 3 * normal());
    const rows = aboveBest(means.map((mean) => common.map((shared) => mean + shared + normal())));
    if (rows.every(({ lower, upper }, i) => lower <= excess[i] && excess[i] <= upper)) held++;
    if (rows[0].isCandidate && rows[1].isCandidate) kept++;
  }
  // Three standard errors of a share of 0.95.
  assert.ok(held / repetitions > 0.95 - 3 * Math.sqrt((0.95 * 0.05) / repetitions), `${held} held`);
  assert.ok(kept / repetitions > 0.93, `${kept} kept both of the best`);
});
