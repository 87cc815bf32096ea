/** lab/results/find-experiment.ts: experiments by their names, files and results. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findExperiment } from "../../../lab/results/find-experiment.ts";
import { queues, remove, resultsOf } from "../../support/small-results.ts";

let results: string;
let empty: string;

before(async () => {
  results = await resultsOf(queues);
  empty = await mkdtemp(join(tmpdir(), "spoolsim-empty-"));
});

after(async () => {
  await remove(results);
  await rm(empty, { recursive: true });
});

test("an experiment is found by its name, its file, the folder of its results and their manifest", async () => {
  assert.equal((await findExperiment("mm1")).seed, "mm1");
  for (const path of [join(results, "../small.yaml"), results, join(results, "manifest.json")]) {
    assert.equal((await findExperiment(path)).seed, "small", path);
  }
});

test("a folder without results and a missing file are user errors", async () => {
  await assert.rejects(findExperiment(empty), { name: "UserError", message: /holds no results/ });
  await assert.rejects(findExperiment(join(empty, "none.yaml")), { name: "UserError", message: /does not exist/ });
});
