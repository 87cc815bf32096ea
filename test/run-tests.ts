/**
 * Runs compiled test files with Node's own runner. Files are found here because `node --test` finds them differently
 * in each Node version.
 */
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** Runs the files among those below dist/test that `wanted` takes; words of the command line narrow them by name. */
export async function runTests(wanted: (file: string) => boolean): Promise<void> {
  const words = process.argv.slice(2);
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const files = filesBelow(folder)
    .map((file) => file.slice(folder.length))
    .filter((file) => file.endsWith(".test.js") && wanted(file))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort()
    .map((file) => folder + file);
  if (files.length === 0) throw new Error(`no test file has a name with ${words.join(" or ")}`);
  let passed = 0;
  let failed = 0;
  const stream = run({ files, concurrency: availableParallelism() });
  stream.on("test:pass", () => void passed++);
  stream.on("test:fail", () => void failed++);
  stream.compose(new spec()).pipe(process.stdout);
  await new Promise((resolve) => stream.on("end", resolve));
  process.on("exit", () => process.stdout.write(`\n${passed} passed, ${failed} failed\n`));
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((e) => (e.isDirectory() ? filesBelow(`${folder}${e.name}/`) : [folder + e.name]));
}
