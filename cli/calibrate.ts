/** `spoolsim calibrate`: what the readings of a fleet show about parameters that nobody has measured. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import type { Settings } from "../models/contract/parameters.ts";
import {
  calibrate,
  MEASURED,
  possible,
  WORLDS_MIN,
  type CalibrationResult,
  type Learned,
} from "../lab/calibration/calibrate.ts";
import { hypothesesOf } from "../lab/calibration/hypotheses.ts";
import { observationOfImport, observationOfResults, type Observation } from "../lab/calibration/observation.ts";
import { fitsTable, loggedSettings, workloadTable } from "../lab/calibration/job-log.ts";
import { misfitText, oddsText, posteriorPage, sizeText } from "../lab/calibration/posterior-page.ts";
import { PREDICTED_WORLDS, predictions } from "../lab/calibration/prediction.ts";
import { workloadTables, type WorkloadTables } from "../lab/calibration/workload-tables.ts";
import { writePage } from "../lab/reports/standalone-page.ts";
import {
  checksTable,
  parametersTable,
  posteriorTable,
  rivalsTable,
  searchTable,
} from "../lab/calibration/calibration-tables.ts";
import { CsvWriter, type Table } from "../lab/results/csv.ts";
import { isImport, readImport, type Imported } from "../lab/imports/import-record.ts";
import { realistic } from "../lab/traces/measurement.ts";
import { dateText } from "../lab/calendar.ts";
import { loadExperiment } from "../lab/experiment/load.ts";
import type { Machine, Progress } from "../lab/execution/execution.ts";
import { itemAt } from "../lab/lists.ts";
import { counted, days, ends, valueBetweenEnds, significant } from "../lab/reports/format.ts";
import { UserError, wordingText, type Wording } from "../lab/user-error.ts";
import { makeFolder, unwritable, writeWhole } from "../lab/whole-file.ts";
import { interruptSignal, optionOf } from "./exit.ts";
import { parametersOf } from "./import.ts";
import { cacheOf, caching, choice, machine, machineOf, once, wholeNumber, wordsOf } from "./options.ts";
import { print, say } from "./output.ts";
import { shellLine } from "./shell-line.ts";
import { progressDisplay } from "./progress.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped } from "./terminal.ts";

const options = {
  ...choice,
  servers: {
    type: "string",
    default: "10",
    requiresArg: true,
    describe: "maximum number of servers to read, or the names of imported ones",
  },
  observed: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the model's gauges",
    describe: "responses by which worlds are compared with the counters, as name,name",
  },
  unknown: {
    type: "string",
    requiresArg: true,
    defaultDescription: "those that the model names",
    describe: "parameters to estimate, as name,name or name=from..to",
  },
  rivals: {
    type: "string",
    requiresArg: true,
    defaultDescription: "all that the model names",
    describe: "explanations to compare, as name,name",
  },
  set: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "the value of a known parameter of the servers, as parameter=value; can be repeated",
  },
  realistic: {
    type: "boolean",
    default: true,
    describe: "simulate the measurement effects of imported counters; --no-realistic: the counters are exact",
  },
  worlds: {
    type: "string",
    default: "1500",
    requiresArg: true,
    describe: "maximum number of worlds to simulate; a world is one guess at all unknown parameters",
  },
  seed: { type: "string", default: "calibrate", requiresArg: true, describe: "seed of the worlds" },
  out: {
    type: "string",
    requiresArg: true,
    defaultDescription: "<folder>-posterior",
    describe: "folder for the posterior",
  },
  ...machine,
  ...caching,
  force: { type: "boolean", default: false, describe: "replace an existing posterior" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { folder: string };

export const calibrateCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    argv
      .positional("folder", { type: "string", demandOption: true, describe: "an import or a results folder" })
      .options(options)
      .check(once(options)),
  async handler(args) {
    const out = args.out ?? `${args.folder.replace(/\/+$/, "")}-posterior`;
    if (existsSync(join(out, "posterior.csv")) && !args.force) {
      throw new UserError(`${out} holds a posterior already; choose another folder with --out, or use --force`);
    }
    const worlds = wholeNumber("--worlds", args.worlds, WORLDS_MIN, 1e6);
    const display = progressDisplay();
    const signal = interruptSignal(cacheOf(args) !== undefined);
    const machine = { ...machineOf(args), signal };
    const known = await knownOf(args.folder, args.set ?? []);
    const observation = await observationOf(known, args, machine);
    if (observation.unlike !== undefined)
      print(`${wrapped(`${observation.unlike} --servers chooses them by name.`, terminalOf().columns)}\n\n`);
    const hypotheses = hypothesesOf(observation.point, {
      unknown: wordsIn("--unknown", args.unknown),
      rivals: wordsIn("--rivals", args.rivals),
      known: [...Object.keys(known.settings), ...Object.keys(loggedSettings(observation.workload))],
    });
    const work = workloadTables(observation);
    if (work !== undefined) print(`${workloadText(work)}\n\n`);
    const { servers, horizonDays } = observation.point.scenario;
    say(
      `${worlds} worlds of ${counted(servers, "server")} for ${days(horizonDays)}; explanations compared: ${hypotheses.length}. ` +
        "Fewer --worlds take less time, and so do fewer --rivals.\n",
    );
    const progress = progressOf(display, PREDICTED_WORLDS * servers);
    const { result, predicted } = await calibrate(observation, {
      hypotheses,
      seed: args.seed,
      worlds,
      machine,
      cache: cacheOf(args),
      warn: warnOnce(),
      progress: progress.search,
    })
      // All predictions are simulated before the first file is written, so that an interruption leaves no file.
      .then(async (found) => ({
        result: found,
        predicted: await predictions(found, { machine, progress: progress.check }),
      }))
      .finally(() => display.end());
    await write(out, result);
    const page = join(out, "posterior.html");
    await writePage(page, posteriorPage(result, predicted));
    print(`\n${calibrationText(result)}\n\n${join(out, "posterior.csv")}\n${page}\n${await nextText(out, result)}`);
  },
};

function wordsIn(name: string, word: string | undefined): string[] {
  return word === undefined ? [] : wordsOf(name, word);
}

/** The observation of an import, or of a replication of results. @throws UserError */
async function observationOf({ imported, settings }: Known, args: Arguments, machine: Machine): Promise<Observation> {
  const replication = wholeNumber("--replication", args.replication, 0);
  const observed = wordsIn("--observed", args.observed);
  const serversMax = () => wholeNumber("--servers", args.servers, 1, 1e5);
  if (imported === undefined) {
    const selection = { at: args.at, replication, observed, servers: serversMax() };
    return observationOfResults(args.folder, selection, machine);
  }
  const servers = Number.isNaN(Number(args.servers)) ? wordsIn("--servers", args.servers) : serversMax();
  return observationOfImport(imported, settings, observed, servers, args.realistic ? realistic : undefined);
}

/** Prints each trouble of the cache once. */
function warnOnce(): (trouble: Wording) => void {
  const warned = new Set<string>();
  return (trouble) => {
    const text = wordingText(trouble, optionOf);
    if (!warned.has(text)) say(`spoolsim: cache: ${text}\n`);
    warned.add(text);
  };
}

/** The progress of the search, and then of the predictions. @param checked the servers of the predictions */
function progressOf(display: ReturnType<typeof progressDisplay>, checked: number) {
  let searched: Progress = { serversDone: 0, serversTotal: 0, events: 0 };
  return {
    search: (progress: Progress) => {
      searched = progress;
      display.show({ ...progress, serversTotal: progress.serversTotal + checked });
    },
    check: ({ serversDone, events }: Progress) => {
      display.show({
        ...searched,
        serversDone: searched.serversDone + serversDone,
        serversTotal: searched.serversDone + checked,
        events: searched.events + events,
      });
    },
  };
}

interface Known {
  /** Undefined if the folder holds results. */
  readonly imported: Imported | undefined;
  readonly settings: Settings;
}

/** The import, if the folder is one, and what is known of its servers. @throws UserError */
async function knownOf(folder: string, set: readonly string[]): Promise<Known> {
  const settings = parametersOf(set);
  if (await isImport(folder)) return { imported: await readImport(folder), settings };
  if (set.length > 0) throw new UserError(`--set is for imports; the scenario of ${folder} has the known values`);
  return { imported: undefined, settings };
}

async function write(out: string, result: CalibrationResult): Promise<void> {
  const { draws, learned, hypotheses, checks, generations } = result;
  await makeFolder(out).catch(unwritable(out));
  await writeTable(out, posteriorTable(result), draws);
  await writeTable(out, parametersTable(result), learned);
  await writeTable(out, rivalsTable(result), hypotheses.keys());
  await writeTable(out, checksTable(), checks);
  await writeTable(out, searchTable(), generations);
  const { workload } = result.observation;
  if (workload === undefined) return;
  await writeTable(out, workloadTable, workload.parameters);
  await writeTable(out, fitsTable, workload.fits);
}

async function writeTable<Row>(out: string, table: Table<Row>, rows: Iterable<Row>): Promise<void> {
  const pieces: string[] = [];
  const writer = new CsvWriter(table, async (piece) => void pieces.push(piece));
  await writer.write(rows);
  await writer.flush();
  const file = join(out, table.file);
  await writeWhole(file, pieces.join("")).catch(unwritable(file));
}

/** The built-in experiment that can use a posterior, if it has the same model. */
const DECISION = "restart-or-patch";

/** The command to continue with; none if no world looks like the observation. */
async function nextText(out: string, result: CalibrationResult): Promise<string> {
  if (misfitText(result) !== undefined) return "";
  const { observation } = result;
  const { scenario } = await loadExperiment(DECISION);
  const { point, startDay } = observation;
  if (scenario.model !== point.scenario.model) return "";
  const since = startDay === undefined ? [] : ["--start", dateText(startDay)];
  const words = ["--worlds", join(out, "posterior.csv"), "--servers", String(point.scenario.servers), ...since];
  const command = shellLine(["spoolsim", "advise", DECISION, ...words, "--page", join(out, "advice.html")]);
  return `\nWhat to do, and what it costs; --prices takes your prices (docs/own-data.md, Decide and forward):\n${command}\n`;
}

/** Describes the workload of the worlds. */
function workloadText(work: WorkloadTables): string {
  const tables = [work.parameters, work.fits].filter(({ rows }) => rows.length > 0);
  const shown = tables.map(({ head, rows, texts }) => tableOf(head, rows, { isText: (column) => column < texts }));
  return [wrapped(work.sentence, terminalOf().columns), ...shown].join("\n");
}

const MEANING =
  "A parameter is learned if the kept worlds lie elsewhere in its range than before, or closer together, by more than chance.";

function calibrationText(result: CalibrationResult): string {
  const { hypotheses, shares, sizes, learned, generations } = result;
  const order = [...hypotheses.keys()].sort((a, b) => itemAt(shares, b) - itemAt(shares, a) || a - b);
  const misfit = misfitText(result);
  const parts = misfit === undefined ? [] : [wrapped(misfit, terminalOf().columns)];
  if (hypotheses.length > 1) {
    const rows = order.map((h) => [
      itemAt(hypotheses, h).name,
      `${percent(itemAt(shares, h))} %`,
      itemAt(hypotheses, h).meaning,
    ]);
    const table = tableOf(["explanation", "probability", "what it says"], rows, { isText: (column) => column !== 1 });
    parts.push(`${table}\n${wrapped(oddsText(result), terminalOf().columns)}`);
  }
  for (const h of possible(result)) {
    const own = learned.filter(({ hypothesis }) => hypothesis === h);
    if (own.length === 0) continue;
    const head = ["parameter", "before", "median", "90 % interval", "narrowed by", ""];
    const rows = own.map(parameterRow);
    const table = tableOf(head, rows, { isText: (column) => column !== 2 && column !== 4 });
    const worth = wrapped(sizeText(itemAt(sizes, h)), terminalOf().columns);
    parts.push(`If ${itemAt(hypotheses, h).name} is right:\n${table}\n${worth}`);
  }
  const isSomeLearned = learned.some(({ verdict }) => verdict === "learned");
  if (isSomeLearned)
    parts.push(wrapped([MEANING, ...(misfit === undefined ? [MEASURED] : [])].join(" "), terminalOf().columns));
  const last = generations.at(-1)!;
  const fit = misfit === undefined ? "The kept worlds match the observations in every summary statistic. " : "";
  parts.push(wrapped(`${fit}${last.worlds} worlds were compared.`, terminalOf().columns));
  return parts.join("\n\n");
}

function parameterRow({ unknown, quantiles, contraction, verdict }: Learned): string[] {
  const isLearned = verdict === "learned";
  const { name, unit, range } = unknown;
  const [lower, upper] = [itemAt(quantiles, 0), itemAt(quantiles, 4)];
  const of = unit === "1" ? "" : ` ${unit}`;
  return [
    name,
    `${significant(range.from)} .. ${significant(range.to)}${of}`,
    isLearned ? valueBetweenEnds({ value: itemAt(quantiles, 2), lower, upper }) : "",
    isLearned ? ends(lower, upper).join(" .. ") : "",
    isLearned ? `${percent(Math.max(0, contraction))} %` : "",
    isLearned ? "" : verdict,
  ];
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}
