/**
 * The slower half of the comparison of kernel and reference: more scenarios, and whole days of every site at its own
 * size.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parameters } from "../../../models/print-servers/parameters/parameters.ts";
import { attendedScenarios, compare, firstDifference } from "./lockstep.ts";

for (const [count, seed] of [
  [300, 223863],
  [700, 1999],
] as const) {
  test(`kernel and reference agree on every event and every response of ${count} random small scenarios`, () => {
    const { events, difference } = firstDifference(count, () => ({}), seed);
    assert.equal(difference, undefined, difference);
    assert.ok(events > 100_000, `${events} events`);
  });
}

test("both agree on 100 fleets with policies", () => {
  const { events, difference } = firstDifference(100, () => ({}), 239907, attendedScenarios);
  assert.equal(difference, undefined, difference);
  assert.ok(events > 30_000, `${events} events`);
});

for (const site of parameters.site.choices) {
  for (const spooler of ["buggy", "fixed"]) {
    test(`both agree on 30 hours of a server of ${site}, ${spooler}, that restarts and runs out of DCs`, () => {
      const settings = { site, spooler, dcsMax: 40, restartEveryHours: 11 };
      const { events, difference } = compare({ seed: "days", server: 3, replication: 1, minutes: 1800, settings });
      assert.equal(difference, undefined, difference);
      assert.ok(events > 5000, `${events} events`);
    });
  }
}
