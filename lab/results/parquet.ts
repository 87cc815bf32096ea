/**
 * Tables of a results folder as Parquet, for tools that read columns: a file beside each CSV file.
 *
 * What a column holds is said by datapackage.json, so a Parquet file says the same as its CSV file and datapackage.json
 * together: an integer is an INT64, because times and bytes go beyond 32 bits, a number is a DOUBLE, text is UTF8, and
 * what is empty is null, of numbers and of whole numbers; an empty text stays an empty text. Rows keep their order. The
 * description of the table and the unit of each column stand in the file's key-value metadata.
 *
 * Cost: a row group is held in memory, and no more, however long the table. The same CSV gives the same bytes.
 */
import { join } from "node:path";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { readTable, type Row } from "./csv-reader.ts";
import { resourcesOf, type Resource } from "./data-package-reader.ts";
import { UserError } from "../user-error.ts";
import { unwritable, WholeFile } from "../whole-file.ts";
import { itemAt } from "../lists.ts";

/** About as many cells are held at a time. */
const CELLS_OF_GROUP = 1_000_000;
const ROWS_OF_GROUP_MAX = 100_000;

/**
 * Writes the tables of the folder beside their CSV files; returns the names of the files.
 * @throws UserError when the folder holds no results, or cannot be written to
 */
export async function writeParquetTables(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const resource of await resourcesOf(folder)) {
    const name = resource.path.replace(/\.csv$/, ".parquet");
    await writeParquet(join(folder, resource.path), resource, join(folder, name)).catch(unwritable(join(folder, name)));
    names.push(name);
  }
  return names;
}

/** The types of Parquet: the second is what a cell becomes. */
const types = {
  integer: ["INT64", (cell: string) => (cell === "" ? null : wholeNumber(cell))],
  number: ["DOUBLE", (cell: string) => (cell === "" ? null : Number(cell))],
  string: ["STRING", (cell: string) => cell],
} as const;

function wholeNumber(cell: string): bigint {
  if (/^-?\d{1,18}$/.test(cell)) return BigInt(cell);
  throw new UserError(`a cell is ${cell}; a whole number of Parquet has 64 bits`);
}

async function writeParquet(csv: string, { description, schema: { fields } }: Resource, out: string): Promise<void> {
  const file = await WholeFile.create(out);
  const writer = new FileWriter(file);
  const columns = (rows: readonly Row[]) =>
    fields.map(({ name, type }, i) => {
      const [parquetType, valueIn] = types[type];
      return { name, type: parquetType, nullable: type !== "string", data: rows.map((row) => valueIn(itemAt(row, i))) };
    });
  const units = Object.fromEntries(fields.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])));
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columns([]) }),
    createdBy: "spoolsim",
    kvMetadata: [
      { key: "description", value: description },
      { key: "units", value: JSON.stringify(units) },
    ],
  });
  const size = Math.max(1, Math.min(ROWS_OF_GROUP_MAX, Math.floor(CELLS_OF_GROUP / fields.length)));
  try {
    for await (const rows of groupsOf(
      csv,
      fields.map(({ name }) => name),
      size,
    )) {
      await parquet.write({ columnData: columns(rows), rowGroupSize: size });
    }
    await parquet.finish();
    await file.finish();
  } finally {
    await file.discard();
  }
}

/** The rows of the file in groups of one size, but for the last. */
async function* groupsOf(csv: string, columns: readonly string[], size: number): AsyncIterable<readonly Row[]> {
  let group: Row[] = [];
  for await (const rows of readTable(csv, columns)) {
    for (const row of rows) {
      group.push(row);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

/** What hyparquet-writer writes, handed to a file after each row group. */
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
