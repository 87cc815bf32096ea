/**
 * spoolsim run: a mistake in the experiment has its file, line and column, results are never overwritten unasked, and
 * a run that is killed goes on where it was. A run that is interrupted: test/cli/exit.test.ts.
 */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { filesBelow, folderForEachTest } from "../support/folders.ts";
import { refuses } from "../support/refuses.ts";
import { CACHED, spoolsim, startSignalled, tiny, timeout } from "../support/spoolsim.ts";
import { textsOf } from "../support/texts.ts";

let cwd: string;
folderForEachTest((folder) => {
  cwd = folder;
});

/** A run of a minute or more, in pieces of a fraction of a second. */
const long = ["run", "q223863", "--servers", "4", "--replications", "50", "--set", "horizonDays=5", "--out", "out"];

const yaml = `question: Does it wait?
seed: 1
replications: 1
scenario:
  model: mm1
  servers: 1
  horizonDays: 0.01
  parameters:
    arrivalsPerSecond: 0.5
`;

const faults: Record<string, [from: string, to: string, message: RegExp]> = {
  "an unknown key": ["  servers: 1", "  server: 1", /x\.yaml:6:3 scenario\.server is not known.*mean servers\?/],
  "a value of another type": ["servers: 1", "servers: one", /x\.yaml:6:3 scenario\.servers is "one"; a whole number/],
  "a value out of its range": ["0.5", "-1", /x\.yaml:9:5 scenario\.parameters\.arrivalsPerSecond is -1; a number in/],
  "inconsistent values": ["0.5", "5", /x\.yaml:9:5 scenario\.parameters\.arrivalsPerSecond is 5 .* served faster/],
  "an unknown model": ["model: mm1", "model: mm2", /x\.yaml:5:3 scenario\.model is "mm2"; .*did you mean mm1\?/],
  "a line that is indented too far": ["  servers: 1", "   servers: 1", /x\.yaml:\d+:\d+ .*indented too far$/m],
  "a file that is not YAML": ["seed: 1", "seed: [1", /x\.yaml:\d+:\d+ /],
};

for (const [fault, [from, to, message]] of Object.entries(faults)) {
  test(`refused with its file, line and column: ${fault}`, { timeout }, async () => {
    assert.ok(yaml.includes(from));
    await writeFile(join(cwd, "x.yaml"), yaml.replace(from, to));
    await refuses(cwd, ["run", "x.yaml"], message);
  });
}

test("refused with its position: a factor with the name of a column", { timeout }, async () => {
  await writeFile(join(cwd, "x.yaml"), `${yaml}factors:\n  replication: {a: {servers: 1}, b: {servers: 2}}\n`);
  await refuses(cwd, ["run", "x.yaml"], /x\.yaml:\d+:3 factors\.replication would be two columns of/);
});

test("refused: a folder with the name of an experiment file", { timeout }, async () => {
  await mkdir(join(cwd, "x.yaml"));
  await refuses(cwd, ["run", "x.yaml"], /x\.yaml cannot be read: it is a folder/);
});

test("refused: results that cannot be written", { timeout }, async () => {
  await writeFile(join(cwd, "file"), "");
  await refuses(cwd, [...tiny, "--out", "file/below"], /file\/below cannot hold results: it is, or lies below, a file/);
});

test("refused: a folder with foreign files; --force keeps them", { timeout }, async () => {
  await mkdir(join(cwd, "out"));
  await writeFile(join(cwd, "out", "letter.txt"), "Dear all");
  await refuses(cwd, [...tiny, "--out", "out"], /out holds files that spoolsim did not write; .*--out.*--force/);
  assert.equal((await spoolsim(cwd, ...tiny, "--out", "out", "--force")).status, 0);
  assert.equal(await readFile(join(cwd, "out", "letter.txt"), "utf8"), "Dear all");
});

test("refused: other results, which --force replaces; the same results are accepted", { timeout }, async () => {
  const digest = async () => JSON.parse(await readFile(join(cwd, "results/mm1/manifest.json"), "utf8")).digest;
  assert.equal((await spoolsim(cwd, ...tiny)).status, 0);
  const first = await digest();
  await refuses(cwd, [...tiny, "--seed", "2"], /results\/mm1 holds other results \(mm1, seed mm1, .*\); .*--force/);
  assert.equal(await digest(), first);
  assert.equal((await spoolsim(cwd, ...tiny, "--seed", "2", "--force")).status, 0);
  assert.notEqual(await digest(), first);
  const again = await spoolsim(cwd, ...tiny, "--seed", "2");
  assert.deepEqual([again.status, again.stderr], [0, ""]);
  assert.ok((await filesBelow(cwd)).every((name) => !name.includes(".partial")));
});

const cached = async () => (await filesBelow(cwd)).filter((name) => /\.cache\/..\/[0-9a-f]{62}$/.test(name)).length;

test("a killed run leaves no result, and the next run removes its temporary files", { timeout }, async () => {
  const instant = { signal: "SIGKILL", count: 1, file: CACHED } as const;
  assert.equal((await startSignalled(cwd, instant, [...long, "--workers", "1"]).ended).status, null);
  const beside = async () => (await readdir(cwd)).filter((name) => name.startsWith(".")).sort();
  assert.deepEqual(await beside(), [".out.lock", ".out.partial"]);
  assert.equal((await spoolsim(cwd, ...tiny, "--out", "out")).status, 0);
  const names = await readdir(join(cwd, "out"));
  assert.ok(names.includes("manifest.json"));
  assert.deepEqual(await beside(), []);
});

/** 6 design points, 3 replications, 4 servers: 18 runs, of each server by itself. */
const resumable = ["run", "alter-rate", "--replications", "3", "--set", "horizonDays=0.36"];

test("a killed run continues where it was and writes what it would have written", { timeout }, async () => {
  const instant = { signal: "SIGKILL", count: 10, file: CACHED } as const;
  assert.equal((await startSignalled(cwd, instant, [...resumable, "--workers", "2"]).ended).status, null);
  const kept = await cached();
  assert.ok(kept >= 10 && kept < 72, `${kept} of 72 servers were done when it was killed`);
  const resumed = await spoolsim(cwd, ...resumable, "--workers", "2");
  assert.equal(resumed.status, 0);
  const counts = /^(\d+) of 18 runs from the cache(?:, and a part of (\d+))?$/m.exec(resumed.stdout)!;
  const [full, part] = [Number(counts[1]), Number(counts[2] ?? 0)];
  assert.ok(4 * full + part <= kept && kept <= 4 * full + 3 * part, `${counts[0]}: of ${kept} servers`);
  const whole = await spoolsim(cwd, ...resumable, "--out", "whole", "--no-cache", "--workers", "1");
  assert.doesNotMatch(whole.stdout, /cache/);
  assert.deepEqual(await textsOf(join(cwd, "results/alter-rate")), await textsOf(join(cwd, "whole")));
});
