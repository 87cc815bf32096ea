/** Input that nobody meant: experiment files and command lines, mutated, and what may come of them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { designPoints } from "../../lab/experiment/design.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { programFolder } from "../../lab/program.ts";
import { mutated, random, assertReported } from "./damage.ts";

/** Of a processor, which another process does not use up. */
const SECONDS_MAX = 10;
/** Resident memory [KiB]. */
const MEMORY_MAX = 1e6;

/** What spoils a text wherever it is put. */
const spoilers = [
  "\t",
  "\n",
  ":",
  "- ",
  "&a ",
  "*a",
  "!!js ",
  "{",
  "]",
  '"',
  "'",
  "#",
  "\u0000",
  "\u202e",
  "1e999",
  "..",
  "|",
];

/**
 * Loads so many mutated experiment files. @throws AssertionError at one that is not reported, takes long or much memory
 */
export async function mutatedExperiments(count: number): Promise<void> {
  const next = random(20260102);
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-mutated-"));
  const file = join(folder, "x.yaml");
  const whole = await Promise.all(
    ["q223863", "mm1"].map((name) => readFile(join(programFolder, "experiments", `${name}.yaml`), "utf8")),
  );
  try {
    for (let i = 0; i < count; i++) {
      await writeFile(file, mutatedExperiment(whole[i % whole.length], next));
      const at = process.cpuUsage();
      await assertReported(async () => designPoints(await loadExperiment(file)), `experiment ${i}`);
      assert.ok(process.cpuUsage(at).user < SECONDS_MAX * 1e6, `experiment ${i} took long`);
    }
    assert.ok(process.resourceUsage().maxRSS < MEMORY_MAX, `${process.resourceUsage().maxRSS} KiB`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function mutatedExperiment(yaml: string, next: () => number): string {
  if (next() < 0.5) return stringify(mutated(parse(yaml), next));
  const at = Math.floor(next() * yaml.length);
  const removed = next() < 0.5 ? 0 : Math.floor(next() * 20);
  return yaml.slice(0, at) + pick(spoilers, next) + yaml.slice(at + removed);
}

const commandLines = [
  ["run", "mm1", "--quick", "--out", "o", "--force", "--set", "horizonDays=0.01", "--no-report"],
  ["explain", "q223863", "--quick", "--set", "jobsPerDay=10"],
  ["trace", "mm1", "--quick", "--server", "0", "--every", "1"],
  ["describe", "print-servers"],
  ["report", "o", "--csv"],
  ["verify", "o", "--sample", "1"],
  ["export", "mm1", "--quick", "--format", "pdh-csv", "--every", "1h"],
  ["replay", "mm1", "--replication", "0", "--at", "serviceLaw=constant"],
];
const words = [
  "",
  "-",
  "--",
  "--x",
  "=",
  "0",
  "-1",
  "0.5",
  "NaN",
  "x=y",
  "../x",
  "/dev/null",
  "{",
  "\u001b[2J",
  "\u202e",
];

/** Gives so many mutated command lines. @throws AssertionError at one that ends in another way than is documented */
export async function mutatedCommandLines(count: number): Promise<void> {
  const next = random(20260103);
  const cwd = await mkdtemp(join(tmpdir(), "spoolsim-words-"));
  try {
    for (let i = 0; i < count; i++) {
      const line = [...commandLines[i % commandLines.length]];
      for (let changes = next() < 0.5 ? 1 : 2; changes > 0; changes--) {
        const [at, kind] = [Math.floor(next() * line.length), next()];
        if (kind < 0.2) line.splice(at, 1);
        else if (kind < 0.4) line.splice(at, 0, line[at] ?? "");
        else line.splice(at, kind < 0.6 ? 0 : 1, pick(words, next));
      }
      await endsWell(cwd, line);
    }
  } finally {
    await rm(cwd, { recursive: true });
  }
}

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

/** The limits are those of the system: seconds of a processor, and of the heap [MB]. */
async function endsWell(cwd: string, line: readonly string[]): Promise<void> {
  const limited = `ulimit -t ${SECONDS_MAX}; exec "$0" --max-old-space-size=1000 "$@"`;
  const child = spawn("bash", ["-c", limited, process.execPath, main, ...line], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "close")]);
  const what = `${JSON.stringify(line)} ended with ${String(status)}: ${stderr.slice(0, 500)}`;
  assert.ok(status === 0 || status === 1 || status === 2, what);
  if (status === 2) assert.match(stderr, /^spoolsim: [^\n]+\n$/, what);
  else assert.doesNotMatch(stderr, /unexpected/, what);
}

function pick<T>(from: readonly T[], next: () => number): T {
  return from[Math.floor(next() * from.length)];
}
