/**
 * The slower half of the comparison of kernel and reference: more scenarios, and whole days of every site at its own
 * size.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parameters } from "../../../models/print-servers/parameters/parameters.ts";
import { compare, firstDifference } from "./lockstep.ts";

test("kernel and reference agree on every event and every response of 700 more random small scenarios", () => {
  const { events, difference } = firstDifference(700, () => ({}), 1999);
  assert.equal(difference, undefined, difference);
  assert.ok(events > 100_000, `${events} events`);
});

for (const site of parameters.site.choices) {
  for (const spooler of ["buggy", "fixed"]) {
    test(`they agree on 30 hours of a server of ${site}, ${spooler}, that restarts and runs out of DCs`, () => {
      const settings = { site, spooler, dcsMax: 40, restartEveryHours: 11 };
      const { events, difference } = compare({ seed: "days", server: 3, replication: 1, minutes: 1800, settings });
      assert.equal(difference, undefined, difference);
      assert.ok(events > 5000, `${events} events`);
    });
  }
}
