/** The sequential test and its promise: looking often costs nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import { SequentialTest } from "../../statistics/sequential.ts";

test("p never increases, and is 1 before the tenth pair or when nothing varies", () => {
  const sequential = new SequentialTest();
  const constant = new SequentialTest();
  let before = 1;
  for (let pair = 1; pair <= 40; pair++) {
    sequential.add(pair > 30 ? -9 : pair % 2 === 0 ? 3 : 2.5);
    sequential.settle();
    assert.ok(sequential.p <= before);
    assert.equal(sequential.p < 1, pair >= 10);
    before = sequential.p;
    constant.add(3);
    constant.settle();
  }
  assert.deepEqual([sequential.pairs, constant.p], [40, 1]);
});

test("p is the inverse of the mixture ratio, with half the variance of a difference as the mixing variance", () => {
  // Ten differences with mean 1/2 and variance v = 2.5 / 9; with n = 10 and a mixing variance of v / 2, the ratio is
  // e^(n^2 mean^2 / (4 v (1 + n / 2))) / sqrt(1 + n / 2) = e^3.75 / sqrt 6.
  const sequential = new SequentialTest();
  for (let pair = 0; pair < 10; pair++) sequential.add(pair % 2);
  sequential.settle();
  assert.ok(Math.abs(sequential.p - Math.sqrt(6) * Math.exp(-3.75)) < 1e-12, `${sequential.p}`);
});

test("without a difference, fewer than 5 % of 300 tests reject, looked at after each of 200 pairs", () => {
  const draws = new Stream("sequential", "differences", 0, 0, 1);
  let wrong = 0;
  for (let round = 0; round < 300; round++) {
    const sequential = new SequentialTest();
    for (let pair = 0; pair < 200; pair++) {
      sequential.add(normalQuantile(draws.draw(0) || 0.5));
      sequential.settle();
    }
    if (sequential.p < 0.05) wrong++;
  }
  assert.ok(wrong <= 0.05 * 300, `${wrong} of 300`);
});

test("a difference of 1e8 is found as surely as one of 100 with the same variance", () => {
  const [near, far] = [100, 1e8].map((shift) => {
    const sequential = new SequentialTest();
    for (let pair = 0; pair < 40; pair++) sequential.add(shift + (pair % 3));
    sequential.settle();
    return sequential.p;
  });
  assert.ok(far <= near && near < 1e-50, `${near} and ${far}`);
});

test("a larger difference is found sooner", () => {
  const pairsNeeded = [0.15, 1.5].map((shift) => {
    const draws = new Stream("sequential", "weak-and-strong", 0, 0, 1);
    const sequential = new SequentialTest();
    while (sequential.p > 0.02) {
      sequential.add(shift + normalQuantile(draws.draw(0) || 0.5));
      sequential.settle();
    }
    assert.ok(sequential.mean > 0);
    return sequential.pairs;
  });
  assert.ok(pairsNeeded[1] < pairsNeeded[0], pairsNeeded.join(", "));
});
