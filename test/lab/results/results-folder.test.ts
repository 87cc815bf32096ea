/** lab/results/results-folder.ts: results are whole, or not there. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import fs, { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import { readManifest, verifyHashes, type Manifest } from "../../../lab/results/manifest.ts";
import { ResultsFolder } from "../../../lab/results/results-folder.ts";
import { serversTable } from "../../../lab/results/servers-table.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { arriving, experiment, otherPlan, plan, resultOf, results } from "../../support/fake-results.ts";

const ALL = [
  "comparison.csv",
  "datapackage.json",
  "leak-rates.csv",
  "log-rank.csv",
  "manifest.json",
  "means.csv",
  "runs.csv",
  "samples.csv",
  "servers.csv",
  "survival.csv",
];

let base: string;
/** Does not exist yet. */
let folder: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-results-"));
  folder = join(base, "results", "fake");
});

afterEach(() => rm(base, { recursive: true }));

async function finished(of: Plan = plan, force = false): Promise<Manifest> {
  const target = await ResultsFolder.prepare(folder, of, "1.0.0", force);
  const { events, digest } = await aggregateResults(of, arriving(results), (table) => target.openTable(table));
  const startedAt = new Date(Date.now() - 5000).toISOString();
  return target.finish({ command: "spoolsim run fake", events, digest, workers: 2, startedAt });
}

async function texts(): Promise<Record<string, string>> {
  const held: Record<string, string> = {};
  for (const name of await readdir(folder)) held[name] = await readFile(join(folder, name), "utf8");
  return held;
}

test("a finished folder holds every table, its description, and nothing partial", async () => {
  await finished();
  assert.deepEqual((await readdir(folder)).sort(), ALL);
});

test("the manifest records the simulation and the hash of every other file", async () => {
  const manifest = await finished();
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), await readManifest(folder));
  assert.deepEqual(
    manifest.files.map(({ path }) => path).sort(),
    ALL.filter((name) => name !== "manifest.json"),
  );
  assert.deepEqual(await verifyHashes(folder, manifest), []);
  const servers = manifest.files.find(({ path }) => path === "servers.csv");
  assert.equal(servers?.rows, 12);
  assert.equal(servers?.bytes, (await readFile(join(folder, "servers.csv"))).length);
  assert.deepEqual(manifest.experiment, { ...experiment, positions: {} });
  assert.deepEqual(Object.keys(manifest.points[1]), ["index", "levels", "scenario"]);
  assert.ok(manifest.elapsedSeconds >= 5);
});

test("the same results are written again to the same bytes, except for the manifest", async () => {
  await finished();
  const { "manifest.json": _, ...first } = await texts();
  await finished();
  const { "manifest.json": __, ...second } = await texts();
  assert.deepEqual(second, first);
});

test("other results are refused in one line, and nothing is changed", async () => {
  await finished();
  const held = await texts();
  await assert.rejects(ResultsFolder.prepare(folder, otherPlan, "1.0.0", false), {
    name: "UserError",
    message:
      `${folder} holds other results (Fake, small, seed 1, 2 design points, 2 replications, 3 servers, ` +
      "spoolsim 1.0.0); choose another with out, or use force",
  });
  await assert.rejects(ResultsFolder.prepare(folder, plan, "1.0.1", false), { name: "UserError" });
  assert.deepEqual(await texts(), held);
});

test("files without a manifest are refused, and nothing is changed", async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "thesis.txt"), "ten years");
  await assert.rejects(ResultsFolder.prepare(folder, plan, "1.0.0", false), {
    name: "UserError",
    message: `${folder} holds files that spoolsim did not write; choose another with out, or use force`,
  });
  assert.deepEqual(await texts(), { "thesis.txt": "ten years" });
});

test("force replaces other results and keeps foreign files", async () => {
  await finished();
  await writeFile(join(folder, "thesis.txt"), "ten years");
  const { compare: _, ...alone } = otherPlan.experiment;
  const manifest = await finished({ ...otherPlan, experiment: alone }, true);
  assert.deepEqual((await readdir(folder)).sort(), [
    ...ALL.filter((name) => !["comparison.csv", "log-rank.csv"].includes(name)),
    "thesis.txt",
  ]);
  assert.equal((await readManifest(folder)).experiment.seed, "2");
  assert.deepEqual(await verifyHashes(folder, manifest), []);
});

test("results that appeared in the meantime are kept", async () => {
  const late = await ResultsFolder.prepare(folder, otherPlan, "1.0.0", false);
  const own = folder;
  folder = join(base, "results", "others");
  await finished();
  await rename(folder, own);
  folder = own;
  const result = { command: "", events: 0, digest: "", workers: 1, startedAt: new Date().toISOString() };
  await assert.rejects(late.finish(result), { name: "UserError" });
  await late.discard();
  assert.deepEqual((await readdir(folder)).sort(), ALL);
  assert.equal((await readManifest(folder)).experiment.seed, "1");
  assert.deepEqual(await readdir(join(base, "results")), ["fake"]);
});

test("a table in another format is kept while it is up to date", async () => {
  await finished();
  await writeFile(join(folder, "runs.parquet"), "");
  await finished();
  assert.ok(existsSync(join(folder, "runs.parquet")));
  await finished(otherPlan, true);
  assert.ok(!existsSync(join(folder, "runs.parquet")));
});

test("a replacement that a killed process left half done is completed by the next process", async () => {
  const former = join(base, "results", ".fake.former");
  await finished();
  const first = await texts();
  await rename(folder, former);
  const target = await ResultsFolder.prepare(folder, plan, "1.0.0", false);
  assert.deepEqual(await texts(), first, "the former results are back");
  await target.discard();
  await rename(folder, former);
  await writeFile(join(former, "thesis.txt"), "ten years");
  const { compare: _, ...alone } = otherPlan.experiment;
  // The lock of a killed process blocks nobody; nothing is put back here, because the new folder exists.
  await mkdir(folder);
  await finished({ ...otherPlan, experiment: alone }, true);
  assert.deepEqual((await readdir(folder)).sort(), [
    ...ALL.filter((name) => !["comparison.csv", "log-rank.csv"].includes(name)),
    "thesis.txt",
  ]);
  assert.deepEqual(await readdir(join(base, "results")), ["fake"]);
});

test("if the new folder cannot take its name, the former results get theirs back", async () => {
  await finished();
  const former = await texts();
  const sound = fs.rename;
  const refusing = mock.method(fs, "rename", async (from: string, to: string) => {
    if (from.endsWith(".fake.partial")) throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "rename" });
    return sound(from, to);
  });
  syncBuiltinESMExports();
  try {
    await assert.rejects(finished(otherPlan, true), { name: "UserError", message: /cannot hold results: EIO/ });
    assert.deepEqual(await texts(), former);
  } finally {
    refusing.mock.restore();
    syncBuiltinESMExports();
  }
});

test("a folder that contains the working directory is refused, because it could not be replaced", async () => {
  await assert.rejects(ResultsFolder.prepare(process.cwd(), plan, "1.0.0", true), {
    name: "UserError",
    message: `${process.cwd()} holds the working directory, which cannot be replaced; choose a folder in it`,
  });
});

test("a path that is a file, or lies below one, is refused before anything is simulated", async () => {
  const file = join(base, "file");
  await writeFile(file, "");
  for (const path of [file, join(file, "below"), join(file, "far", "below")]) {
    await assert.rejects(ResultsFolder.prepare(path, plan, "1.0.0", false), {
      name: "UserError",
      message: `${path} cannot hold results: it is, or lies below, a file; results go to a folder`,
    });
  }
});

test("a folder that cannot be created next to others is refused without endless retries", async () => {
  const impossible = existsSync("/proc/self") ? "/proc/none/results" : join(base, "a\u0000b");
  await assert.rejects(ResultsFolder.prepare(impossible, plan, "1.0.0", false), /cannot hold results|null bytes/);
});

test("discarded results leave nothing, not even new folders", async () => {
  const target = await ResultsFolder.prepare(folder, plan, "1.0.0", false);
  const writer = await target.openTable(serversTable(plan));
  await writer.write([{ point: plan.points[0], result: resultOf(0, 0, 0, 3), index: 0 }]);
  await writer.flush();
  await target.discard();
  assert.deepEqual(await readdir(base), []);
});

test("discarding keeps the former contents", async () => {
  await finished();
  const held = await texts();
  const target = await ResultsFolder.prepare(folder, plan, "1.0.0", false);
  await target.openTable(serversTable(plan));
  await target.discard();
  assert.deepEqual(await texts(), held);
});

test("a killed process leaves no file under a final name, and the next run removes its temporary files", async () => {
  const script = `
    const { ResultsFolder } = await import(${JSON.stringify(new URL("../../../lab/results/results-folder.js", import.meta.url))});
    const { serversTable } = await import(${JSON.stringify(new URL("../../../lab/results/servers-table.js", import.meta.url))});
    const { plan, resultOf } = await import(${JSON.stringify(new URL("../../support/fake-results.js", import.meta.url))});
    const target = await ResultsFolder.prepare(${JSON.stringify(folder)}, plan, "1.0.0", false);
    const writer = await target.openTable(serversTable(plan));
    await writer.write([{ point: plan.points[0], result: resultOf(0, 0, 0, 3), index: 0 }]);
    await writer.flush();
    console.log("written");
    setInterval(() => {}, 1000);
  `;
  const flags = ["--input-type=module", "--eval", script];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.deepEqual((await readdir(join(base, "results"))).sort(), [".fake.lock", ".fake.partial"]);
  await finished();
  assert.deepEqual((await readdir(folder)).sort(), ALL);
  assert.deepEqual(await readdir(join(base, "results")), ["fake"]);
});
