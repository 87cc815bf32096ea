/**
 * Runs compiled test files with Node's own runner. Files are found here because `node --test` finds them differently
 * in each Node version.
 */
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** As many files are named by --slow. */
const SLOWEST = 10;

/**
 * Runs the files among those below dist/test that `wanted` takes; words of the command line narrow them by name, and
 * --slow names the files that took longest.
 */
export async function runTests(wanted: (file: string) => boolean): Promise<void> {
  const [options, words] = [true, false].map((isOption) => {
    return process.argv.slice(2).filter((word) => word.startsWith("--") === isOption);
  });
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
  const seconds = new Map<string, number>();
  const time = ({ file, nesting, details }: { file?: string; nesting: number; details: { duration_ms: number } }) => {
    if (file === undefined || nesting > 0) return;
    seconds.set(file, (seconds.get(file) ?? 0) + details.duration_ms / 1000);
  };
  stream.on("test:pass", (result) => {
    passed++;
    time(result);
  });
  stream.on("test:fail", (result) => {
    failed++;
    time(result);
  });
  stream.compose(new spec()).pipe(process.stdout);
  await new Promise((resolve) => stream.on("end", resolve));
  const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  if (options.includes("--slow")) {
    const lines = slowest.map(([file, took]) => `${took.toFixed(1).padStart(7)} s  ${file.slice(folder.length)}\n`);
    process.on("exit", () => process.stdout.write(`\nThe slowest files:\n${lines.join("")}`));
  }
  process.on("exit", () => process.stdout.write(`\n${passed} passed, ${failed} failed\n`));
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((e) => (e.isDirectory() ? filesBelow(`${folder}${e.name}/`) : [folder + e.name]));
}
