/** models/whole-times.ts: closed forms of times too short for whole microseconds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { roundingFault } from "../../models/whole-times.ts";

test("a closed form does not hold if any mean time is below a millisecond, and the reason names what takes it", () => {
  assert.equal(roundingFault({ "a service": 1000, "a gap": 1e6 }), undefined);
  const fault = "a gap takes less than 1 ms on average: times are whole microseconds";
  assert.equal(roundingFault({ "a service": 1000, "a gap": 999 }), fault);
});
