/** The interval of values of which some are 0: what it consists of, and how often it holds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { meanEstimate, pValue } from "../../statistics/estimate.ts";
import { clopperPearsonInterval } from "../../statistics/proportion.ts";
import { sparseEstimate, sparsePValue } from "../../statistics/sparse.ts";
import { uniforms } from "./draws.ts";
import { assertNear } from "./near.ts";

test("without zeros, and for zeros only, it is the t interval", () => {
  for (const values of [[3, 1, 4], [-2, 5], [0, 0, 0], [7]]) {
    assert.deepEqual(sparseEstimate(values, 3, 2), meanEstimate(values, 3, 2));
  }
  assert.equal(sparsePValue([3, 1, 4], 3), pValue(meanEstimate([3, 1, 4], 3), 3));
});

test("equal values have the interval of their share, and a single value has none", () => {
  // 3 of 10: R, binom.test(3, 10)$conf.int.
  const estimate = sparseEstimate([0, 4, 0, 0, 4, 0, 0, 0, 4, 0], 2);
  assert.equal(estimate.value, 0.6);
  assertNear(estimate.lower, 2 * 0.06673951, 1e-7);
  assertNear(estimate.upper, 2 * 0.6524529, 1e-7);
  assert.equal(estimate.halfWidth, estimate.upper - 0.6);
  const family = sparseEstimate([0, 4, 0, 0, 4, 0, 0, 0, 4, 0], 2, 5);
  const share = clopperPearsonInterval(3, 10, 5);
  assert.deepEqual([family.lower, family.upper], [2 * share.lower, 2 * share.upper]);
  const one = sparseEstimate([0, 0, 0, 8], 2);
  assert.deepEqual([one.value, one.lower, one.upper, one.halfWidth], [1, NaN, NaN, NaN]);
  assert.ok(one.standardError > 0 && Number.isNaN(sparsePValue([0, 0, 0, 8])));
});

test("the limits of the mean join those of the share that reaches further, on either side of 0", () => {
  const share = clopperPearsonInterval(3, 5);
  const size = meanEstimate([1, 2, 3]);
  assert.ok(size.lower < 0 && size.upper > 0);
  const both = sparseEstimate([1, 0, 2, 0, 3]);
  assert.deepEqual([both.lower, both.upper], [size.lower * share.upper, size.upper * share.upper]);
  const below = sparseEstimate([-20, 0, -21, 0, -22]);
  const sizes = meanEstimate([-20, -21, -22]);
  assert.deepEqual([below.lower, below.upper], [sizes.lower * share.upper, sizes.upper * share.lower]);
});

test("the p-value is below 0.05 exactly if the interval excludes 0", () => {
  const draw = uniforms("p of sparse values");
  let below = 0;
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 8 }, () => (draw() < 0.5 ? draw() - 0.1 : 0));
    const { lower, upper } = sparseEstimate(values);
    if (!(lower < upper)) continue;
    assert.equal(sparsePValue(values) < 0.05, lower > 0 || upper < 0);
    if (lower > 0) below++;
  }
  assert.ok(below > 30 && below < 290, `${below}`);
});

test("the interval covers where Student's does not: for rare and common events, few and many values", () => {
  const draw = uniforms("sparse");
  const rounds = 1000;
  for (const [n, share] of [
    [8, 0.25],
    [8, 0.5],
    [16, 0.25],
    [60, 0.25],
  ]) {
    let [known, held, heldByT] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      // So many values are exponential with mean 1, the others are 0.
      const values = Array.from({ length: n }, () => (draw() < share ? -Math.log(1 - draw()) : 0));
      const holds = ({ lower, upper }: { lower: number; upper: number }) => lower <= share && upper >= share;
      const estimate = sparseEstimate(values);
      if (!(estimate.halfWidth > 0)) continue;
      known++;
      if (holds(estimate)) held++;
      if (holds(meanEstimate(values))) heldByT++;
    }
    const said = `${held} and ${heldByT} of ${known}, of ${n} values with a share of ${share}`;
    assert.ok(held > 0.95 * known && heldByT < 0.93 * known, said);
    assert.ok(known > 0.6 * rounds, said);
  }
});
