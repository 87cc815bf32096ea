/**
 * Counter logs as text: PDH-CSV, as written by Performance Monitor, typeperf and `relog -f csv`, and PDH-TSV.
 *
 *     "(PDH-CSV 4.0) (W. Europe Standard Time)(-60)","\\PRN0001\Process(spoolsv)\Handle Count",...
 *     "03/01/2024 00:00:15.010","512",...
 *
 * The header has the time zone, its bias (minutes to add to local time for UTC) and the path of each counter; servers
 * may share a file. Stamps are month, day, year in every language. A value is blank if the counter needs a second
 * sample, or if the process is not running. A process whose path has its number has a new column after a restart; if
 * two columns of one server and counter have different values at one time, the first counts and the second is a fault.
 * If the decimal mark of the system is a comma, it is a comma in the log. Windows writes no thousands separators, but
 * a spreadsheet that saved the log may (amounts.ts). typeperf adds its own lines at the end, and concatenated logs
 * have headers in between.
 *
 * Stamps are local time, and the bias is that of the start of the log. In the hour that is repeated in autumn, times
 * are not later than those before (collector.ts leaves them out), and in spring an hour is missing.
 *
 * Sources: "Log File Formats" and "PdhUpdateLog" of the Platform SDK; digitalflapjack.com, "Be wary of timestamps for
 * Windows Performance Monitor data" (2018), which shows the repeated hour; logs of NT 4.0 to Windows 11 in public
 * repositories.
 */
import { argument, UserError } from "../user-error.ts";
import { amountOf, DecimalMarks, FileMark, type DecimalMark } from "./amounts.ts";
import type { Collector } from "./collector.ts";
import { csvRecords } from "./csv-records.ts";
import type { LogFile } from "./formats.ts";
import type { Found, SeriesFinder } from "./series-finder.ts";
import { BIAS_MINUTES_MAX, stampOf } from "./stamps.ts";

const HEADER = /^\(PDH-(?:CSV|TSV) [\d.]+\)(?: \((.*)\)\((-?\d{1,4})\))?$/;
const HEADER_LINE = /^"?\(PDH-(CSV|TSV) [\d.]+\)(?: \((.*?)\)\((-?\d{1,4})\))?"?([,;\t]|$)/;

/** Parses the time zone of a header line; undefined if it is not a header. */
export function zoneOf(line: string): { delimiter: string; zone?: string; biasMinutes?: number } | undefined {
  const [head, kind, zone, bias, mark] = HEADER_LINE.exec(line) ?? [];
  if (head === undefined) return undefined;
  const delimiter = mark || (kind === "TSV" ? "\t" : ",");
  return bias === undefined ? { delimiter } : { delimiter, zone: zone!, biasMinutes: Number(bias) };
}

interface Header {
  readonly cells: number;
  readonly biasMinutes: number | undefined;
  /** The columns to read, by server. */
  readonly servers: readonly { readonly name: string; readonly columns: readonly Column[] }[];
  readonly paths: readonly string[];
}

interface Column extends Found {
  readonly at: number;
}

/** @throws UserError when the file cannot be read, or has none of the model's counters */
export async function readPdhCsv(file: LogFile, finder: SeriesFinder, out: Collector): Promise<void> {
  let header: Header | undefined;
  const values = new Float64Array(finder.count);
  const decimal = new FileMark(file, () => decimalMarkOf(file, finder, out));
  for await (const records of csvRecords(file.path, file.delimiter)) {
    await decimal.meet(records);
    for (const { line, cells, text } of records) {
      if (text.trim() === "") continue;
      if (typeof cells === "string") out.fault(line, text, cells);
      else if (HEADER.test(cells[0]!)) header = headerOf(file, line, cells, finder, out);
      else if (header === undefined) out.fault(line, text, "a log begins with its header");
      else readLine(header, line, cells, text, decimal.mark, values, out);
    }
    await file.flush();
  }
}

/** The decimal mark of the counters that are read. */
async function decimalMarkOf(file: LogFile, finder: SeriesFinder, out: Collector): Promise<DecimalMark> {
  const marks = new DecimalMarks(file.delimiter);
  let header: Header | undefined;
  for await (const records of csvRecords(file.path, file.delimiter)) {
    for (const { line, cells } of records) {
      if (typeof cells === "string") continue;
      if (HEADER.test(cells[0]!)) header = headerOf(file, line, cells, finder, out);
      else if (cells.length === header?.cells) {
        for (const { columns } of header.servers) for (const { at } of columns) marks.see(cells[at]!);
      }
    }
    await file.flush();
  }
  return marks.mark;
}

function readLine(
  header: Header,
  line: number,
  cells: readonly string[],
  text: string,
  mark: DecimalMark,
  values: Float64Array,
  out: Collector,
): void {
  const stamp = stampOf(cells[0]!, "month-first");
  if (typeof stamp === "string") return out.fault(line, cells.length > 1 ? cells[0]! : text, stamp);
  if (cells.length !== header.cells) {
    return out.fault(line, text, `it has ${cells.length} fields; the header has ${header.cells}`);
  }
  const timeUs = out.local(stamp, header.biasMinutes);
  for (const { name, columns } of header.servers) {
    values.fill(NaN);
    let isRead = false;
    for (const { at, series } of columns) {
      const cell = cells[at]!;
      if (cell.trim() === "") {
        out.blank(line, header.paths[at]!);
        continue;
      }
      const value = amountOf(cell, mark);
      if (typeof value === "string") out.fault(line, `${header.paths[at]} ${cell}`, value);
      else if (Number.isNaN(values[series]!)) {
        values[series] = value;
        isRead = true;
      } else if (values[series] !== value) {
        const rule = `another reading has ${values[series]} for the same server and time`;
        out.fault(line, `${header.paths[at]} ${cell}`, rule);
      }
    }
    if (isRead) out.reading(name, "", timeUs, line, values);
    else out.silent(name, line);
  }
}

function headerOf(file: LogFile, line: number, cells: readonly string[], finder: SeriesFinder, out: Collector): Header {
  const bias = HEADER.exec(cells[0]!)![2];
  if (Math.abs(Number(bias ?? 0)) > BIAS_MINUTES_MAX) {
    throw new UserError(
      `${file.path}:${line} has the bias ${bias}; a zone is at most ${BIAS_MINUTES_MAX} minutes from UTC`,
    );
  }
  const servers = new Map<string, Column[]>();
  for (const [at, path] of cells.entries()) {
    if (at === 0) continue;
    const found = finder.ofCounter(path);
    if (found === undefined) {
      out.unknown(path, finder.isOfProcess(path));
      continue;
    }
    const name = found.server || file.server;
    if (name === undefined)
      throw new UserError(`${file.path}:${line} ${path} does not name its computer; name it with `, argument("server"));
    const key = name.toLowerCase();
    servers.set(key, [...(servers.get(key) ?? []), { ...found, server: name, at }]);
  }
  const found = [...servers.values()].flat();
  if (found.every(({ series }) => series === finder.count - 1)) {
    // A counter of the process may be one of the model in another language.
    const paths = cells.slice(1);
    const likely = paths.filter((path) => finder.isOfProcess(path) && finder.ofCounter(path) === undefined);
    const some = (likely.length > 0 ? likely : paths).slice(0, 3).join(", ") || "none";
    const but = found.length === 0 ? "" : " but the process number";
    const rule = `has no counter of the model${but} among ${cells.length - 1}`;
    throw new UserError(`${file.path}:${line} ${rule}: ${some}; name one with `, argument("column"));
  }
  return {
    cells: cells.length,
    biasMinutes: bias === undefined ? undefined : Number(bias),
    servers: [...servers.values()].map((columns) => ({ name: columns[0]!.server, columns: withoutReplaced(columns) })),
    paths: cells,
  };
}

/** The columns without those whose series the user assigned to another column. */
function withoutReplaced(columns: readonly Column[]): Column[] {
  return columns.filter(({ series, isAssigned }) => {
    return isAssigned || !columns.some((other) => other.isAssigned && other.series === series);
  });
}
