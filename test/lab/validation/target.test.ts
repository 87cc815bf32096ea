/** A value's digits are its precision. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formula, simulated, toleranceOf, vector } from "../../../lab/validation/target.ts";

test("a number may be off by half a unit of its last given digit", () => {
  const cases = { "0.047721741": 5e-10, "0.320": 5e-4, "-1.032": 5e-4, "413.7097": 5e-5, "9.5e-7": 5e-9, "4e6": 5e5 };
  for (const [expected, tolerance] of Object.entries(cases)) assert.equal(toleranceOf(expected), tolerance, expected);
});

test("a whole number matches only itself", () => {
  assert.deepEqual(["45", "-1959", "0"].map(toleranceOf), [0, 0, 0]);
});

test("a value that is not a written-out number is refused", () => {
  for (const expected of ["", "x", ".5", "1/3", "0.1 h", "NaN", "Infinity"]) {
    assert.throws(() => toleranceOf(expected), /expected is ".*"; it is a number, written out/);
  }
});

test("each event kind does what its function describes", async () => {
  const estimate = { value: 1, standardError: 1, halfWidth: 1, lower: 0, upper: 2 };
  const kinds = [
    formula(1, "a", "b", "1.0", () => 1),
    vector(undefined, "a", "b", "1.0", () => 1),
    simulated(2, "a", "b", "1.0", async () => ({ estimate, replications: 2 })),
  ].map(({ kind, number }) => [kind, number]);
  assert.deepEqual(kinds, [
    ["formula", 1],
    ["vector", undefined],
    ["simulation", 2],
  ]);
});
