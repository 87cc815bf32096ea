/** statistics/counts.ts: against tables of Garwood's limits and Student's t, and how often the intervals hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../sim/streams.ts";
import { countDifference, countDifferencePValue, countEstimate } from "../../statistics/counts.ts";
import { poissonInterval } from "../../statistics/compound-poisson.ts";
import { type Estimate, meanEstimate } from "../../statistics/estimate.ts";
import { assertNear } from "./near.ts";

test("without events the interval ends at Garwood's limit, 3.69 over the exposure, and never at 0", () => {
  const { value, lower, upper } = countEstimate(new Float64Array(16), 5);
  assert.deepEqual([value, lower], [0, 0]);
  assertNear(upper, 3.6888794541139363 / 80, 1e-12);
});

test("one event keeps the lower limit above 0, where t goes below", () => {
  const counts = [0, 0, 0, 1, 0, 0, 0, 0];
  assert.ok(meanEstimate(counts).lower < 0);
  const { value, lower, upper, halfWidth } = countEstimate(counts);
  // Garwood's limits of 1 are 0.02532 and 5.5716.
  assertNear(lower, 0.0253178 / 8, 1e-5);
  assertNear(upper, 5.571643 / 8, 1e-5);
  assert.equal(halfWidth, upper - value, "the longer half");
});

test("events on one of four units count as a single cluster of the size variance / mean", () => {
  // The mean is 1 and the variance (9 + 1 + 1 + 1) / 3 = 4: one cluster of 4, with 4 times Garwood's limits of 1.
  const { lower, upper } = countEstimate([0, 4, 0, 0]);
  assertNear(lower, 0.0253178, 1e-6);
  assertNear(upper, 5.571643, 1e-6);
});

test("the interval is Student's for many events of different sizes, and Garwood's for a single size", () => {
  const counts = [400, 900, 1600, 2500];
  const [t, own] = [meanEstimate(counts, 3), countEstimate(counts, 3)];
  assert.ok(own.upper === t.upper && own.standardError === t.standardError);
  const { lower, upper } = countEstimate([1000]);
  assert.deepEqual({ lower, upper }, poissonInterval(1000));
});

test("the intervals of a family have Garwood's limits at the family's level", () => {
  assertNear(countEstimate([0, 0], 1, 10).upper, poissonInterval(0, 0.995).upper / 2, 1e-12);
});

test("an interval of a family contains the 95 % interval, also where t reaches below 0 at its level only", () => {
  const counts = [3, 2, 2, 2, 0, 0];
  const single = countEstimate(counts);
  assert.ok(single.lower > 0 && meanEstimate(counts, 1, 12).lower < 0);
  const wide = countEstimate(counts, 1, 12);
  // R: mean(x) - qt(0.975, 5) * sd(x) / sqrt(6)
  assertNear(single.lower, 0.214709, 1e-6);
  assertNear(wide.lower, 0.214709, 1e-6);
  assert.ok(wide.upper > single.upper);
});

test("events that may come several at a time count as correspondingly fewer", () => {
  const { upper } = countEstimate([0, 0, 0], 1, 1, 4);
  assertNear(upper, (4 * 3.6888794541139363) / 3, 1e-12);
  // 12 events in clusters of 4 are 3 clusters: the total has the standard error 4 sqrt 3.
  assertNear(countEstimate([4, 4, 4], 1, 1, 4).standardError, (4 * Math.sqrt(3)) / 3, 1e-12);
});

const side = (counts: readonly number[], divisor = 1, isImpossible = false) => ({ counts, divisor, isImpossible });

test("one event is proof where the other side cannot have any, and no proof where it can", () => {
  const [x, none] = [
    [0, 1, 0, 0],
    [0, 0, 0, 0],
  ];
  const proof = countDifference(side(x), side(none, 1, true));
  assert.ok(proof.lower > 0);
  const mirrored = countDifference(side(none, 1, true), side(x));
  assert.deepEqual([mirrored.lower, mirrored.upper], [-proof.upper, -proof.lower]);
  assert.ok(countDifference(side(x), side(none)).lower < 0);
  const certain = countDifference(side(none, 1, true), side(none, 1, true));
  assert.deepEqual([certain.lower, certain.upper], [0, 0]);
});

test("the common part of pairs does not widen their difference, and equal counts are not proved equal", () => {
  const common = [400, 900, 1600, 2500];
  const { value, lower, upper } = countDifference(side(common), side(common));
  assert.equal(value, 0);
  assertNear(upper, 3.6888794541139363 / 4, 1e-12);
  assertNear(lower, -upper, 1e-12);
});

test("counts over different exposures are distinguished by their rates", () => {
  const week = countDifference(side([70, 77, 63], 7), side([10, 11, 9], 1));
  assertNear(week.value, 0, 1e-12);
  assert.ok(week.lower < -3 && week.upper > 3);
  // 6 events over an exposure of 2 and 4 over one of 4: Poisson totals have the variances 6 and 4.
  const { value, standardError } = countDifference(side([3, 3], 1), side([2, 2], 2));
  assert.equal(value, 2);
  assertNear(standardError, Math.sqrt(6 / 4 + 4 / 16), 1e-12);
});

test("the limits of a difference join the distances to both sides' limits, after Zou and Donner", () => {
  // Garwood's limits are 0.0253178 and 5.571643 of one event, and 0 and 3.688879 of none.
  const { value, lower, upper } = countDifference(side([1, 0, 0, 0]), side([0, 0, 0, 0]));
  assertNear(value - lower, Math.hypot(1 - 0.0253178, 3.6888795) / 4, 1e-6);
  assertNear(upper - value, (5.571643 - 1) / 4, 1e-6);
});

test("the differences of a family have Garwood's limits at the family's level", () => {
  assertNear(countDifference(side([0, 0]), side([0, 0]), 10).upper, poissonInterval(0, 0.995).upper / 2, 1e-12);
  const [x, none] = [side([0, 1, 0, 0]), side([0, 0, 0, 0], 1, true)];
  const { lower, upper } = countEstimate(x.counts, 1, 10);
  const proof = countDifference(x, none, 10);
  assert.deepEqual([proof.lower, proof.upper], [lower, upper]);
  const mirrored = countDifference(none, x, 10);
  assert.deepEqual([mirrored.lower, mirrored.upper], [-upper, -lower]);
});

test("the p-value of a difference is that of both intervals inverted, computed with scipy", () => {
  // scipy 1.17.1: the level at which Zou and Donner's limit is 0 (optimize.brentq of gamma.ppf and gamma.isf), and
  // Student's tail (t.sf); the greater decides.
  for (const [x, y, expected] of [
    [side([2, 2, 2]), side([1, 1, 1]), 0.19706814683334772],
    [side([3, 1, 4, 1, 5, 9]), side([2, 1, 1, 0, 2, 3]), 0.04565912378141167],
    [side([1, 0, 2]), side([4, 6, 3]), 0.1487434692412514],
    [side([7]), side([0]), 0.012963491551852809],
    [side([30, 31, 29], 7), side([2, 2, 3], 1), 0.1380359278110992],
    [side([180, 180]), side([10, 10]), 1.684727728011582e-97],
  ] as const) {
    const p = countDifferencePValue(x, y);
    assert.ok(Math.abs(p / expected - 1) < 1e-10, `${p}, not ${expected}`);
    assert.equal(countDifferencePValue(y, x), p);
  }
});

test("the p-value is 1 without a difference, and there is none where one event is proof", () => {
  assert.equal(countDifferencePValue(side([0, 0]), side([0, 0])), 1);
  assert.equal(countDifferencePValue(side([5, 7]), side([7, 5])), 1);
  assert.equal(countDifferencePValue(side([5, 7]), side([0, 0], 1, true)), NaN);
  assert.equal(countDifferencePValue(side([0, 0], 1, true), side([5, 7])), NaN);
  assert.equal(countDifferencePValue(side([30000]), side([10])), 0);
});

test("the p-value is below 0.05 exactly if the 95 % interval excludes 0", () => {
  const draw = poissonCounts("p-values");
  let below = 0;
  for (let round = 0; round < 600; round++) {
    const [mean, ratio] = [[0.3, 3, 20][round % 3]!, [1, 2, 4][round % 9 < 3 ? 0 : round % 9 < 6 ? 1 : 2]!];
    const units = 1 + (round % 7);
    const divisor = round % 2 === 0 ? 1 : 2;
    const x = Array.from({ length: units }, () => draw(ratio * mean));
    const y = Array.from({ length: units }, () => draw(mean * divisor));
    const { lower, upper } = countDifference(side(x), side(y, divisor));
    const p = countDifferencePValue(side(x), side(y, divisor));
    assert.equal(p < 0.05, lower > 0 || upper < 0, `p ${p} beside ${lower} .. ${upper} of ${x} and ${y}`);
    if (p < 0.05) below++;
  }
  assert.ok(below > 100 && below < 500, `${below}`);
});

/** Counts of Poisson's law, by the exponential gaps of unit mean before they come. */
function poissonCounts(purpose: string): (mean: number) => number {
  const stream = new Stream("counts", purpose, 0, 0, 1);
  return (mean) => {
    let count = -1;
    for (let time = 0; time <= mean; count++) time -= Math.log(1 - stream.draw(0));
    return count;
  };
}

const holds = ({ lower, upper }: Estimate, truth: number): boolean => lower <= truth && truth <= upper;

test("the interval covers in at least 93 % of cases, however rare the events and few the units", () => {
  const draw = poissonCounts("rates");
  for (const mean of [0.02, 0.3, 3, 30]) {
    for (const units of [2, 4, 8, 40]) {
      let held = 0;
      for (let sample = 0; sample < 400; sample++) {
        if (holds(countEstimate(Array.from({ length: units }, () => draw(mean))), mean)) held++;
      }
      assert.ok(held >= 372, `${held} of 400 samples of ${units} units of ${mean}`);
    }
  }
});

test("the interval of a difference has its coverage for pairs that share some of their events", () => {
  const draw = poissonCounts("differences");
  for (const [more, common] of [
    [0.05, 0.05],
    [0.5, 2],
    [5, 0],
  ] as const) {
    for (const units of [2, 4, 16]) {
      let held = 0;
      for (let sample = 0; sample < 400; sample++) {
        const shared = Array.from({ length: units }, () => draw(common));
        const [x, y] = [2 * more, more].map((own) => shared.map((count) => count + draw(own)));
        if (holds(countDifference(side(x), side(y)), more)) held++;
      }
      assert.ok(held >= 372, `${held} of 400 samples of ${units} pairs of ${2 * more} and ${more}`);
    }
  }
});
