/** Two runs of the spooler are equal, and it leaks less than buggy. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkDeterminism, loadExperiment, runInMemory, withOverrides } from "spoolsim/lab";

const file = fileURLToPath(new URL("./spooler.yaml", import.meta.url));
const experiment = withOverrides(await loadExperiment(file), { quick: true });

test("two runs are equal", () => checkDeterminism(experiment));

test("it leaks less than buggy", async () => {
  const { tables } = await runInMemory(experiment);
  const leaked = (spooler) =>
    tables.servers.filter((row) => row.spooler === spooler).reduce((sum, row) => sum + row.processorsLeaked, 0);
  const [buggy, own] = ["buggy", "./spooler.mjs"].map(leaked);
  assert.ok(own < buggy, `${own} of ${buggy}`);
});
