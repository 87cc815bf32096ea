/** lab/experiment/design-point.ts: what a point resolves to, and the command that leads back to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { changed, levelsText, replayCommand, resolvePoints } from "../../../lab/experiment/design-point.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";

const scenario = { model: "print-servers", servers: 1, horizonDays: 1, sampleEveryHours: 24 };

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
  const parameters = { ...point.scenario.parameters, printers: 7 };
  const [other] = await resolvePoints([{ ...point, scenario: { ...point.scenario, parameters } }]);
  assert.equal(other.resolved.values.printers, 7);
  assert.deepEqual([other.index, other.levels], [point.index, point.levels]);
  assert.notEqual(point.resolved.values.printers, 7);
});

test("what followed from a setting follows from the changed one; what was given stays as it is", async () => {
  const parameters = { site: "office", printers: 7 };
  const [office] = await resolvePoints([{ index: 0, levels: {}, scenario: { ...scenario, parameters } }]);
  const helpDesk = { site: "help-desk" };
  const [point] = await resolvePoints([changed(changed(office!, helpDesk), {}, { horizonDays: 2 })]);
  const [direct] = await resolvePoints([
    { index: 0, levels: {}, scenario: { ...scenario, horizonDays: 2, parameters: { ...parameters, ...helpDesk } } },
  ]);
  assert.deepEqual(point!.scenario, direct!.scenario);
  assert.notEqual(point!.resolved.values.jobsPerDay, office!.resolved.values.jobsPerDay);
});
