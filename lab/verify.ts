/**
 * Verifies results: are the files of a folder those that were written, and does the program write the same bytes again?
 *
 * The experiment in the folder's manifest is run again into a temporary folder, and every file is compared; or, for a
 * sample of its runs, the rows of servers.csv. The cache is not used, because its entries were computed only once.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runExperiment, type RunOptions } from "./run-experiment.ts";
import { CsvWriter } from "./results/csv.ts";
import { replayCommand, resolvePoints } from "./experiment/design-point.ts";
import { programVersion } from "./program.ts";
import { otherVersion, readManifest, REPORT_FILE, verifyHashes, type Manifest } from "./results/manifest.ts";
import { reportOf } from "./reports/report.ts";
import { execute } from "./execution/run.ts";
import { wholeRun } from "./execution/partition.ts";
import { planResults } from "./experiment/plan.ts";
import { counted } from "./reports/format.ts";
import { serversTable, type ServerRow } from "./results/servers-table.ts";
import { itemAt } from "./lists.ts";

export interface Verification {
  readonly manifest: Manifest;
  /** What was compared: "3 of 64 runs" or "7 files". */
  readonly compared: string;
  /** One line per difference. */
  readonly differences: readonly string[];
}

/** @param sample how many runs to execute again; undefined for all */
export async function verifyResults(
  folder: string,
  sample: number | undefined,
  options: Omit<RunOptions, "out" | "force">,
): Promise<Verification> {
  const manifest = await readManifest(folder);
  const differences = await verifyHashes(folder, manifest);
  if (manifest.version !== programVersion) {
    differences.push(otherVersion(manifest));
  }
  if (differences.length === 0) differences.push(...(await verifyReport(folder, options.signal)));
  const again =
    sample === undefined ? await runAgain(manifest, options) : await sampleAgain(folder, manifest, sample, options);
  return { manifest, compared: again.compared, differences: [...differences, ...again.differences] };
}

/** A report may be missing; if it is there, it must agree with the tables and the manifest. */
async function verifyReport(folder: string, signal: AbortSignal): Promise<string[]> {
  const written = await readFile(join(folder, REPORT_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (written === undefined) return [];
  for (const simultaneous of [false, true]) {
    if (written === (await reportOf(folder, signal, { simultaneous })).html) return [];
  }
  return [`${REPORT_FILE} is not the report of these tables; spoolsim report makes it again`];
}

type Again = Pick<Verification, "compared" | "differences">;

async function runAgain({ experiment, files }: Manifest, options: Omit<RunOptions, "out" | "force">): Promise<Again> {
  const out = await mkdtemp(join(tmpdir(), "spoolsim-verify-"));
  try {
    const { manifest } = await runExperiment(experiment, { ...options, out, force: false, cache: undefined });
    const hashes = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
    const differences = files
      .filter(({ path, sha256 }) => hashes.get(path) !== sha256)
      .map(({ path, sha256 }) => `${path}: sha256 ${sha256} was written, ${hashes.get(path) ?? "nothing"} now`);
    return { compared: counted(files.length, "file"), differences };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Executes evenly spread runs again and compares them with their rows of servers.csv. */
async function sampleAgain(
  folder: string,
  manifest: Manifest,
  sample: number,
  { sliceSize, signal }: Omit<RunOptions, "out" | "force">,
): Promise<Again> {
  const { experiment, points } = manifest;
  const plan = planResults(experiment, await resolvePoints(points));
  const text = await readFile(join(folder, "servers.csv"), "utf8").catch(() => undefined);
  // A missing file has already been reported.
  if (text === undefined) return { compared: "0 runs", differences: [] };
  const written = text.split("\n");
  const runs = points.length * experiment.replications;
  const count = Math.min(sample, runs);
  const differences: string[] = [];
  for (let i = 0; i < count; i++) {
    signal.throwIfAborted();
    const at = Math.floor((i * runs) / count);
    const point = itemAt(plan.points, Math.floor(at / experiment.replications));
    const replication = at % experiment.replications;
    const rows: string[] = [];
    const writer = new CsvWriter(serversTable(plan), async (text) => void rows.push(text));
    const result = await execute(wholeRun(experiment, point, replication, sliceSize));
    await writer.write(Array.from({ length: result.count }, (_, index): ServerRow => ({ point, result, index })));
    await writer.flush();
    const firstLine = 1 + rowsBefore(plan.points, point.index, replication, experiment.replications);
    rows
      .join("")
      .split("\n")
      .slice(1, -1)
      .forEach((row, server) => {
        if (written[firstLine + server] !== row) {
          differences.push(
            `servers.csv line ${firstLine + server + 1}: ${replayCommand(point, replication)} gives another row`,
          );
        }
      });
  }
  return { compared: `${count} of ${counted(runs, "run")}`, differences };
}

function rowsBefore(
  points: readonly { scenario: { servers: number } }[],
  index: number,
  replication: number,
  replications: number,
): number {
  const before = points.slice(0, index).reduce((sum, { scenario }) => sum + scenario.servers * replications, 0);
  return before + replication * itemAt(points, index).scenario.servers;
}
