/** Damaged results folders: one or two mutations in a file of a small folder, and what its readers may say of them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readResults } from "../../lab/reports/results-reader.ts";
import { resourcesOf } from "../../lab/results/data-package-reader.ts";
import { readManifest } from "../../lab/results/manifest.ts";
import { writeParquetTables } from "../../lab/results/parquet.ts";
import { UserError } from "../../lab/user-error.ts";
import { queues, remove, resultsOf } from "../support/small-results.ts";

/** Numbers in [0, 1) that are the same every time (Park and Miller's minimal standard). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const values = [
  null,
  -1,
  0,
  0.5,
  1e308,
  1e7,
  "",
  "x",
  "../../x",
  "/tmp/x.mjs",
  "\u001b[2J\u202e",
  [],
  {},
  true,
  [null],
];
const cells = ["", "x", "-1", "1e308", '"', '"a', "1,2", "\n", "\r\n", "\ufeff", "NaN", "99999999999999999999"];

/** A value with one of its parts removed or replaced. */
export function mutated(value: unknown, next: () => number): unknown {
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)];
  if (typeof value !== "object" || value === null || next() < 0.15) return pick(values);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  const keys = Object.keys(copy);
  if (keys.length === 0) return pick(values);
  const key = pick(keys) as keyof typeof copy;
  if (next() < 0.1) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
  } else copy[key] = mutated(copy[key], next) as never;
  return copy;
}

/** Damages so many copies of a folder, and asks every reader. @throws AssertionError at one that is not reported */
export async function damagedFolders(count: number): Promise<void> {
  const next = random(20260101);
  const whole = await resultsOf(queues);
  const base = await mkdtemp(join(tmpdir(), "spoolsim-damage-"));
  const folder = join(base, "o");
  const read = (name: string) => readFile(join(whole, name), "utf8");
  try {
    await cp(whole, folder, { recursive: true });
    const manifest = JSON.parse(await read("manifest.json")) as { files: { path: string; sha256: string }[] };
    const tables = manifest.files.map(({ path }) => path).filter((path) => path.endsWith(".csv"));
    for (let i = 0; i < count; i++) {
      const kind = i % 3;
      const name = kind === 0 ? "manifest.json" : kind === 1 ? "datapackage.json" : tables[i % tables.length];
      const text = await read(name);
      const damaged = kind < 2 ? damagedJson(text, next) : damagedTable(text, next);
      await writeFile(join(folder, name), damaged);
      // Somebody who changes a file on purpose also changes its hash in the manifest.
      if (kind > 0) {
        const sha256 = createHash("sha256").update(damaged).digest("hex");
        const files = manifest.files.map((file) => (file.path === name ? { ...file, sha256 } : file));
        await writeFile(join(folder, "manifest.json"), JSON.stringify({ ...manifest, files }));
      }
      const readers =
        kind === 1 ? [resourcesOf] : kind === 2 && i % 2 === 0 ? [writeParquetTables] : [readManifest, readResults];
      for (const reader of readers) await assertReported(() => reader(folder), `folder ${i}, ${name}`);
      for (const one of [name, "manifest.json"]) await writeFile(join(folder, one), await read(one));
    }
  } finally {
    await rm(base, { recursive: true });
    await remove(whole);
  }
}

function damagedJson(text: string, next: () => number): string {
  if (next() < 0.05) return text.slice(0, Math.floor(next() * text.length));
  let value: unknown = JSON.parse(text);
  for (let i = next() < 0.5 ? 1 : 2; i > 0; i--) value = mutated(value, next);
  return JSON.stringify(value);
}

function damagedTable(text: string, next: () => number): string {
  const lines = text.split("\n");
  const at = Math.floor(next() * lines.length);
  const row = lines[at].split(",");
  const what = next();
  if (what < 0.2) lines.splice(at, 1);
  else if (what < 0.4) lines.splice(at, 0, lines[at]);
  else row[Math.floor(next() * row.length)] = cells[Math.floor(next() * cells.length)];
  if (what >= 0.4) lines[at] = row.join(",");
  return lines.join("\n");
}

/** The reader reads it, or tells what is wrong in one line. @throws AssertionError */
export async function assertReported(read: () => Promise<unknown>, what: string): Promise<void> {
  try {
    await read();
  } catch (error) {
    const isLine = error instanceof UserError && !error.message.includes("\n");
    assert.ok(isLine, `${what}: ${(error as Error).stack}`);
  }
}
