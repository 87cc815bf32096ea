/** page/units.ts: what a table is sorted by. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { displayUnits, numberIn } from "../../page/units.ts";

test("a cell counts in its own unit, or else in that of its row", () => {
  assert.deepEqual(
    [numberIn("3 kB"), numberIn("0.5", "MB"), numberIn("28 d"), numberIn("12 of 20", "MB"), numberIn("-90")],
    [3e3, 5e5, 28 * 86400e6, 12, -90],
  );
  assert.ok(numberIn("> 28 d") > numberIn("28 d"));
  assert.ok(Number.isNaN(numberIn("never")));
});

test("every unit of a table is known, also times in words and bounds", () => {
  for (const [name, size] of Object.values(displayUnits).flat()) assert.equal(numberIn(`2 ${name}`), 2 * size);
  const ascending = ["90 min", "7.08 hours (6 to 8)", "2.95 days", "about 21 months (18 to 23)", "about 4 years"];
  const times = ascending.map((cell) => numberIn(cell));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(numberIn("at least 8.39"), 8.39);
});
