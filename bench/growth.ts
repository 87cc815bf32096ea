/**
 * How the cost of a simulation grows with servers, horizon, alterations and workers.
 *
 *     node dist/bench/growth.js [--rounds N] [--json FILE] [--svg FILE]
 *
 * Every measurement is a complete `spoolsim run` of growth.yaml with one setting changed, including its files, in its
 * own process. The measurements alternate, round after round, so that a slow minute of the machine affects all of them.
 * The first figures of a row are those of small fleets and short horizons, for which V8 is still compiling.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { chartDrawer } from "../lab/reports/chart-files.ts";
import { runExperiment } from "../lab/run-experiment.ts";
import { loadExperiment } from "../lab/experiment/load.ts";
import { withOverrides } from "../lab/experiment/override.ts";
import { programCommit } from "../lab/program.ts";
import { SLICE_SIZE } from "../lab/execution/run.ts";
import type { CurveChart } from "../page/chart.ts";
import { textTable } from "./harness.ts";

const self = fileURLToPath(import.meta.url);
const experiment = fileURLToPath(new URL("../../bench/growth.yaml", import.meta.url));

/** One measurement: the changed parameter and its value. */
interface Case {
  readonly sweep: string;
  readonly value: number;
  readonly workers: number;
  readonly set: readonly string[];
}

export interface Measured {
  readonly sweep: string;
  readonly value: number;
  readonly events: number;
  /** Wall-clock time from reading the experiment to the last file [s]. */
  readonly seconds: number;
  /** Peak of the process's resident memory [bytes]. */
  readonly peakBytes: number;
}

/** The shares of altered jobs, in constant proportions. */
function alterations(share: number): string[] {
  const kinds = { deleteShare: 0.3, pauseDeleteShare: 0.2, restartShare: 0.1, pauseResumeShare: 0.4 };
  return Object.entries(kinds).map(([name, part]) => `${name}=${(share * part).toFixed(6)}`);
}

const sweeps: Readonly<Record<string, readonly Case[]>> = {
  servers: [10, 100, 1000, 10_000, 100_000].map((value) => ({
    sweep: "servers, one hour",
    value,
    workers: 1,
    set: [`servers=${value}`, "horizonDays=0.0416666667"],
  })),
  horizon: [1, 4, 16, 64].map((value) => ({
    sweep: "days, 64 servers",
    value,
    workers: 1,
    set: [`horizonDays=${value}`],
  })),
  alterations: [0, 0.1, 0.3, 0.9].map((value) => ({
    sweep: "share of jobs altered",
    value,
    workers: 1,
    set: ["horizonDays=8", ...alterations(value)],
  })),
  workers: [1, 2].map((value) => ({
    sweep: "workers, 512 servers",
    value,
    workers: value,
    set: ["servers=512", "horizonDays=16"],
  })),
};

/** Simulates a case and measures its cost. */
export async function measureCase({ sweep, value, workers, set }: Case): Promise<Measured> {
  const out = await mkdtemp(join(tmpdir(), "spoolsim-growth-"));
  const startedAt = performance.now();
  try {
    const changed = withOverrides(await loadExperiment(experiment), { set });
    const machine = { workers, sliceSize: SLICE_SIZE, signal: new AbortController().signal };
    const { findings } = await runExperiment(changed, { ...machine, out, force: true, command: "" });
    const seconds = (performance.now() - startedAt) / 1000;
    return { sweep, value, events: findings.events, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** The median of the rounds of each case, in the order of the cases. */
export function medians(rounds: readonly (readonly Measured[])[]): Measured[] {
  return rounds[0].map((one, i) => {
    const seconds = rounds.map((round) => round[i].seconds).sort((a, b) => a - b);
    return { ...one, seconds: seconds[seconds.length >> 1], peakBytes: Math.max(...rounds.map((r) => r[i].peakBytes)) };
  });
}

/** One row per case. */
export function growthText(rows: readonly Measured[]): string {
  const cells = rows.map(({ sweep, value, events, seconds, peakBytes }) => [
    sweep,
    String(value),
    String(events),
    seconds.toFixed(2),
    ((seconds * 1e9) / events).toFixed(0),
    (peakBytes / 1e6).toFixed(0),
  ]);
  return textTable([["what grows", "to", "events", "seconds", "ns/event", "peak MB"], ...cells]);
}

/** The cost of an event, one panel per sweep; sweeps over powers of ten have a logarithmic axis. */
export function growthChart(rows: readonly Measured[]): CurveChart {
  const panels = [...new Set(rows.map(({ sweep }) => sweep))].map((sweep) => {
    const own = rows.filter((row) => row.sweep === sweep);
    const isWide = own.at(-1)!.value >= 50 * own[0].value && own[0].value > 0;
    const x = own.map(({ value }) => (isWide ? Math.log10(value) : value));
    const y = own.map(({ events, seconds }) => (seconds * 1e9) / events);
    return { name: isWide ? `decimal logarithm of ${sweep}` : sweep, curves: [{ series: 0, x, y }] };
  });
  const texts = rows.map((row) => `${row.sweep} ${row.value}: ${((row.seconds * 1e9) / row.events).toFixed(0)} ns`);
  return {
    kind: "curves",
    shape: "line",
    id: "growth",
    title: "What an event costs",
    x: "",
    y: "ns per event, files included",
    summary: `${texts.join("; ")}.`,
    series: ["one run"],
    panels,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "3" },
      json: { type: "string" },
      svg: { type: "string" },
      child: { type: "string" },
    },
  });
  const cases = Object.values(sweeps).flat();
  if (values.child !== undefined) {
    process.stdout.write(JSON.stringify(await measureCase(cases[Number(values.child)])));
    return;
  }
  const rounds: Measured[][] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const measured: Measured[] = [];
    for (const i of cases.keys()) {
      const { stdout } = await promisify(execFile)(process.execPath, [self, "--child", String(i)]);
      measured.push(JSON.parse(stdout) as Measured);
    }
    rounds.push(measured);
  }
  const rows = medians(rounds);
  const machine = { cpu: cpus()[0]?.model.trim() ?? "unknown", node: process.version, commit: await programCommit() };
  process.stdout.write(`${machine.cpu}, Node ${machine.node}, commit ${machine.commit}\n\n${growthText(rows)}\n`);
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify({ ...machine, rows }, undefined, 2)}\n`);
  }
  if (values.svg !== undefined) {
    const draw = await chartDrawer();
    const made = `${machine.cpu}, Node ${machine.node}, commit ${machine.commit}; median of ${values.rounds} rounds`;
    const note = "Whole runs of bench/growth.yaml with one setting changed.";
    await writeFile(values.svg, draw(growthChart(rows), note, made));
  }
}

if (process.argv[1] === self) await main();
