/** The tables of a folder while they are being written. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { CsvWriter, type Table } from "../results/csv.ts";
import type { WrittenTable } from "../results/data-package.ts";
import { HashedFile } from "../results/hashed-file.ts";
import { unwritable } from "../whole-file.ts";

/** The tables of a folder while they are being written. */
export class TableFiles {
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
