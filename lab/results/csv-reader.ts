/**
 * Reads tables that lab/results/csv.ts wrote: chosen columns, a portion of rows at a time, in bounded memory.
 *
 * It reads the format that is written here (RFC 4180 with LF, numbers without spaces), also after a spreadsheet has
 * added a byte order mark and CR before each LF. It is not a reader of arbitrary CSV. Rows without quotes, which are
 * nearly all, are split at their commas, no further than the last column that is needed. If that is the last of the
 * table, a row with more cells is refused.
 */
import { createReadStream } from "node:fs";
import { refuseUnreadable } from "../read-text.ts";
import { UserError } from "../user-error.ts";
import { itemAt } from "../lists.ts";
import { inLine, shortened, visible } from "../visible.ts";

/** The most of a header that an error shows [characters]. */
const HEADER_LENGTH_MAX = 300;

/** The cells of the requested columns, in the order of the request. */
export type Row<Columns extends readonly string[] = readonly string[]> = { readonly [Place in keyof Columns]: string };

/**
 * Yields every row of the file except the header, in batches.
 *
 * @param what for a file that the user names: what kind of file it must be, and where that comes from
 * @throws UserError when the file cannot be read, a column is missing, or a line has too few or too many cells or an
 *   unclosed quote
 */
export async function* readTable<const Columns extends readonly string[]>(
  file: string,
  columns: Columns,
  what?: string,
): AsyncIterable<readonly Row<Columns>[]> {
  let indices: readonly number[] | undefined;
  let width = 0;
  let number = 0;
  for await (const lines of linesOf(file)) {
    const rows: Row<Columns>[] = [];
    for (const line of lines) {
      number++;
      if (indices !== undefined) {
        rows.push((chosen(line, indices, width) ?? refuseLine(file, number)) as Row<Columns>);
        continue;
      }
      const header = cellsOf(line, Infinity) ?? [];
      indices = columnsOf(file, columns, header, what);
      width = header.length;
    }
    yield rows;
  }
  if (indices === undefined) throw new UserError(`${file} is empty; ${what ?? "a table has a header"}`);
}

function refuseLine(file: string, number: number): never {
  throw new UserError(`${file}:${number} has too few or too many cells, or a quote that is not closed`);
}

/** The names of the columns of a table. */
export function headerOf(text: string): string[] {
  const [line = ""] = text.split("\n", 1);
  return cellsOf(withoutReturn(line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line), Infinity) ?? [];
}

/** The number in a cell; NaN if it is empty. */
export function numberOf(cell: string): number {
  return cell === "" ? NaN : Number(cell);
}

function columnsOf(
  file: string,
  columns: readonly string[],
  header: readonly string[],
  what: string | undefined,
): number[] {
  return columns.map((column) => {
    const index = header.indexOf(column);
    if (index === -1) {
      const must =
        what === undefined
          ? ""
          : `; its columns are ${shortened(inLine(visible(header.join(", "))), HEADER_LENGTH_MAX)}; ${what}`;
      throw new UserError(`${file} has no column ${column}${must}`);
    }
    return index;
  });
}

/** The cells at these places; undefined if the line is not one of so many cells, as far as it is read. */
function chosen(line: string, indices: readonly number[], width: number): Row | undefined {
  const last = Math.max(...indices);
  const cells = cellsOf(line, last === width - 1 ? width : last);
  if (cells === undefined || last >= cells.length || cells.length > width) return undefined;
  return indices.map((index) => itemAt(cells, index));
}

/** The cells of a line up to `last`; undefined when a quote is not closed. */
function cellsOf(line: string, last: number): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; at <= line.length && cells.length <= last; ) {
    if (line[at] === '"') {
      let end = line.indexOf('"', at + 1);
      while (end !== -1 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
      if (end === -1) return undefined;
      cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const comma = line.indexOf(",", at);
      const end = comma === -1 ? line.length : comma;
      cells.push(line.slice(at, end));
      at = end + 1;
    }
  }
  return cells;
}

const BYTE_ORDER_MARK = "\ufeff";

/** Yields the lines of a file in batches; a line break inside quotes does not end a line. */
async function* linesOf(file: string): AsyncIterable<readonly string[]> {
  let isFirst = true;
  /** The pieces of the incomplete line, and whether it ends inside quotes. */
  let open: string[] = [];
  let isQuoted = false;
  for await (const piece of piecesOf(file)) {
    const lines: string[] = [];
    const parts = (isFirst && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(1) : piece).split("\n");
    isFirst = false;
    parts.forEach((part, i) => {
      if (part.includes('"') && part.split('"').length % 2 === 0) isQuoted = !isQuoted;
      open.push(part);
      if (i === parts.length - 1) return;
      if (isQuoted) {
        open.push("\n");
        return;
      }
      lines.push(withoutReturn(open.join("")));
      open = [];
    });
    yield lines;
  }
  const last = open.join("");
  if (last !== "") yield [withoutReturn(last)];
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** @throws UserError when the file cannot be read */
async function* piecesOf(file: string): AsyncIterable<string> {
  try {
    yield* createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 }) as AsyncIterable<string>;
  } catch (error) {
    refuseUnreadable(error, file);
  }
}
