/** Results of q223863, the experiment of the article, as the command writes them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderForEachTest } from "./folders.ts";
import { spoolsim } from "./spoolsim.ts";

/** Where the results lie in the folder that articleResults gives. */
export const results = "results/q223863";

let simulated: Promise<string> | undefined;

/**
 * A folder with the results of a third of a day at two sites. They are simulated once for all test files of a process,
 * which only read them.
 */
export function articleResults(): Promise<string> {
  simulated ??= simulate();
  return simulated;
}

/**
 * Gives each test of the file that calls this an empty folder, which is removed after the test, and the folder of
 * articleResults, which it only reads.
 */
export function withArticleResults(use: (cwd: string, shared: string) => void): void {
  folderForEachTest(async (cwd) => use(cwd, await articleResults()));
}

async function simulate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "spoolsim-article-"));
  // Not in a hook: several test files share a process, and the hook of the first would remove the others' folder.
  process.on("exit", () => rmSync(folder, { recursive: true }));
  const size = ["--quick", "--only", "site=office,help-desk", "--set", "horizonDays=0.35"];
  const words = ["run", "q223863", ...size, "--workers", "1"];
  const { status, stderr } = await spoolsim(folder, ...words);
  assert.equal(status, 0, stderr);
  return folder;
}
