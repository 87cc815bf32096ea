/** statistics/best-split.ts */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bestSplit } from "../../statistics/best-split.ts";

test("a coordinate that separates the kinds is found, with the value between them", () => {
  const points = [
    [5, 1],
    [1, 2],
    [4, 3],
    [2, 10],
    [3, 11],
  ];
  const isWanted = [false, false, false, true, true];
  assert.deepEqual(bestSplit(points, isWanted), {
    dimension: 1,
    threshold: 6.5,
    isAbove: true,
    wantedShare: 1,
    otherShare: 0,
  });
  assert.deepEqual(
    bestSplit(
      points,
      isWanted.map((one) => !one),
    ),
    {
      dimension: 1,
      threshold: 6.5,
      isAbove: false,
      wantedShare: 1,
      otherShare: 0,
    },
  );
});

test("a split that is not clean gives the shares of both kinds", () => {
  assert.deepEqual(bestSplit([[1], [2], [3], [4]], [true, false, true, false]), {
    dimension: 0,
    threshold: 1.5,
    isAbove: false,
    wantedShare: 0.5,
    otherShare: 0,
  });
});

test("equal values are not split", () => {
  assert.equal(bestSplit([[1], [1]], [true, false]), undefined);
  assert.equal(bestSplit([[1], [1], [2]], [true, false, false])?.threshold, 1.5);
});

test("a single kind has no split", () => {
  assert.equal(bestSplit([[1], [2]], [true, true]), undefined);
  assert.equal(bestSplit([[1], [2]], [false, false]), undefined);
});
