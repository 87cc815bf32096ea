/** statistics/warm-up.ts against a known series, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exponential } from "../../sim/variates.ts";
import { steadyState } from "../../statistics/warm-up.ts";
import { normals, several, uniforms } from "./draws.ts";
import { assertNear } from "./near.ts";

test("MSER-5 discards the first 50 observations of a decaying series", () => {
  const values = Array.from({ length: 500 }, (_, i) => 10 * Math.exp(-i / 10) + ((7919 * i) % 100) / 100);
  const found = steadyState(values);
  assert.ok(found.isSteady);
  assert.equal(found.forgotten, 50);
  assertNear(found.mean, 0.4965734351931707, 1e-14);
  assertNear(found.statistic, 3.886552066629e-5, 1e-16);
});

test("almost nothing is discarded from a stationary series", () => {
  const found = steadyState(several(1000, normals("steady")));
  assert.ok(found.isSteady && found.forgotten <= 100);
  assert.deepEqual(steadyState(new Array(100).fill(3)), { isSteady: true, forgotten: 0, mean: 3, statistic: 0 });
});

test("a leak's total has no steady state", () => {
  const draw = uniforms("leak");
  for (let round = 0; round < 20; round++) {
    let total = 0;
    const found = steadyState(Array.from({ length: 400 }, () => (total += exponential(draw(), 4096))));
    assert.ok(!found.isSteady && /still changing half-way/.test(found.reason));
  }
});

test("too few observations are refused", () => {
  const found = steadyState([1, 2, 3]);
  assert.deepEqual(found, { isSteady: false, reason: "3 observations are too few; MSER-5 takes 50 or more" });
});

test("observations after the last complete batch are ignored", () => {
  const values = [...several(100, normals("batch"))];
  assert.deepEqual(steadyState([...values, 1e9, 1e9]), steadyState(values));
});
