/** The beta distribution function against published digits and against itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { betaCdf } from "../../statistics/beta.ts";
import { studentTCdf } from "../../statistics/special-functions.ts";
import { assertNear } from "./near.ts";

test("betaCdf and its complement agree with 40-digit mpmath", () => {
  for (const [x, a, b, p, rest] of [
    [0.3, 2, 5, 0.579824999999999976, 0.420175000000000024],
    [0.5, 0.5, 0.5, 0.5, 0.5],
    [0.01, 30.5, 2.5, 1.32619506346319585e-59, 1],
    [0.33, 30.5, 60.5, 0.468160245495879882, 0.531839754504120118],
    [0.4, 400.5, 600.25, 0.49656592428898759, 0.50343407571101241],
    [0.9, 1000, 100, 0.147479176258073049, 0.852520823741926951],
    [1e-6, 0.5, 700, 0.0298418226844384851, 0.970158177315561515],
  ]) {
    assert.ok(Math.abs(betaCdf(x, a, b) / p - 1) < 3e-12, `${betaCdf(x, a, b)} is ${p}`);
    assert.ok(Math.abs(betaCdf(1 - x, b, a) / rest - 1) < 3e-12, `${betaCdf(1 - x, b, a)} is ${rest}`);
  }
});

test("Student's tail is half a beta probability, for whole and fractional degrees of freedom", () => {
  for (const df of [1, 2.5, 9, 40]) {
    for (const t of [0.1, 1, 3, 12]) {
      assertNear(betaCdf(df / (df + t * t), df / 2, 0.5) / 2, studentTCdf(-t, df), 1e-14);
    }
  }
});

test("shapes of a million work, and the ends give 0 and 1", () => {
  assertNear(betaCdf(0.25, 1e6, 3e6), 0.5, 1e-3);
  assert.ok(betaCdf(0.249, 1e6, 3e6) < 1e-5 && betaCdf(0.251, 1e6, 3e6) > 1 - 1e-5);
  assert.deepEqual([betaCdf(0, 2, 3), betaCdf(-1, 2, 3), betaCdf(1, 2, 3), betaCdf(2, 2, 3)], [0, 0, 1, 1]);
  assert.ok(Number.isNaN(betaCdf(NaN, 2, 3)));
  assert.throws(() => betaCdf(0.5, 0, 3), /shapes are 0 and 3; the beta distribution takes numbers > 0/);
});
