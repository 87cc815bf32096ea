/** lab/verify.ts: results are those that the program computes, or it names those that are not. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { runExperiment } from "../../lab/run-experiment.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { withOverrides } from "../../lab/experiment/override.ts";
import { programVersion } from "../../lab/program.ts";
import { verifyResults } from "../../lab/verify.ts";

const options = { workers: 1, sliceSize: 1, command: "a test", signal: new AbortController().signal };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-verify-test-"));
  // 4 design points of 2 replications of 3 queues.
  const small = { replications: 2, servers: 3, set: ["horizonDays=0.02"] };
  await runExperiment(withOverrides(await loadExperiment("mm1"), small), { ...options, out: folder, force: false });
});

afterEach(() => rm(folder, { recursive: true }));

async function change(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(folder, file), "utf8");
  const changed = text.replace(from, to);
  assert.notEqual(changed, text);
  await writeFile(join(folder, file), changed);
}

test("unchanged results are identical to the byte, all of them and in a sample", async () => {
  const { compared, differences, manifest } = await verifyResults(folder, undefined, options);
  assert.deepEqual([compared, differences], [`${manifest.files.length} files`, []]);
  const sample = await verifyResults(folder, 3, { ...options, sliceSize: 2 });
  assert.deepEqual([sample.compared, sample.differences], ["3 of 8 runs", []]);
  assert.equal((await verifyResults(folder, 99, options)).compared, "8 of 8 runs");
});

test("a changed byte of servers.csv is reported: the file by its hash, the row by its line and replay command", async () => {
  // The digest of the last row: line 25, after the header and 4 x 2 x 3 rows.
  await change("servers.csv", /[0-9a-f]\n$/, "x\n");
  const { differences } = await verifyResults(folder, 8, options);
  assert.equal(differences.length, 2);
  assert.match(differences[0], /^servers\.csv has sha256 [0-9a-f]{64}; manifest\.json says [0-9a-f]{64}$/);
  const replay = "spoolsim replay manifest.json --at serviceLaw=hyperexponential --replication 1";
  assert.equal(differences[1], `servers.csv line 25: ${replay} gives another row`);
});

test("a sample ignores the rows of other runs", async () => {
  await change("servers.csv", /[0-9a-f]\n$/, "x\n");
  const { compared, differences } = await verifyResults(folder, 1, options);
  assert.deepEqual([compared, differences.length], ["1 of 8 runs", 1]);
});

test("a changed or missing file of any kind is reported by name", async () => {
  await change("samples.csv", "0", "1");
  await rm(join(folder, "means.csv"));
  const { differences } = await verifyResults(folder, 1, options);
  assert.deepEqual(
    differences.map((line) => line.split(" ")[0]),
    ["samples.csv", "means.csv"],
  );
});

test("results of another version, or of another experiment than the manifest names, are reported", async () => {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as object;
  const old = { ...manifest, version: "0.0.0", commit: "0123456789ab" };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(old, null, 2));
  const older = await verifyResults(folder, 1, options);
  assert.deepEqual(older.differences, [
    `written by version 0.0.0; this is ${programVersion}; ` +
      "git checkout 0123456789ab in a clone of spoolsim gives that version",
  ]);
  await change("manifest.json", `"seed": "mm1"`, `"seed": "mm2"`);
  const { differences } = await verifyResults(folder, undefined, options);
  assert.ok(differences.some((line) => /^servers\.csv: sha256 [0-9a-f]{64} was written, [0-9a-f]{64} now$/.test(line)));
});

test("a request to stop ends a verification", async () => {
  for (const sample of [1, undefined]) {
    const stopped = verifyResults(folder, sample, { ...options, signal: AbortSignal.abort() });
    await assert.rejects(stopped, { name: "AbortError" });
  }
});
