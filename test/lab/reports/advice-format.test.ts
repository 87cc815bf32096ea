/** lab/reports/advice-format.ts: amounts of money. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { money, separated } from "../../../lab/reports/advice-format.ts";

test("money has three digits and no exponent", () => {
  assert.deepEqual([1.98e-16, 0.206, 12.345, 1234.5, 2_090_111].map(money), [
    "0",
    "0.21",
    "12.3",
    "1,230",
    "2,090,000",
  ]);
});

test("other numbers keep their digits when they are small, and have no exponent when they are large", () => {
  assert.deepEqual([0.0012, 12.345, 999.9, 1000, 1_706_000].map(separated), [
    "0.00120",
    "12.3",
    "1,000",
    "1,000",
    "1,710,000",
  ]);
});
