/** `spoolsim import`: makes a folder of tables from the logs of real servers. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { changesOf } from "../lab/experiment/override.ts";
import { dateOfImport, incidentWords, sortedTexts } from "../lab/imports/import-words.ts";
import { faultText, importFiles, type ImportResult } from "../lab/imports/import-files.ts";
import type { UnknownCounters } from "../lab/imports/collector.ts";
import { BIAS_MINUTES_MAX } from "../lab/imports/stamps.ts";
import { counted, durationText, labelOf } from "../lab/reports/format.ts";
import { UserError } from "../lab/user-error.ts";
import type { Setting } from "../models/contract/parameters.ts";
import { US_PER_MINUTE } from "../sim/time-units.ts";
import { interruptSignal } from "./exit.ts";
import { once, wholeNumber } from "./options.ts";

import { print } from "./output.ts";
import { tableOf } from "./table.ts";

const options = {
  out: { type: "string", demandOption: true, requiresArg: true, describe: "a new folder for the tables" },
  model: {
    type: "string",
    default: "print-servers",
    requiresArg: true,
    describe: "model of these servers; it says which counters are imported",
  },
  set: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "the value of a known parameter of the servers, as parameter=value; can be repeated",
  },
  column: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'what a column or counter is, as handles="Handle Count" or time=When; can be repeated',
  },
  server: { type: "string", requiresArg: true, describe: "server name for files that do not contain one" },
  dates: {
    choices: ["month-first", "day-first"] as const,
    requiresArg: true,
    describe: "how to read 03/04/2024; counter logs are always month-first",
  },
  decimal: {
    choices: ["comma", "point"] as const,
    requiresArg: true,
    defaultDescription: "that of the other numbers of their file",
    describe: "decimal mark of numbers such as 1,204 and 1.204",
  },
  bias: {
    type: "string",
    requiresArg: true,
    defaultDescription: "that of the first counter log",
    describe: "minutes to add to local time to get UTC: 480 for Pacific Standard Time",
  },
  force: { type: "boolean", default: false, describe: "replace an import that is in the folder" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { files: string[] };

/** How many faults to print; the table has all of them. */
const FAULTS_SHOWN = 5;

export const importCommand: CommandModule<object, Arguments> = {
  builder: (argv) =>
    argv
      .positional("files", {
        type: "string",
        array: true,
        // Or else --help says that the default of a required argument is [].
        default: undefined,
        demandOption: true,
        describe:
          "logs: CSV of Performance Monitor (PDH-CSV), Prometheus JSON or text, page_log of CUPS, print events of Windows, or other CSV with --column",
      })
      .options(options)
      .check(once(options)),
  async handler(args) {
    const result = await importFiles(args.files, args.out, {
      model: args.model,
      parameters: parametersOf(args.set ?? []),
      columns: columnsOf(args.column ?? []),
      server: args.server,
      dates: args.dates,
      decimal: args.decimal === undefined ? undefined : args.decimal === "comma" ? "," : ".",
      biasMinutes:
        args.bias === undefined ? undefined : wholeNumber("--bias", args.bias, -BIAS_MINUTES_MAX, BIAS_MINUTES_MAX),
      force: args.force,
      signal: interruptSignal(),
    });
    print(`${importText(result)}\n\n${args.out}\n`);
  },
};

/** @throws UserError */
export function parametersOf(words: readonly string[]): Record<string, Setting> {
  return Object.fromEntries(
    changesOf(words).map(({ path, setting, position }) => {
      const name = /^parameters\.(.*)$/.exec(path)?.[1];
      if (name === undefined) throw new UserError(...[position].flat(), " an import has parameters of the model only");
      return [name, setting];
    }),
  );
}

/** @throws UserError */
function columnsOf(words: readonly string[]): Map<string, string> {
  const columns = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf("=");
    const what = word.slice(0, equals);
    if (equals < 1 || equals === word.length - 1) {
      throw new UserError(`--column ${word}: a column is written as what=header, such as time="Date Time"`);
    }
    if (columns.has(what)) throw new UserError(`--column ${word}: ${what} is named twice`);
    columns.set(what, word.slice(equals + 1));
  }
  return columns;
}

/** Describes what was imported, what happened on the servers, and what is left out. */
function importText(result: ImportResult): string {
  const { record, responses, servers, jobs, faults, otherZones, blanks, unknownCounters } = result;
  const [first, last] = [
    Math.min(...servers.map(({ firstUs }) => firstUs).filter((us) => !Number.isNaN(us))),
    Math.max(...servers.map(({ lastUs }) => lastUs).filter((us) => !Number.isNaN(us))),
  ];
  const readings = servers.reduce((sum, one) => sum + one.readings, 0);
  const span = readings === 0 ? "" : `, ${dateOfImport(record, first)} to ${dateOfImport(record, last)}`;
  const head =
    `${counted(record.sources.length, "file")}, ${counted(servers.length, "server")}, ` +
    `${counted(readings, "reading")} and ${counted(jobs, "job")}${span}; times are local (bias ${record.biasMinutes})`;
  const rows = servers.map((one) => [
    one.server,
    String(one.readings),
    Number.isNaN(one.stepUs) ? "" : durationText(one.stepUs / US_PER_MINUTE),
    ...incidentWords.map(({ kind }) => String(one.incidents[kind])),
    String(one.jobs),
  ]);
  const table = tableOf(["server", "readings", "every", ...incidentWords.map(({ noun }) => `${noun}s`), "jobs"], rows);
  const read = responses.map(labelOf).join(", ");
  const unreadable = record.sources.reduce((sum, one) => sum + one.unreadable, 0);
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${faultText(fault)}`);
  const rest = unreadable > shown.length ? [`  ${unreadable - shown.length} more in faults.csv`] : [];
  return [
    head,
    ...(read === "" ? [] : [`read: ${read}`]),
    table,
    "gaps: nobody read the counters; wraps: a 32-bit counter began at 0 again; resets: another running total did",
    ...(otherZones.length === 0
      ? []
      : [`Files of other zones, ${otherZones.join(", ")}, are shown with bias ${record.biasMinutes}, too.`]),
    ...sortedTexts(record),
    ...(unknownCounters.count === 0 ? [] : [unknownText(unknownCounters)]),
    ...(blanks.first === undefined ? [] : [blankText(blanks.count, blanks.first)]),
    unreadable === 0
      ? "Every line could be read."
      : [
          unreadable === 1 ? "1 line or value is left out:" : `${unreadable} lines or values are left out:`,
          ...shown,
          ...rest,
        ].join("\n"),
  ].join("\n");
}

function unknownText({ count, hasMore, example }: UnknownCounters): string {
  const [some, one] =
    count === 1
      ? [`1 counter, ${example}`, "it is"]
      : [`${hasMore ? "at least " : ""}${count} counters, such as ${example}`, "one of them is"];
  return `not read: ${some}; if ${one} a gauge of the model under another name, say so with --column.`;
}

function blankText(count: number, { place, column }: { readonly place: string; readonly column: string }): string {
  const cells = count === 1 ? "1 cell is blank" : `${count} cells are blank`;
  return `${cells} (no measurement); the first is ${column} at ${place}.`;
}
