/** lab/studies/resampled-plan.ts: which servers of some results are simulated again. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { resampledPlan } from "../../../lab/studies/resampled-plan.ts";
import { leaking, remove, resultsOf } from "../../support/small-results.ts";

const rollout = `
question: What does a roll-out do?
seed: watched
replications: 1
scenario:
  model: print-servers
  servers: 12
  horizonDays: 3
  sampleEveryHours: 24
  parameters: {jobsPerDay: 20, patchOrder: sp6, patchAtDays: 1, canaryServers: 5, canaryDays: 1}
`;

let results: string;
before(async () => void (results = await resultsOf(leaking, "leaking")));
after(() => remove(results));

const usual = { at: "", servers: 2, change: () => ({}) };

test("the first servers of the design points with these levels are watched, with the change applied", async () => {
  const change = () => ({ sampleEveryHours: 6, horizonDays: 5 });
  const { points } = await resampledPlan(results, { at: "spooler=buggy", servers: 2, change });
  assert.deepEqual(
    points.map(({ index, levels }) => [index, levels.dcs, levels.spooler]),
    [
      [0, "many", "buggy"],
      [1, "few", "buggy"],
    ],
  );
  for (const { scenario } of points) {
    const { servers, sampleEveryHours, horizonDays } = scenario;
    assert.deepEqual([servers, sampleEveryHours, horizonDays], [2, 6, 5]);
  }
  assert.equal((await resampledPlan(results, { ...usual, servers: 9 })).points[3].scenario.servers, 3);
});

test("a coordinated fleet is simulated as a whole", async () => {
  const meeting = await resultsOf(rollout, "rollout");
  assert.equal((await resampledPlan(meeting, usual)).points[0].scenario.servers, 12);
  await remove(meeting);
});

test("an unknown design point, another version and an empty folder are refused", async () => {
  await assert.rejects(resampledPlan(results, { ...usual, at: "spooler=bugy" }), {
    name: "UserError",
    message: "at spooler=bugy: bugy is not a level of spooler; its levels: buggy, fixed",
  });
  await assert.rejects(resampledPlan(join(results, "nothing"), usual), { name: "UserError" });
  const file = join(results, "manifest.json");
  const manifest = await readFile(file, "utf8");
  await writeFile(file, manifest.replace(/"version": "[^"]*"/, '"version": "0.0.1"'));
  await assert.rejects(resampledPlan(results, usual), {
    name: "UserError",
    message: /was written by version 0\.0\.1; this is/,
  });
  await writeFile(file, manifest);
});
