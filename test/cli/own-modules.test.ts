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
import { parse } from "csv-parse/sync";
import { userModel } from "../cases/runner.ts";
import { filesBelow, folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { shellWords } from "../support/shell-words.ts";
import { spoolsim, spoolsimAlone, timeout } from "../support/spoolsim.ts";
import { rows } from "../support/texts.ts";

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
    assert.match(described.stdout, /^ {0,2}mine\b[\s\S]*\d+ events, the same both\s+times\.\n$/m);
    const ran = await spoolsim(cwd, "run", "mine.yaml", ...quick, "--workers", "1", "--check-determinism");
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.match(ran.stdout, /^the first replication of each design point gave equal digests twice$/m);
    const again = await spoolsim(cwd, "run", "mine.yaml", ...quick);
    assert.match(
      again.stdout,
      /^\d+ of \d+ runs from the cache$/m,
      "an import of spoolsim does not keep it from the cache",
    );
    const change = kind === "model" ? "forgetShare=0.005" : "spooler=fixed";
    const differing = await spoolsim(cwd, "diff", "mine.yaml", "--with", change);
    assert.deepEqual([differing.status, differing.stderr], [1, ""]);
    assert.match(differing.stdout, /^The two runs differ first at server \d/);
    assert.doesNotMatch(differing.stdout, /schedule\./, "the event list's order in memory means nothing");
    const saved = await spoolsim(cwd, "run", "mine.yaml", ...quick, "--checkpoint", "10m");
    assert.deepEqual([saved.status, saved.stderr], [0, ""]);
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
      /--spooler is mine\.ts; Node \d.* runs no TypeScript; use mine\.mjs/,
    );
    await writeFile(join(cwd, "mine.ts"), "export default {};");
    await refuses(
      cwd,
      ["describe", "./mine.ts"],
      /mine\.ts"; the module does not load: Node .* does not run TypeScript; write the module as/,
    );
  } else {
    assert.equal((await spoolsim(cwd, "init", "--model", "mine.ts")).status, 0);
    assert.match((await spoolsim(cwd, "describe", "./mine.ts")).stdout, /the same both\s+times/);
  }
});

test("--add compares a user's spooler with the built-in ones", { timeout }, async () => {
  await spoolsim(cwd, "init", "--spooler", "mine");
  const words = [
    "run",
    "q223863",
    "--add",
    "spooler=./mine.mjs",
    "--only",
    "site=mainframe",
    ...quick,
    "--workers",
    "1",
  ];
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
  const changed = async (from: string, to: string, more = (text: string) => text) => {
    const folder = await mkdtemp(join(cwd, "model-"));
    await spoolsim(folder, "init", "--model", "mine");
    const file = join(folder, "mine.mjs");
    const right = await readFile(file, "utf8");
    assert.ok(right.includes(from), from);
    await writeFile(file, more(right.replace(from, to)));
    return folder;
  };
  const run = ["run", "mine.yaml", ...quick, "--workers", "1"];
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
  const hidden = await changed("inUse[server]++;", "inUse[server]++; refused[server] = ++requests[server];", (right) =>
    right.replace("    return {\n", "    const requests = new Float64Array(count);\n    return {\n"),
  );
  const left = /mine\.mjs: a second run of replication 0 differs at server 2 .* what an earlier instance left behind$/m;
  await refuses(hidden, ["describe", "./mine.mjs"], left);
});

test("a user's spooler runs by its path and leaks as written", { timeout }, async () => {
  const verbs = "open() {}, enterAlteration() {}, leaveAlteration() {}, close() {}";
  const spooler = `export default { name: "careless", meaning: "never closes anything", ${verbs} };\n`;
  await writeFile(join(cwd, "my-spooler.mjs"), spooler);
  const { status, stderr } = await spoolsim(
    cwd,
    "run",
    "alter-rate",
    "--servers",
    "1",
    "--replications",
    "1",
    "--set",
    "horizonDays=0.35",
    "--set",
    "spooler=./my-spooler.mjs",
    "--workers",
    "2",
  );
  assert.deepEqual([status, stderr], [0, ""]);
  const servers = await rows(join(cwd, "results/alter-rate/servers.csv"));
  assert.equal(servers.length, 6);
  for (const { processorsLeaked, processorsClosed } of servers) {
    assert.ok(Number(processorsLeaked) > 0);
    assert.equal(processorsClosed, "0");
  }
});

test("a user's model runs by its path, from YAML to tables, trace and verification", { timeout }, async () => {
  await writeFile(join(cwd, "ticks.mjs"), userModel("none", true));
  const scenario = "{model: ./ticks.mjs, servers: 3, horizonDays: 0.02, parameters: {gapSecondsMax: 30}}";
  const experiment = `question: Ticks?\nseed: 1\nreplications: 2\nscenario: ${scenario}\n`;
  await writeFile(join(cwd, "my.yaml"), `${experiment}factors: {gapSecondsMax: [30, 60]}\n`);
  const run = await spoolsim(cwd, "run", "my.yaml", "--workers", "2", "--no-cache");
  assert.deepEqual([run.status, run.stderr], [0, ""]);
  const servers = await rows(join(cwd, "results/my/servers.csv"));
  assert.deepEqual([servers.length, Object.keys(servers[0]).includes("luck")], [2 * 2 * 3, true]);
  const trace = await spoolsim(cwd, "trace", "my.yaml", "--server", "1");
  assert.equal(parse(trace.stdout, { columns: true }).length, Number(servers[1].events));
  assert.match(
    (await spoolsimAlone(cwd, "verify", "results/my", "--trust", "ticks.mjs", "--workers", "1")).stdout,
    /every byte the same/,
  );
});

test("refused with its line: a user's spooler that throws", { timeout }, async () => {
  const verbs = "open() {}, enterAlteration() {}, leaveAlteration() {}, close() { throw new Error('boom'); }";
  await writeFile(join(cwd, "mine.mjs"), `export default {\n  name: "mine", meaning: "throws", ${verbs},\n};\n`);
  for (const workers of ["1", "2"]) {
    const words = ["run", "alter-rate", "--quick", "--set", "spooler=./mine.mjs", "--out", "out", "--workers", workers];
    await refuses(cwd, words, /mine\.mjs:2:\d+ boom \(design point \d, replication \d, servers /);
  }
});

for (const workers of ["1", "2"]) {
  test(`a broken invariant on ${Number(workers) === 1 ? "one thread" : "two threads"} gives exit code 70 and a line that replays it`, {
    timeout,
  }, async () => {
    await writeFile(join(cwd, "ticks.mjs"), userModel("check"));
    const scenario = "{model: ./ticks.mjs, servers: 2, horizonDays: 0.1, sampleEveryHours: 1}";
    await writeFile(join(cwd, "my.yaml"), `question: Ticks?\nseed: 1\nreplications: 2\nscenario: ${scenario}\n`);
    const had = await filesBelow(cwd);
    const words = ["run", "my.yaml", "--set", "gapSecondsMax=50", "--workers", workers, "--out", "out", "--no-cache"];
    const run = await spoolsim(cwd, ...words);
    assert.deepEqual([run.status, run.stdout], [70, ""]);
    const [message, replay, end] = run.stderr.split("\n");
    assert.match(message, /^spoolsim: broken invariant: ticks is \d+, .* \(design point 0, replication \d, .* us\)$/);
    assert.match(replay, /^replay: spoolsim replay my\.yaml --replication \d --set gapSecondsMax=50$/);
    assert.equal(end, "");
    assert.deepEqual(await filesBelow(cwd), had);
    const again = await spoolsim(cwd, ...replay.split(" ").slice(2));
    assert.equal(again.status, 70);
    assert.match(again.stderr, /^spoolsim: broken invariant: ticks is/);
  });
}

test("refused with its line and its run: a user's model that throws", { timeout }, async () => {
  await writeFile(join(cwd, "ticks.mjs"), userModel("handle"));
  const scenario = "{model: ./ticks.mjs, horizonDays: 0.1}";
  await writeFile(join(cwd, "my.yaml"), `question: Ticks?\nseed: 1\nscenario: ${scenario}\n`);
  for (const workers of ["1", "2"]) {
    const message =
      /ticks\.mjs:\d+:\d+ ticks ran out \(.*, at last\) \(design point 0, replication (\d), .*replay my\.yaml --replication \1$/m;
    await refuses(cwd, ["run", "my.yaml", "--workers", workers, "--no-cache"], message);
  }
});
