/** The arcsine against exact angles and against the engine's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { arcsine } from "../../statistics/arcsine.ts";
import { assertNear } from "./near.ts";

test("arcsine gives exact angles", () => {
  assert.equal(arcsine(0), 0);
  assert.equal(arcsine(1), Math.PI / 2);
  assertNear(arcsine(0.5), Math.PI / 6, 4e-16);
  assertNear(arcsine(Math.SQRT1_2), Math.PI / 4, 4e-16);
});

test("arcsine agrees with the engine's except for the last bits, and is odd", () => {
  for (let k = -1000; k <= 1000; k++) {
    assertNear(arcsine(k / 1000), Math.asin(k / 1000), 8e-16);
    assert.equal(arcsine(-k / 1000), 0 - arcsine(k / 1000));
  }
});

test("arcsine is undefined outside [-1, 1]", () => {
  assert.ok(Number.isNaN(arcsine(1.0000001)) && Number.isNaN(arcsine(NaN)));
});
