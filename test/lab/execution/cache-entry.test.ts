/** lab/execution/cache-entry.ts: what is recalled is what was kept, to the bit; what is damaged is computed anew. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { entryBytes, recall } from "../../../lab/execution/cache-entry.ts";
import { execute, type Run, type RunResult } from "../../../lab/execution/run.ts";

const scenario = { model: "print-servers", servers: 3, horizonDays: 0.5, sampleEveryHours: 6, parameters: {} };
const plain: Run = { point: 2, replication: 1, seed: "a", scenario, first: 1, count: 2, sliceSize: 1 };

let folder: string;
let run: Run;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-entry-"));
  path = join(folder, "below", "entry");
  run = { ...plain, entry: { path, key: "k".repeat(64), about: { experiment: "q", replication: 1 } } };
});

afterEach(() => rm(folder, { recursive: true }));

/** The columns as bytes: some values are not equal to themselves. */
function bytesOf({ eventCounts, digestLow, digestHigh, samples }: RunResult): string[] {
  return [eventCounts, digestLow, digestHigh, samples].map((column) => Buffer.from(column.buffer).toString("hex"));
}

test("a result is stored once and recalled bit for bit", async () => {
  const computed = await execute(plain);
  const kept = await recall(run);
  assert.deepEqual([kept.recalled, kept.notKept], [undefined, undefined]);
  const recalled = await recall(run);
  assert.equal(recalled.recalled, true);
  assert.ok([...computed.samples].some(Number.isNaN));
  for (const result of [kept, recalled]) {
    assert.deepEqual(bytesOf(result), bytesOf(computed));
    assert.deepEqual([result.point, result.replication, result.first, result.count], [2, 1, 1, 2]);
  }
  assert.deepEqual(await readdir(dirname(path)), ["entry"]);
});

test("a recalled result has the design point that requests it, whichever one it was stored for", async () => {
  await recall(run);
  const { point, recalled } = await recall({ ...run, point: 7, sliceSize: 2 });
  assert.deepEqual([point, recalled], [7, true]);
});

test("the size of an entry is known in advance", async () => {
  const { samples } = await recall(run);
  assert.equal((await stat(path)).size, entryBytes(run.entry!, run.count, samples.length));
});

test("a file names its contents in the second line", async () => {
  await recall(run);
  const [hash, about] = (await readFile(path, "latin1")).split("\n");
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.deepEqual(JSON.parse(about), { key: "k".repeat(64), experiment: "q", replication: 1 });
});

test("a damaged file is computed and stored again", async () => {
  const computed = bytesOf(await recall(run));
  const whole = await readFile(path);
  const flipped = (at: number) => {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 1;
    return bytes;
  };
  const damaged = [
    Buffer.alloc(0),
    whole.subarray(0, whole.length - 1),
    Buffer.concat([whole, Buffer.from("x")]),
    flipped(3),
    flipped(70),
    flipped(whole.length - 1),
    Buffer.from("not ours\n"),
  ];
  for (const bytes of damaged) {
    await writeFile(path, bytes);
    const again = await recall(run);
    assert.deepEqual([again.recalled, again.notKept, bytesOf(again)], [undefined, undefined, computed]);
    assert.deepEqual(await readFile(path), whole);
  }
});

test("a complete file of another run is not accepted either", async () => {
  await recall(run);
  const other = { ...run, entry: { ...run.entry!, key: "o".repeat(64) } };
  assert.equal((await recall(other)).recalled, undefined);
});

test("a folder that cannot be written to loses the entry, not the result", async () => {
  await writeFile(join(folder, "below"), "a file where a folder should be");
  const result = await recall(run);
  assert.match(result.notKept!, /^\/.*below\b.* cannot be written \(it is(, or lies below,)? a file\)$/);
  assert.deepEqual(bytesOf(result), bytesOf(await execute(plain)));
});

test("the time of its last use is noted", async () => {
  await recall(run);
  await utimes(path, 1000, 1000);
  await recall(run);
  assert.ok((await stat(path)).mtimeMs > 1e6);
});
