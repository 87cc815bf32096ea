/** statistics/rare-events.ts against sums written out, and where numbers are very small. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atLeastKept, costRatio, probabilityEstimate, toAnyOf } from "../../statistics/rare-events.ts";
import { assertNear } from "./near.ts";

/** The binomial tail, term by term. */
function tail(count: number, share: number, least: number): number {
  let [term, total] = [(1 - share) ** count, 0];
  for (let kept = 0; kept <= count; kept++) {
    if (kept >= least) total += term;
    term *= ((count - kept) * share) / ((kept + 1) * (1 - share));
  }
  return total;
}

test("atLeastKept is the binomial tail, 0 beyond the number of trials and 1 for none", () => {
  for (const [count, share, least] of [
    [1, 0.25, 1],
    [7, 0.1, 3],
    [40, 0.005, 2],
    [12, 0.5, 12],
  ]) {
    assertNear(atLeastKept(count, share, least) / tail(count, share, least), 1, 1e-10);
  }
  assert.equal(atLeastKept(3, 0.5, 4), 0);
  assert.equal(atLeastKept(0, 0.5, 1), 0);
  assert.equal(atLeastKept(0, 0.5, 0), 1);
  assert.equal(atLeastKept(3, 0.5, -1), 1);
});

test("thinning a Poisson count gives a Poisson count", () => {
  // P(N >= 1) of mean 0.3, from a mean of 3 of which a tenth is kept.
  let [weight, total] = [Math.exp(-3), 0];
  for (let n = 0; n < 60; n++) {
    total += weight * atLeastKept(n, 0.1, 1);
    weight *= 3 / (n + 1);
  }
  assertNear(total, 1 - Math.exp(-0.3), 1e-12);
});

test("toAnyOf keeps its digits, however small the probability", () => {
  assertNear(toAnyOf(1000, 1e-3), 1 - 0.999 ** 1000, 1e-14);
  assertNear(toAnyOf(1000, 1e-15) / 1e-12, 1, 1e-9);
  assertNear(toAnyOf(3, 3e-7) / (3 * 3e-7 - 3 * 9e-14), 1, 1e-9);
  assert.equal(toAnyOf(7, 0), 0);
  assert.equal(toAnyOf(1, 1), 1);
});

test("the interval of a probability stays above 0, and is missing if nearly all values are 0", () => {
  const values = Float64Array.from({ length: 12 }, (_, i) => 10 ** -(3 + i));
  const { value, lower, upper, halfWidth } = probabilityEstimate(values);
  assert.ok(halfWidth > value && lower > 0 && lower < value && upper > value);
  assertNear(Math.sqrt(lower * upper) / value, 1, 1e-12);
  const likely = probabilityEstimate(Float64Array.from({ length: 10 }, (_, i) => (i === 0 ? 0.1 : 1)));
  assert.equal(likely.upper, 1, "a probability is at most 1");
  for (const none of [
    [0, 0, 0, 0, 0, 0, 0, 1e-6],
    [0, 0],
    [1, 1],
    [0.25, 0.25, 0.25],
    [0.1, 0.1, 0.1],
  ])
    assert.ok(Number.isNaN(probabilityEstimate(none).lower));
});

test("costRatio is 1 for plain trials, and grows as the variance and the cost get smaller", () => {
  const plain = Float64Array.from({ length: 1000 }, (_, i) => Number(i % 10 === 0));
  assertNear(costRatio(plain, 5, 5), 1, 2e-3);
  assertNear(costRatio(plain, 1, 5), 5, 1e-2);
  assert.ok(Number.isNaN(costRatio([0.1, 0.1, 0.1], 1, 1)));
});
