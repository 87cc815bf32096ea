/** spoolsim shrink: the steps, an experiment that runs, and a test that passes as it is pasted. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { itemAt } from "../../lab/lists.ts";
import { spoolsim, timeout } from "../support/spoolsim.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-shrink-"));
});
after(() => rm(folder, { recursive: true }));

test("the steps are printed, the experiment leaks when it is traced, and the pasted test passes", async () => {
  const { status, stdout, stderr } = await spoolsim(folder, "shrink", "q223863", "--out", "leak.yaml");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(
    stdout,
    /^processorsLeaked > 0 needs only 1 of the \d+ jobs that server 0 had until then, in [345] steps:\n/,
  );
  const trace = await spoolsim(folder, "trace", "leak.yaml");
  assert.match(trace.stdout, /,CLOSE_ATTEMPT,"orphaned: /);
  await pastedTestPasses(stdout);
});

async function pastedTestPasses(stdout: string): Promise<void> {
  const [, pasted = ""] = stdout.split("The same as a test:\n\n");
  const lab = new URL("../../exports/lab.js", import.meta.url).href;
  const file = join(folder, "pasted.test.mjs");
  await writeFile(file, itemAt(pasted.replace("spoolsim/lab", lab).split("\nWrote "), 0));
  const { status, stdout: shown } = spawnSync(process.execPath, ["--test", file], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, shown);
}

test("of a long script the first and last steps are printed, and the rest is in the file", { timeout }, async () => {
  const many = ["--at", "site=mainframe", "--set", "dcsMax=40", "--where", "jobsStarved > 0"];
  const { status, stdout, stderr } = await spoolsim(folder, "shrink", "q223863", ...many, "--out", "starve");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^jobsStarved > 0 needs only 26 of the \d+ jobs that server 0 had until then, in \d+ steps:\n/);
  assert.match(stdout, /\n {2}\.\.\. \d+ more steps\n/);
  assert.match(stdout, /\nWrote starve, which has all jobs\. To see each event: spoolsim trace \.\/starve\n$/);
  assert.ok(stdout.split("\n").length < 50, stdout);
  await pastedTestPasses(stdout);
  const without = await spoolsim(folder, "shrink", "q223863", ...many);
  assert.match(
    without.stdout,
    /\nWith --out FILE, the experiment of all 26 jobs goes to this file, and a test that runs it is printed\.\n$/,
  );
  assert.doesNotMatch(without.stdout, /jobScript/);
});

test("an unmet condition, an existing file and a malformed condition exit with code 2", async () => {
  for (const [words, message] of [
    [["--where", "jobsStarved > 1e9", "--quick"], /^spoolsim: jobsStarved > 1e9 does not hold at any of the 2 servers/],
    [["--server", "1", "--set", "spooler=fixed", "--only", "spooler=fixed"], /spooler is varied by the factor spooler/],
    [["--where", "leaks"], /^spoolsim: --where leaks: a condition compares a response with a number/],
    [["--out", "leak.yaml"], /^spoolsim: --out leak.yaml exists already; an experiment goes to a new file/],
  ] as const) {
    const { status, stderr } = await spoolsim(folder, "shrink", "q223863", ...words);
    assert.equal(status, 2, words.join(" "));
    assert.match(stderr, message);
  }
  // The message does not ask for a condition that could not help.
  const queue = await spoolsim(folder, "shrink", "mm1");
  assert.deepEqual([queue.status, queue.stderr.split(";")[0]], [2, "spoolsim: mm1 has no scripts"]);
});
