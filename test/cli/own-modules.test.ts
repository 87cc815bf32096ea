/**
 * Models and spoolers of a user's own, in an empty folder outside the clone: written by init, described, run on
 * threads, tested, compared with those that ship; and which error appears when they do what they may not.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { shellWords } from "../support/shell-words.ts";
import { spoolsim } from "../support/spoolsim.ts";

const timeout = 120_000;
let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

const quick = ["--quick", "--no-report", "--no-chart"];

for (const kind of ["model", "spooler"] as const) {
  test(`init --${kind} writes a module, an experiment and a test that run at once`, { timeout }, async () => {
    const written = await spoolsim(cwd, "init", `--${kind}`, "mine");
    assert.deepEqual([written.status, written.stderr], [0, ""]);
    assert.deepEqual((await readdir(cwd)).sort(), ["mine.mjs", "mine.test.mjs", "mine.yaml"]);
    const described = await spoolsim(cwd, "describe", "./mine.mjs");
    assert.match(described.stdout, /^ {0,2}mine\b[\s\S]*\d+ events, the same both times\.\n$/m);
    const ran = await spoolsim(cwd, "run", "mine.yaml", ...quick, "--workers", "2", "--check-determinism");
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.match(ran.stdout, /^the first replication of each design point gave equal digests twice$/m);
    const again = await spoolsim(cwd, "run", "mine.yaml", ...quick);
    assert.match(
      again.stdout,
      /^\d+ of \d+ runs from the cache$/m,
      "an import of spoolsim does not keep it from the cache",
    );
    const words = shellWords(written.stdout.trim().split("\n").at(-1)!);
    assert.equal(words.shift(), "node");
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      cwd,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    assert.match(stdout, /^(#|ℹ) pass 2$/m);
    await refuses(
      cwd,
      ["init", `--${kind}`, "mine"],
      new RegExp(`mine\\.mjs exists already; a ${kind} goes to new files`),
    );
  });
}

test("an invalid name, and TypeScript where Node does not run it, are refused", { timeout }, async () => {
  await refuses(
    cwd,
    ["init", "--model", "../mine"],
    /--model is \.\.\/mine; a name such as mine, mine\.mjs or mine\.ts/,
  );
  await refuses(cwd, ["init", "--model", "mine.cjs"], /--model is mine\.cjs; a name/);
  if ((process.features as { typescript?: unknown }).typescript === undefined) {
    await refuses(
      cwd,
      ["init", "--spooler", "mine.ts"],
      /--spooler is mine\.ts; Node \d.* runs no TypeScript; say mine\.mjs/,
    );
    await writeFile(join(cwd, "mine.ts"), "export default {};");
    await refuses(
      cwd,
      ["describe", "./mine.ts"],
      /mine\.ts"; the module does not load: Node .* does not run TypeScript; write the module as/,
    );
  } else {
    assert.equal((await spoolsim(cwd, "init", "--model", "mine.ts")).status, 0);
    assert.match((await spoolsim(cwd, "describe", "./mine.ts")).stdout, /the same both times/);
  }
});

test("--add compares a user's spooler with the built-in ones", { timeout }, async () => {
  await spoolsim(cwd, "init", "--spooler", "mine");
  const words = ["run", "q223863", "--add", "spooler=./mine.mjs", "--only", "site=mainframe", ...quick];
  const { status, stdout } = await spoolsim(cwd, ...words);
  assert.equal(status, 0);
  assert.match(stdout, /buggy - \.\/mine\.mjs[\s\S]*buggy - fixed/);
  const comparison = await readFile(join(cwd, "results/q223863/comparison.csv"), "utf8");
  assert.match(comparison, /\.\/mine\.mjs/);
  await refuses(
    cwd,
    ["run", "q223863", "--set", "spooler=./mine.mjs", ...quick],
    /varied by the factor spooler; --add spooler=\.\/mine\.mjs adds a level to it/,
  );
});

test("a broken, misbehaving or non-deterministic model is reported in one line", {
  timeout,
}, async () => {
  /** The folder of a model that differs from a right one. Each has its own, because a process loads a module once. */
  const changed = async (from: string, to: string) => {
    const folder = await mkdtemp(join(cwd, "model-"));
    await spoolsim(folder, "init", "--model", "mine");
    const file = join(folder, "mine.mjs");
    const right = await readFile(file, "utf8");
    assert.ok(right.includes(from), from);
    await writeFile(file, right.replace(from, to));
    return folder;
  };
  const run = ["run", "mine.yaml", ...quick, "--workers", "2"];
  await refuses(
    await changed("columns: [leaked, inUse, refused, emptyUs]", "columns: [leaked, inUse, refused]"),
    run,
    /mine\.mjs: an instance has 3 columns; it must have one for each of its 4 responses \(design point 0, /,
  );
  await refuses(
    await changed('role: "gauge"', 'role: "meter"'),
    run,
    /mine\.yaml:\d+:\d+ scenario\.model is ".*"; its default export has responses\.1\.role "meter"; one of/,
  );
  await refuses(
    await changed("RETURN, server, 0);", "7, server, 0);"),
    run,
    /mine\.mjs:\d+:\d+ an event has the kind 7; the model's kinds are 0 to 1/,
  );
  const random = await changed("memories.draw(server) < forgetShare", "Math.random() < forgetShare");
  assert.equal((await spoolsim(random, ...run)).status, 0, "nothing but a second run shows it");
  const differs = /mine\.mjs: a second run of replication 0 differs at server \d/;
  await refuses(random, [...run, "--force", "--check-determinism"], differs);
  await refuses(random, ["describe", "./mine.mjs"], differs);
});
