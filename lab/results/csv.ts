/**
 * Tables as CSV: the only place where a number of a table becomes text.
 *
 * RFC 4180 with LF: a header, commas, a point as decimal mark, quotes only around cells that need them. A number is
 * written by ECMAScript's Number::toString: the shortest decimal that reads back as the same double, on every machine.
 * An unknown value (NaN) is an empty cell, -0 is 0, and an infinity throws, because CSV readers disagree about it.
 *
 * A column consists of its description and the function that makes its cell from a row, so a header and its cells
 * cannot diverge.
 */
import { Fault } from "../experiment/settings.ts";
import { itemAt } from "../lists.ts";

export type Cell = number | string;

export interface Column<Row> {
  readonly name: string;
  /** "integer" allows whole numbers and empty cells, "number" finite numbers and empty cells. */
  readonly type: "integer" | "number" | "string";
  /** The unit: "1" for a pure number, "" for text. */
  readonly unit: string;
  /** The meaning, without the name. */
  readonly description: string;
  readonly cell: (row: Row) => Cell;
}

export interface Table<Row> {
  readonly name: string;
  /** The name of its file. */
  readonly file: string;
  /** What a row describes. */
  readonly description: string;
  readonly columns: readonly Column<Row>[];
}

/** Accepts a piece of a file; the promise settles when the next piece may follow. */
export type Sink = (text: string) => Promise<void>;

/** The approximate length of a piece [characters]. */
const PIECE_LENGTH = 1 << 16;

const allowedWords = { integer: "whole numbers", number: "finite numbers", string: "text" };

/** Writes the rows of a table in order, and holds at most one piece in memory. */
export class CsvWriter<Row> {
  readonly table: Table<Row>;
  /** Rows written so far, without the header. */
  rows: number;
  private readonly sink: Sink;
  private piece: string;

  constructor(table: Table<Row>, sink: Sink) {
    this.table = table;
    this.rows = 0;
    this.sink = sink;
    this.piece = `${table.columns.map(({ name }) => quoted(name)).join(",")}\n`;
  }

  /** @throws Error that names the file, row and column when a cell does not fit its column */
  async write(rows: Iterable<Row>): Promise<void> {
    for (const row of rows) {
      this.rows++;
      this.piece += this.line(row);
      if (this.piece.length >= PIECE_LENGTH) await this.flush();
    }
  }

  /** Writes the remaining text; call it after the last row. */
  async flush(): Promise<void> {
    const { piece } = this;
    this.piece = "";
    await this.sink(piece);
  }

  private line(row: Row): string {
    const { columns } = this.table;
    let line = "";
    for (let i = 0; i < columns.length; i++) line += (i === 0 ? "" : ",") + this.text(itemAt(columns, i), row);
    return `${line}\n`;
  }

  private text(column: Column<Row>, row: Row): string {
    const value = column.cell(row);
    if (typeof value === "string") {
      if (column.type === "string") return quoted(value);
    } else if (column.type !== "string") {
      if (Number.isInteger(value) || (column.type === "number" && Number.isFinite(value))) return String(value);
      if (Number.isNaN(value)) return "";
    }
    const { name, type } = column;
    throw new Error(`${this.table.file} row ${this.rows}: ${name} is ${value}; it holds ${allowedWords[type]} only`);
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Defines a table. @throws Fault when two columns have the same name, for instance when a factor is called replication
 */
export function table<Row>(name: string, description: string, columns: readonly Column<Row>[]): Table<Row> {
  const names = columns.map((column) => column.name);
  const twice = names.find((columnName, i) => names.indexOf(columnName) < i);
  if (twice !== undefined) {
    throw new Fault(`factors.${twice}`, `would be two columns of ${name}.csv; rename the factor`);
  }
  return { name, file: `${name}.csv`, description, columns };
}

type NumberCell<Row> = (row: Row) => number;

export function integer<Row>(name: string, unit: string, description: string, cell: NumberCell<Row>): Column<Row> {
  return { name, type: "integer", unit, description, cell };
}

export function number<Row>(name: string, unit: string, description: string, cell: NumberCell<Row>): Column<Row> {
  return { name, type: "number", unit, description, cell };
}

export function text<Row>(name: string, description: string, cell: (row: Row) => string): Column<Row> {
  return { name, type: "string", unit: "", description, cell };
}
