/** statistics/sobol.ts: the published points, and evenness, which scrambling keeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../sim/streams.ts";
import { SOBOL_DIMENSIONS_MAX, sobolPoints } from "../../statistics/sobol.ts";

const scramble = (seed: string) => new Stream(seed, "scramble", 0, 0, SOBOL_DIMENSIONS_MAX);

test("the first points are those that Joe and Kuo print with their program", () => {
  // S. Joe and F. Y. Kuo, sobol.cc, example output of the first ten points in three dimensions.
  assert.deepEqual(
    sobolPoints(10, 3).map((point) => [...point]),
    [
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ],
  );
});

test("later points of higher dimensions are those of SciPy's sequence", () => {
  // scipy.stats.qmc.Sobol(128, scramble=False).random(1024) of SciPy 1.17.1, point 1000 (from 0), times 2^10.
  const point = sobolPoints(1001, 128)[1000];
  const dimensions = [0, 1, 9, 49, 99, 127];
  assert.deepEqual(
    dimensions.map((dimension) => point[dimension] * 1024),
    [225, 99, 71, 491, 191, 557],
  );
});

test("every dimension has one of the first 256 points in each 256th of its range, scrambled or not", () => {
  const dimensions = SOBOL_DIMENSIONS_MAX;
  for (const points of [sobolPoints(256, dimensions), sobolPoints(256, dimensions, scramble("a"))]) {
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const parts = new Set(points.map((point) => Math.floor(point[dimension] * 256)));
      assert.equal(parts.size, 256, `dimension ${dimension}`);
    }
  }
});

test("the first two dimensions have one of 256 points in every box of that area, scrambled or not", () => {
  for (const points of [sobolPoints(256, 2), sobolPoints(256, 2, scramble("b"))]) {
    for (let bits = 0; bits <= 8; bits++) {
      const [wide, high] = [2 ** bits, 2 ** (8 - bits)];
      const boxes = new Set(points.map(([x, y]) => Math.floor(x * wide) * high + Math.floor(y * high)));
      assert.equal(boxes.size, 256, `boxes of ${wide} by ${high}`);
    }
  }
});

test("more points and more dimensions leave the others unchanged", () => {
  const few = sobolPoints(5, 2, scramble("c"));
  const more = sobolPoints(9, 4, scramble("c"));
  assert.deepEqual(
    more.slice(0, 5).map((point) => point.slice(0, 2)),
    few,
  );
});

test("a scrambled point is uniform by itself, and another seed scrambles differently", () => {
  const first = Array.from({ length: 2000 }, (_, seed) => sobolPoints(1, 1, scramble(String(seed)))[0][0]);
  assert.equal(new Set(first).size, 2000);
  // The mean of 2,000 uniform numbers has a standard error of 0.0065.
  const mean = first.reduce((sum, x) => sum + x, 0) / 2000;
  assert.ok(Math.abs(mean - 0.5) < 0.026, String(mean));
});

test("more points or dimensions than the sequence has are refused", () => {
  assert.throws(() => sobolPoints(0, 1), /^Error: points is 0; a Sobol sequence has a whole number in \[1, 1048576\]$/);
  assert.throws(() => sobolPoints(1, 129), /^Error: dimensions is 129; .* in \[1, 128\]$/);
});
