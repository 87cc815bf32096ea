/** The files of a results folder: as texts, to compare two of them, and as rows. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

/** By name; without the manifest, which has times and the machine in it, unless it is wanted. */
export async function textsOf(
  folder: string,
  isWanted: (name: string) => boolean = (name) => name !== "manifest.json",
): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter(isWanted);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

/** The rows of a table, by the names of its columns. */
export async function rows(file: string): Promise<Record<string, string>[]> {
  return parse(await readFile(file, "utf8"), { columns: true });
}
