/** statistics/latin-hypercube.ts */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../sim/streams.ts";
import { latinHypercube } from "../../statistics/latin-hypercube.ts";

const streams = (seed: string, dimensions: number) => new Stream(seed, "sample", 0, 0, dimensions);

test("each dimension has one point in every part", () => {
  for (const count of [1, 2, 7, 100]) {
    const points = latinHypercube(count, 3, streams("a", 3));
    for (let dimension = 0; dimension < 3; dimension++) {
      const parts = points.map((point) => Math.floor(point[dimension] * count));
      assert.deepEqual(
        parts.sort((a, b) => a - b),
        Array.from({ length: count }, (_, i) => i),
      );
    }
  }
});

test("another dimension changes none of the others, and another seed changes all", () => {
  const two = latinHypercube(9, 2, streams("a", 2));
  const three = latinHypercube(9, 3, streams("a", 3));
  assert.deepEqual(
    three.map((point) => point.slice(0, 2)),
    two,
  );
  assert.notDeepEqual(latinHypercube(9, 2, streams("b", 2)), two);
});

test("every order of the parts is as likely as the others", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 1200; seed++) {
    const order = latinHypercube(3, 1, streams(String(seed), 1))
      .map(([x]) => Math.floor(3 * x))
      .join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  // Chi-square of 5 degrees of freedom: 20.5 at 1 in 1,000.
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + ((count - 200) * (count - 200)) / 200, 0);
  assert.ok(chiSquare < 20.5, String(chiSquare));
});

test("the mean of a sum of inputs has almost no error, unlike that of as many random points", () => {
  const means = Array.from({ length: 200 }, (_, seed) => {
    const points = latinHypercube(20, 2, streams(String(seed), 2));
    return points.reduce((sum, [x, y]) => sum + x + y, 0) / 20;
  });
  const variance = means.reduce((sum, mean) => sum + (mean - 1) * (mean - 1), 0) / 200;
  // Stein 1987: of an additive function 1 / n^3 remains of each input, 2 / (12 * 20^3), where chance has 2 / (12 * 20).
  assert.ok(variance > (0.7 * 2) / (12 * 8000) && variance < (1.4 * 2) / (12 * 8000), String(variance));
});
