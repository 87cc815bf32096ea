/** Gauss and Legendre against integrals that everybody knows. */
import { test } from "node:test";
import { exp } from "../../sim/math.ts";
import { integral } from "../../statistics/quadrature.ts";
import { assertNear } from "./near.ts";

test("a polynomial of degree 15 is integrated exactly by one panel", () => {
  const power = (x: number, n: number): number => (n === 0 ? 1 : x * power(x, n - 1));
  assertNear(
    integral((x) => 16 * power(x, 15) + 3 * x * x, 0, 1, 1),
    2,
    1e-14,
  );
  assertNear(
    integral((x) => power(x, 14), -1, 1, 1),
    2 / 15,
    1e-15,
  );
});

test("panels add up, and an exponential is integrated to rounding", () => {
  assertNear(
    integral((x) => exp(-x), 0, 40, 40),
    1,
    1e-14,
  );
  assertNear(
    integral((x) => exp(-x), 0, 1, 1),
    1 - exp(-1),
    1e-15,
  );
  assertNear(
    integral((x) => x, 2, 2, 3),
    0,
    0,
  );
});

test("an integral over a reversed interval has the opposite sign", () => {
  assertNear(
    integral((x) => x * x, 3, 0, 2),
    -9,
    1e-13,
  );
});
