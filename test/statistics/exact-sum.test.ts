/** statistics/exact-sum.ts against sums in whole numbers of any size, and against itself in other orders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ExactSum } from "../../statistics/exact-sum.ts";
import { uniforms } from "./draws.ts";

function sumOf(...values: number[]): number {
  const sum = new ExactSum();
  sum.add(values);
  return sum.value;
}

test("cancellation leaves the exact remainder", () => {
  assert.equal(sumOf(1e100, 1, -1e100), 1);
  assert.equal(sumOf(...new Array(10).fill(0.1)), 1);
  assert.equal(sumOf(2 ** 53, 1, 1), 2 ** 53 + 2);
  assert.equal(sumOf(), 0);
  assert.ok(Object.is(sumOf(-0), 0));
});

test("a sum half-way between two doubles is rounded once", () => {
  // Python, Lib/test/test_math.py, testFsum.
  assert.equal(sumOf(1, 2 ** -53, 2 ** -106), 1 + 2 ** -52);
  assert.equal(sumOf(1, 2 ** -53), 1);
  assert.equal(sumOf(2 ** 53, -0.5, -(2 ** -54)), 2 ** 53 - 1);
  assert.equal(sumOf(2 ** 53, 1, 2 ** -100), 2 ** 53 + 2);
  assert.equal(sumOf(2 ** 53 + 10, 1, 2 ** -100), 2 ** 53 + 12);
  assert.equal(sumOf(2 ** 53 - 4, 0.5, 2 ** -54), 2 ** 53 - 3);
});

test("the result is the exact sum, rounded once", () => {
  const draw = uniforms("exact");
  for (let round = 0; round < 50; round++) {
    // Multiples of 2^-80 up to 2^73 in size.
    const values = Array.from({ length: 40 }, () => (draw() - 0.5) * 2 ** Math.floor(100 * draw() - 27));
    const exact = values.reduce((sum, value) => sum + BigInt(value * 2 ** 80), 0n);
    // Number() of a BigInt rounds once, ties to even.
    assert.equal(sumOf(...values), Number(exact) / 2 ** 80);
  }
});

test("whole numbers beyond 2^53 are summed exactly", () => {
  const big = 2 ** 53 - 1;
  assert.equal(sumOf(big, big, big, -big, -big), big);
  assert.equal(sumOf(2 ** 60, 1, 1, 1, -(2 ** 60)), 3);
});

test("an unknown term makes the sum unknown", () => {
  assert.equal(sumOf(1, NaN, 2), NaN);
});

test("merged portions give the sum of all", () => {
  const [a, b] = [new ExactSum(), new ExactSum()];
  a.add([0.1, 1e17, 3]);
  b.add([-1e17, 0.7, 2 ** 53]);
  a.merge(b);
  assert.equal(a.value, sumOf(2 ** 53, 0.7, 3, -1e17, 0.1, 1e17));
});
