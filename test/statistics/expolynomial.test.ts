/** Densities of polynomial times exponential: the uniform law, the published repair times, and the way back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Expolynomial } from "../../statistics/expolynomial.ts";
import { integral } from "../../statistics/quadrature.ts";
import { assertNear } from "./near.ts";

/** The repair time of the rejuvenation study oris-tool/sar, PeriodicRejuvenationSkipIfDown.java [h]. */
const repair = new Expolynomial([-0.496617, 0.279347, -0.0155193], 0.250548, 2, 16);

test("a truncated exponential has the textbook distribution", () => {
  const law = new Expolynomial([1], 2, 0, 1);
  assertNear(law.cdf(0.5), (1 - Math.exp(-1)) / (1 - Math.exp(-2)), 1e-15);
  assertNear(law.density(0.5), (2 * Math.exp(-1)) / (1 - Math.exp(-2)), 1e-14);
  assertNear(law.mean, 0.5 - Math.exp(-2) / (1 - Math.exp(-2)), 1e-15);
});

test("the published repair times have the published study's means", () => {
  assertNear(repair.mean, 6.7347017, 5e-8);
  assertNear(new Expolynomial([-45.9805, 57.4756, -11.4951], 1.86195, 1, 4).mean, 1.8016814, 5e-8);
  assertNear(new Expolynomial([-58.9422, 88.4133, -29.4711], 1.08048, 1, 2).mean, 1.4464207, 5e-8);
});

test("the density integrates to the distribution, and its first moment is the mean", () => {
  for (const x of [2, 3.7, 11, 16])
    assertNear(
      integral((y) => repair.density(y), 2, x, 20),
      repair.cdf(x),
      1e-13,
    );
  assertNear(
    integral((y) => y * repair.density(y), 2, 16, 20),
    repair.mean,
    1e-12,
  );
  assert.deepEqual([repair.density(1.9), repair.density(16.1), repair.cdf(1), repair.cdf(17)], [0, 0, 0, 1]);
});

test("the quantile inverts the distribution function, increases, and stays within the interval", () => {
  let before = 2;
  for (let i = 0; i < 1000; i++) {
    const p = i / 1000;
    const x = repair.quantile(p);
    assert.ok(x >= before && x <= 16, `${x} at ${p}`);
    assertNear(repair.cdf(x), p, 1e-14);
    before = x;
  }
  assert.ok(repair.quantile(1 - 2 ** -53) <= 16);
});
