/** statistics/log-rank.ts against published values and values computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { logRank, type Group } from "../../statistics/log-rank.ts";
import { assertNear, counted } from "./near.ts";

/** Times, of which those whose status is 0 are right-censored. */
function group(times: readonly number[], status: readonly number[] = times.map(() => 1)): Group {
  const where = (wanted: number) => counted(times.filter((_, i) => status[i] === wanted));
  return { events: where(1), censored: where(0) };
}

/** Freireich et al. 1963. */
const placebo = group([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]);
const treated = {
  events: counted([6, 6, 6, 7, 10, 13, 16, 22, 23]),
  censored: counted([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]),
};

test("6-mercaptopurine differs from placebo as published", () => {
  const { chiSquare, degrees, p, observed, expected } = logRank([placebo, treated]);
  assertNear(chiSquare, 16.792941, 5e-7);
  assertNear(p, 4.1688e-5, 5e-10);
  assert.equal(degrees, 1);
  assert.deepEqual(observed, [21, 9]);
  assertNear(expected[0] + expected[1], 30);
  assertNear(expected[0], 10.749, 5e-4);
});

test("both cases of R's survdiff agree", () => {
  const plain = logRank([group([10, 20, 30]), group([10, 20, 50])]);
  assertNear(plain.chiSquare, 0.254237, 5e-7);
  assertNear(plain.p, 0.614107, 5e-7);
  const censored = logRank([group([10, 20, 30], [1, 0, 1]), group([10, 20, 50], [1, 0, 1])]);
  assertNear(censored.chiSquare, 0.384615, 5e-7);
  assertNear(censored.p, 0.535143, 5e-7);
});

test("the order of the groups does not matter", () => {
  const other = group([2, 6, 9, 14, 30], [1, 1, 0, 1, 0]);
  const one = logRank([placebo, treated, other]);
  const turned = logRank([other, placebo, treated]);
  assert.equal(one.degrees, 2);
  assertNear(one.chiSquare, turned.chiSquare, 1e-10);
  assertNear(one.p, turned.p, 1e-12);
});

test("equal groups have a difference of 0", () => {
  const half = group([1, 2, 3, 5, 8, 13]);
  const { chiSquare, p } = logRank([half, half, half]);
  assertNear(chiSquare, 0, 1e-12);
  assertNear(p, 1, 1e-12);
});

test("three groups of two and three match a hand calculation", () => {
  // Times 1 (A), 2 (B), 3 (C), 4 (A, B lost), 5 (C): at risk (2,2,2), (1,2,2), (1,1,2), (1,1,1), (0,0,1).
  const groups = [group([1, 4]), group([2, 4], [1, 0]), group([3, 5])];
  const { observed, expected, chiSquare } = logRank(groups);
  assert.deepEqual(observed, [2, 1, 2]);
  const expectedA = 2 / 6 + 1 / 5 + 1 / 4 + 1 / 3;
  const expectedB = 2 / 6 + 2 / 5 + 1 / 4 + 1 / 3;
  assertNear(expected[0], expectedA);
  assertNear(expected[1], expectedB);
  const [u, v] = [2 - expectedA, 1 - expectedB];
  const vA = (2 / 6) * (4 / 6) + (1 / 5) * (4 / 5) + (1 / 4) * (3 / 4) + (1 / 3) * (2 / 3);
  const vB = (2 / 6) * (4 / 6) + (2 / 5) * (3 / 5) + (1 / 4) * (3 / 4) + (1 / 3) * (2 / 3);
  const c = -((2 / 6) * (2 / 6) + (1 / 5) * (2 / 5) + (1 / 4) * (1 / 4) + (1 / 3) * (1 / 3));
  assertNear(chiSquare, (u * u * vB - 2 * u * v * c + v * v * vA) / (vA * vB - c * c));
});

test("without events, or with an empty group, nothing can be compared", () => {
  const lost = group([5, 5], [0, 0]);
  assert.equal(logRank([lost, lost]).p, NaN);
  assert.equal(logRank([treated, group([])]).chiSquare, NaN);
});

test("a group without events is still compared", () => {
  const { chiSquare, observed } = logRank([group([1, 2, 3]), group([9, 9, 9], [0, 0, 0])]);
  assert.deepEqual(observed, [3, 0]);
  // Expected 3/6 + 2/5 + 1/4, variances 1/4, 6/25 and 3/16.
  assertNear(chiSquare, (3 - 1.15) ** 2 / 0.6775);
});
