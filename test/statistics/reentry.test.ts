/** The readings of re-entry: rates against counters with dead time, and finite exposures against their limits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exp } from "../../sim/math.ts";
import {
  leakRateExtending,
  leakRateFixed,
  leaksExtending,
  leaksExtendingConstant,
  leaksFixedConstant,
  leaksFixedExponential,
} from "../../statistics/reentry.ts";
import { assertNear } from "./near.ts";

test("counters with dead time lose the share in Feller for a = 2, w = 1/4", () => {
  assertNear(leakRateFixed(2, 0.25), 2 / 3, 1e-15);
  assertNear(leakRateExtending(2, 0.25), 0.7869386806, 5e-11);
});

test("twice the alterations and half the window keep the expected number per window and double the rate", () => {
  assertNear(leakRateFixed(4, 0.125), 2 * leakRateFixed(2, 0.25), 1e-15);
  assertNear(leakRateExtending(4, 0.125), 2 * leakRateExtending(2, 0.25), 1e-15);
});

test("an exposure of 3 that starts clean leaks 1.944 with fixed windows and 2.271 with extending ones", () => {
  assertNear(leaksFixedConstant(2, 0.25, 3), 1.9444444444, 5e-11);
  assertNear(leaksExtendingConstant(2, 0.25, 3), 2.2706120313, 5e-11);
});

test("the area under the rate of overlapping windows is the closed form", () => {
  assertNear(
    leaksExtending(2, (t) => Math.min(t, 0.25), 3, 0.25),
    leaksExtendingConstant(2, 0.25, 3),
    1e-12,
  );
  assertNear(
    leaksExtending(2, (t) => Math.min(t, 5), 3, 5),
    leaksExtendingConstant(2, 5, 3),
    1e-12,
  );
});

test("in an exposure too short for a second window everything but the first alteration leaks", () => {
  // a T - P(at least one).
  const [a, w, exposure] = [3, 10, 0.7];
  assertNear(leaksFixedConstant(a, w, exposure), a * exposure - (1 - exp(-a * exposure)), 1e-14);
  assertNear(leaksExtendingConstant(a, w, exposure), a * exposure - (1 - exp(-a * exposure)), 1e-14);
  // An exponential window is that long only on the average.
  assertNear(leaksFixedExponential(a, 1e9, exposure), a * exposure - (1 - exp(-a * exposure)), 1e-8);
});

test("a long exposure leaks at the closed-form rate, whatever the law of the window", () => {
  const [a, w, exposure] = [2, 0.25, 1000];
  const rate = leakRateFixed(a, w);
  for (const leaks of [leaksFixedConstant(a, w, exposure), leaksFixedExponential(a, w, exposure)]) {
    assertNear(leaks / exposure, rate, 1e-3);
    assert.ok(leaks < rate * exposure, "a clean start leaks less");
  }
  const extending = leaksExtending(a, (t) => w * (1 - exp(-t / w)), exposure, 4);
  assertNear(extending / exposure, leakRateExtending(a, w), 1e-3);
});

test("a window of length 0 does not leak", () => {
  for (const leaks of [leaksFixedConstant(2, 0, 3), leaksFixedExponential(2, 0, 3), leaksExtendingConstant(2, 0, 3)]) {
    assertNear(leaks, 0, 1e-13);
  }
});
