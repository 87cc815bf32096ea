/**
 * lab/execution/cache.ts: what determines a result determines its entry, and nothing else does; the folder keeps its
 * bound.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { clearCache, listCache, RunCache } from "../../../lab/execution/cache.ts";
import { runExperiment, type CompletedRun } from "../../../lab/run-experiment.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides, type Overrides } from "../../../lab/experiment/override.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import { execute, type Run } from "../../../lab/execution/run.ts";
import { runsOf } from "../../../lab/execution/partition.ts";
import { planResults } from "../../../lab/experiment/plan.ts";
import { wordingText } from "../../../lab/user-error.ts";
import { textsOf } from "../../support/texts.ts";

let base: string;
let folder: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-cache-"));
  folder = join(base, "cache");
});

afterEach(() => rm(base, { recursive: true }));

async function mm1(overrides: Overrides): Promise<Experiment> {
  const own = overrides.set ?? [];
  const set = own.some((one) => one.startsWith("horizonDays=")) ? own : ["horizonDays=0.01", ...own];
  return withOverrides(await loadExperiment("mm1"), { replications: 2, servers: 2, ...overrides, set });
}

let outs = 0;

/** Runs it into a folder of its own, with the cache or without; the texts of its tables. */
async function ran(
  experiment: Experiment,
  bytesMax: number | undefined = 1e9,
  workers = 1,
): Promise<CompletedRun & { texts: Record<string, string> }> {
  const out = join(base, `out-${outs++}`);
  const signal = new AbortController().signal;
  const cache = bytesMax === 0 ? undefined : { folder, bytesMax };
  const all = await runExperiment(experiment, {
    out,
    workers,
    sliceSize: 1,
    force: false,
    command: "-",
    signal,
    cache,
  });
  return { ...all, texts: await textsOf(out) };
}

/** The keys of an experiment's runs. */
async function keysOf(experiment: Experiment): Promise<(string | undefined)[]> {
  const plan = planResults(experiment, await designPoints(experiment));
  const cache = await RunCache.open({ folder, bytesMax: 1e9 }, plan);
  return [...runsOf(plan, 1)].map((run: Run) => cache.reserve(run).entry?.key);
}

test("the result of a run is found once it was stored, and not while its file is damaged", async () => {
  const experiment = await mm1({});
  const plan = planResults(experiment, await designPoints(experiment));
  const cache = await RunCache.open({ folder, bytesMax: 1e9 }, plan);
  const [run] = runsOf(plan, 1);
  assert.equal(await cache.resultOf(run), undefined);
  await ran(experiment);
  const { samples } = await execute(run);
  assert.deepEqual((await cache.resultOf(run))?.samples, samples);
  await writeFile(cache.reserve(run).entry!.path, "damaged");
  assert.equal(await cache.resultOf(run), undefined);
});

test("running an experiment again recalls every run and writes the same bytes", async () => {
  const plain = await ran(await mm1({}), 0);
  const first = await ran(await mm1({}));
  const second = await ran(await mm1({}), 1e9, 2);
  assert.deepEqual([plain.runs, plain.recalled], [8, 0]);
  assert.deepEqual([first.runs, first.recalled], [8, 0]);
  assert.deepEqual([second.runs, second.recalled], [8, 8]);
  assert.deepEqual(first.texts, plain.texts);
  assert.deepEqual(second.texts, plain.texts);
});

test("more replications, points and servers simulate only their own runs and leave the other rows unchanged", async () => {
  const few = await ran(await mm1({ replications: 10 }));
  const rowsOf = ({ texts }: { texts: Record<string, string> }) => texts["servers.csv"].split("\n");
  const cases: [Overrides, runs: number, recalled: number, mixed: number][] = [
    [{ replications: 20 }, 80, 40, 0],
    [{ replications: 20, servers: 3 }, 80, 0, 80],
  ];
  for (const [overrides, runs, recalled, mixed] of cases) {
    const more = await ran(await mm1(overrides));
    assert.deepEqual([more.runs, more.recalled, more.mixed], [runs, recalled, mixed]);
    assert.deepEqual(more.texts, (await ran(await mm1(overrides), 0)).texts);
    const rows = new Set(rowsOf(more));
    assert.ok(rowsOf(few).every((row) => rows.has(row)));
  }
});

test("exactly what determines a result determines its key", async () => {
  const keys = await keysOf(await mm1({}));
  assert.equal(new Set(keys).size, 16);
  assert.ok(keys.every((key) => /^[0-9a-f]{64}$/.test(key ?? "")));
  for (const other of [{ seed: "b" }, { set: ["arrivalsPerSecond=0.7"] }, { set: ["horizonDays=0.02"] }]) {
    const others = new Set(await keysOf(await mm1(other)));
    assert.ok(
      keys.every((key) => !others.has(key)),
      JSON.stringify(other),
    );
  }
});

test("the name, the question and the order of points do not change the identity", async () => {
  const experiment = await mm1({});
  const [factor] = experiment.factors;
  const renamed = { ...experiment, name: "other", question: "?", replications: 3 };
  const turned = { ...renamed, factors: [{ ...factor, levels: [...factor.levels].reverse() }] };
  const keys = new Set(await keysOf(turned));
  assert.ok((await keysOf(experiment)).every((key) => keys.has(key)));
});

const spooler = 'export default { name: "own", meaning: "-", open() {}, enterAlteration() {}, leaveAlteration() {}, ';

/** An experiment with a spooler of the user's. */
async function ofUser(module: string): Promise<Experiment> {
  await writeFile(join(base, "own.mjs"), module);
  const scenario = "{model: print-servers, horizonDays: 0.1, parameters: {spooler: ./own.mjs}}";
  await writeFile(join(base, "own.yaml"), `question: q\nseed: 1\nreplications: 1\nscenario: ${scenario}\n`);
  return loadExperiment(join(base, "own.yaml"));
}

test("a user's module is identified by its bytes", async () => {
  const [key] = await keysOf(await ofUser(`${spooler} close() {} };`));
  const [same] = await keysOf(await ofUser(`${spooler} close() {} };`));
  const [other] = await keysOf(await ofUser(`${spooler} close() { return; } };`));
  assert.ok(key !== undefined && key === same && other !== undefined && key !== other);
});

test("results of a module that may depend on others are not stored, and the run says so", async () => {
  const experiment = await ofUser(`${spooler} close() {} };\nimport "node:fs";`);
  const { recalled, cacheTrouble } = await ran(experiment);
  assert.equal(recalled, 0);
  const expected = `results are not kept: ${join(base, "own.mjs")} imports node:fs, which may change unseen`;
  assert.equal(wordingText(cacheTrouble!), expected);
  assert.deepEqual((await ran(experiment)).recalled, 0);
});

async function sizeOf(): Promise<{ entries: string[]; bytes: number }> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.length > 3);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { entries: names, bytes: sizes.reduce((sum, size) => sum + Math.ceil(size / 4096) * 4096, 0) };
}

test("the folder keeps its limit: the least recently used entries go, and an experiment keeps its own", async () => {
  await ran(await mm1({ seed: "old" }));
  const { entries: old } = await sizeOf();
  assert.equal(old.length, 16);
  for (const name of old) await utimes(join(folder, name), 1000, 1000);
  await ran(await mm1({ seed: "new" }), 20 * 4096);
  const { entries, bytes } = await sizeOf();
  assert.deepEqual([entries.length, bytes], [20, 20 * 4096]);
  assert.equal(entries.filter((name) => old.includes(name)).length, 4);
  assert.equal((await ran(await mm1({ seed: "new" }), 20 * 4096)).recalled, 8);
});

test("an experiment keeps its own entries, including those that it has not reached yet", async () => {
  const experiment = await mm1({});
  await ran(experiment);
  const [first] = await keysOf(experiment);
  await rm(join(folder, first!.slice(0, 2), first!.slice(2)));
  const { recalled, mixed, cacheTrouble } = await ran(experiment, 15 * 4096);
  assert.deepEqual([recalled, mixed], [7, 1]);
  assert.match(wordingText(cacheTrouble!), /^some results are not kept: the limit of .* is 61\.4 kB; see cacheMax$/);
});

test("an experiment larger than the limit keeps what fits, and the run says so", async () => {
  const first = await ran(await mm1({}), 5 * 4096);
  assert.match(
    wordingText(first.cacheTrouble!),
    /^not all results can be kept: they need 32\.8 kB, and the limit of .* is 20\.5 kB; see cacheMax$/,
  );
  const second = await ran(await mm1({}), 5 * 4096);
  assert.deepEqual([second.recalled, second.mixed, second.texts], [2, 1, first.texts]);
});

test("an entry that cannot be written is reported in one line, and costs no result and no other entry", async () => {
  const experiment = await mm1({});
  const [key] = await keysOf(experiment);
  const path = join(folder, key!.slice(0, 2), key!.slice(2));
  await mkdir(path, { recursive: true });
  const { cacheTrouble, texts } = await ran(experiment);
  const why = `${path} cannot be written (it is a folder)`;
  assert.equal(wordingText(cacheTrouble!), `results not kept: 1; the first: ${why}`);
  assert.deepEqual(texts, (await ran(experiment, 0)).texts);
  const again = await ran(experiment);
  assert.deepEqual([again.recalled, again.mixed, again.texts], [7, 1, texts]);
});

test("an unreadable folder is not treated as empty", async () => {
  await writeFile(folder, "a file where a folder should be");
  const message = `the cache ${folder} cannot be read: it is, or lies below, a file`;
  const experiment = await mm1({});
  for (const use of [() => ran(experiment), () => listCache(folder), () => clearCache(folder)]) {
    await assert.rejects(use, { name: "UserError", message });
  }
});

test("the list groups runs by experiment, model and seed, and clear removes exactly the selected ones", async () => {
  assert.deepEqual([await listCache(folder), await clearCache(folder)], [[], 0]);
  await ran(await mm1({ seed: "a" }));
  await ran(await mm1({ seed: "b", replications: 1 }));
  const group = { experiment: "mm1", model: "mm1" };
  assert.deepEqual(await listCache(folder), [
    { ...group, seed: "a", runs: 16, bytes: 16 * 4096 },
    { ...group, seed: "b", runs: 8, bytes: 8 * 4096 },
  ]);
  await mkdir(join(folder, "mine"));
  await writeFile(join(folder, "mine", "letter.txt"), "Dear all");
  assert.equal(await clearCache(folder), 24);
  assert.deepEqual((await readdir(folder, { recursive: true })).sort(), ["mine", join("mine", "letter.txt")]);
});

test("half-written files of an ended process of this machine are removed", async () => {
  await ran(await mm1({}));
  const {
    entries: [entry],
  } = await sizeOf();
  const here = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  const [folderOf, name] = entry.split("/");
  const partial = (host: string, pid: number) => `${folderOf}/.${name}.partial-${host}-${pid}-0-0`;
  const [dead, alive, elsewhere] = [partial(here, 4194305), partial(here, process.ppid), partial("00000000", 4194305)];
  for (const name of [dead, alive, elsewhere]) await writeFile(join(folder, name), "half");
  await listCache(folder);
  const { entries } = await sizeOf();
  assert.deepEqual(
    [dead, alive, elsewhere].map((name) => entries.includes(name)),
    [false, true, true],
  );
});
