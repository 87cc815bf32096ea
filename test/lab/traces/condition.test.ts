/** Conditions are read, and hold of the number of the server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "../../../lab/traces/condition.ts";
import type { Instance } from "../../../models/contract/instance.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import type { Model } from "../../../models/model.ts";

const model = printServers as unknown as Model;

function holds(text: string, number: number): boolean {
  const { name, holds: is } = conditionOf(model, text);
  const columns = model.responses.map((one) => Float64Array.of(-1e9, one.name === name ? number : NaN));
  return is({ columns } as unknown as Instance, 1);
}

for (const [sign, below, equal, above] of [
  [">", false, false, true],
  [">=", false, true, true],
  ["<", true, false, false],
  ["<=", true, true, false],
  ["=", false, true, false],
] as const) {
  test(`a response ${sign} 2`, () => {
    const text = `jobsStarved ${sign} 2`;
    assert.deepEqual(
      [1, 2, 3].map((number) => holds(text, number)),
      [below, equal, above],
    );
    assert.equal(holds(text, NaN), false);
    assert.equal(conditionOf(model, `jobsStarved${sign}2`).text, text);
  });
}

test("a malformed condition is refused", () => {
  assert.throws(
    () => conditionOf(model, "jobsStarved"),
    /where jobsStarved: a condition compares a response with a number/,
  );
  assert.throws(() => conditionOf(model, "jobsStarved > many"), /compares a response with a number/);
  assert.throws(() => conditionOf(model, "jobsStarved >= Infinity"), /compares a response with a number/);
  assert.throws(
    () => conditionOf(model, "jobStarved > 0"),
    /jobStarved is not a response of print-servers; .*mean jobsStarved/,
  );
});
