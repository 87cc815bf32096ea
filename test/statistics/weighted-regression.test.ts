/** statistics/weighted-regression.ts: lines that are known, but for the ridge. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { predicted, regression, residualSpreads } from "../../statistics/weighted-regression.ts";

const inputs = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
];

test("regression recovers a plane, except for a hundredth lost to the ridge", () => {
  const outputs = inputs.map(([x, y]) => [5 + 2 * x! - 3 * y!, 7]);
  const fitted = regression(inputs, outputs, [1, 1, 1, 1]);
  assert.ok(Math.abs(fitted.slopes[0][0] - 2 / 1.01) < 1e-12);
  assert.ok(Math.abs(fitted.slopes[0][1] + 3 / 1.01) < 1e-12);
  assert.equal(predicted(fitted, 1, [9, 9]), 7);
  assert.equal(predicted(fitted, 0, [0.5, 0.5]), 4.5);
});

test("a case with weight 0 does not count", () => {
  const outputs = [[1], [3], [1], [99]];
  const fitted = regression(inputs, outputs, [1, 1, 1, 0]);
  assert.ok(Math.abs(predicted(fitted, 0, [1, 0]) - 3) < 0.05);
});

test("the residual is the noise, with its degrees of freedom", () => {
  const noise = [1, -1, -1, 1];
  const [left] = residualSpreads(
    inputs,
    noise.map((value) => [value]),
    [1, 1, 1, 1],
  );
  // Orthogonal to the plane: nothing is explained; 4 squares over 1 degree of freedom.
  assert.ok(Math.abs(left - 2) < 1e-12);
});
