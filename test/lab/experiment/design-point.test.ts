/** lab/experiment/design-point.ts: what a point resolves to, and the command that leads back to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { levelsText, replayCommand, resolvePoints } from "../../../lab/experiment/design-point.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";

test("a replication is replayed in its results folder", async () => {
  const [point] = await designPoints(await loadExperiment("q223863"));
  const command = "spoolsim replay manifest.json --at site=office,spooler=buggy --replication 4";
  assert.equal(replayCommand(point, 4), command);
  assert.equal(replayCommand({ ...point, levels: {} }, 0), "spoolsim replay manifest.json --replication 0");
});

test("levels that a shell would split are quoted", async () => {
  const [point] = await designPoints(await loadExperiment("mm1"));
  const named = { ...point, levels: { load: "very high" } };
  assert.equal(levelsText(named), "load=very high");
  assert.equal(replayCommand(named, 0), "spoolsim replay manifest.json --at 'load=very high' --replication 0");
});

test("a point with a changed scenario resolves to the changed values and keeps its levels", async () => {
  const [point] = await designPoints(await loadExperiment("q223863"));
  const scenario = { ...point.scenario, parameters: { ...point.scenario.parameters, printers: 7 } };
  const [changed] = await resolvePoints([{ ...point, scenario }]);
  assert.equal(changed.resolved.values.printers, 7);
  assert.deepEqual([changed.index, changed.levels], [point.index, point.levels]);
  assert.notEqual(point.resolved.values.printers, 7);
});
