/**
 * Reads tables back that lab/results/csv.ts wrote: chosen columns, a portion of rows at a time, in bounded memory.
 *
 * It reads what is written here (RFC 4180 with LF, numbers without spaces) and is no reader of other people's CSV. Rows
 * without quotes, which nearly all are, are cut at their commas, and no farther than the last column that is wanted.
 */
import { createReadStream } from "node:fs";
import { UserError } from "../user-error.ts";

/** Cells of the wanted columns, in the order in which they were asked for. */
export type Row = readonly string[];

/**
 * Every row of the file, portion by portion, the header left out.
 * @throws UserError when a column is missing
 */
export async function* readTable(file: string, columns: readonly string[]): AsyncIterable<readonly Row[]> {
  let places: readonly number[] | undefined;
  for await (const lines of linesOf(file)) {
    const rows: Row[] = [];
    for (const line of lines) {
      if (places === undefined) places = placesOf(file, columns, cellsOf(line, Infinity));
      else rows.push(chosen(line, places));
    }
    yield rows;
  }
}

/** The number that a cell holds; NaN of an empty one. */
export function numberOf(cell: string): number {
  return cell === "" ? NaN : Number(cell);
}

function placesOf(file: string, columns: readonly string[], header: readonly string[]): number[] {
  return columns.map((column) => {
    const place = header.indexOf(column);
    if (place === -1) throw new UserError(`${file} has no column ${column}`);
    return place;
  });
}

function chosen(line: string, places: readonly number[]): Row {
  const cells = cellsOf(line, Math.max(...places));
  return places.map((place) => cells[place]);
}

/** The cells of a line, as far as the one at `last`. */
function cellsOf(line: string, last: number): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length && cells.length <= last; ) {
    if (line[at] === '"') {
      let end = line.indexOf('"', at + 1);
      while (line[end + 1] === '"') end = line.indexOf('"', end + 2);
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

/** The lines of a file, a portion at a time; a line break between quotes ends none. */
async function* linesOf(file: string): AsyncIterable<readonly string[]> {
  let rest = "";
  for await (const piece of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 })) {
    const lines: string[] = [];
    const parts = (rest + (piece as string)).split("\n");
    rest = parts.pop()!;
    let open: string | undefined;
    for (const part of parts) {
      const line: string = open === undefined ? part : `${open}\n${part}`;
      open = line.includes('"') && (line.split('"').length - 1) % 2 === 1 ? line : undefined;
      if (open === undefined) lines.push(line);
    }
    if (open !== undefined) rest = `${open}\n${rest}`;
    yield lines;
  }
}
