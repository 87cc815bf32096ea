/** Two runs of the model are equal, and it leaks as fast as its closed form says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkDeterminism, loadExperiment, runInMemory } from "spoolsim/lab";

const experiment = await loadExperiment(fileURLToPath(new URL("./model.yaml", import.meta.url)));

test("two runs are equal", () => checkDeterminism(experiment));

test("the simulation agrees with the closed form", async () => {
  const { tables } = await runInMemory(experiment);
  const rates = tables["leak-rates"].filter(({ closedForm }) => !Number.isNaN(closedForm));
  assert.ok(rates.length > 0);
  for (const { ratePerServerDay, closedForm } of rates) {
    assert.ok(Math.abs(ratePerServerDay / closedForm - 1) < 0.1, `${ratePerServerDay} and ${closedForm}`);
  }
});
