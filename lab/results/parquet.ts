/**
 * The tables of a results folder as Parquet, for column-oriented tools: a file beside each CSV file.
 *
 * The types come from datapackage.json, so a Parquet file has the same information as its CSV file and datapackage.json
 * together. An integer is an INT64, because times and bytes exceed 32 bits, a number is a DOUBLE, and text is UTF8. An
 * empty number is null; an empty text stays an empty text. Rows keep their order. The description of the table and the
 * units of its columns are in the file's key-value metadata.
 *
 * Cost: memory for one row group, however long the table. The same CSV gives the same bytes.
 */
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { readTable, type Row } from "./csv-reader.ts";
import type { Table } from "./csv.ts";
import { resourcesOf, type Field, type Resource } from "./data-package-reader.ts";
import { UserError } from "../user-error.ts";
import { unwritable, WholeFile, type WholeFileOptions } from "../whole-file.ts";
import { itemAt } from "../lists.ts";

/** The approximate number of cells in a row group, which are held in memory. */
const CELLS_OF_GROUP = 250_000;
const ROWS_OF_GROUP_MAX = 100_000;

/**
 * Writes each table of the folder as Parquet, next to its CSV file, and returns the names of the new files.
 *
 * @throws UserError when the folder has no results or is not writable
 */
export async function writeParquetTables(folder: string, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for (const resource of await resourcesOf(folder)) {
    const name = resource.path.replace(/\.csv$/, ".parquet");
    const out = join(folder, name);
    await writeParquet(join(folder, resource.path), resource, out, signal).catch(unwritable(out));
    names.push(name);
  }
  return names;
}

/** Parquet types, each with the function that converts a cell. */
const types = {
  integer: ["INT64", (cell: string) => (cell === "" ? null : wholeNumber(cell))],
  number: ["DOUBLE", (cell: string) => (cell === "" ? null : Number(cell))],
  string: ["STRING", (cell: string) => cell],
} as const;

/** Undefined if the number does not have 64 bits. */
function wholeNumber(cell: string): bigint | undefined {
  const value = /^-?\d{1,19}$/.test(cell) ? BigInt(cell) : undefined;
  return value !== undefined && BigInt.asIntN(64, value) === value ? value : undefined;
}

async function writeParquet(
  csv: string,
  { description, schema: { fields } }: Resource,
  out: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const names = fields.map(({ name }) => name);
  const groups = until(signal, regrouped(readTable(csv, names), groupSizeOf(fields)));
  await writeGroups(out, {}, description, fields, groups, (row: Row, column, type) => {
    const value = types[type][1](itemAt(row, column));
    if (value !== undefined) return value;
    throw new UserError(`${csv} has ${row[column]} in ${names[column]}; a whole number of Parquet has at most 64 bits`);
  });
}

/**
 * Writes rows of a table to a new file, one row group at a time.
 *
 * @throws UserError when the file exists or is not writable
 */
export async function writeParquetRows<R>(
  { columns, description }: Table<R>,
  portions: AsyncIterable<readonly R[]>,
  out: string,
): Promise<void> {
  const cellOf = (row: R, column: number, type: Field["type"]) => {
    const value = itemAt(columns, column).cell(row);
    if (typeof value === "string") return value;
    if (Number.isNaN(value)) return null;
    return type === "integer" ? BigInt(value) : value;
  };
  const groups = regrouped(portions, groupSizeOf(columns));
  await writeGroups(out, { isNew: true }, description, columns, groups, cellOf).catch(unwritable(out));
}

type ColumnField = Pick<Field, "name" | "type" | "unit">;

function groupSizeOf(fields: readonly ColumnField[]): number {
  return Math.max(1, Math.min(ROWS_OF_GROUP_MAX, Math.floor(CELLS_OF_GROUP / fields.length)));
}

async function writeGroups<R>(
  out: string,
  options: WholeFileOptions,
  description: string,
  fields: readonly ColumnField[],
  groups: AsyncIterable<readonly R[]>,
  cellOf: (row: R, column: number, type: Field["type"]) => bigint | number | string | null,
): Promise<void> {
  const file = await WholeFile.create(out, options);
  const writer = new FileWriter(file);
  const columns = (rows: readonly R[]) =>
    fields.map(({ name, type }, i) => {
      const data = rows.map((row) => cellOf(row, i, type));
      return { name, type: types[type][0], nullable: type !== "string", data };
    });
  const units = Object.fromEntries(fields.flatMap(({ name, unit = "" }) => (unit === "" ? [] : [[name, unit]])));
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columns([]) }),
    createdBy: "spoolsim",
    kvMetadata: [
      { key: "description", value: description },
      { key: "units", value: JSON.stringify(units) },
    ],
  });
  try {
    for await (const rows of groups) {
      await parquet.write({ columnData: columns(rows), rowGroupSize: groupSizeOf(fields) });
    }
    await parquet.finish();
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** The same groups, until the signal aborts. @throws AbortError */
async function* until<R>(
  signal: AbortSignal | undefined,
  groups: AsyncIterable<readonly R[]>,
): AsyncIterable<readonly R[]> {
  for await (const group of groups) {
    // A signal is heard between two turns of the event loop, and short tables can be read in one.
    await setImmediate();
    signal?.throwIfAborted();
    yield group;
  }
}

/** Regroups rows into groups of equal size, except the last. */
async function* regrouped<R>(portions: AsyncIterable<readonly R[]>, size: number): AsyncIterable<readonly R[]> {
  let group: R[] = [];
  for await (const rows of portions) {
    for (const row of rows) {
      group.push(row);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

/** Passes what hyparquet-writer has written to a file after each row group. */
class FileWriter extends ByteWriter {
  declare index: number;
  private readonly file: WholeFile;

  constructor(file: WholeFile) {
    super();
    this.file = file;
  }

  async flush(): Promise<void> {
    await this.file.append(this.getBytes());
    this.index = 0;
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}
