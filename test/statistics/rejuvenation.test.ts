/** Rejuvenation: published values, optima that are optima, and one equation for two problems. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hypoexponential } from "../../statistics/hypoexponential.ts";
import {
  bestAge,
  erlangLifetime,
  fourStateShares,
  leaksOfOutage,
  periodicShares,
  priceRatioThatPays,
  pricePerUpTime,
  restartRateThatPays,
  unavailability,
  type FourStates,
} from "../../statistics/rejuvenation.ts";
import { assertNear } from "./near.ts";

/** Example 1 of Huang, Kintala, Kolettis and Fulton (FTCS-25, 1995) [1/h]. */
const huang: FourStates = { degrade: 1 / 168, fail: 1 / 8640, repair: 2, restart: 3, rejuvenate: 0 };

test("Huang's example gives the published hours down a year and their cost at $1000 and $40 an hour", () => {
  for (const [rejuvenate, hours, dollars] of [
    [0, 0.4904354, 490.4354],
    [1 / 336, 5.9661046, 554.331],
    [1 / 168, 8.7276653, 586.5556],
  ]) {
    const { failed, rejuvenating } = fourStateShares({ ...huang, rejuvenate });
    assertNear((failed + rejuvenating) * 8640, hours, 5e-8);
    assertNear((failed * 1000 + rejuvenating * 40) * 8640, dollars, 5e-5);
  }
});

test("the four shares sum to 1 and balance", () => {
  const chain = { ...huang, rejuvenate: 1 / 336 };
  const { robust, probable, failed, rejuvenating } = fourStateShares(chain);
  assertNear(robust + probable + failed + rejuvenating, 1, 1e-15);
  assertNear(robust * chain.degrade, failed * chain.repair + rejuvenating * chain.restart, 1e-18);
});

test("rejuvenation pays above a restart rate and below a price, at which it makes no difference", () => {
  const rate = restartRateThatPays(huang);
  assertNear(rate, 104.857, 5e-4);
  const down = (restart: number, rejuvenate: number) => {
    const { failed, rejuvenating } = fourStateShares({ ...huang, restart, rejuvenate });
    return failed + rejuvenating;
  };
  assertNear(down(rate, 0.01), down(rate, 0), 1e-17);
  assert.ok(down(2 * rate, 0.01) < down(2 * rate, 0) && down(rate / 2, 0.01) > down(rate / 2, 0));
  const price = priceRatioThatPays(huang);
  assertNear(price, 0.028665, 5e-7);
  const cost = (ratio: number, rejuvenate: number) => {
    const { failed, rejuvenating } = fourStateShares({ ...huang, rejuvenate });
    return failed + ratio * rejuvenating;
  };
  assertNear(cost(price, 0.01), cost(price, 0), 1e-17);
  assert.ok(cost(price / 2, 0.01) < cost(price / 2, 0));
});

const prices = { failure: 10, restart: 1 };

test("the best age to replace a system that fails at its n-th leak is found", () => {
  for (const [n, age, cost] of [
    [2, 0.680129934, 3.64327144],
    [4, 1.400739364, 1.073620805],
    [10, 4.691247693, 0.2560564644],
    [100, 75.67762848, 0.01372489456],
    [1000, 905.9289092, 0.001114738044],
  ]) {
    const lifetime = erlangLifetime(n, 1);
    const best = bestAge(lifetime, prices, 4 * n + 40);
    assertNear(best / age, 1, 1e-9);
    assertNear(pricePerUpTime(lifetime, prices, best) / cost, 1, 1e-9);
    for (const other of [0.99, 1.01]) assert.ok(pricePerUpTime(lifetime, prices, best * other) > cost);
  }
});

test("the best availability solves the same equation with durations: half an hour against five minutes", () => {
  const [lifetime, durations] = [erlangLifetime(100, 1), { failure: 0.5, restart: 5 / 60 }];
  const best = bestAge(lifetime, durations, 400);
  assertNear(best, 77.60115092, 5e-9);
  assertNear(unavailability(lifetime, durations, best), 0.00111706921, 5e-12);
  assertNear(unavailability(lifetime, durations, 1e4), 0.5 / 100.5, 1e-15);
});

test("longer robust times, renewed by each restart, make restarts come sooner", () => {
  const [lifetime, durations] = [erlangLifetime(10, 1), { failure: 0.5, restart: 5 / 60 }];
  const [alone, after] = [bestAge(lifetime, durations, 100), bestAge(lifetime, durations, 100, 5)];
  assert.ok(after < alone);
  for (const other of [0.98, 1.02]) {
    assert.ok(unavailability(lifetime, durations, after * other, 5) > unavailability(lifetime, durations, after, 5));
  }
});

test("no restart pays if there is no ageing, or if it costs as much as a failure", () => {
  assert.equal(bestAge(erlangLifetime(1, 1), prices, 1e3), Infinity);
  assert.equal(bestAge(erlangLifetime(10, 1), { failure: 1, restart: 1 }, 1e3), Infinity);
});

test("periodic rejuvenation with exponential timers gives the published values", () => {
  // oris-tool/sar, plots/data/timebased/bestPeriodEXP.csv.
  const [error, fail, detect] = [0.004166666667, 0.00119047619, 0.5];
  const failure = hypoexponential([error, fail]);
  const cycle = {
    errorSurvival: hypoexponential([error]).survival,
    failureSurvival: failure.survival,
    upUntil: failure.meanUntil,
    undetectedUntil: hypoexponential([error, fail, detect]).meanUntil,
    repair: 1 / 0.148484493,
    rejuvenateUp: 1 / 0.6913621217,
    rejuvenateError: 1 / 0.5550375205,
  };
  for (const [period, down, undetected] of [
    [30, 0.047721741, 0.000118088],
    [60, 0.025721931, 0.00024552],
    [600, 0.008092947, 0.001340604],
    [1050, 0.007973799, 0.001607476],
  ]) {
    const shares = periodicShares(cycle, period);
    assertNear(shares.down, down, 5.1e-10);
    assertNear(shares.undetected, undetected, 5.1e-10);
  }
});

test("an outage of a minute leaks 15.5 times on average, and one of no length leaks once", () => {
  assertNear(leaksOfOutage(4, 60), 15.5055551, 5e-8);
  assertNear(leaksOfOutage(4, 600), 150.5005556, 5e-8);
  assertNear(leaksOfOutage(4, 1e-3), 1, 0);
});
