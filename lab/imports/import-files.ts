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
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { LoggedResponses } from "../../models/contract/logs.ts";
import type { Response } from "../../models/contract/responses.ts";
import { Distribution } from "../../statistics/distribution.ts";
import { dateText, mondayBefore, US_PER_DAY } from "../calendar.ts";
import { Fault } from "../experiment/settings.ts";
import { lockFolder } from "../results/folder-lock.ts";
import { CsvWriter, type Table } from "../results/csv.ts";
import { dataPackage, type WrittenTable } from "../results/data-package.ts";
import { HashedFile } from "../results/hashed-file.ts";
import { programVersion } from "../program.ts";
import { suggest } from "../suggest.ts";
import { argument, UserError, type Wording } from "../user-error.ts";
import { inLine } from "../visible.ts";
import { makeFolder, unwritable } from "../whole-file.ts";
import { Collector, type Unreadable } from "./collector.ts";
import { counted } from "../reports/format.ts";
import { sniff } from "./formats.ts";
import type { LogFile } from "./log-file.ts";
import { modelOf, RECORD_FILE, type ImportRecord } from "./import-record.ts";
import {
  faultsTable,
  incidentsTable,
  jobsTable,
  seriesTable,
  serversTable,
  type ServerIncident,
  type ServerSummary,
} from "./import-tables.ts";
import { IncidentFinder, type Incident, type WatchedResponse } from "./incidents.ts";
import { JOB_COLUMNS, readMappedCsv } from "./mapped-csv.ts";
import { SeriesFinder, type ColumnMap } from "./series-finder.ts";
import { readOpenMetrics } from "./open-metrics.ts";
import { readPageLog } from "./page-log.ts";
import { readPdhCsv } from "./pdh-csv.ts";
import { readPrintEvents } from "./print-events.ts";
import { readPrometheusJson } from "./prometheus-json.ts";
import type { DateOrder } from "./stamps.ts";

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
  /** The minutes to add to local time for UTC; by default that of the first counter log, or 0. */
  readonly biasMinutes?: number | undefined;
  /** Whether another import in the folder may be replaced. */
  readonly force?: boolean;
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
}

/** The number of faults kept for printing; the table has all of them. */
const FAULTS_LISTED_MAX = 1000;
/** The number of different intervals between readings that are distinguished. */
const STEPS_MAX = 4096;
const LEAD = 3;

/** @throws UserError for invalid options, or a file without any readable content; no folder is created then */
export async function importFiles(
  paths: readonly string[],
  folder: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const { model } = await modelOf(options.model, options.parameters ?? {}).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    throw new UserError(argument("set"), ` ${error.message.replace(/^scenario\.parameters\./, "")}`);
  });
  const { logged } = model;
  if (logged === undefined)
    throw new UserError(argument("model"), ` is ${options.model}; that model does not support imports`);
  checkColumns(options.columns ?? new Map(), logged);
  const sniffed = [];
  for (const path of paths) sniffed.push(await sniff(path));
  const zoned = sniffed.find(({ biasMinutes }) => biasMinutes !== undefined);
  const biasMinutes = options.biasMinutes ?? zoned?.biasMinutes ?? 0;
  const zone = biasMinutes === zoned?.biasMinutes ? zoned.zone! : biasMinutes === 0 ? "UTC" : "local time";
  const target = resolve(folder);
  await refuseTaken(folder, target, options.force === true);
  const unlock = await lockFolder(target).catch(unwritable(folder));
  const partial = join(dirname(target), `.${basename(target)}.partial`);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial).catch(unwritable(folder));
    const writer = new TableFiles(partial, folder);
    const collector = new Collector(paths, logged, partial, biasMinutes);
    try {
      const { faults, sources } = await readAll(sniffed, collector, writer, logged, options);
      const written = await writeTables(collector, writer, model.responses, logged);
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
        sources: sources.map((one, index) => ({ ...one, unreadable: collector.unreadable[index]! })),
        files: [...tables.map(({ file }) => file), packaged],
      };
      await writer.json(RECORD_FILE, record);
      collector.close();
      await rm(target, { recursive: true, force: true });
      await rename(partial, target).catch(unwritable(folder));
      const others = new Set(
        sniffed.flatMap(({ zone: name, biasMinutes: bias }) =>
          bias === undefined || bias === biasMinutes ? [] : [`${name} (${bias})`],
        ),
      );
      return {
        record,
        responses: written.responses,
        servers: written.servers,
        jobs: collector.jobs.count,
        faults,
        otherZones: [...others],
        blanks: collector.blanks,
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

/** @throws UserError when a column is mapped to something that the model does not have */
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
    ? ["an import; choose another folder, or say ", argument("force")]
    : ["files that are not an import; choose another folder"];
  throw new UserError(`${folder} holds `, ...held);
}

/** Reads the files in order. @throws UserError for a file without any readable content */
async function readAll(
  sniffed: readonly Omit<LogFile, "server" | "flush">[],
  out: Collector,
  writer: TableFiles,
  logged: LoggedResponses,
  options: ImportOptions,
): Promise<{ faults: Unreadable[]; sources: ImportRecord["sources"] }> {
  const { columns = new Map<string, string>(), dates, server } = options;
  const finder = new SeriesFinder(logged, columns);
  const responses = [...new Set(logged.responses.map(({ response }) => response))];
  const table = await writer.open(faultsTable);
  const faults: Unreadable[] = [];
  const flush = async () => {
    const some = out.takeFaults();
    faults.push(...some.slice(0, FAULTS_LISTED_MAX - faults.length));
    await table.write(some);
  };
  const sources: ImportRecord["sources"][number][] = [];
  for (const [index, head] of sniffed.entries()) {
    const file: LogFile = { ...head, server, flush };
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
  return { faults, sources };
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

/** All readings of one server at one time; `series` is reused. */
interface Merged {
  server: number;
  timeUs: number;
  readonly values: Float64Array;
}

/** @param isFirst whether to report faults; the rows are read twice */
function* mergedReadings(out: Collector, finder: SeriesFinder, isFirst: boolean): Iterable<Merged> {
  const merged: Merged = { server: -1, timeUs: NaN, values: new Float64Array(finder.count) };
  /** The position in the logs of each series's value. */
  const origins = new Float64Array(finder.count);
  let isHeld = false;
  for (const row of out.readings.rows()) {
    const [server, timeUs, order] = row as unknown as [number, number, number];
    if (isHeld && (server !== merged.server || timeUs !== merged.timeUs)) {
      yield merged;
      isHeld = false;
    }
    if (!isHeld) {
      [merged.server, merged.timeUs, isHeld] = [server, timeUs, true];
      merged.values.fill(NaN);
    }
    for (let series = 0; series < finder.count; series++) {
      const value = row[LEAD + series]!;
      if (Number.isNaN(value)) continue;
      const known = merged.values[series]!;
      if (Number.isNaN(known)) {
        merged.values[series] = value;
        origins[series] = order;
      } else if (finder.isSum(series) && out.isSameFile(order, origins[series]!)) merged.values[series] = known + value;
      else if (known !== value && isFirst) {
        out.faultAt(order, String(value), `another line has ${known} for the same server and time`);
      }
    }
  }
  if (isHeld) yield merged;
}

interface Written {
  readonly startDay: number;
  readonly responses: readonly Response[];
  readonly servers: readonly ServerSummary[];
}

/** The results of the first pass over a server's readings. */
interface Survey {
  readonly server: number;
  readonly firstUs: number;
  lastUs: number;
  readings: number;
  stepUs: number;
  /** By series: whether it was ever read. */
  readonly isRead: boolean[];
}

async function writeTables(
  out: Collector,
  writer: TableFiles,
  all: readonly Response[],
  logged: LoggedResponses,
): Promise<Written> {
  const finder = new SeriesFinder(logged, new Map());
  const surveys = surveyed(out, finder);
  const faults = writer.of(faultsTable);
  await faults.write(out.takeFaults());
  let firstUs = Math.min(...[...surveys.values()].map((survey) => survey.firstUs));
  const jobCounts = out.servers.map(() => 0);
  for (const row of out.jobs.rows()) {
    jobCounts[row[0]!]!++;
    firstUs = Math.min(firstUs, row[1]!);
  }
  const startDay = mondayBefore(Math.floor(firstUs / US_PER_DAY));
  const startUs = startDay * US_PER_DAY;
  const isUsed = (response: string) =>
    [...surveys.values()].some(({ isRead }) =>
      logged.responses.some((one, m) => one.response === response && isRead[m]),
    );
  const responses = all.filter(({ name }) => isUsed(name));
  const servers = await writeReadings(out, writer, finder, logged, responses, surveys, startUs, jobCounts);
  if (out.jobs.count > 0) await writeJobs(out, writer, startUs);
  return { startDay, responses, servers };
}

function surveyed(out: Collector, finder: SeriesFinder): Map<number, Survey> {
  const surveys = new Map<number, Survey>();
  let survey: Survey | undefined;
  let steps = new Distribution(STEPS_MAX);
  const step = new Float64Array(1);
  const finish = () => {
    if (survey !== undefined) survey.stepUs = medianOf(steps);
    steps = new Distribution(STEPS_MAX);
  };
  for (const { server, timeUs, values: logged } of mergedReadings(out, finder, true)) {
    if (survey?.server !== server) {
      finish();
      survey = { server, firstUs: timeUs, lastUs: NaN, readings: 0, stepUs: NaN, isRead: [] };
      surveys.set(server, survey);
    } else {
      step[0] = timeUs - survey.lastUs;
      steps.add(step);
    }
    survey.lastUs = timeUs;
    survey.readings++;
    for (let series = 0; series < logged.length; series++) survey.isRead[series] ||= !Number.isNaN(logged[series]!);
  }
  finish();
  return surveys;
}

/** NaN if there are none. */
function medianOf(steps: Distribution): number {
  const { values, counts } = steps.cells();
  let before = 0;
  for (const [i, value] of values.entries()) {
    before += counts[i]!;
    if (before >= steps.count / 2) return value;
  }
  return NaN;
}

async function writeReadings(
  out: Collector,
  writer: TableFiles,
  finder: SeriesFinder,
  logged: LoggedResponses,
  responses: readonly Response[],
  surveys: ReadonlyMap<number, Survey>,
  startUs: number,
  jobCounts: readonly number[],
): Promise<ServerSummary[]> {
  const series = await writer.open(seriesTable(responses));
  const incidentRows = await writer.open(incidentsTable);
  const serverRows = await writer.open(serversTable);
  const monitored = responses.map(({ name, role, now }): WatchedResponse => {
    return { name, isGivenBack: logged.givenBack.includes(name), isTotal: role === "count" && now !== true };
  });
  const summaries: ServerSummary[] = [];
  const values = new Float64Array(responses.length);
  let server = -1;
  let indices: number[] = [];
  let incidents: IncidentFinder | undefined;
  let found: Incident[] = [];
  const finish = async () => {
    const survey = surveys.get(server);
    if (survey === undefined) return;
    const clocks = out.clockChanges.filter((one) => one.server === server);
    found.push(...clocks.map(({ atUs, backToUs }) => clockIncident(atUs, backToUs)));
    found.sort((a, b) => a.timeUs - b.timeUs);
    const name = out.servers[server]!;
    const local = (timeUs: number) => timeUs - startUs;
    const rows = found.map((one): ServerIncident => {
      return { ...one, server: name, timeUs: local(one.timeUs), sinceUs: local(one.sinceUs) };
    });
    await incidentRows.write(rows);
    const summary = summaryOf(name, survey, found, local, jobCounts[server]!);
    summaries.push(summary);
    await serverRows.write([summary]);
    found = [];
  };
  for (const { server: next, timeUs, values: read } of mergedReadings(out, finder, false)) {
    if (next !== server) {
      await finish();
      server = next;
      const { isRead, stepUs } = surveys.get(server)!;
      indices = responses.map(({ name }) => {
        return logged.responses.findIndex(({ response }, m) => response === name && isRead[m] === true);
      });
      incidents = new IncidentFinder(monitored, stepUs);
    }
    for (const [r, index] of indices.entries()) values[r] = index === -1 ? NaN : read[index]!;
    found.push(...incidents!.next(timeUs, values, read[finder.count - 1]!));
    await series.write([{ server: out.servers[server]!, timeUs: timeUs - startUs, values }]);
  }
  await finish();
  for (const [index, name] of out.servers.entries()) {
    if (surveys.has(index)) continue;
    const none = { firstUs: NaN, lastUs: NaN, readings: 0, stepUs: NaN };
    const summary = summaryOf(name, none, [], (timeUs) => timeUs, jobCounts[index]!);
    summaries.push(summary);
    await serverRows.write([summary]);
  }
  return summaries;
}

function clockIncident(atUs: number, backToUs: number): Incident {
  return { kind: "clock", timeUs: atUs, sinceUs: backToUs, response: "", before: NaN, after: NaN };
}

function summaryOf(
  server: string,
  { firstUs, lastUs, readings, stepUs }: Pick<Survey, "firstUs" | "lastUs" | "readings" | "stepUs">,
  found: readonly Incident[],
  local: (timeUs: number) => number,
  jobs: number,
): ServerSummary {
  const counts = { restart: 0, gap: 0, wrap: 0, reset: 0, clock: 0 };
  for (const { kind } of found) counts[kind]++;
  return { server, firstUs: local(firstUs), lastUs: local(lastUs), readings, stepUs, incidents: counts, jobs };
}

async function writeJobs(out: Collector, writer: TableFiles, startUs: number): Promise<void> {
  const jobs = await writer.open(jobsTable);
  for (const row of out.jobs.rows()) {
    const [server, timeUs, , bytes, pages, type] = row as unknown as number[];
    const about = { bytes: bytes!, pages: pages!, type: out.types[type!]! };
    await jobs.write([{ server: out.servers[server!]!, timeUs: timeUs! - startUs, ...about }]);
  }
}

/** The tables of a folder while they are being written. */
class TableFiles {
  private readonly path: string;
  private readonly fail: (error: unknown) => never;
  private readonly tables: { readonly file: HashedFile; readonly writer: CsvWriter<never> }[];

  constructor(path: string, folder: string) {
    this.path = path;
    this.fail = unwritable(folder);
    this.tables = [];
  }

  async open<Row>(table: Table<Row>): Promise<CsvWriter<Row>> {
    const file = await this.create(table.file);
    const writer = new CsvWriter(table, (text) => file.append(text));
    this.tables.push({ file, writer });
    return writer;
  }

  /** The writer of an open table. */
  of<Row>({ name }: Table<Row>): CsvWriter<Row> {
    return this.tables.find(({ writer }) => writer.table.name === name)!.writer as unknown as CsvWriter<Row>;
  }

  async finish(): Promise<WrittenTable[]> {
    const written: WrittenTable[] = [];
    for (const { file, writer } of this.tables) {
      await writer.flush();
      written.push({ table: writer.table, file: { ...(await file.finish()), rows: writer.rows } });
    }
    return written;
  }

  async json(name: string, value: object) {
    const file = await this.create(name);
    await file.append(`${JSON.stringify(value, null, 2)}\n`);
    return file.finish();
  }

  /** May also be called after everything is finished. */
  async close(): Promise<void> {
    for (const { file } of this.tables) await file.close();
  }

  private async create(name: string): Promise<HashedFile> {
    return new HashedFile(name, await open(join(this.path, name), "wx").catch(this.fail), this.fail);
  }
}
