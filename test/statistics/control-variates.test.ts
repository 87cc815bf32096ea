/** statistics/control-variates.ts: a regression in exact fractions, and intervals about a mean that is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { controlledMean } from "../../statistics/control-variates.ts";
import { normals, several } from "./draws.ts";
import { assertNear } from "./near.ts";

test("two controls: the intercept of the regression and its error, in exact fractions", () => {
  const { estimate, varianceRatio } = controlledMean(
    [12, 15, 11, 19, 14, 22, 17, 16],
    [
      { values: [3, 5, 2, 8, 4, 9, 6, 5], mean: 5 },
      { values: [1, 0, 2, 1, 3, 2, 0, 1], mean: 1.5 },
    ],
  );
  assertNear(estimate.value, 447 / 29, 1e-12);
  assertNear(estimate.standardError, 0.21065550826622434, 1e-12);
  assertNear(estimate.halfWidth / estimate.standardError, 2.570581835636314, 1e-12);
  assertNear(varianceRatio, 36.82030891134589, 1e-10);
});

test("the interval covers in 95 % of cases with ten replications, and the variance ratio is 1 / (1 - R^2)", () => {
  const draw = normals("controls");
  let [covered, ratios] = [0, 0];
  for (let round = 0; round < 1000; round++) {
    const control = several(10, draw);
    // R^2 is 0.9.
    const values = control.map((value) => 7 + 3 * value + draw());
    const { estimate, varianceRatio } = controlledMean(values, [{ values: control, mean: 0 }]);
    covered += Number(estimate.lower < 7 && 7 < estimate.upper);
    ratios += Math.log(varianceRatio) / 1000;
  }
  assert.ok(covered > 930 && covered < 970, `${covered}`);
  assert.ok(Math.exp(ratios) > 8 && Math.exp(ratios) < 12, `${Math.exp(ratios)}`);
});

test("constant controls, linearly dependent controls and too many controls are refused", () => {
  const [values, control] = [
    [1, 2, 4, 3],
    [2, 3, 5, 7],
  ];
  for (const controls of [[[1, 1, 1, 1]], [control, control], [control, values, [4, 1, 1, 2]]]) {
    const of = controls.map((each) => ({ values: each, mean: 0 }));
    assert.throws(() => controlledMean(values, of), { name: "RangeError", message: /too few replications, or/ });
  }
  assert.throws(() => controlledMean([1, 2], [{ values: [1, 3], mean: 0 }]), /1 controls in 2 replications/);
});
