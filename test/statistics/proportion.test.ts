/** Wilson's interval, alone and of clusters, and Clopper and Pearson's against published values, and at the ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clopperPearsonInterval, clusteredInterval, wilsonInterval } from "../../statistics/proportion.ts";
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

test("the interval of all successes mirrors that of none, and without trials there is no interval", () => {
  assert.equal(wilsonInterval(20, 20).upper, 1);
  assertNear(wilsonInterval(20, 20).lower, 1 - wilsonInterval(0, 20).upper, 1e-15);
  assert.ok(Number.isNaN(wilsonInterval(0, 0).lower));
});

test("the Clopper-Pearson interval has the published limits for few and for many trials", () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 5.
  for (const [successes, trials, lower, upper] of [
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ]) {
    const interval = clopperPearsonInterval(successes, trials);
    assertNear(interval.lower, lower, 5e-5);
    assertNear(interval.upper, upper, 5e-5);
  }
  assert.equal(clopperPearsonInterval(20, 20).upper, 1);
  // Each end of all or none leaves 2.5 %, divided by the family: 0.0125^(1/20).
  assertNear(clopperPearsonInterval(20, 20, 2).lower, 0.0125 ** (1 / 20), 1e-14);
});

test("clustered trials count as fewer, trials in clusters of one as themselves, and identical trials as their clusters", () => {
  const wilson = wilsonInterval(15, 148);
  const alone = clusteredInterval(
    Float64Array.from({ length: 148 }, (_, i) => (i < 15 ? 1 : 0)),
    new Float64Array(148).fill(1),
  );
  assertNear(alone.lower, wilson.lower, 1e-12);
  assertNear(alone.upper, wilson.upper, 1e-12);
  // Ten servers, each watched four times, of which three always succeed: the servers are the trials, except for the
  // degrees of freedom: t(39) is 2.0227 and t(9) is 2.2622.
  const trials = new Float64Array(10).fill(4);
  const whole = clusteredInterval(Float64Array.of(4, 4, 4, 0, 0, 0, 0, 0, 0, 0), trials);
  const independent = 10 * (2.02269092 / 2.26215716) ** 2;
  const expected = wilsonInterval(0.3 * independent, independent);
  assertNear(whole.lower, expected.lower, 1e-6);
  assertNear(whole.upper, expected.upper, 1e-6);
  // Clusters that are more alike than independent trials would be: the trials count as 9, apart from the degrees of
  // freedom. t(8) is 2.3060 and t(3) is 3.1824.
  const alike = clusteredInterval(Float64Array.of(1, 1, 1, 2), Float64Array.of(2, 2, 2, 3));
  const counted = 9 * (2.30600414 / 3.18244631) ** 2;
  assertNear(alike.lower, wilsonInterval((5 / 9) * counted, counted).lower, 1e-6);
  assertNear(alike.upper, wilsonInterval((5 / 9) * counted, counted).upper, 1e-6);
  assert.deepEqual(clusteredInterval(new Float64Array(10), trials), wilsonInterval(0, 10));
  // Equal shares vary less than independent trials would, so the trials count as they are.
  const equal = clusteredInterval(new Float64Array(10).fill(2), trials);
  assertNear(
    equal.lower,
    wilsonInterval(20 * (2.02269092 / 2.26215716) ** 2, 40 * (2.02269092 / 2.26215716) ** 2).lower,
    1e-6,
  );
  assert.ok(Number.isNaN(clusteredInterval(new Float64Array(), new Float64Array()).lower));
});

test("neither end of a clustered interval falls when misses become successes one by one", () => {
  for (const [clusters, size] of [
    [10, 12],
    [10, 2],
    [40, 4],
  ]) {
    const trials = new Float64Array(clusters).fill(size);
    for (const isTogether of [false, true]) {
      // The misses are on one server after another, or as many as possible on the first servers.
      const intervalOf = (misses: number) => {
        const missed = Float64Array.from(trials, (_, i) => {
          if (isTogether) return Math.max(0, Math.min(size, misses - i * size));
          return Math.ceil(Math.max(0, misses - i) / clusters);
        });
        return clusteredInterval(
          trials.map((count, i) => count - missed[i]),
          trials,
        );
      };
      let before = intervalOf(3);
      for (const misses of [2, 1, 0]) {
        const { lower, upper } = intervalOf(misses);
        const said = `${misses} of ${clusters} x ${size}: ${lower} .. ${upper} after ${before.lower} .. ${before.upper}`;
        assert.ok(lower >= before.lower - 1e-15 && upper >= before.upper, said);
        before = { lower, upper };
      }
      assert.deepEqual(before, { lower: 1 - wilsonInterval(0, clusters).upper, upper: 1 });
    }
  }
});
