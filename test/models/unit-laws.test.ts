/** Laws of mean 1: what they draw has the mean, the variation and the transforms that closed forms use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unitLawNames, unitLaws } from "../../models/unit-laws.ts";
import { exp } from "../../sim/math.ts";
import { assertNear } from "../statistics/near.ts";

/** Variates of equally spaced draws: the law itself, but for the coarseness of the steps. */
const COUNT = 200_000;

for (const name of unitLawNames) {
  const { law, squaredVariation, laplace, meanUntil } = unitLaws[name];
  const variates = Float64Array.from({ length: COUNT }, (_, i) => (i + 0.5) / COUNT);
  law(variates, 0, COUNT);
  const mean = (f: (x: number) => number) => variates.reduce((sum, x) => sum + f(x), 0) / COUNT;

  test(`${name} has mean 1 and the stated squared coefficient of variation`, () => {
    assertNear(
      mean((x) => x),
      1,
      1e-4,
    );
    assertNear(mean((x) => x * x) - 1, squaredVariation, 5e-3 * (1 + squaredVariation));
  });

  test(`${name} has the stated Laplace transform and restricted means`, () => {
    for (const s of [0, 0.1, 1, 5])
      assertNear(
        laplace(s),
        mean((x) => exp(-s * x)),
        1e-4,
      );
    for (const t of [0, 0.3, 1, 4, 50])
      assertNear(
        meanUntil(t),
        mean((x) => Math.min(x, t)),
        1e-4,
      );
  });
}

test("a unit law changes only its range of the numbers", () => {
  for (const name of unitLawNames) {
    const numbers = Float64Array.of(0.5, 0.5, 0.5);
    unitLaws[name].law(numbers, 1, 2);
    assert.deepEqual([numbers[0], numbers[2]], [0.5, 0.5], name);
  }
});
