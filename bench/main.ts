/**
 * `npm run bench`: the machine, one row per workload, and the time that C programs and peers need for the same work in
 * the same minutes.
 *
 *     npm run bench -- [WORD ...] [--json FILE] [--rounds N] [--compare FILE] [--write]
 *
 * WORD selects workloads by name; --compare shows the figures of an earlier --json beside the new ones; --write makes
 * BASELINE.json, the figures of BASELINE.md and docs/speed.svg again. Each round measures every workload once, in its
 * own process, and every yardstick once. So a slow minute of the machine affects all of them, and no workload runs code
 * that V8 optimized for another. The child process is this file with --child NAME.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { programCommit, programVersion } from "../lab/program.ts";
import {
  comparisonText,
  measure,
  limitsText,
  peersText,
  ratios,
  summarize,
  tableText,
  type Measurement,
  type Report,
} from "./harness.ts";
import { writeBaseline } from "./baseline.ts";
import { workloads } from "./workloads.ts";
import { runYardstick, yardsticksHere, type YardstickRun } from "./yardsticks.ts";

const SAMPLES_A_ROUND = 3;
/** The time of a workload per round on an idle machine, including start-up, for the estimate [s]. */
const SECONDS_A_WORKLOAD = 5;

const names = workloads.map(({ name }) => name);

const args = await yargs(hideBin(process.argv))
  .scriptName("npm run bench --")
  .locale("en")
  .usage("$0 [WORD ...]\n\nMeasures the workloads with one of the words in their name, or all, beside C and peers.")
  .option("rounds", { type: "number", default: 3, requiresArg: true, describe: "how often each is measured" })
  .option("json", { type: "string", requiresArg: true, describe: "a file for the figures" })
  .option("compare", { type: "string", requiresArg: true, describe: "such a file, to set its figures beside these" })
  .option("write", { type: "boolean", default: false, describe: "write bench/BASELINE.* and docs/speed.svg" })
  .option("child", { type: "string", requiresArg: true, hidden: true })
  .check(({ rounds }) => {
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds is ${rounds}; a whole number >= 1`);
    return true;
  })
  .check(({ _, child }) => {
    if (child !== undefined || workloads.some(({ name }) => isChosen(name, _))) return true;
    throw new Error(`no workload has ${_.join(" or ")} in its name; there are\n  ${names.join("\n  ")}`);
  })
  .check(({ compare }) => compare === undefined || existsSync(compare) || `--compare ${compare}: there is no such file`)
  .strictOptions()
  .version(false)
  .fail((message, error) => {
    process.stderr.write(`bench: ${message ?? error.message}\n`);
    process.exit(2);
  })
  .parse();

if (args.child === undefined) await compareAll();
else measureOne(args.child);

function isChosen(name: string, words: readonly (string | number)[]): boolean {
  return words.length === 0 || words.some((word) => name.includes(String(word)));
}

function measureOne(name: string): void {
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload === undefined) throw new Error(`there is no workload "${name}"`);
  process.stdout.write(JSON.stringify(measure(workload, workload.sizes.large, SAMPLES_A_ROUND)));
}

async function compareAll(): Promise<void> {
  const { rounds, _: words } = args;
  const before = args.compare === undefined ? undefined : await readFile(args.compare, "utf8");
  const chosen = workloads.filter(({ name }) => isChosen(name, words));
  const { found: yardsticks, missing } = await yardsticksHere(chosen.map(({ name }) => name));

  const machine = { cpu: cpus()[0]?.model.trim() ?? "unknown", node: process.version, v8: process.versions.v8 };
  const commit = (await programCommit()) ?? "unknown";
  let text = "";
  const print = (lines: string) => {
    text += `${lines}\n`;
    process.stdout.write(`${lines}\n`);
  };
  print(`${machine.cpu}, Node ${machine.node} (V8 ${machine.v8})`);
  print(`spoolsim ${programVersion}, commit ${commit}`);
  print(`median of ${rounds} x ${SAMPLES_A_ROUND} runs; spread: interquartile range / median`);
  for (const sentence of missing) print(sentence);
  const loadBefore = loadavg()[0];

  const measured = new Map<string, Measurement[]>(chosen.map(({ name }) => [name, []]));
  const compared = yardsticks.map((yardstick) => ({ yardstick, runs: [] as YardstickRun[] }));
  const all = rounds * (chosen.length + yardsticks.length);
  const minutes = Math.ceil((rounds * (SECONDS_A_WORKLOAD * chosen.length + yardsticks.length)) / 60);
  const hint = words.length > 0 || rounds < 2 ? "" : "; quicker: npm run bench -- W2 --rounds 1";
  process.stderr.write(`${all} measurements, about ${minutes} min${hint}\n\n`);
  let done = 0;
  const tell = (text: string) => process.stderr.write(`${++done}/${all} ${text}\n`);
  for (let round = 1; round <= rounds; round++) {
    for (const [name, measurements] of measured) {
      tell(name);
      measurements.push(await inChild(name));
      for (const { yardstick, runs } of compared.filter(({ yardstick }) => yardstick.workload === name)) {
        tell(`${name}: ${yardstick.name}`);
        runs.push(await runYardstick(yardstick));
      }
    }
  }

  const summaries = [...measured.values()].map(summarize);
  print(`load of the machine (cores at work or wanted): ${loadBefore} before, ${loadavg()[0]} after`);
  print(`${tableText(summaries)}\n`);
  print("An event of a list is a push and a pop, of a draw a draw, of an opening a stream.\n");
  const beside = ratios(summaries, compared);
  const peers = beside.filter(({ kind }) => kind === "peer");
  if (beside.length > peers.length) print(`${limitsText(summaries, beside)}\n`);
  if (peers.length > 0) print(`${peersText(peers)}\n`);
  const report: Report = { ...machine, version: programVersion, commit, workloads: summaries, yardsticks: beside };
  if (before !== undefined) process.stdout.write(`${comparisonText(report, JSON.parse(before) as Report)}\n`);
  if (args.write) await writeBaseline(report, text);
  if (args.json !== undefined) await writeFile(args.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

async function inChild(name: string): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), "--child", name]);
  return JSON.parse(stdout) as Measurement;
}
