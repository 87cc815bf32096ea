/** statistics/multiplicity.ts against adjusted p-values computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bonferroni, holm } from "../../statistics/multiplicity.ts";
import { assertNear } from "./near.ts";

const ps = [0.04, 0.01, 0.03, 0.02];

test("Bonferroni multiplies by the number of tests", () => {
  bonferroni(ps).forEach((p, i) => assertNear(p, [0.16, 0.04, 0.12, 0.08][i], 1e-15));
  assert.deepEqual(bonferroni([0.6, 0.5]), [1, 1]);
});

test("Holm multiplies the smallest p-value by n, the next by n - 1, and never decreases", () => {
  // Ascending 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1 are 0.04, 0.06, 0.06, 0.04: the last is held up.
  holm(ps).forEach((p, i) => assertNear(p, [0.06, 0.04, 0.06, 0.06][i], 1e-15));
  // Wikipedia, Holm-Bonferroni method: 0.01, 0.04, 0.03, 0.005 at 5 %: the fourth and the first are rejected.
  const rejected = holm([0.01, 0.04, 0.03, 0.005]).map((p) => p <= 0.05);
  assert.deepEqual(rejected, [true, false, false, true]);
});

test("an unknown p-value stays unknown and still counts as a test", () => {
  assert.deepEqual(bonferroni([0.25, NaN]), [0.5, NaN]);
  assert.deepEqual(holm([0.25, NaN, 0.125]), [0.5, NaN, 0.375]);
});

test("Holm is never above Bonferroni", () => {
  const many = Array.from({ length: 50 }, (_, i) => ((7 * i) % 50) / 997);
  const plain = bonferroni(many);
  assert.ok(holm(many).every((p, i) => p <= plain[i]));
});
