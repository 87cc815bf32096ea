/** lab/execution/cache-merge.ts: whole entries are copied, once; damaged ones are named, and replaced. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { recall } from "../../../lab/execution/cache-entry.ts";
import { listCache } from "../../../lab/execution/cache.ts";
import { mergeCache } from "../../../lab/execution/cache-merge.ts";

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "spoolsim-merge-"));
});

afterEach(() => rm(base, { recursive: true }));

const none = { copied: 0, known: 0, damaged: [], contradicting: [] };
const scenario = { model: "mm1", servers: 1, horizonDays: 0.001, sampleEveryHours: 1, parameters: {} };

/** Keeps a result under this key; the path of its file. */
async function keep(folder: string, key: string, seed = "a"): Promise<string> {
  const path = join(base, folder, key.slice(0, 2), key.slice(2));
  const run = { point: 0, replication: 0, seed, scenario, first: 0, count: 1, sliceSize: 1 };
  await recall({ ...run, entry: { path, key, about: {} } });
  return path;
}

test("complete entries are copied once, and damaged ones are named and not copied", async () => {
  const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64));
  const [, path, damaged] = [await keep("from", a), await keep("from", b), await keep("from", c)];
  await keep("into", a);
  await writeFile(damaged, (await readFile(damaged)).subarray(0, -1));
  const [from, into] = [join(base, "from"), join(base, "into")];
  assert.deepEqual(await mergeCache(from, into), { ...none, copied: 1, known: 1, damaged: [damaged] });
  assert.deepEqual(await readFile(join(into, "bb", b.slice(2))), await readFile(path));
  assert.deepEqual((await readdir(into)).sort(), ["aa", "bb"]);
});

test("an entry under another's name counts as damaged, and a damaged entry in the folder is replaced", async () => {
  const [a, b] = ["a", "b"].map((digit) => digit.repeat(64));
  const good = await keep("from", a);
  const wrong = join(base, "from", "bb", b.slice(2));
  await keep("from", b);
  await writeFile(wrong, await readFile(good));
  const target = await keep("into", a);
  await writeFile(target, "damaged");
  assert.deepEqual(await mergeCache(join(base, "from"), join(base, "into")), {
    ...none,
    copied: 1,
    damaged: [wrong],
  });
  assert.deepEqual(await readFile(target), await readFile(good));
});

test("of two complete entries with one key and different results, the existing one is kept and the other is named", async () => {
  const key = "a".repeat(64);
  const [other, there] = [await keep("from", key, "b"), await keep("into", key)];
  const before = await readFile(there);
  const merged = await mergeCache(join(base, "from"), join(base, "into"));
  assert.deepEqual(merged, { ...none, contradicting: [other] });
  assert.deepEqual(await readFile(there), before);
});

test("a pipe or a device in place of an entry counts as damaged, and nothing waits for it", async () => {
  const [a, b] = ["a", "b"].map((digit) => digit.repeat(64));
  const [pipe, device] = [await keep("from", a), await keep("from", b)];
  await rm(pipe);
  execFileSync("mkfifo", [pipe]);
  await rm(device);
  await symlink("/dev/zero", device);
  const from = join(base, "from");
  assert.deepEqual(await mergeCache(from, join(base, "into")), { ...none, damaged: [pipe, device] });
  assert.equal((await listCache(from))[0].runs, 2);
});
