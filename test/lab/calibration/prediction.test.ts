/**
 * lab/calibration/prediction.ts: what a world gives back where a process began anew. calibrate.test.ts has worlds of a
 * posterior, which look like what was observed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { restarted } from "../../../lab/calibration/prediction.ts";

/** Three days of a level that rises by 1 an hour from 100, of which the first readings are missing. */
function levels(missing: number): Float64Array {
  return Float64Array.from({ length: 72 }, (_, cell) => (cell < missing ? NaN : 100 + cell));
}

test("at a cut a level falls to its first reading, even if that was taken late", () => {
  const cuts = new Uint8Array(72);
  cuts[50] = 1;
  for (const missing of [0, 30]) {
    const [level, other] = restarted(0, 3)({ readings: [levels(missing), levels(0)], cuts }).readings;
    const expected = levels(missing).map((value, cell) => (cell < 50 ? value : value - (50 - missing)));
    assert.deepEqual(level, expected);
    assert.deepEqual(other, levels(0), "another response stays as it is");
  }
});
