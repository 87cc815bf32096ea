/** Selecting the k-th smallest against sorting. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { select, selectMedian } from "../../statistics/selection.ts";

test("select orders every position as sorting would, with few and with many ties", () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.nat(), (numbers, at) => {
      const place = at % numbers.length;
      const given = Float64Array.from(numbers);
      const sorted = given.slice().sort();
      assert.equal(select(given, place), sorted[place]);
      assert.ok(given.subarray(0, place).every((value) => value <= sorted[place]));
      assert.ok(given.subarray(place).every((value) => value >= sorted[place]));
    }),
    { seed: 1968 },
  );
});

test("the median of an even number of values is the mean of the middle two, and of none NaN", () => {
  assert.equal(selectMedian(Float64Array.of(9, 1, 4, 2)), 3);
  assert.equal(selectMedian(Float64Array.of(9, 1, 4)), 4);
  assert.equal(selectMedian(new Float64Array(0)), NaN);
});

test("selecting among a million ascending, descending or equal values does not take quadratic time", () => {
  const n = 1_000_000;
  for (const value of [(i: number) => i, (i: number) => -i, () => 7]) {
    const values = Float64Array.from({ length: n }, (_, i) => value(i));
    assert.equal(select(values, n / 2), values.slice().sort()[n / 2]);
  }
});
