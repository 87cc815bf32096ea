/** lab/reports/interval-text.ts: an interval that nobody knows is marked, and the mark explained. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ends } from "../../../lab/reports/format.ts";
import { interval, isTooFew, legendOf, mayBeChance, valueText } from "../../../lab/reports/interval-text.ts";
import { meanEstimate, neverNegative } from "../../../statistics/estimate.ts";
import { sparseEstimate } from "../../../statistics/sparse.ts";

const few = sparseEstimate([0, 0, 0, 0, 0, 0, 0, 12]);
const many = meanEstimate([1, 2, 3, 4]);

test("a difference on a single server has a mark instead of an interval, and the legend explains it", () => {
  assert.ok(isTooFew(few) && !isTooFew(many));
  assert.equal(interval(few, { ends }), "\u2021");
  assert.equal(valueText(few), "1.50 \u2021");
  assert.match(legendOf([["jobs", valueText(few)]]).join(), /^\u2021 only one server/);
  assert.deepEqual(legendOf([["jobs", valueText(many)]]), []);
});

test("one observation has no interval and no mark, and a constant is printed alone", () => {
  assert.equal(interval(meanEstimate([1]), { ends }), "");
  assert.equal(interval(meanEstimate([10, 30]), { ends }, 10), "-10.7 .. 14.7");
  assert.equal(valueText(meanEstimate([2, 2, 2])), "2.00");
  assert.equal(valueText(many), "2.50 \u00b1 2.05");
  // 2 ± 4.97 would reach below 0.
  assert.equal(valueText(neverNegative(meanEstimate([0, 2, 4]))), "2.00 (0 .. 6.97)");
  assert.ok(mayBeChance(meanEstimate([-1, 0, 1.5])) && !mayBeChance(meanEstimate([1, 1])) && !mayBeChance(few));
});
