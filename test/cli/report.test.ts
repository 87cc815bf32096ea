/** spoolsim report: the page of a run, and its pictures. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { folderForEachTest } from "../support/folders.ts";
import { spoolsim, tiny, timeout } from "../support/spoolsim.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

test("a run writes a page of its results unless told not to, and report writes it again", { timeout }, async () => {
  await spoolsim(cwd, ...tiny, "--no-report");
  assert.ok(!(await readdir(join(cwd, "results/mm1"))).includes("report.html"));
  const { status, stdout, stderr } = await spoolsim(cwd, "report", "results/mm1", "--svg", "--out", "pictures");
  assert.deepEqual([status, stderr], [0, ""]);
  const made = stdout.trim().split("\n");
  assert.equal(made[0], "results/mm1/report.html");
  assert.ok(made.includes("pictures/means-waitUsMean.svg"));
  for (const file of made) assert.ok(existsSync(join(cwd, file)), file);
  await spoolsim(cwd, ...tiny);
  assert.match(await readFile(join(cwd, made[0]), "utf8"), /<h1>Does the simulated mean wait/);
  await spoolsim(cwd, ...tiny, "--no-report");
  assert.ok(!existsSync(join(cwd, made[0])), "a page of the former manifest does not stay");
  const nowhere = await spoolsim(cwd, "report", "nowhere");
  assert.deepEqual([nowhere.status, nowhere.stdout], [2, ""]);
  assert.match(nowhere.stderr, /^spoolsim: nowhere holds no results: [^\n]*\n$/);
});
