/** Sums of exponentials: the textbook's two phases, and a curve that hangs together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exp } from "../../sim/math.ts";
import { hypoexponential } from "../../statistics/hypoexponential.ts";
import { integral } from "../../statistics/quadrature.ts";
import { assertNear } from "./near.ts";

test("one phase is exponential", () => {
  const { survival, density, meanUntil } = hypoexponential([2]);
  assertNear(survival(0.7), exp(-1.4), 1e-16);
  assertNear(density(0.7), 2 * exp(-1.4), 1e-15);
  assertNear(meanUntil(1e3), 0.5, 1e-16);
});

test("two phases have the survival (b e^-at - a e^-bt) / (b - a)", () => {
  const { survival } = hypoexponential([1, 3]);
  for (const t of [0, 0.1, 1, 5]) assertNear(survival(t), (3 * exp(-t) - exp(-3 * t)) / 2, 1e-15);
});

test("the density integrates to the distribution, and the survival to the mean, in any order of the phases", () => {
  const rates = [0.00615, 0.01289, 0.00208, 0.00277];
  const { survival, density, meanUntil } = hypoexponential(rates);
  assertNear(integral(density, 0, 500, 50), 1 - survival(500), 1e-13);
  assertNear(integral(survival, 0, 500, 50), meanUntil(500), 1e-10);
  assertNear(
    meanUntil(1e5),
    rates.reduce((sum, rate) => sum + 1 / rate, 0),
    1e-9,
  );
  assertNear(hypoexponential([...rates].reverse()).survival(500), survival(500), 1e-14);
});

test("equal rates are refused", () => {
  assert.throws(() => hypoexponential([1, 2, 1]), /rates are 1, 2, 1; they are all different/);
});
