/**
 * Documents printed, as Windows notes them: event 307 of Microsoft-Windows-PrintService/Operational, as CSV.
 *
 * The file is what `Get-WinEvent ... | Export-Csv` writes (columns Id, MachineName, TimeCreated, Message), what the
 * Event Viewer saves (Event ID, Date and Time, and a message without a header), or a list with the event's own
 * parameters: Param7 is the size in bytes, Param8 the number of pages. The event has no data type. Names of users and
 * documents are not taken over. Other events are passed over.
 *
 * Source: the event's message, "... Size in bytes: N. Pages printed: N. ..." in English; its fields are those of
 * RPC_BranchOfficeJobDataPrinted (MS-RPRN 2.2.1.15.5).
 */
import { UserError } from "../user-error.ts";
import { amountOf } from "./amounts.ts";
import type { Collector } from "./collector.ts";
import { csvRecords } from "./csv-records.ts";
import type { LogFile } from "./formats.ts";
import { stampOf, type DateOrder } from "./stamps.ts";

const EVENT = "307";
const SIZE = /Size in bytes: (\d+)\. Pages printed: (\d+)/;
const TIMES = ["TimeCreated", "TimeGenerated", "Date and Time"];
const IDS = ["Id", "EventID", "Event ID"];

export function isPrintEvents(header: string): boolean {
  const names = header.split(/[,;\t]/).map((name) => name.replaceAll('"', "").trim());
  return names.some((name) => IDS.includes(name)) && names.some((name) => TIMES.includes(name));
}

interface Layout {
  readonly cells: number;
  readonly id: number;
  readonly time: number;
  /** -1 if there is no such column. */
  readonly machine: number;
  readonly message: number;
  readonly size: number;
  readonly pages: number;
}

/** @throws UserError when the file cannot be read, or lacks the columns of events */
export async function readPrintEvents(file: LogFile, order: DateOrder | undefined, out: Collector): Promise<void> {
  let layout: Layout | undefined;
  for await (const records of csvRecords(file.path, file.delimiter)) {
    for (const { line, cells, text } of records) {
      // Windows PowerShell's Export-Csv begins with the type of the objects.
      if (text.trim() === "" || text.startsWith("#TYPE")) continue;
      if (typeof cells === "string") out.fault(line, text, cells);
      else if (layout === undefined) layout = layoutOf(file, line, cells);
      else if (cells.length !== layout.cells && cells.length !== layout.cells + 1) {
        out.fault(line, text, `it has ${cells.length} fields; the header has ${layout.cells}`);
      } else if (cells[layout.id]!.trim() === EVENT) readEvent(file, layout, line, cells, order, out);
    }
    await file.flush();
  }
}

function readEvent(
  file: LogFile,
  layout: Layout,
  line: number,
  cells: readonly string[],
  order: DateOrder | undefined,
  out: Collector,
): void {
  const stamp = stampOf(cells[layout.time]!, order);
  if (typeof stamp === "string") return out.fault(line, cells[layout.time]!, stamp);
  const message = cells[layout.message] ?? "";
  const [, sizeText, pagesText] = SIZE.exec(message) ?? [];
  const size = layout.size === -1 ? sizeText : cells[layout.size];
  const pages = layout.pages === -1 ? pagesText : cells[layout.pages];
  if (size === undefined || pages === undefined) {
    return out.fault(line, message, 'the message must contain "Size in bytes: N. Pages printed: N."');
  }
  const mark = file.decimal ?? "none seen";
  const bytes = amountOf(size, mark);
  const count = amountOf(pages, mark);
  if (typeof bytes === "string") return out.fault(line, size, bytes);
  if (typeof count === "string") return out.fault(line, pages, count);
  const machine = layout.machine === -1 ? "" : cells[layout.machine]!.trim();
  // Counters use the name without the domain.
  const server = file.server ?? machine.replace(/\..*$/, "");
  if (server === "") return out.fault(line, message, "it names no computer, and no server is given");
  out.job(server, out.local(stamp), line, { bytes, pages: count, type: "" });
}

/** @throws UserError */
function layoutOf(file: LogFile, line: number, header: readonly string[]): Layout {
  const names = header.map((name) => name.trim());
  const columnOf = (...wanted: string[]) => names.findIndex((name) => wanted.includes(name));
  const [id, time, message] = [columnOf(...IDS), columnOf(...TIMES), columnOf("Message")];
  if (id === -1 || time === -1) {
    throw new UserError(`${file.path}:${line} has no columns Id and TimeCreated; its columns are ${names.join(", ")}`);
  }
  return {
    cells: header.length,
    id,
    time,
    machine: columnOf("MachineName", "Computer"),
    // The Event Viewer writes the message after the last named column.
    message: message === -1 ? header.length : message,
    size: columnOf("Param7"),
    pages: columnOf("Param8"),
  };
}
