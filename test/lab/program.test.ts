/** lab/program.ts: the program knows its version, its files and, in a clone, its commit. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { programCommit, programFolder, programVersion } from "../../lab/program.ts";

test("the version is that of the package, whose folder has the experiments", () => {
  const { name, version } = JSON.parse(readFileSync(join(programFolder, "package.json"), "utf8"));
  assert.deepEqual([name, version], ["spoolsim", programVersion]);
  assert.ok(existsSync(join(programFolder, "experiments", "q223863.yaml")));
  const citation = readFileSync(join(programFolder, "CITATION.cff"), "utf8");
  assert.equal(/^version: (.*)$/m.exec(citation)?.[1], programVersion);
});

test("the commit is known in a clone, with a mark if files have changed since", async () => {
  const commit = await programCommit();
  if (existsSync(join(programFolder, ".git"))) assert.match(commit ?? "none", /^[0-9a-f]{12,}\+?$|^none$/);
  else assert.equal(commit, undefined);
});
