/** lab/reports/advice-format.ts: amounts of money. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { money } from "../../../lab/reports/advice-format.ts";

test("money has three digits and no exponent", () => {
  assert.deepEqual([1.98e-16, 0.206, 12.345, 1234.5, 2_090_111].map(money), [
    "0",
    "0.21",
    "12.3",
    "1,230",
    "2,090,000",
  ]);
});
