/** lab/execution/determinism.ts: what ships gives the same twice; guarded-model.test.ts has models that do not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDeterminism, runTwice } from "../../../lab/execution/determinism.ts";
import { buildExperiment } from "../../../lab/experiment/load.ts";
import { resolveScenario } from "../../../lab/experiment/scenario.ts";
import { catalogue } from "../../../models/catalogue.ts";

for (const model of Object.keys(catalogue)) {
  test(`a second run of ${model} equals the first`, async () => {
    const wanted = { model, servers: 3, horizonDays: 0.1, sampleEveryHours: 1, parameters: {} };
    const { scenario } = await resolveScenario(wanted);
    const run = { point: 0, replication: 0, seed: "twice", scenario, first: 0, count: 3, sliceSize: 2 };
    assert.equal((await runTwice(run)).count, 3);
  });
}

test("every design point of an experiment is checked, and its mistakes are reported as usual", async () => {
  const described = { question: "?", seed: 1, scenario: { model: "mm1", horizonDays: 0.01 } };
  await checkDeterminism(buildExperiment("right", { ...described, factors: { arrivalsPerSecond: [0.1, 0.2] } }));
  const wrong = buildExperiment("wrong", { ...described, factors: { arrivalsPerSecond: [0.1, 7] } });
  await assert.rejects(checkDeterminism(wrong), /arrivalsPerSecond is 7 .*served faster/);
});
