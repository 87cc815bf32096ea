/** Logs as texts, imported into a folder of their own: what its tables say, as texts and as objects. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { importFiles, type ImportOptions, type ImportResult } from "../../lab/imports/import-files.ts";
import { UserError } from "../../lab/user-error.ts";

export interface ImportedLogs {
  readonly result: ImportResult;
  /** Of series.csv, without the header. */
  readonly series: readonly (readonly string[])[];
  readonly jobs: readonly (readonly string[])[];
  /** "kind server timeUs", in the order of the table. */
  readonly incidents: readonly string[];
  /** "file:line value; rule". */
  readonly faults: readonly string[];
}

/** Calls with a folder that is there while it runs. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "spoolsim-import-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Imports files of these texts (or bytes), by name. @throws UserError with the names as they are given here */
export async function imported(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ImportOptions> = {},
): Promise<ImportedLogs> {
  return inFolder(async (folder) => {
    const logs = join(folder, "logs");
    await mkdir(logs);
    for (const [name, text] of Object.entries(files)) await writeFile(join(logs, name), text);
    const out = join(folder, "out");
    const paths = Object.keys(files).map((name) => join(logs, name));
    const bare = (text: string) => text.replaceAll(`${logs}/`, "");
    const result = await importFiles(paths, out, { model: "print-servers", ...options }).catch((error: unknown) => {
      throw error instanceof UserError ? new UserError(bare(error.message)) : error;
    });
    const rows = async (name: string) => {
      const text = await readFile(join(out, name), "utf8").catch(() => "");
      return (parse(text) as string[][]).slice(1);
    };
    return {
      result,
      series: await rows("series.csv"),
      jobs: await rows("jobs.csv"),
      incidents: (await rows("incidents.csv")).map(([server, timeUs, , kind]) => `${kind} ${server} ${timeUs}`),
      faults: (await rows("faults.csv")).map(([file, line, value, rule]) => `${bare(file!)}:${line} ${value}; ${rule}`),
    };
  });
}

/** A counter log of one server: a line for each text of values, every 15 seconds from Monday, 4 March 2024. */
export function pdhLog(
  lines: readonly string[],
  counters = ["Process(spoolsv)\\Handle Count"],
  server = "PRN1",
): string {
  const header = counters.map((path) => `"\\\\${server}\\${path}"`).join(",");
  const stamps = lines.map((_, i) => {
    const [hours, minutes, seconds] = [Math.floor(i / 240), Math.floor(i / 4) % 60, (15 * i) % 60];
    const two = (value: number) => String(value).padStart(2, "0");
    return `03/${two(4 + Math.floor(hours / 24))}/2024 ${two(hours % 24)}:${two(minutes)}:${two(seconds)}.010`;
  });
  const body = lines.map((line, i) => `"${stamps[i]}",${line}\r\n`).join("");
  return `"(PDH-CSV 4.0) (W. Europe Standard Time)(-60)",${header}\r\n${body}`;
}
