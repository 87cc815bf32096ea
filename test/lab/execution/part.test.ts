/**
 * lab/execution/part.ts: an experiment in parts writes the bytes of one machine, whatever is lost on the way, and a
 * part that cannot keep its results says so.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import { computePart, missingParts } from "../../../lab/execution/part.ts";
import { mergeCache } from "../../../lab/execution/cache-merge.ts";
import { runExperiment, type CompletedRun } from "../../../lab/run-experiment.ts";
import { textsOf } from "../../support/texts.ts";

const { signal } = new AbortController();
const machine = { workers: 1, sliceSize: 64, signal };

let base: string;
let experiment: Experiment;
/** What one machine writes. */
let expected: Record<string, string>;

before(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-part-"));
  experiment = withOverrides(await loadExperiment("q223863"), { quick: true, set: ["horizonDays=0.35"] });
  expected = (await ran()).texts;
});

after(() => rm(base, { recursive: true }));

let folders = 0;
let cache: string;

beforeEach(() => {
  cache = join(base, `cache-${folders++}`);
});

async function ran(folder?: string): Promise<CompletedRun & { texts: Record<string, string> }> {
  const out = join(base, `out-${folders++}`);
  const space = folder === undefined ? undefined : { folder, bytesMax: Infinity };
  const all = await runExperiment(experiment, { ...machine, out, force: false, command: "-", cache: space });
  return { ...all, texts: await textsOf(out) };
}

/** 8 design points, 2 replications, 2 servers, of which each is a run. */
const RUNS = 32;

for (const of of [1, 4, 16]) {
  test(`${of} parts, one lost and computed again, write the same bytes as one machine`, async () => {
    const lost = join(base, `lost-${of}`);
    let runs = 0;
    for (let number = 1; number <= of; number++) {
      const folder = number === of ? lost : cache;
      runs += (await computePart(experiment, { number, of }, folder, machine)).runs;
    }
    assert.equal(runs, RUNS);
    assert.deepEqual(await missingParts(experiment, of, cache), [of]);
    await rm(lost, { recursive: true });
    await computePart(experiment, { number: of, of }, cache, machine);
    assert.deepEqual(await missingParts(experiment, of, cache), []);
    const { recalled, texts } = await ran(cache);
    assert.equal(recalled, 16);
    assert.deepEqual(texts, expected);
  });
}

test("computing a part again simulates nothing, and parts may overlap", async () => {
  const once = await computePart(experiment, { number: 2, of: 4 }, cache, machine);
  const again = await computePart(experiment, { number: 2, of: 4 }, cache, { ...machine, workers: 2 });
  // Of eight parts the second and the sixth are the second of four.
  const finer = await computePart(experiment, { number: 6, of: 8 }, cache, machine);
  assert.deepEqual(once, { runs: 8, recalled: 0 });
  assert.deepEqual(again, { runs: 8, recalled: 8 });
  assert.deepEqual(finer, { runs: 4, recalled: 4 });
});

test("there may be more parts than runs", async () => {
  assert.deepEqual(await computePart(experiment, { number: 40, of: 40 }, cache, machine), { runs: 0, recalled: 0 });
});

test("parts of several machines are merged, and damaged entries are computed again", async () => {
  const folders = [join(cache, "a"), join(cache, "b")];
  for (const [i, folder] of folders.entries()) await computePart(experiment, { number: i + 1, of: 2 }, folder, machine);
  const [damaged] = (await readdir(folders[0], { recursive: true })).filter((name) => name.length > 3);
  await writeFile(join(folders[0], damaged), "damaged");
  const into = join(cache, "all");
  for (const folder of folders) await mergeCache(folder, into);
  assert.equal((await missingParts(experiment, RUNS, into)).length, 1);
  const { recalled, mixed, texts } = await ran(into);
  assert.deepEqual([recalled, mixed, texts], [15, 1, expected]);
});

test("a part cannot have a stopping rule", async () => {
  const until = { response: "processorsLeaked", relativeHalfWidth: 0.05, min: 2, max: 9 };
  const part = computePart({ ...experiment, until }, { number: 1, of: 2 }, cache, machine);
  await assert.rejects(part, { name: "UserError", message: / with replications, / });
});

test("a part refuses a module whose runs would not be stored", async () => {
  const own = 'import "node:fs";\nexport default { name: "own", meaning: "-", open() {}, close() {}, ';
  await writeFile(join(base, "own.mjs"), `${own} enterAlteration() {}, leaveAlteration() {} };`);
  const scenario = "{model: print-servers, horizonDays: 0.1, parameters: {spooler: ./own.mjs}}";
  await writeFile(join(base, "own.yaml"), `question: q\nseed: 1\nreplications: 1\nscenario: ${scenario}\n`);
  const part = computePart(await loadExperiment(join(base, "own.yaml")), { number: 1, of: 1 }, cache, machine);
  await assert.rejects(part, {
    name: "UserError",
    message: /^no part can be computed: results are not kept: .*own\.mjs/,
  });
});

test("a part names the entry that it cannot write, and its replication", async () => {
  await computePart(experiment, { number: 1, of: RUNS }, cache, machine);
  const [entry] = (await readdir(cache, { recursive: true })).filter((name) => name.length > 3);
  const path = join(cache, entry);
  await rm(path);
  await mkdir(path);
  const message = `a result of design point 0, replication 0 is not kept: ${path} cannot be written (it is a folder)`;
  await assert.rejects(computePart(experiment, { number: 1, of: 1 }, cache, machine), { name: "UserError", message });
});

test("a part refuses a folder that cannot be created, and results that do not fit on the disk", async () => {
  await writeFile(cache, "a file where a folder should be");
  const part = { number: 1, of: 1 };
  await assert.rejects(computePart(experiment, part, cache, machine), {
    message: /^the cache .* cannot be read: it is/,
  });
  // 100,000 samples of every server.
  const large = withOverrides(experiment, { servers: 10_000, set: ["sampleEveryHours=0.00024"] });
  const refused = computePart(large, { number: 1, of: 1 }, `${cache}-large`, machine);
  await assert.rejects(refused, {
    message: /the results of this part take .* [GT]B and the disk of .* has .* [MGT]B free/,
  });
});
