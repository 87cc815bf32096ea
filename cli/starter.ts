/**
 * A module to start from: an example that ships, under another name, with its experiment and its test.
 *
 * The test also runs in an empty folder: it imports the package by name, and an option of Node gives the location of
 * the package.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join, resolve } from "node:path";
import { programFolder } from "../lab/program.ts";
import { enumerated } from "../lab/reports/format.ts";
import { UserError } from "../lab/user-error.ts";
import { shellLine } from "./shell-line.ts";

/** The names that the examples have in their own text. */
const named = { model: "pool", spooler: "half-fixed" } as const;

export type StarterKind = keyof typeof named;

export const starterKinds = Object.keys(named) as [StarterKind, StarterKind];

/**
 * Writes NAME.mjs (or NAME.ts), NAME.yaml and NAME.test.mjs to the working directory.
 *
 * @param arg the value of the option: a name, or a file that ends in .mjs or .ts
 * @returns instructions for the user
 * @throws UserError when one of the files exists or cannot be written
 */
export async function writeStarter(kind: StarterKind, arg: string): Promise<string> {
  const [, name = "", ending = ".mjs"] = /^([A-Za-z][\w-]*)(\.mjs|\.ts)?$/.exec(arg) ?? [];
  if (name === "") throw new UserError(`--${kind} is ${arg}; a name such as mine, mine.mjs or mine.ts`);
  if (ending === ".ts" && (process.features as { typescript?: unknown }).typescript === undefined) {
    const rule = `Node ${process.versions.node} runs no TypeScript; use ${name}.mjs, or Node 22.18 or newer`;
    throw new UserError(`--${kind} is ${arg}; ${rule}`);
  }
  const module = name + ending;
  const files = { [`${kind}.mjs`]: module, [`${kind}.yaml`]: `${name}.yaml`, [`${kind}.test.mjs`]: `${name}.test.mjs` };
  const taken = Object.values(files).find((file) => existsSync(file));
  if (taken !== undefined) throw new UserError(`${taken} exists already; a ${kind} goes to new files`);
  for (const [example, file] of Object.entries(files)) {
    const text = await readFile(join(programFolder, "examples", example), "utf8");
    const own = text
      .replaceAll(`./${kind}.mjs`, `./${module}`)
      .replaceAll(`./${kind}.yaml`, `./${name}.yaml`)
      .replace(`name: "${named[kind]}"`, `name: "${name}"`);
    await writeFile(file, own, { flag: "wx" }).catch(({ code }: NodeJS.ErrnoException) => {
      throw new UserError(`${file} cannot be written: ${code}`);
    });
  }
  const lines = [
    `  ${shellLine(["spoolsim", "describe", `./${module}`])}  describes it, and checks that two runs are equal`,
    `  ${shellLine(["spoolsim", "run", `${name}.yaml`])}`,
  ];
  const test = shellLine(["node", ...importWords(), `${name}.test.mjs`]);
  return `Wrote ${enumerated(Object.values(files))}. Edit them, then:\n\n${lines.join("\n")}\n  ${test}\n`;
}

/** Extra arguments for Node if this package is not installed beside the module. */
function importWords(): string[] {
  const isInstalled = resolve("node_modules", "spoolsim") === resolve(programFolder);
  const hook = fileURLToPath(new URL("../lab/experiment/own-package.js", import.meta.url));
  return isInstalled ? [] : ["--import", pathToFileURL(hook).href];
}
