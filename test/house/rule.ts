/**
 * The rules of the house, executed, in the manner of TigerBeetle's tidy.zig: a rule that is not executed is a wish, and
 * a ban names its replacement. The house keeps them, and each finds the fault that it was made for.
 *
 * A rule looks at one source, or at all of them, and returns faults; it reads nothing itself, so that its test can show
 * it a small wrong text. Every exception stands in a table with its reason.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { faultText, source, type Fault, type Source } from "./source.ts";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = [
  "sim",
  "statistics",
  "models",
  "page",
  "lab",
  "live",
  "cli",
  "bench",
  "scripts",
  "test",
  "exports",
  "examples",
  "experiments",
  "docs",
  "results",
];
const topLevel = readdirSync(root, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
const inRooms = folders.filter((name) => existsSync(root + name)).flatMap(below);
export const paths = [...topLevel.map(({ name }) => name), ...inRooms];
export const sources = paths.filter((path) => path.endsWith(".ts")).map((path) => source(path, read(path)));

function below(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? below(path) : [path];
  });
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Wrong texts: path -> lines. */
type Wrong = Readonly<Record<string, string>>;

/** A rule of the house, and what it must find, as "path:line", in wrong texts; everything else in them is right. */
export function rule(
  name: string,
  faultsOf: (files: readonly Source[]) => Fault[],
  wrong: Wrong,
  found: readonly string[],
): void {
  test(name, () => assertNone(faultsOf(sources)));
  test(`the house rule finds a violation: ${name}`, () => {
    const faults = faultsOf(Object.entries(wrong).map(([path, text]) => source(path, text)));
    assert.deepEqual(faults.map(({ path, line }) => `${path}:${line}`).sort(), [...found].sort());
  });
}

export function assertNone(faults: readonly Fault[]): void {
  if (faults.length > 0) assert.fail(`\n${faults.map(faultText).join("\n")}\n`);
}

export const each = (rule: (file: Source) => Fault[]) => (files: readonly Source[]) => files.flatMap(rule);
