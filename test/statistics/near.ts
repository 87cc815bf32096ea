/** What the tests of statistics share. */
import assert from "node:assert/strict";
import type { Counted } from "../../statistics/estimate.ts";

export function assertNear(actual: number, expected: number, delta = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= delta, `${actual} is within ${delta} of ${expected}`);
}

/** The values, each once and in order, with how often it occurs. */
export function counted(values: readonly number[]): Counted {
  const different = Float64Array.from(new Set(values)).sort();
  return { values: different, counts: different.map((one) => values.filter((value) => value === one).length) };
}
