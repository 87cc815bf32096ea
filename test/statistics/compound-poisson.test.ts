/** Intervals for leak rates against published values, and how often they cover. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exponentialQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import {
  compoundInterval,
  poissonInterval,
  serversPerArm,
  upperLimitOfNone,
} from "../../statistics/compound-poisson.ts";
import { assertNear } from "./near.ts";

test("poissonInterval gives the printed limits for Poisson counts", () => {
  // Garwood 1936, as tabled by Pearson and Hartley, Biometrika Tables for Statisticians I, table 40.
  for (const [count, lower, upper] of [
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [2, 0.242, 7.225],
    [5, 1.623, 11.668],
    [10, 4.795, 18.39],
    [50, 37.11, 65.92],
  ]) {
    const interval = poissonInterval(count);
    assertNear(interval.lower, lower, 5e-3);
    assertNear(interval.upper, upper, 5e-3);
  }
  assert.throws(() => poissonInterval(1.5), /count is 1.5; a count is whole and >= 0/);
});

test("no observed leak means at most three, one-sided", () => {
  assertNear(upperLimitOfNone(), 2.995732273553991, 1e-14);
  assertNear(upperLimitOfNone(0.99), 4.605170185988092, 1e-14);
});

test("leaks of one size have that size times Garwood's interval", () => {
  const count = poissonInterval(7);
  const bytes = compoundInterval({ total: 7 * 4096, squares: 7 * 4096 * 4096, largest: 4096 });
  assertNear(bytes.lower, 4096 * count.lower, 1e-7);
  assertNear(bytes.upper, 4096 * count.upper, 1e-7);
  assert.deepEqual(compoundInterval({ total: 0, squares: 0, largest: 0 }), { lower: 0, upper: 0 });
  assertNear(compoundInterval({ total: 0, squares: 0, largest: 2 }).upper, 2 * 3.6888794541139363, 1e-12);
});

test("for many leaks the interval is nearly the normal one, slightly to its right", () => {
  const leaked = { total: 30_000_000, squares: 6e10, largest: 5000 };
  const exact = compoundInterval(leaked);
  const half = 1.959963984540054 * Math.sqrt(6e10);
  const normal = { lower: leaked.total - half, upper: leaked.total + half };
  assert.ok(exact.lower > normal.lower && exact.upper > normal.upper);
  assertNear(exact.lower / normal.lower, 1, 3e-4);
  assertNear(exact.upper / normal.upper, 1, 3e-4);
});

/** How often the intervals of a thousand ledgers of this mean count and two sizes cover the truth. */
function coverage(mean: number, interval: typeof compoundInterval): number {
  const stream = new Stream("coverage", "leaks", 0, 0, 1);
  const [small, large, shareLarge] = [1000, 4000, 0.2];
  const truth = mean * (small + shareLarge * (large - small));
  let covered = 0;
  for (let ledger = 0; ledger < 1000; ledger++) {
    let [total, squares] = [0, 0];
    for (let time = exponentialQuantile(stream.draw(0)); time < mean; time += exponentialQuantile(stream.draw(0))) {
      const size = stream.draw(0) < shareLarge ? large : small;
      total += size;
      squares += size * size;
    }
    const { lower, upper } = interval({ total, squares, largest: large });
    covered += Number(lower <= truth && truth <= upper);
  }
  return covered / 1000;
}

test("the compound interval covers in at least 95 of 100 cases for 2 leaks as for 100", () => {
  // Three standard errors of a share of 0.95 among 1000 are 0.021.
  for (const mean of [2, 10, 100]) {
    const share = coverage(mean, compoundInterval);
    assert.ok(share > 0.95 - 0.021, `${share} for ${mean} leaks`);
  }
  assert.ok(coverage(100, compoundInterval) < 0.985);
});

test("serversPerArm gives the hand-calculated canary sizes of the formula", () => {
  // (1.959964 + 1.281552)^2 (v1 + v2) E[B^2] / (T ((v1 - v2) E[B])^2) with 10 and 8, and with 1 and 1/2 leaks a day.
  for (const [first, second, sizeDispersion, days, expected] of [
    [10, 8, 1, 1, 47.28],
    [10, 8, 1, 3, 15.76],
    [10, 8, 1, 7, 6.75],
    [1, 0.5, 2, 1, 126.09],
    [1, 0.5, 2, 3, 42.03],
    [1, 0.5, 2, 7, 18.01],
  ]) {
    assertNear(serversPerArm(first, second, days, { sizeDispersion }), expected, 6e-3);
  }
});
