/** statistics/approximate-bayes.ts: its posteriors say how much is known, over a hundred rates. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ranksOfTruths } from "../cases/poisson-rates.ts";

test("ranks of the truth are uniform, and 90 % intervals cover in 90 of 100 cases", () => {
  const { held, ranks } = ranksOfTruths(100);
  // 100 of 90 %: four standard errors are 12. Chi-square of 4 degrees: 18.5 at 0.1 %.
  assert.ok(held >= 78 && held <= 100, `held ${held}`);
  const chiSquare = ranks.reduce((sum, n) => sum + (n - 20) ** 2 / 20, 0);
  assert.ok(chiSquare < 18.5, `ranks ${ranks.join()}`);
});
