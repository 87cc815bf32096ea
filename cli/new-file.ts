/** Output that goes to a new file, or to the standard output. */
import { existsSync } from "node:fs";
import { CsvWriter, type Sink, type Table } from "../lab/results/csv.ts";
import { studyPage, type Study } from "../lab/reports/study-page.ts";
import { writePage } from "../lab/reports/standalone-page.ts";
import { UserError } from "../lab/user-error.ts";
import { unwritable, WholeFile } from "../lab/whole-file.ts";
import { emit } from "./output.ts";

/**
 * Gives the writer a sink: a new file, which is complete or absent, or standard output.
 *
 * @param what names the contents in the error when the file exists: "a trace"
 * @param signal ends the writing, without a file
 */
export async function writeTo(
  out: string | undefined,
  what: string,
  write: (sink: Sink) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  if (out === undefined) return write(emit);
  refuseTaken(out, what);
  const fail = unwritable(`--out ${out}`);
  const file = await WholeFile.create(out, { isNew: true }).catch(fail);
  try {
    await write(async (text) => {
      signal?.throwIfAborted();
      await file.append(text).catch(fail);
    });
    await file.finish().catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? taken(out, what) : fail(error);
    });
  } finally {
    await file.discard();
  }
}

/** Writes a table as CSV if a file is requested. */
export async function writeTable<Row>(out: string | undefined, table: Table<Row>, rows: Iterable<Row>): Promise<void> {
  if (out === undefined) return;
  await writeTo(out, "the table", async (sink) => {
    const writer = new CsvWriter(table, sink);
    await writer.write(rows);
    await writer.flush();
  });
}

/** Refuses an existing file before the work whose result it should hold. */
export function refuseTaken(out: string | undefined, what: string, option = "--out"): void {
  if (out !== undefined && existsSync(out)) throw taken(out, what, option);
}

/** Writes the page of a study if one is requested, and says where. */
export async function writeStudy(file: string | undefined, study: () => Study): Promise<void> {
  if (file === undefined) return;
  refuseTaken(file, "a page", "--page");
  await writePage(file, studyPage(study()));
  await emit(`${file}\n`);
}

function taken(out: string, what: string, option = "--out"): UserError {
  return new UserError(`${option} ${out} exists already; ${what} goes to a new file`);
}
