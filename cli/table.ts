/**
 * Tables on the standard output.
 *
 * A pipe or a file gets every table in its full width. On a narrow terminal a table is made to fit: first its headings
 * are wrapped between words, then its frame is removed, then grouping columns become lines above their rows, then texts
 * are wrapped; numbers never are. If it still does not fit, it is printed row by row.
 */
import Table from "cli-table3";
import { shortened, visible } from "../lab/visible.ts";
import { terminalOf, toned, wrapped, type Terminal, type Tone } from "./terminal.ts";
import { itemAt } from "../lab/lists.ts";

export interface TableOptions {
  /**
   * Whether a column is text, aligned left; the others are numbers, aligned right. By default only the first is text.
   */
  readonly isText?: (column: number) => boolean;
  /** Whether it has a frame at full width; default true. */
  readonly isFramed?: boolean;
  /** By row. */
  readonly tones?: readonly (Tone | undefined)[];
}

type Row = readonly string[];

/** A layout of a table. */
interface Layout {
  readonly isFramed: boolean;
  /** Whether columns that group rows become lines above them. */
  readonly isGrouped: boolean;
  /** Longer texts may be broken [columns]. */
  readonly textMax: number;
}

/** The width at which a table is printed row by row. */
const NARROWEST = 12;

/** From the widest to the narrowest. */
const layouts: readonly Layout[] = [
  { isFramed: true, isGrouped: false, textMax: Infinity },
  { isFramed: false, isGrouped: false, textMax: Infinity },
  { isFramed: false, isGrouped: true, textMax: Infinity },
  { isFramed: false, isGrouped: true, textMax: 24 },
  { isFramed: false, isGrouped: true, textMax: 12 },
];

/** @param head one heading per column, or none */
export function tableOf(
  head: Row,
  rows: readonly Row[],
  options: TableOptions = {},
  terminal: Terminal = terminalOf(),
): string {
  const { isText = (column) => column === 0, isFramed = true, tones = [] } = options;
  const table = shown({ head, rows, isText: (rows[0] ?? head).map((_, i) => isText(i)), tones });
  const natural = rendered(table, { isFramed, isGrouped: false, textMax: Infinity }, naturalWidths(table), terminal);
  if (widest(natural) <= terminal.columns) return natural;
  for (const layout of layouts) {
    if (layout.isFramed && !isFramed) continue;
    const shaped = layout.isGrouped ? grouped(table) : table;
    const widths = fittingWidths(shaped, layout, terminal.columns);
    if (widths !== undefined) return rendered(shaped, layout, widths, terminal);
  }
  return blocks(grouped(table), terminal);
}

/** The longest cell [characters]. */
const CELL_MAX = 1000;

/** The table with every cell made safe to print. */
function shown({ head, rows, ...others }: Shaped): Shaped {
  const fit = (cell: string) => shortened(visible(cell), CELL_MAX);
  return { ...others, head: head.map(fit), rows: rows.map((row) => row.map(fit)) };
}

interface Shaped {
  readonly head: Row;
  readonly rows: readonly Row[];
  readonly isText: readonly boolean[];
  readonly tones: readonly (Tone | undefined)[];
  /** The line above each row; "" if the row belongs to the group of the row above. */
  readonly groups?: readonly string[];
}

/**
 * Moves the text columns on the left whose cells are empty where they repeat into lines above the rows. A column
 * without repetitions stays.
 */
function grouped(table: Shaped): Shaped {
  const { head, rows, isText, tones } = table;
  if (rows.length === 0) return table;
  const repeats = (row: Row, i: number) => row.slice(0, i + 1).every((cell) => cell === "");
  const last = isText.findLastIndex((_, i) => {
    return isText.slice(0, i + 1).every(Boolean) && !repeats(itemAt(rows, 0), i) && rows.some((row) => repeats(row, i));
  });
  const count = last + 1;
  if (count === 0 || count === itemAt(rows, 0).length) return table;
  const known: string[] = [];
  const groups = rows.map((row) => {
    const own = row.slice(0, count);
    if (own.every((cell) => cell === "")) return "";
    own.forEach((cell, i) => (known[i] = cell === "" ? (known[i] ?? "") : cell));
    return known.join(", ");
  });
  const rest = (row: Row) => row.slice(count);
  return { head: rest(head), rows: rows.map(rest), isText: isText.slice(count), tones, groups };
}

function naturalWidths({ head, rows, isText }: Shaped): number[] {
  return isText.map((_, i) => Math.max(...[head, ...rows].map((row) => widest(row[i] ?? ""))));
}

/** Column widths with which the table fits; undefined if there are none. */
function fittingWidths(table: Shaped, { isFramed, textMax }: Layout, columns: number): number[] | undefined {
  const { head, rows, isText } = table;
  const widths = naturalWidths(table);
  const least = isText.map((text, i) => {
    const cells = Math.max(0, ...rows.map((row) => widest(itemAt(row, i))));
    const words = Math.max(0, ...rows.map((row) => longestWord(itemAt(row, i))));
    return Math.max(longestWord(head[i] ?? ""), text ? Math.max(words, Math.min(cells, textMax)) : cells);
  });
  const between = isFramed ? 3 * widths.length + 1 : 2 * (widths.length - 1);
  let over = widths.reduce((sum, width) => sum + width, between) - columns;
  for (; over > 0; over--) {
    const room = widths.map((width, i) => (width > itemAt(least, i) ? width : 0));
    const widestOne = room.indexOf(Math.max(...room));
    if (room[widestOne] === 0) return undefined;
    widths[widestOne] = itemAt(widths, widestOne) - 1;
  }
  return widths;
}

const noFrame = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
  ].map((part) => [part, ""]),
);

function rendered(
  { head, rows, isText, tones, groups }: Shaped,
  { isFramed }: Layout,
  widths: readonly number[],
  terminal: Terminal,
): string {
  const cell = (text: string, i: number, tone: Tone | undefined) =>
    toned(wrapped(text, itemAt(widths, i)), tone, terminal);
  const table = new Table({
    head: head.map((text, i) => cell(text, i, "heading")),
    colAligns: isText.map((text) => (text ? "left" : "right")),
    style: { head: [], border: [], compact: true, ...(isFramed ? {} : { "padding-left": 0, "padding-right": 0 }) },
    ...(isFramed ? {} : { chars: { ...noFrame, middle: "  " } }),
  });
  rows.forEach((row, r) => {
    const group = groups?.[r] ?? "";
    if (group !== "") table.push([{ colSpan: row.length, content: toned(group, "heading", terminal) }]);
    table.push(row.map((text, i) => cell(text, i, tones[r])));
  });
  return isFramed ? table.toString() : table.toString().replace(/[ \t]+$/gm, "");
}

/** Prints row by row: its group, then one line per heading. */
function blocks({ head, rows, tones, groups }: Shaped, terminal: Terminal): string {
  const names = head.slice(1).map((name) => `  ${name}`);
  const indent = Math.max(0, ...names.map(widest)) + 2;
  return rows
    .map(([name = "", ...cells], r) => {
      const lines = cells.flatMap((text, i) => {
        if (text === "") return [];
        const value = wrapped(text, Math.max(NARROWEST, terminal.columns - indent)).split("\n");
        return value.map(
          (line, l) => (l === 0 ? (names[i] ?? "") : "").padEnd(indent) + toned(line, tones[r], terminal),
        );
      });
      const titles = [groups?.[r] ?? "", name].filter((title) => title !== "");
      const heading = titles.map((title) => toned(wrapped(title, terminal.columns), "heading", terminal));
      return [...heading, ...lines].join("\n");
    })
    .join("\n");
}

function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.replace(/\x1b\[\d+m/g, "").length));
}

function longestWord(text: string): number {
  return Math.max(...text.split(/[ \n]/).map(({ length }) => length));
}
