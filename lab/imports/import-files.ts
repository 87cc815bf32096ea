/**
 * Imports logs of real servers: reads files of several formats, sorts their contents by server and time, finds
 * restarts, gaps and other incidents, and writes a folder of tables like that of results.
 *
 * The same files give the same bytes, whatever their order in time. Of several readings of one server and time, the
 * file that was named first counts. Memory does not grow with the size of the files: what does not fit is sorted in a
 * scratch file in the new folder.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { LoggedResponses } from "../../models/contract/logs.ts";
import type { Response } from "../../models/contract/responses.ts";
import { dateText } from "../calendar.ts";
import { Fault } from "../experiment/settings.ts";
import { programVersion } from "../program.ts";
import { counted } from "../reports/format.ts";
import { dataPackage } from "../results/data-package.ts";
import { beside, refuseUnmovable, settle, takeName } from "../results/folder-swap.ts";
import { lockFolder } from "../results/folder-lock.ts";
import { REPORT_FILE } from "../results/manifest.ts";
import { suggest } from "../suggest.ts";
import { UserError, argument, type Wording } from "../user-error.ts";
import { inLine } from "../visible.ts";
import { makeFolder, unwritable } from "../whole-file.ts";
import { Collector, type UnknownCounters, type Unreadable } from "./collector.ts";
import { formatOf } from "./format-detection.ts";
import { RECORD_FILE, modelOf, type ImportRecord } from "./import-record.ts";
import {
  faultsTable,
  incidentsTable,
  jobsTable,
  seriesTable,
  serversTable,
  type ServerSummary,
} from "./import-tables.ts";
import type { LogFile } from "./formats.ts";
import { JOB_COLUMNS, readMappedCsv } from "./mapped-csv.ts";
import { readOpenMetrics } from "./open-metrics.ts";
import { readPageLog } from "./page-log.ts";
import { readPdhCsv } from "./pdh-csv.ts";
import { readPrintEvents } from "./print-events.ts";
import { readPrometheusJson } from "./prometheus-json.ts";
import { SeriesFinder, type ColumnMap } from "./series-finder.ts";
import type { DateOrder } from "./stamps.ts";
import { TableFiles } from "./table-files.ts";
import { writeTables } from "./written-tables.ts";

export interface ImportOptions {
  /** A model name from the catalogue. */
  readonly model: string;
  /** What is known about the servers: settings of the model. */
  readonly parameters?: ImportRecord["parameters"];
  /** The meaning of columns, by column: time, server, a response, bytes, pages or type. */
  readonly columns?: ColumnMap;
  /** The server for files that name none. */
  readonly server?: string | undefined;
  /** The order of dates with slashes, in files that are not counter logs. */
  readonly dates?: DateOrder | undefined;
  /** The decimal mark of numbers such as 1,204 and 1.204; by default that of the other numbers of their file. */
  readonly decimal?: LogFile["decimal"];
  /** The minutes to add to local time for UTC; by default that of the first counter log, or 0. */
  readonly biasMinutes?: number | undefined;
  /** Whether another import in the folder may be replaced. */
  readonly force?: boolean;
  /** Ends the import; nothing is left of it then, and a former import is left as it was. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of an import. */
export interface ImportResult {
  readonly record: ImportRecord;
  readonly responses: readonly Response[];
  readonly servers: readonly ServerSummary[];
  readonly jobs: number;
  /** The first faults. */
  readonly faults: readonly Unreadable[];
  /** Time zones in the files that differ from the import's. */
  readonly otherZones: readonly string[];
  readonly blanks: Collector["blanks"];
  readonly unknownCounters: UnknownCounters;
}

/** The number of faults kept for printing; the table has all of them. */
const FAULTS_LISTED_MAX = 1000;

/** @throws UserError for invalid options, or a file without any readable content; no folder is created then */
export async function importFiles(
  paths: readonly string[],
  folder: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const { responses, logged } = await importedModel(options);
  checkColumns(options.columns ?? new Map(), logged);
  const files = [];
  for (const path of paths) files.push(await formatOf(path));
  const { zone, biasMinutes, otherZones } = zonesOf(files, options.biasMinutes);
  const target = resolve(folder);
  await refuseTaken(folder, target, options.force === true);
  await refuseUnmovable(folder, target).catch(unwritable(folder));
  const unlock = await lockFolder(target).catch(unwritable(folder));
  const partial = beside(target, "partial");
  try {
    await settle(target, async () => isOfImport).catch(unwritable(folder));
    await refuseTaken(folder, target, options.force === true);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial).catch(unwritable(folder));
    const writer = new TableFiles(partial, folder);
    const collector = new Collector(paths, logged, partial, biasMinutes);
    try {
      const { faults, sources } = await readAll(files, collector, writer, logged, options);
      const written = await writeTables(collector, writer, responses, logged);
      const tables = await writer.finish();
      const description = `Logs of ${counted(written.servers.length, "server")}, imported from ${counted(paths.length, "file")}`;
      const packaged = await writer.json(
        "datapackage.json",
        dataPackage({ name: basename(target), question: description }, tables),
      );
      const record: ImportRecord = {
        program: "spoolsim",
        version: programVersion,
        model: options.model,
        parameters: options.parameters ?? {},
        start: dateText(written.startDay),
        zone,
        biasMinutes,
        sources: sources.map((one, index) => {
          const sorted = collector.sorted[index]!;
          return { ...one, unreadable: collector.unreadable[index]!, ...(sorted === 0 ? {} : { sorted }) };
        }),
        files: [...tables.map(({ file }) => file), packaged],
      };
      await writer.json(RECORD_FILE, record);
      collector.close();
      options.signal?.throwIfAborted();
      await takeName(target, isOfImport).catch(unwritable(folder));
      return {
        record,
        responses: written.responses,
        servers: written.servers,
        jobs: collector.jobs.count,
        faults: [...faults, ...written.disagreements].slice(0, FAULTS_LISTED_MAX),
        otherZones,
        blanks: collector.blanks,
        unknownCounters: collector.unknownCounters(),
      };
    } finally {
      collector.close();
      await writer.close();
    }
  } finally {
    await rm(partial, { recursive: true, force: true });
    await unlock();
  }
}

const OWN_FILES = new Set([
  ...[seriesTable([]), incidentsTable, serversTable, jobsTable, faultsTable].map(({ file }) => file),
  "datapackage.json",
  RECORD_FILE,
  REPORT_FILE,
]);

/** Whether a file of the folder comes from an import: a table, also in another format, or the report. */
function isOfImport(name: string): boolean {
  return OWN_FILES.has(name.replace(/\.parquet$/, ".csv"));
}

/** @throws UserError for a model that is not known or does not support imports */
async function importedModel({ model: name, parameters = {} }: ImportOptions) {
  const { model } = await modelOf(name, parameters).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    throw new UserError(argument("set"), ` ${error.message.replace(/^scenario\.parameters\./, "")}`);
  });
  const { responses, logged } = model;
  if (logged === undefined) throw new UserError(argument("model"), ` is ${name}; that model does not support imports`);
  return { responses, logged };
}

/** The time zone of the import: as asked, or that of the first file that names one; and the others. */
function zonesOf(files: readonly Pick<LogFile, "zone" | "biasMinutes">[], requested: number | undefined) {
  const zoned = files.find((file) => file.biasMinutes !== undefined);
  const biasMinutes = requested ?? zoned?.biasMinutes ?? 0;
  const zone = biasMinutes === zoned?.biasMinutes ? zoned.zone! : biasMinutes === 0 ? "UTC" : "local time";
  const others = files.flatMap(({ zone: name, biasMinutes: bias }) =>
    bias === undefined || bias === biasMinutes ? [] : [`${name} (${bias})`],
  );
  return { zone, biasMinutes, otherZones: [...new Set(others)] };
}

/** @throws UserError when a column is mapped to something that the model does not have, or to two things */
function checkColumns(columns: ColumnMap, { responses }: LoggedResponses): void {
  const known = ["time", "server", ...new Set(responses.map(({ response }) => response)), ...JOB_COLUMNS];
  for (const what of columns.keys()) {
    if (!known.includes(what)) {
      throw new UserError(
        argument("column"),
        ` ${what}: a column is one of ${known.join(", ")}${suggest(what, known)}`,
      );
    }
  }
  const namedBy = new Map<string, string>();
  for (const [what, header] of columns) {
    const other = namedBy.get(header);
    if (other !== undefined)
      throw new UserError(argument("column"), ` ${what}=${header}: that column is already ${other}; each is one thing`);
    namedBy.set(header, what);
  }
}

/** @throws UserError when the folder contains anything but an import that may be replaced */
async function refuseTaken(folder: string, target: string, force: boolean): Promise<void> {
  const facts = await stat(target).catch(() => undefined);
  if (facts === undefined) {
    const around = await stat(dirname(target)).catch(() => undefined);
    if (around?.isDirectory() !== true) await makeFolder(dirname(target)).catch(unwritable(folder));
    return;
  }
  if (!facts.isDirectory())
    throw new UserError(argument("out"), ` ${folder} is a file; an import is written to a folder`);
  const names = await readdir(target);
  if (names.length === 0 || (force && names.includes(RECORD_FILE))) return;
  const held: Wording = names.includes(RECORD_FILE)
    ? ["an import; choose another folder, or use ", argument("force")]
    : ["files that are not an import; choose another folder"];
  throw new UserError(`${folder} holds `, ...held);
}

/** Reads the files in order. @throws UserError for a file without any readable content */
async function readAll(
  files: readonly Omit<LogFile, "server" | "decimal" | "flush">[],
  out: Collector,
  writer: TableFiles,
  logged: LoggedResponses,
  options: ImportOptions,
): Promise<{ faults: Unreadable[]; sources: ImportRecord["sources"] }> {
  const { columns = new Map<string, string>(), dates, server, decimal, signal } = options;
  const finder = new SeriesFinder(logged, columns);
  const responses = [...new Set(logged.responses.map(({ response }) => response))];
  const table = await writer.open(faultsTable);
  const faults: Unreadable[] = [];
  const flush = async () => {
    signal?.throwIfAborted();
    const some = out.takeFaults();
    faults.push(...some.slice(0, FAULTS_LISTED_MAX - faults.length));
    await table.write(some);
  };
  const sources: ImportRecord["sources"][number][] = [];
  for (const [index, head] of files.entries()) {
    const file: LogFile = { ...head, server, decimal, flush };
    const before = out.readings.count + out.jobs.count;
    out.begin(index);
    switch (file.format) {
      case "pdh-csv":
        await readPdhCsv(file, finder, out);
        break;
      case "prometheus-json":
        await readPrometheusJson(file, finder, out);
        break;
      case "open-metrics":
        await readOpenMetrics(file, finder, out);
        break;
      case "page-log":
        if (server === undefined)
          throw new UserError(`${file.path}:1 does not name its server; name it with `, argument("server"));
        await readPageLog(file, out);
        break;
      case "print-events":
        await readPrintEvents(file, dates, out);
        break;
      case "csv":
        await readMappedCsv(file, finder, columns, responses, dates, out);
    }
    out.end();
    await flush();
    if (out.readings.count + out.jobs.count === before) throw nothingIn(file, faults, out.unreadable[index]!);
    sources.push({ path: file.path, format: file.format, ...(await hashOf(file.path)), unreadable: 0 });
  }
  refuseUnassigned(columns, finder, files);
  return { faults, sources };
}

/** @throws UserError when a column that the user named is in no file */
function refuseUnassigned(columns: ColumnMap, finder: SeriesFinder, files: readonly Pick<LogFile, "format">[]): void {
  const isMapped = files.some(({ format }) => format === "csv");
  for (const [what, header] of columns) {
    if (finder.assigned.has(what) || (!isMapped && finder.ofResponse(what) === -1)) continue;
    throw new UserError(argument("column"), ` ${what}=${header}: no file has a column with this name`);
  }
}

function nothingIn({ path, format }: LogFile, faults: readonly Unreadable[], count: number): UserError {
  const first = faults.find(({ file }) => file === path);
  if (first === undefined) return new UserError(`${path} (read as ${format}) has no reading or job for the model`);
  const more =
    count > 1 ? `; ${count === 2 ? "1 more line or value is" : `${count - 1} more lines or values are`} like it` : "";
  return new UserError(`${faultText(first)}; nothing in the file can be read${more}`);
}

/** Formats a fault as "log.csv:17 is "abc"; it is not a number". */
export function faultText({ file, line, value, rule }: Unreadable): string {
  return `${file}:${line} is "${inLine(value)}"; ${rule}`;
}

async function hashOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
