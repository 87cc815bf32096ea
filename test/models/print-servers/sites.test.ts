/** The sites and their weeks: weights that sum to what they should, shares that are shares. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parameters } from "../../../models/print-servers/parameters/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { profiles, sites } from "../../../models/print-servers/sites.ts";
import { valuesOf } from "./lockstep.ts";

for (const [name, { hourWeights, dayWeights }] of Object.entries(profiles)) {
  test(`the ${name} profile has 24 hours that sum to a full day, and 7 days of at most full load`, () => {
    assert.deepEqual([hourWeights.length, dayWeights.length], [24, 7]);
    assert.ok(Math.abs(hourWeights.reduce((a, b) => a + b) - 1) < 1e-12);
    assert.ok(hourWeights.every((weight) => weight >= 0 && weight <= 1));
    assert.ok(dayWeights.every((weight) => weight >= 0 && weight <= 1));
    // Monday is a full day, so jobsPerDay is what its name says, and the gap to a submission always ends.
    assert.equal(dayWeights[0], 1);
  });
}

for (const [name, settings] of Object.entries(sites)) {
  test(`the ${name} site sets known parameters within their ranges, with consistent shares`, () => {
    for (const [setting, value] of Object.entries(settings)) {
      const parameter = parameters[setting as keyof typeof parameters];
      assert.ok(parameter !== undefined, `${setting} is a parameter`);
      if (parameter.kind === "number") {
        assert.ok(Number(value) >= parameter.min && Number(value) <= parameter.max, setting);
      } else if (parameter.kind === "choice") {
        assert.ok((parameter.choices as readonly unknown[]).includes(value), setting);
      } else {
        assert.fail(`${setting} is a ${parameter.kind}, which no site sets`);
      }
    }
    assert.equal(printServers.validate!(valuesOf(printServers, { site: name })), undefined);
  });
}

test("a site's settings are defaults for a scenario, and the scenario's own settings override them", () => {
  const values = valuesOf(printServers, { site: "mainframe", textShare: 0.5 });
  assert.deepEqual([values.jobsPerDay, values.profile, values.textShare, values.emfShare], [10000, "batch", 0.5, 0]);
  assert.equal(valuesOf(printServers, {}).jobsPerDay, sites.office.jobsPerDay);
});
