/** The shift between two samples against a published vector, against counting, and in its coverage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fewestValues, shiftOf } from "../../statistics/mann-whitney.ts";
import { normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";

test("10, 20, 30, 40 against 1, 2, 3, 4 is shifted by 22.5, 6 to 39 at 95 % (Kayenta's own test)", () => {
  assert.deepEqual(shiftOf([10, 20, 30, 40], [1, 2, 3, 4], 0.95), { value: 22.5, lower: 6, upper: 39 });
});

test("exchanging the samples reverses the interval", () => {
  assert.deepEqual(shiftOf([1, 2, 3, 4], [10, 20, 30, 40], 0.95), { value: -22.5, lower: -39, upper: -6 });
});

test("too few values for the confidence give no bound, and the smallest sufficient number is known", () => {
  assert.deepEqual(shiftOf([10, 20, 30, 40], [1, 2, 3, 4], 0.98), { value: 22.5, lower: -Infinity, upper: Infinity });
  // 1 / C(8, 4) = 1 / 70 > 0.01 and 1 / C(10, 5) = 1 / 252 < 0.01.
  assert.equal(fewestValues(0.98), 5);
  assert.equal(fewestValues(0.95), 4);
  assert.equal(fewestValues(0.5), 2);
  assert.ok(Number.isFinite(shiftOf([9, 8, 7, 6, 5], [1.5, 1.4, 1.3, 1.2, 1.1], 0.98).lower));
});

test("with ties the rank comes from the variance that is corrected for them", () => {
  // 1, 2, 3 and 5 occur 2, 3, 2 and 2 times: sum t^3 - t = 42. The variance of U is 24 / 12 (11 - 42 / 90) = 21.067,
  // and 12 - 1.96 sqrt 21.067 = 3.004, so the interval begins at the third difference; uncorrected, at the second.
  assert.deepEqual(shiftOf([6, 3, 2, 1], [2, 5, 1, 3, 5, 2], 0.95), { value: 0, lower: -3, upper: 4 });
});

test("an empty side is refused", () => {
  assert.throws(() => shiftOf([], [1], 0.95), /0 and 1 values; each side has at least 1/);
});

/** Normal samples. */
function samples(count: number, of: number, draws: Stream, scale = 1): number[][] {
  return Array.from({ length: count }, () => {
    return Array.from({ length: of }, () => Math.round(normalQuantile(draws.draw(0) || 0.5) * scale) / scale);
  });
}

for (const [name, n, scale] of [
  ["exact", 8, 1e12],
  ["ties", 8, 2],
  ["many", 60, 1e12],
] as const) {
  test(`a 90 % interval covers the true shift at least that often: ${name}`, () => {
    const draws = new Stream("mann-whitney", "samples", 0, 0, 1);
    const rounds = 400;
    const held = samples(rounds, n, draws, scale).filter((x) => {
      const { lower, upper } = shiftOf(x, samples(1, n, draws, scale)[0], 0.9);
      return lower <= 0 && 0 <= upper;
    }).length;
    // Three standard deviations of a binomial below 90 %.
    assert.ok(held / rounds > 0.9 - 3 * Math.sqrt(0.09 / rounds), `${held} of ${rounds}`);
  });
}
