/**
 * lab/experiment/point-selector.ts: experiments by their results, design points by their levels, and commands that
 * lead back to them.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { findExperiment, findPoint, levelsText, replayCommand } from "../../../lab/experiment/point-selector.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-places-"));
});

after(() => rm(folder, { recursive: true }));

test("an experiment is found by its name, its file, the folder of its results and their manifest", async () => {
  const experiment = await loadExperiment("mm1");
  const results = join(folder, "results");
  await mkdir(results);
  await writeFile(
    join(results, "manifest.json"),
    JSON.stringify({ program: "spoolsim", identity: "1", files: [], experiment }),
  );
  for (const said of ["mm1", experiment.file, results, join(results, "manifest.json")]) {
    assert.equal((await findExperiment(said)).seed, "mm1", said);
  }
});

test("a folder without results, and a file that is not there, are mistakes", async () => {
  await assert.rejects(findExperiment(folder), { name: "UserError", message: /holds no results/ });
  await assert.rejects(findExperiment(join(folder, "none.yaml")), { name: "UserError", message: /does not exist/ });
});

test("every design point is found by what is said of it", async () => {
  const experiment = await loadExperiment("q223863");
  const points = await designPoints(experiment);
  assert.equal(points.length, 8);
  for (const point of points) assert.equal((await findPoint(experiment, levelsText(point))).index, point.index);
});

test("a factor that is not said has its first level", async () => {
  const experiment = await loadExperiment("q223863");
  assert.equal(levelsText(await findPoint(experiment, "")), "site=office,spooler=buggy");
  assert.equal(levelsText(await findPoint(experiment, "spooler=fixed")), "site=office,spooler=fixed");
  assert.equal(levelsText(await findPoint(experiment, "spooler=fixed,site=mainframe")), "site=mainframe,spooler=fixed");
});

test("what is no factor, no level, or said twice is told, with what there is", async () => {
  const experiment = await loadExperiment("q223863");
  const mistakes = {
    "color=red": /^--at color=red: color is not a factor of q223863; its factors: site, spooler$/,
    "site=moon": /^--at site=moon: moon is not a level of site; its levels: office, help-desk, .*mainframe$/,
    site: /^--at site: nothing is not a level of site/,
    "site=office,site=mainframe": /^--at .*: site is said twice/,
  };
  for (const [said, message] of Object.entries(mistakes)) {
    await assert.rejects(findPoint(experiment, said), { name: "UserError", message });
  }
  const single = { ...(await loadExperiment("mm1")), factors: [] };
  await assert.rejects(findPoint(single, "site=office"), { message: /its factors: none$/ });
});

test("a replication is replayed in the folder of its results", async () => {
  const [point] = await designPoints(await loadExperiment("q223863"));
  const command = "spoolsim replay manifest.json --at site=office,spooler=buggy --replication 4";
  assert.equal(replayCommand(point, 4), command);
  assert.equal(replayCommand({ ...point, levels: {} }, 0), "spoolsim replay manifest.json --replication 0");
});
