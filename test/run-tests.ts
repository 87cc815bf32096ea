/**
 * Runs compiled test files with Node's own runner. Files are found here because `node --test` finds them differently
 * in each Node version.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** As many files are named by --slow. */
const SLOWEST = 10;

/** As many files share a process: most of the time of a small one is what it loads. */
const FILES_PER_PROCESS = 28;

/**
 * The files that take most processor time, the most first: they begin first, each in a process of its own, so that none
 * of them is under way alone in the end.
 */
const LONGEST = [
  "lab/execution/run-queue",
  "browsers",
  "lab/studies/advice",
  "page/figure",
  "cli/cluster",
  "cli/shipped-experiments",
  "exports/packed",
  "cli/own-modules",
  "lab/studies/forecast-study",
  "published",
  "sim/allocation",
  "lab/execution/thread-runner",
  "bench/bench",
].map((name) => `${name}.test.js`);

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
    .sort((a, b) => turnOf(a) - turnOf(b) || (a < b ? -1 : 1));
  if (files.length === 0) throw new Error(`no test file has a name with ${words.join(" or ")}`);
  const made = mkdtempSync(join(tmpdir(), "spoolsim-tests-"));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  let passed = 0;
  let failed = 0;
  // More files at a time than processors, because some wait for browsers, databases and clusters.
  const stream = run({ files: processesOf(folder, files, made), concurrency: availableParallelism() + 2 });
  const seconds = new Map<string, number>();
  const time = ({ file, details }: { file?: string; details: { duration_ms: number } }) => {
    if (file === undefined) return;
    seconds.set(file, (seconds.get(file) ?? 0) + details.duration_ms / 1000);
  };
  // A suite is a file, which is timed by its tests; it counts only if it failed by itself, as in an import or a hook.
  stream.on("test:pass", (result) => {
    if (result.details.type === "suite") return;
    passed++;
    time(result);
  });
  stream.on("test:fail", (result) => {
    const { type, error } = result.details as { type?: string; error: { failureType?: string } };
    if (type === "suite" && error.failureType === "subtestsFailed") return;
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

/**
 * The files that are executed, in order: test files by themselves, and files written into `made` that import several
 * test files of one room, each as a suite, whose hooks are for its own tests only.
 */
function processesOf(folder: string, files: readonly string[], made: string): string[] {
  const processes: string[][] = [];
  const open = new Map<string, string[]>();
  for (const file of files) {
    const room = file.split("/")[0];
    const isAlone = file.endsWith(".proof.test.js") || LONGEST.includes(file);
    const shared = isAlone ? undefined : open.get(room);
    if (shared !== undefined && shared.length < FILES_PER_PROCESS) {
      shared.push(file);
      continue;
    }
    const begun = [file];
    processes.push(begun);
    if (!isAlone) open.set(room, begun);
  }
  return processes.map((together, i) => {
    if (together.length === 1) return folder + together[0];
    const suites = together.map((file) => {
      const [name, url] = [file, pathToFileURL(folder + file).href].map((text) => JSON.stringify(text));
      return `describe(${name}, async () => void (await import(${url})));\n`;
    });
    const path = join(made, `${i}.mjs`);
    writeFileSync(path, `import { describe } from "node:test";\n${suites.join("")}`);
    return path;
  });
}

/** Those that take longest first, and the others after them. */
function turnOf(file: string): number {
  return LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((e) => (e.isDirectory() ? filesBelow(`${folder}${e.name}/`) : [folder + e.name]));
}
