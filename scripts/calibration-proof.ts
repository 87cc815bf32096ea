/**
 * Does calibration know what it says? Simulation-based calibration (Talts et al. 2018, "Validating Bayesian inference
 * algorithms with simulation-based calibration"): worlds are drawn from the prior, logged as PDH-CSV with a restart, a
 * gap, lost samples and the noise of counters, imported, and calibrated. Intervals of 90 % should hold in 90 of 100
 * worlds, and the ranks of the truth should be uniform.
 *
 * `node dist/scripts/calibration-proof.js --worlds 100` prints the table; `--from 50` begins elsewhere, and `--rows
 * FILE` appends a line of JSON for each world, so that a proof may be made in parts.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { calibrate } from "../lab/calibration/calibrate.ts";
import { hypothesesOf } from "../lab/calibration/hypotheses.ts";
import { observationOfImport } from "../lab/calibration/observation.ts";
import { settingOf } from "../lab/calibration/unknowns.ts";
import { dayOf } from "../lab/calendar.ts";
import { resolveScenario } from "../lab/experiment/scenario.ts";
import { importFiles } from "../lab/imports/import-files.ts";
import { readImport } from "../lab/imports/import-record.ts";
import { programFolder } from "../lab/program.ts";
import { realistic } from "../lab/traces/measurement.ts";
import { writePerfmonLog } from "../lab/traces/perfmon.ts";
import { Stream } from "../sim/streams.ts";
import { US_PER_HOUR } from "../sim/time-units.ts";
import { chiSquareTail } from "../statistics/chi-square.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { weightedQuantile } from "../statistics/weighted.ts";

/**
 * A small office, so that a world takes milliseconds: the known and unknown parameters, and a policy that restarts
 * every server once.
 */
const { known, unknown, policy } = JSON.parse(
  readFileSync(join(programFolder, "scripts", "calibration-proof.json"), "utf8"),
) as { known: Record<string, number>; unknown: string[]; policy: Record<string, number> };
const SERVERS = 2;
const DAYS = 8;
/** The lines that are missing from each log. */
const GAP_LINES = [60, 75] as const;
const MONDAY = { year: 1999, month: 3, day: 1 };

export interface Proved {
  readonly world: number;
  /** By parameter: the share of the posterior below the truth, and whether its 90 % interval contains the truth. */
  readonly ranks: readonly number[];
  readonly holds: readonly boolean[];
  readonly learned: readonly boolean[];
}

/** Calibrates one world with a known truth. @param budget the worlds that the calibration may simulate */
export async function proved(world: number, budget: number): Promise<Proved> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-proof-"));
  try {
    const prior = new Stream("proof", "truth", world, 0, 1);
    const base = {
      model: "print-servers",
      servers: SERVERS,
      horizonDays: DAYS,
      sampleEveryHours: 1,
      parameters: known,
    };
    const plain = await resolveScenario(base);
    const point = { index: 0, levels: {}, scenario: plain.scenario, resolved: plain };
    const [{ unknowns }] = hypothesesOf(point, { unknown, rivals: [], known: [] });
    const coordinates = unknowns.map(() => prior.draw(0));
    const truth = unknowns.map((unknown, i) => settingOf(unknown, coordinates[i]));
    const hidden = Object.fromEntries(unknowns.map(({ name }, i) => [name, truth[i]]));
    const parameters = { ...known, ...hidden, ...policy };
    const resolved = await resolveScenario({ ...base, parameters });
    const files: string[] = [];
    for (let server = 0; server < SERVERS; server++) files.push(await logged(folder, resolved, world, server));
    const imported = join(folder, "import");
    await importFiles(files, imported, { model: "print-servers", parameters: known });
    const observation = await observationOfImport(await readImport(imported), {}, [], SERVERS, realistic);
    const hypotheses = hypothesesOf(observation.point, { unknown, rivals: [], known: [] });
    const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
    const { draws, learned } = await calibrate(observation, {
      hypotheses,
      seed: `proof ${world}`,
      worlds: budget,
      machine,
    });
    const weights = draws.map(({ weight }) => weight);
    const values = unknowns.map(({ name }) => draws.map(({ settings }) => Number(settings[name])));
    return {
      world,
      // Half of the draws that equal a whole number count as below it.
      ranks: values.map((own, i) => {
        return own.reduce(
          (sum, value, d) => sum + weights[d] * (value < truth[i] ? 1 : value === truth[i] ? 0.5 : 0),
          0,
        );
      }),
      holds: values.map((own, i) => {
        return weightedQuantile(own, weights, 0.05) <= truth[i] && truth[i] <= weightedQuantile(own, weights, 0.95);
      }),
      learned: learned.map(({ verdict }) => verdict === "learned"),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the log of a server, without some lines. */
async function logged(
  folder: string,
  resolved: Awaited<ReturnType<typeof resolveScenario>>,
  world: number,
  server: number,
): Promise<string> {
  const pieces: string[] = [];
  const selector = { resolved, seed: `truth ${world}`, replication: 0, server };
  const machine = {
    computer: `PRN${server}`,
    instance: "spoolss",
    zone: "UTC",
    biasMinutes: 0,
    startDay: dayOf(MONDAY),
  };
  await writePerfmonLog(selector, US_PER_HOUR, machine, async (text) => void pieces.push(text), realistic);
  const lines = pieces.join("").split("\r\n");
  lines.splice(GAP_LINES[0] + server, GAP_LINES[1] - GAP_LINES[0]);
  const file = join(folder, `PRN${server}.csv`);
  await writeFile(file, lines.join("\r\n"));
  return file;
}

const BINS = 5;

export function proofTable(rows: readonly Proved[]): string {
  const lines = unknown.map((name, i) => {
    const held = rows.filter(({ holds }) => holds[i]).length;
    const { lower, upper } = wilsonInterval(held, rows.length);
    const counts = new Array<number>(BINS).fill(0);
    for (const { ranks } of rows) counts[Math.min(BINS - 1, Math.floor(BINS * ranks[i]))]++;
    const expected = rows.length / BINS;
    const chiSquare = counts.reduce((sum, count) => sum + ((count - expected) * (count - expected)) / expected, 0);
    const learned = rows.filter((row) => row.learned[i]).length;
    const percent = (share: number) => (100 * share).toFixed(0);
    const cells = [
      name,
      `${held} of ${rows.length} (${percent(lower)} .. ${percent(upper)} %)`,
      counts.join(" "),
      chiSquareTail(chiSquare, BINS - 1).toPrecision(2),
      `${learned} of ${rows.length}`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head = ["parameter", "90 % intervals that hold", "ranks of the truth, by fifths", "p (chi-square)", "learned"];
  return [`| ${head.join(" | ")} |`, `| ${head.map(() => "---").join(" | ")} |`, ...lines].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: {
      worlds: { type: "string", default: "100" },
      from: { type: "string", default: "0" },
      budget: { type: "string", default: "500" },
      rows: { type: "string" },
    },
  });
  const rows: Proved[] = [];
  for (let world = Number(values.from); rows.length < Number(values.worlds); world++) {
    rows.push(await proved(world, Number(values.budget)));
    if (values.rows !== undefined) appendFileSync(values.rows, `${JSON.stringify(rows.at(-1))}\n`);
  }
  process.stdout.write(`${proofTable(rows)}\n`);
}
