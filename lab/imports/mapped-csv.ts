/**
 * Any CSV file with a header, for which the user names the columns: a time, a server, and either responses of the model
 * or the bytes, pages and data type of jobs.
 *
 * A column is named by its header, such as --column handles="Handle Count"; a column whose header is the name itself
 * needs no option.
 *
 * Left out, each with its rule: a line with more or fewer fields than the header, a time that is not a date of the
 * years 1990 to 2099 (stamps.ts), an empty server, and an amount that is not a number, is below 0 or has more than 64
 * bits. So are 1,204 and 1.204, in which comma and point may be a decimal mark or separate thousands, unless the user
 * or the other numbers of the columns that are read say which (amounts.ts). A text in a column that is not read is
 * never looked at.
 */
import { argument, UserError } from "../user-error.ts";
import { amountOf, DecimalMarks, FileMark, type DecimalMark } from "./amounts.ts";
import type { Collector } from "./collector.ts";
import { csvRecords } from "./csv-records.ts";
import type { LogFile } from "./formats.ts";
import type { ColumnMap, SeriesFinder } from "./series-finder.ts";
import { stampOf, type DateOrder } from "./stamps.ts";

/** The columns that describe jobs. */
export const JOB_COLUMNS = ["bytes", "pages", "type"] as const;

const DELIMITERS = [",", ";", "\t", "|"];

/** The delimiter that gives a header the most fields. */
export function delimiterOf(header: string): string {
  const fields = (delimiter: string) => header.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (fields(one) > fields(best) ? one : best));
}

/** The meaning of the columns of a file. */
interface Layout {
  readonly cells: number;
  readonly time: number;
  /** -1 if there is no such column. */
  readonly server: number;
  readonly logged: readonly { readonly at: number; readonly series: number; readonly column: string }[];
  readonly job: Readonly<Record<(typeof JOB_COLUMNS)[number], number>>;
}

/** @throws UserError when the file cannot be read, or its columns are unknown */
export async function readMappedCsv(
  file: LogFile,
  finder: SeriesFinder,
  columns: ColumnMap,
  responses: readonly string[],
  order: DateOrder | undefined,
  out: Collector,
): Promise<void> {
  let layout: Layout | undefined;
  const values = new Float64Array(finder.count);
  const layoutAt = (line: number, header: readonly string[]) =>
    layoutOf(file, line, header, finder, columns, responses);
  const decimal = new FileMark(file, () => decimalMarkOf(file, layoutAt));
  for await (const records of csvRecords(file.path, file.delimiter)) {
    await decimal.meet(records);
    for (const { line, cells, text } of records) {
      if (text.trim() === "") continue;
      if (typeof cells === "string") out.fault(line, text, cells);
      else if (layout === undefined) layout = layoutAt(line, cells);
      else if (cells.length !== layout.cells) {
        out.fault(line, text, `it has ${cells.length} fields; the header has ${layout.cells}`);
      } else readLine(file, layout, line, cells, order, decimal.mark, values, out);
    }
    await file.flush();
  }
  if (layout === undefined) throw new UserError(`${file.path} is empty`);
}

/** The decimal mark of the amounts that are read. */
async function decimalMarkOf(
  file: LogFile,
  layoutAt: (line: number, header: readonly string[]) => Layout,
): Promise<DecimalMark> {
  const marks = new DecimalMarks(file.delimiter);
  let layout: Layout | undefined;
  for await (const records of csvRecords(file.path, file.delimiter)) {
    for (const { line, cells, text } of records) {
      if (typeof cells === "string" || text.trim() === "") continue;
      layout ??= layoutAt(line, cells);
      if (cells.length !== layout.cells) continue;
      const { logged, job } = layout;
      for (const at of [job.bytes, job.pages, ...logged.map((one) => one.at)]) marks.see(cells[at] ?? "");
    }
    await file.flush();
  }
  return marks.mark;
}

function readLine(
  file: LogFile,
  layout: Layout,
  line: number,
  cells: readonly string[],
  order: DateOrder | undefined,
  mark: DecimalMark,
  values: Float64Array,
  out: Collector,
): void {
  const stamp = stampOf(cells[layout.time]!, order);
  if (typeof stamp === "string") return out.fault(line, cells[layout.time]!, stamp);
  const server = layout.server === -1 ? file.server! : cells[layout.server]!.trim();
  if (server === "") return out.fault(line, cells.join(file.delimiter), "the server is empty");
  const timeUs = out.local(stamp);
  const { bytes, pages, type } = layout.job;
  if (layout.logged.length === 0) {
    const amounts = [bytes, pages].map((at) => {
      const cell = at === -1 ? "" : cells[at]!.trim();
      const amount = cell === "" ? NaN : amountOf(cell, mark);
      if (typeof amount === "string") out.fault(line, cell, amount);
      return amount;
    });
    if (amounts.some((amount) => typeof amount === "string")) return;
    const [jobBytes, jobPages] = amounts as [number, number];
    out.job(server, timeUs, line, { bytes: jobBytes, pages: jobPages, type: type === -1 ? "" : cells[type]!.trim() });
    return;
  }
  values.fill(NaN);
  let isRead = false;
  for (const { at, series, column } of layout.logged) {
    const cell = cells[at]!.trim();
    if (cell === "") {
      out.blank(line, column);
      continue;
    }
    const value = amountOf(cell, mark);
    if (typeof value === "string") out.fault(line, `${column} ${cell}`, value);
    else {
      values[series] = value;
      isRead = true;
    }
  }
  if (isRead) out.reading(server, "", timeUs, line, values);
  else out.silent(server, line);
}

/** @throws UserError */
function layoutOf(
  file: LogFile,
  line: number,
  header: readonly string[],
  finder: SeriesFinder,
  columns: ColumnMap,
  responses: readonly string[],
): Layout {
  const names = header.map((name) => name.trim());
  const where = `${file.path}:${line}`;
  const columnOf = (what: string) => {
    const mapped = columns.get(what);
    const at = names.indexOf(mapped ?? what);
    if (mapped !== undefined && at !== -1) finder.assigned.add(what);
    if (at !== -1 && names.indexOf(names[at]!, at + 1) !== -1)
      throw new UserError(`${where} has two columns ${names[at]}; ${what} can be only one of them`);
    return at;
  };
  const has = `its columns are ${names.join(", ")}`;
  const logged = responses.flatMap((response) => {
    const at = columnOf(response);
    return at === -1 ? [] : [{ at, series: finder.ofResponse(response), column: names[at]! }];
  });
  const job = { bytes: columnOf("bytes"), pages: columnOf("pages"), type: columnOf("type") };
  const isJobs = Object.values(job).some((at) => at !== -1);
  const time = columnOf("time");
  const example = ` time="${names[0]}"`;
  if (time === -1) throw new UserError(`${where} has no column time; ${has}; name it: `, argument("column"), example);
  if (logged.length === 0 && !isJobs) {
    const rule = `one of ${responses.join(", ")}, or ${JOB_COLUMNS.join(", ")} of jobs`;
    const sample = ` ${responses[0]}="${names[1] ?? ""}"`;
    throw new UserError(`${where} has no column that is ${rule}; ${has}; name one: `, argument("column"), sample);
  }
  if (logged.length > 0 && isJobs)
    throw new UserError(`${where} has both readings and jobs; ${has}; import them one at a time`);
  const server = columnOf("server");
  if (server === -1 && file.server === undefined) {
    throw new UserError(`${where} has no column server; ${has}; name it, or the server with `, argument("server"));
  }
  return { cells: header.length, time, server, logged, job };
}
