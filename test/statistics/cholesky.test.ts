/** statistics/cholesky.ts: the example of Wikipedia's article "Cholesky decomposition". */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cholesky, forward, solve, timesVector } from "../../statistics/cholesky.ts";

const matrix = [4, 12, -16, 12, 37, -43, -16, -43, 98];

test("the Cholesky factor is the published one and solves its matrix", () => {
  const factor = cholesky(matrix, 3);
  assert.deepEqual(factor, Float64Array.of(2, 0, 0, 6, 1, 0, -8, 5, 3));
  const y = [1, -2, 3];
  assert.deepEqual(timesVector(factor!, y), Float64Array.of(2, 4, -9));
  assert.deepEqual(forward(factor!, [2, 4, -9]), Float64Array.of(1, -2, 3));
  // 4 x - 24 - 48, 12 x ... of (1, -2, 3).
  assert.deepEqual(solve(factor!, [-68, -191, 364]), Float64Array.of(1, -2, 3));
});

test("a matrix that is not positive definite has no Cholesky factor", () => {
  assert.equal(cholesky([1, 1, 1, 1], 2), undefined);
  assert.equal(cholesky([1, 2, 2, 1], 2), undefined);
  assert.equal(cholesky([0], 1), undefined);
});
