/** Programs of the machine that some tests need, and what the names of those tests say where they are missing. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the program is; undefined where it is not. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** "" where the programs are there, and otherwise what to add to the name of a test that does nothing here. */
export function needs(what: string, ...names: string[]): string {
  return names.every((name) => programPath(name) !== undefined)
    ? ""
    : ` (needs ${what}, which is not here: not tested)`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
