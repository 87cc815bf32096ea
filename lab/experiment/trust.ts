/**
 * Which modules may run. A module that the user names in an experiment or an option may run. A module that a results
 * folder names may come from anybody: it runs only if the user allows it, for all modules or by giving a file with the
 * same bytes.
 *
 * Every import of a user's module is checked here, whatever the command.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UserError, argument, badArgument } from "../user-error.ts";

/** Modules named by results: absolute path, and the folder of the results. */
const named = new Map<string, string>();
/** Modules that have already run in this process with the user's consent. */
const run = new Set<string>();
/** Hashes of the modules that the user trusts; undefined when the user trusts all. */
let trusted: Set<string> | undefined = new Set();

/**
 * Records the user's consent.
 *
 * @param file a module whose bytes are trusted, wherever they are; "" trusts every module that results name
 */
export function trustModules(file: string): void {
  if (file === "") trusted = undefined;
  else trusted?.add(hashOf(file));
}

/** Records every text of a folder's manifest that may be the path of a module. */
export function noteModulesOf(
  folder: string,
  from: string,
  value: unknown,
  isModulePath: (text: string) => boolean,
): void {
  if (typeof value === "string") {
    if (isModulePath(value)) for (const base of [from, "/"]) named.set(resolve(base, value), folder);
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) noteModulesOf(folder, from, inner, isModulePath);
  }
}

/** Call before importing a module. @throws UserError that names the module, its hash and the argument that trusts it */
export function refuseUntrusted(file: string): void {
  const folder = named.get(file);
  if (folder !== undefined && !run.has(file) && trusted !== undefined) {
    const hash = hashOf(file);
    if (!trusted.has(hash)) {
      const what = `${folder} names the module ${file} (sha256 ${hash}), which this would run`;
      throw new UserError(
        `${what}; to allow it, use `,
        argument("trust"),
        ", or the same with a file of the same bytes",
      );
    }
  }
  run.add(file);
}

/** @throws UserError when the file cannot be read */
function hashOf(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    throw badArgument("trust", file, "the file cannot be read; trust a module by its path");
  }
}
