/**
 * statistics/distribution.ts: exact while it can be, and the same cells whatever the order, the portions and the
 * merging.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Distribution } from "../../statistics/distribution.ts";
import { nearestRank } from "../../statistics/estimate.ts";

function distributionOf(values: Iterable<number>, limit: number): Distribution {
  const distribution = new Distribution(limit);
  distribution.add(Float64Array.from(values));
  return distribution;
}

/** All that there is to see of a distribution. */
function seen(distribution: Distribution) {
  const { count, max, bits } = distribution;
  const { values, counts } = distribution.cells();
  return { count, max, bits, values: [...values], counts: [...counts] };
}

/** A value with so many significant bits, rounded towards zero: by arithmetic, where the program takes bits away. */
function roundedTo(bits: number, value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value + 0;
  let unit = 1;
  while (Math.abs(value) >= 2 * unit) unit *= 2;
  while (Math.abs(value) < unit) unit /= 2;
  const step = unit / 2 ** (bits - 1);
  return Math.trunc(value / step) * step + 0;
}

/** Whole and other numbers of both signs and some magnitudes, among which some are likely to be equal. */
const anyValue = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.integer({ min: 0, max: 4e9 }),
  fc.constantFrom(0, -0, 1e-9, Infinity, -Infinity),
  fc.double({ min: -1e12, max: 1e12, noNaN: true }).filter((value) => Math.abs(value) > 1e-300),
);
const anyValues = fc.array(anyValue, { maxLength: 120 });
const anyLimit = fc.integer({ min: 1, max: 100 });
const how = { seed: 223863, numRuns: 500 };

test("as many bits are kept as the number of different values allows, and the values are rounded to them", () => {
  fc.assert(
    fc.property(anyValues, anyLimit, (values, limit) => {
      const differentAt = (bits: number) => new Set(values.map((value) => roundedTo(bits, value))).size;
      let bits = 53;
      while (bits > 1 && differentAt(bits) > limit) bits--;
      const rounded = values.map((value) => roundedTo(bits, value));
      const cells = [...new Set(rounded)].sort((a, b) => a - b);
      assert.deepEqual(seen(distributionOf(values, limit)), {
        count: values.length,
        max: Math.max(...values) + 0,
        bits,
        values: cells,
        counts: cells.map((cell) => rounded.filter((value) => value === cell).length),
      });
    }),
    how,
  );
});

test("any order, any portions and any merging give the same distribution", () => {
  const cases = anyValues.chain((values) =>
    fc.record({
      values: fc.constant(values),
      order: fc.shuffledSubarray(values, { minLength: values.length }),
      parts: fc.array(fc.tuple(fc.nat(40), fc.boolean()), { maxLength: 8 }),
      limit: anyLimit,
    }),
  );
  fc.assert(
    fc.property(cases, ({ values, order, parts, limit }) => {
      const all = new Distribution(limit);
      let at = 0;
      for (const [length, isMerged] of [...parts, [order.length, false] as const]) {
        const part = order.slice(at, at + length);
        if (isMerged) all.merge(distributionOf(part, limit));
        else all.add(Float64Array.from(part));
        at += length;
      }
      assert.deepEqual(seen(all), seen(distributionOf(values, limit)));
      const turned = distributionOf([], limit);
      turned.merge(all);
      assert.deepEqual(seen(turned), seen(all));
    }),
    how,
  );
});

test("reading the statistics in between does not change them", () => {
  const distribution = new Distribution(20);
  const values = Array.from({ length: 1000 }, (_, i) => (i * i * 7919) % 100_003);
  for (const value of values) {
    distribution.add(Float64Array.of(value));
    distribution.cells();
  }
  assert.deepEqual(seen(distribution), seen(distributionOf(values, 20)));
});

/** 64-bit-like values, the same on every machine: steps of a Weyl sequence. */
function spread(length: number, upTo: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (((i + 1) * 0.6180339887498949) % 1) * upTo);
}

test("quantiles of up to 4,096 different values are those of sorting, however many values there are", () => {
  const values = spread(50_000, 4096).map((value) => Math.floor(value) / 3);
  const distribution = distributionOf(values, 4096);
  const cells = distribution.cells();
  assert.deepEqual([distribution.bits, cells.values.length], [53, 4096]);
  const sorted = values.slice().sort();
  for (const percent of [1, 50, 90, 99, 100]) {
    assert.equal(nearestRank(cells, percent), sorted[Math.ceil((percent * sorted.length) / 100) - 1]);
  }
});

test("quantiles of more values are rounded towards zero, by less than 2^(1 - bits) of their size", () => {
  for (const limit of [4096, 65_536]) {
    for (const upTo of [1, 3.6e9, -1e15]) {
      const values = spread(200_000, upTo);
      const distribution = distributionOf(values, limit);
      const cells = distribution.cells();
      assert.ok(distribution.bits < 53 && cells.values.length <= limit && cells.values.length > limit / 2);
      const sorted = values.slice().sort();
      for (const percent of [1, 50, 90, 99]) {
        const exact = sorted[Math.ceil((percent * sorted.length) / 100) - 1];
        const error = 1 - nearestRank(cells, percent) / exact;
        assert.ok(error >= 0 && error < 2 ** (1 - distribution.bits), `${percent} % of ${upTo}: error ${error}`);
      }
      assert.equal(distribution.max, sorted[sorted.length - 1]);
      assert.equal(distribution.count, values.length);
    }
  }
});

test("whole numbers stay whole", () => {
  const values = spread(50_000, 2 ** 53).map(Math.floor);
  assert.ok(distributionOf(values, 4096).cells().values.every(Number.isInteger));
});

test("unknown values are left out, and without values the result is unknown", () => {
  const distribution = distributionOf([NaN, 2, NaN, -1], 4096);
  assert.deepEqual(seen(distribution), { count: 2, max: 2, bits: 53, values: [-1, 2], counts: [1, 1] });
  assert.deepEqual(seen(distributionOf([NaN], 4096)), { count: 0, max: -Infinity, bits: 53, values: [], counts: [] });
});

test("values of any magnitude fit into 4,096 cells", () => {
  const magnitudes = Float64Array.from({ length: 2098 }, (_, i) => 2 ** (i - 1074));
  const distribution = distributionOf([...magnitudes, ...magnitudes.map((value) => -value * 1.75)], 4096);
  distribution.add(magnitudes.map((value) => value * 1.5));
  assert.ok(distribution.cells().values.length <= 4096);
});

test("a distribution takes no more memory than documented", () => {
  const tables = (distribution: Distribution) =>
    Object.values(distribution).reduce(
      (bytes: number, held) => bytes + (held instanceof Float64Array ? held.byteLength : 0),
      0,
    );
  for (const length of [0, 1, 9, 100, 4095, 4096, 4097, 30_000]) {
    const bytes = tables(distributionOf(spread(length, 1e9), 4096));
    assert.equal(bytes, Distribution.bytesAtMost(4096, length), `${length} values`);
  }
});
