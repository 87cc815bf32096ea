/** lab/validation/ruin.ts: the share of insurers that are ruined is Cramér and Lundberg's, for two premiums. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ruinedShare } from "../../../lab/validation/ruin.ts";

for (const [premium, reserve] of [
  [2, 1],
  [4, 0.5],
] as const) {
  test(`with a premium of ${premium} and a reserve of ${reserve} the share is exp(-(1 - 1/c) u) / c`, () => {
    const { value, standardError } = ruinedShare(premium, reserve).estimate;
    const share = Math.exp(-(1 - 1 / premium) * reserve) / premium;
    assert.ok(Math.abs(value - share) < 4 * standardError, `${value} and not ${share}`);
  });
}
