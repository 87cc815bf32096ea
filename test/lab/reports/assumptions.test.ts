/** lab/reports/assumptions.ts: what is assumed is said by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assumptionsOf } from "../../../lab/reports/assumptions.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { planResults } from "../../../lab/experiment/plan.ts";

async function assumed(name: string) {
  const experiment = await loadExperiment(name);
  return assumptionsOf(planResults(experiment, await designPoints(experiment)));
}

test("an assumption has its name, its unit, and the values of the design points", async () => {
  const { assumptions, parameters } = await assumed("q223863");
  assert.ok(assumptions.length > 10 && assumptions.length < parameters);
  const of = (name: string) => assumptions.find((one) => one.name === name);
  assert.deepEqual(of("jobsPerDay")!.settings, [
    "2000 (office)",
    "4000 (help-desk)",
    "3000 (hold-and-release)",
    "10000 (mainframe)",
  ]);
  assert.deepEqual(of("textShare")!.settings, [
    "0.02 (office)",
    "0.05 (help-desk, hold-and-release)",
    "0.8 (mainframe)",
  ]);
  assert.equal(of("site"), undefined, "people know their own site");
  assert.equal(of("rawBytesPerPage")!.unit, "B");
  assert.match(of("dcsMax")!.source, /^assumption; Q180864 gives no number/);
  assert.equal(of("deleteRestartedJobs"), undefined, "an article says it");
});

test("a model without assumptions has none", async () => {
  assert.deepEqual((await assumed("mm1")).assumptions, []);
});
