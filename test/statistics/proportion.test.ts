/** Wilson's interval against published values, and at the ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wilsonInterval } from "../../statistics/proportion.ts";
import { assertNear } from "./near.ts";

test("wilsonInterval gives the published limits", () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  for (const [successes, trials, lower, upper] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ]) {
    const interval = wilsonInterval(successes, trials);
    assertNear(interval.lower, lower, 5e-5);
    assertNear(interval.upper, upper, 5e-5);
  }
});

test("all successes are the mirror of none, and no trial says nothing", () => {
  assert.equal(wilsonInterval(20, 20).upper, 1);
  assertNear(wilsonInterval(20, 20).lower, 1 - wilsonInterval(0, 20).upper, 1e-15);
  assert.ok(Number.isNaN(wilsonInterval(0, 0).lower));
});
