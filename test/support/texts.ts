/** The files of a results folder as texts, to compare two of them. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

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
