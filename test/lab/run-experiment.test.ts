/**
 * lab/run-experiment.ts: the bytes of results depend on the experiment alone; what goes wrong leaves the folder as it
 * was.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parse } from "csv-parse/sync";
import { runExperiment, type RunOptions } from "../../lab/run-experiment.ts";
import type { Progress } from "../../lab/execution/execution.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { withOverrides, type Overrides } from "../../lab/experiment/override.ts";
import type { Experiment } from "../../lab/experiment/experiment.ts";
import { readManifest, verifyHashes } from "../../lab/results/manifest.ts";
import { resolveScenario } from "../../lab/experiment/scenario.ts";
import { traceOf } from "../../lab/traces/trace.ts";
import { userModelFile } from "../cases/runner.ts";
import { textsOf } from "../support/texts.ts";

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-run-"));
});

afterEach(() => rm(base, { recursive: true }));

async function mm1(overrides: Overrides): Promise<Experiment> {
  return withOverrides(await loadExperiment("mm1"), { replications: 1, ...overrides });
}

/** An experiment with a model of the user's. */
async function ofUser(mistake: "none" | "check", more = false): Promise<Experiment> {
  const model = await userModelFile(base, mistake, more);
  const scenario = `{model: ./${basename(model)}, servers: 3, horizonDays: 0.05, sampleEveryHours: 1}`;
  const file = join(base, "ticks.yaml");
  await writeFile(file, `question: Does it tick?\nseed: 1\nreplications: 2\nscenario: ${scenario}\n`);
  return loadExperiment(file);
}

/** The texts of all result files but manifest.json, by name. */
async function filesOf(
  experiment: Experiment,
  out: string,
  how: Partial<RunOptions> = {},
): Promise<Record<string, string>> {
  const folder = join(base, out);
  const signal = new AbortController().signal;
  await runExperiment(experiment, {
    out: folder,
    workers: 1,
    sliceSize: 1,
    force: false,
    command: "a test",
    signal,
    ...how,
  });
  return textsOf(folder);
}

function rowsOf(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true });
}

test("an output folder that would contain the cache is refused before anything is simulated", async () => {
  const experiment = await mm1({});
  const cache = { folder: join(base, "results", ".cache"), bytesMax: 1e9 };
  const at = (out: string) => filesOf(experiment, out, { cache });
  await assert.rejects(at(""), /: out .*: it would hold the cache, .*; choose another folder, or use no cache$/);
  assert.deepEqual(await readdir(base), []);
  await at("other");
  assert.deepEqual((await readdir(base)).sort(), ["other", "results"]);
});

test("threads, slices and an interleaved trace change no byte", async () => {
  // So many servers that a run has eight of them: slices of 7 are 7 and 1.
  const experiment = await mm1({
    servers: 701,
    only: ["serviceLaw=constant,exponential"],
    set: ["horizonDays=0.0005", "sampleEveryHours=0.005"],
  });
  const expected = await filesOf(experiment, "1");
  const files = ["datapackage.json", "means.csv", "runs.csv", "samples.csv", "servers.csv"];
  assert.deepEqual(Object.keys(expected).sort(), files);
  assert.equal(rowsOf(expected["servers.csv"]).length, 2 * 701);
  const resolved = await resolveScenario(experiment.scenario);
  let events = 0;
  const progress = () => {
    // Between the first results is enough: each trace is a simulation of its own.
    if (events > 100) return;
    for (const _ of traceOf({ resolved, seed: experiment.seed, replication: 0, server: 5 }, 1e7)) events++;
  };
  const ways: Partial<RunOptions>[] = [{ sliceSize: 7, progress }, { workers: 2 }, { workers: 2, sliceSize: 701 }];
  for (const way of ways) assert.deepEqual(await filesOf(experiment, JSON.stringify(way), way), expected);
  assert.ok(events > 0);
});

test("the manifest records the run and the hashes of the files", async () => {
  const experiment = await mm1({ servers: 2, set: ["horizonDays=0.01"] });
  await filesOf(experiment, "out");
  const manifest = await readManifest(join(base, "out"));
  assert.deepEqual([manifest.command, manifest.workers, manifest.experiment.scenario.servers], ["a test", 1, 2]);
  assert.equal(manifest.points.length, 4);
  assert.deepEqual(await verifyHashes(join(base, "out"), manifest), []);
});

test("another server changes no row of the others", async () => {
  const set = ["horizonDays=0.02"];
  const few = rowsOf((await filesOf(await mm1({ servers: 3, set }), "3"))["servers.csv"]);
  const more = rowsOf((await filesOf(await mm1({ servers: 4, set }), "4"))["servers.csv"]);
  assert.deepEqual([few.length, more.length], [4 * 3, 4 * 4]);
  assert.deepEqual(
    more.filter(({ server }) => server !== "3"),
    few,
  );
});

test("another sample time changes no server, and no sample at the other times", async () => {
  const few = await filesOf(await mm1({ servers: 3, set: ["horizonDays=0.02", "sampleEveryHours=0.2"] }), "0.2");
  const more = await filesOf(await mm1({ servers: 3, set: ["horizonDays=0.02", "sampleEveryHours=0.1"] }), "0.1");
  assert.equal(more["servers.csv"], few["servers.csv"]);
  const times = new Set(rowsOf(few["samples.csv"]).map(({ timeUs }) => timeUs));
  assert.equal(times.size, 3);
  const common = rowsOf(more["samples.csv"]).filter(({ timeUs }) => times.has(timeUs));
  assert.deepEqual(common, rowsOf(few["samples.csv"]));
});

test("another response with its own stream changes no other column", async () => {
  const few = rowsOf((await filesOf(await ofUser("none"), "few"))["servers.csv"]);
  const more = rowsOf((await filesOf(await ofUser("none", true), "more"))["servers.csv"]);
  assert.equal(few.length, 2 * 3);
  assert.ok(more.every(({ luck }) => Number(luck) > 0));
  assert.deepEqual(
    more.map(({ luck: _, ...rest }) => rest),
    few,
  );
});

test("progress counts every server and every event", async () => {
  const seen: Progress[] = [];
  const progress = (done: Progress) => void seen.push(done);
  const files = await filesOf(await mm1({ servers: 3, set: ["horizonDays=0.01"] }), "out", { progress });
  const events = rowsOf(files["runs.csv"]).reduce((sum, row) => sum + Number(row.events), 0);
  assert.deepEqual(seen.at(-1), { serversDone: 12, serversRecalled: 0, serversTotal: 12, events });
  assert.ok(seen.every(({ serversDone }, i) => i === 0 || serversDone > seen[i - 1].serversDone));
});

test("a fleet that needs more memory than available is refused before anything runs", async () => {
  const fleet = await mm1({ servers: 1e7, set: ["sampleEveryHours=0.001"] });
  const progress = () => assert.fail("something ran");
  const message =
    /^the samples of one replication may need .* [GT]B of memory and .* [MGT]B are free; use a shorter horizon/;
  await assert.rejects(filesOf(fleet, "out", { progress }), { name: "UserError", message });
  assert.deepEqual(await readdir(base), []);
});

test("a broken invariant and a request to stop leave no folder behind", async () => {
  const broken = await ofUser("check");
  for (const workers of [1, 2]) {
    await assert.rejects(filesOf(broken, "out/of", { workers }), { name: "BrokenInvariant" });
    const controller = new AbortController();
    const how = { workers, signal: controller.signal, progress: () => controller.abort() };
    await assert.rejects(filesOf(await ofUser("none"), "out/of", how), { name: "AbortError" });
  }
  assert.ok(!(await readdir(base)).includes("out"));
});
