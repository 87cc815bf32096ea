/** `spoolsim export`: a server as Performance Monitor logged it, or the tables of a folder as Parquet. */
import { plainSecondsOf } from "./durations.ts";
import { US_PER_HOUR } from "../sim/time-units.ts";
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { designPoints } from "../lab/experiment/design.ts";
import { planResults } from "../lab/experiment/plan.ts";
import { CsvWriter, type Sink } from "../lab/results/csv.ts";
import { pointsAt } from "../lab/experiment/point-selector.ts";
import { seriesRows, seriesTable } from "../lab/traces/series.ts";
import { startDayOf, writePerfmonLog, type Machine } from "../lab/traces/perfmon.ts";
import { realistic } from "../lab/traces/measurement.ts";
import { UserError } from "../lab/user-error.ts";
import { interruptSignal } from "./exit.ts";
import { refuseTaken, writeTo } from "./new-file.ts";
import { changes, choice, experimentOf, once, selectorOf, wholeNumber, withExperiment, wordsOf } from "./options.ts";
import { print } from "./output.ts";

const options = {
  format: {
    choices: ["pdh-csv", "parquet"] as const,
    requiresArg: true,
    describe: "pdh-csv: a server's counters as a Performance Monitor log; parquet: the tables of a results folder",
  },
  series: {
    type: "boolean",
    default: false,
    describe: "simulated gauges with the true leaks, as one long table: CSV, or Parquet if --out ends in .parquet",
  },
  columns: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the gauges that counters show",
    describe: "with --series: the responses to write, separated by commas",
  },
  ...choice,
  server: {
    type: "string",
    default: "0",
    requiresArg: true,
    describe: "server number, counted from 0; with --series also 0-19 or 0,3",
  },
  every: {
    type: "string",
    requiresArg: true,
    defaultDescription: "sampleEveryHours",
    describe: "time between two lines: seconds, or a duration such as 5m",
  },
  computer: {
    type: "string",
    requiresArg: true,
    defaultDescription: "PRN and the server number",
    describe: "computer name",
  },
  instance: {
    type: "string",
    default: "spoolss",
    requiresArg: true,
    describe: "process name; the tool PAL looks for spoolsv",
  },
  zone: { type: "string", default: "UTC", requiresArg: true, describe: "time zone name" },
  bias: {
    type: "string",
    default: "0",
    requiresArg: true,
    describe: "minutes to add to local time to get UTC: 480 for Pacific Standard Time",
  },
  realistic: {
    type: "boolean",
    default: false,
    describe: "add measurement effects: allocator slack, whole pages, a cache, lost samples",
  },
  start: { type: "string", default: "1999-03-01", requiresArg: true, describe: "the Monday on which the log begins" },
  out: { type: "string", requiresArg: true, defaultDescription: "standard output", describe: "a new file" },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const exportCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    withExperiment(argv, "name, YAML file, results folder or (as Parquet) import")
      .options(options)
      .check(once(options)),
  async handler(args) {
    if (args.series) return exportSeries(args);
    if (args.format === undefined)
      throw new UserError("choose what to export with --format pdh-csv, --format parquet or --series");
    if (args.format === "parquet") return exportParquet(args);
    const experiment = await experimentOf(args.experiment, args);
    const selector = await selectorOf(experiment, args);
    const { scenario } = selector.resolved;
    const server = wholeNumber("--server", args.server, 0, scenario.servers - 1);
    const seconds = args.every === undefined ? undefined : plainSecondsOf("--every", args.every);
    const everyUs = seconds === undefined ? Math.round(scenario.sampleEveryHours * US_PER_HOUR) : seconds * 1e6;
    const machine = machineOf(args, server);
    const how = args.realistic ? realistic : undefined;
    const signal = args.out === undefined ? undefined : interruptSignal();
    const write = (sink: Sink) => writePerfmonLog({ ...selector, server }, everyUs, machine, sink, how, signal);
    await writeTo(args.out, "a log", write, signal);
  },
};

/** Options that cannot be combined with --series. */
const NOT_OF_SERIES = ["format", "computer", "instance", "zone", "bias", "start"] as const;

/** @throws UserError */
async function exportSeries(args: Arguments): Promise<void> {
  const option = NOT_OF_SERIES.find((name) => args[name] !== (options[name] as Options).default);
  if (option !== undefined) throw new UserError(`--${option} is not for --series`);
  const experiment = await experimentOf(args.experiment, args);
  const points = pointsAt(experiment, await designPoints(experiment), args.at);
  const plan = planResults(
    experiment,
    points.map((point, index) => ({ ...point, index })),
  );
  const [{ scenario }] = plan.points;
  const selection = {
    servers: numbersOf("--server", args.server),
    replications: numbersOf("--replication", args.replication),
    everyUs:
      args.every === undefined
        ? Math.round(scenario.sampleEveryHours * US_PER_HOUR)
        : plainSecondsOf("--every", args.every) * 1e6,
    columns: args.columns === undefined ? [] : wordsOf("--columns", args.columns),
  };
  const table = seriesTable(plan, selection);
  const rows = seriesRows(plan, selection, interruptSignal());
  refuseTaken(args.out, "a table");
  if (args.out?.endsWith(".parquet") === true) {
    const { writeParquetRows } = await import("../lab/results/parquet.ts");
    return writeParquetRows(table, rows, args.out);
  }
  await writeTo(args.out, "a table", async (sink) => {
    const writer = new CsvWriter(table, sink);
    for await (const portion of rows) await writer.write(portion);
    await writer.flush();
  });
}

/** Parses numbers such as 0,3 or 0-19; the result is ascending. @throws UserError */
function numbersOf(name: string, word: string): number[] {
  const numbers = wordsOf(name, word).flatMap((one) => {
    const [, from, to] = /^(\d{1,7})-(\d{1,7})$/.exec(one) ?? [];
    if (from === undefined || to === undefined) return [wholeNumber(name, one, 0)];
    if (Number(to) < Number(from)) throw new UserError(`${name} has ${one}; a range begins with the smaller number`);
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Writes every table of the results as Parquet, beside its CSV file. @throws UserError */
async function exportParquet(args: Arguments): Promise<void> {
  const { format: _, ...others } = options as Readonly<Record<string, Options>>;
  for (const [name, { default: usual }] of Object.entries(others)) {
    const word = (args as Readonly<Record<string, unknown>>)[name];
    if (word !== usual) throw new UserError(`--${name} is for pdh-csv; Parquet files are written beside the tables`);
  }
  // Imported late, because loading takes a tenth of a second that other commands do not need.
  const { writeParquetTables } = await import("../lab/results/parquet.ts");
  const names = await writeParquetTables(args.experiment, interruptSignal());
  print(`${args.experiment}: ${names.join(", ")}\n`);
}

/** A computer or instance name without the characters that have a meaning in a counter path. */
const NAME = /^[^\\/:*?"<>|,()#\s]{1,15}$/;
const ZONE = /^[^"()\r\n]+$/;
/** Time zones range from 14 hours ahead of UTC to 12 hours behind it, and summer time adds one hour. */
const BIAS_MAX = 15 * 60;

/** @throws UserError */
function machineOf(args: Arguments, server: number): Machine {
  const { computer = `PRN${String(server).padStart(4, "0")}`, instance, zone } = args;
  const rule = 'one to 15 characters, without spaces and \\ / : * ? " < > | , ( ) #';
  if (!NAME.test(computer)) throw new UserError(`--computer is ${computer}; ${rule}`);
  if (!NAME.test(instance)) throw new UserError(`--instance is ${instance}; ${rule}`);
  if (!ZONE.test(zone)) throw new UserError(`--zone is ${zone}; the name of a zone, without quotes and parentheses`);
  const biasMinutes = wholeNumber("--bias", args.bias, -BIAS_MAX, BIAS_MAX);
  return { computer, instance, zone, biasMinutes, startDay: startDayOf(args.start) };
}
