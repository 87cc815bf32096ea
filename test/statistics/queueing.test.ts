/** The formulas of queues against textbook values, and against each other where they meet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  erlangDelay,
  erlangLoss,
  fullBeforeEmpty,
  meanWaitMg1,
  meanWaitMmc,
  meanWaitVut,
  waitBoundKingman,
} from "../../statistics/queueing.ts";
import { assertNear } from "./near.ts";

test("M/M/3 at lambda 2 and mu 1 delays 4/9 of its customers, by 4/9 on average", () => {
  // Exact fractions: B(3, 2) = 4/19, C = 3 B / (3 - 2 (1 - B)).
  assertNear(erlangLoss(3, 2), 4 / 19, 1e-15);
  assertNear(erlangDelay(3, 2), 4 / 9, 1e-15);
  assertNear(meanWaitMmc(2, 1, 3), 4 / 9, 1e-15);
});

test("ten clerks at a load of 8 delay 0.409180150796 of their customers", () => {
  assertNear(erlangDelay(10, 8), 0.409180150796, 5e-13);
  assertNear(meanWaitMmc(8, 1, 10), 0.204590075, 5e-10);
});

test("Erlang's loss formula is the truncated Poisson law", () => {
  // a^c / c! over the sum, for c = 5 and a = 3.
  const terms = [1, 3, 9 / 2, 27 / 6, 81 / 24, 243 / 120];
  assertNear(erlangLoss(5, 3), terms[5] / terms.reduce((x, y) => x + y), 1e-15);
  assert.equal(erlangLoss(0, 3), 1);
  assertNear(erlangLoss(1, 0.25), 0.2, 1e-15);
});

test("one clerk with memoryless service is M/M/1 in every formula", () => {
  for (const rho of [0.1, 0.8, 0.99]) {
    const wait = rho / (1 - rho);
    assertNear(meanWaitMmc(rho, 1, 1), wait, 1e-12 * wait);
    assertNear(meanWaitMg1(rho, 1, 1), wait, 1e-12 * wait);
    assertNear(meanWaitVut(rho, 1, 1, 1), wait, 1e-12 * wait);
    assertNear(erlangDelay(1, rho), rho, 1e-15);
  }
});

test("at rho 0.8 the mean wait is 2 (1 + cs2)", () => {
  for (const [variation, wait] of [
    [0, 2],
    [0.5, 3],
    [1, 4],
    [4, 10],
  ]) {
    assertNear(meanWaitMg1(0.8, 1, variation), wait, 1e-13);
  }
});

test("Kingman's bound is above VUT, which is exact for M/G/1", () => {
  // M/M/1 at rho 0.8: the bound is 5.125, the wait 4.
  assertNear(waitBoundKingman(0.8, 1, 1 / 0.64, 1), 5.125, 1e-14);
  for (const variation of [0, 1, 9]) {
    assertNear(meanWaitVut(0.7, 2, 1, variation), (meanWaitMg1(0.7, 2, variation) / (0.7 / 2)) * 0.35, 1e-13);
    assert.ok(waitBoundKingman(0.7, 2, 1 / 0.49, variation / 4) > meanWaitVut(0.7, 2, 1, variation));
  }
});

test("an unstable queue has an infinite wait", () => {
  assert.deepEqual(
    [meanWaitMmc(3, 1, 3), meanWaitMg1(1, 1, 0), waitBoundKingman(1, 1, 1, 1), meanWaitVut(1, 1, 1, 1)],
    [Infinity, Infinity, Infinity, Infinity],
  );
  assert.equal(erlangDelay(3, 3), 1);
});

test("ruin probabilities of a gambler are linear at even odds and almost 0 at odds of 1/2", () => {
  assertNear(fullBeforeEmpty(1, 4), 0.25, 0);
  // One step: up with rho / (1 + rho) from 1, so full = 2 is reached with that chance.
  assertNear(fullBeforeEmpty(0.5, 2), 1 / 3, 1e-15);
  // Feller, volume 1, XIV.2: (1/rho - 1) / (rho^-K - 1) = 1 / (2^K - 1).
  for (const full of [10, 20, 40]) assertNear(fullBeforeEmpty(0.5, full) * (2 ** full - 1), 1, 1e-14);
});
