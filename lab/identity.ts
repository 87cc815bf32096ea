/**
 * The identity of results. The cache, the manifest and `verify` all use it, so they agree.
 *
 * Two results are the same if everything that determines them is the same: the program, the seed, the replication, and
 * the scenario with all settings. A user's module is identified by its bytes and those of its imports, not by its path:
 * an edited module gives different results, a moved one the same.
 */
import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson } from "./canonical-json.ts";
import { modulePathsOf, type Scenario } from "./experiment/scenario.ts";
import { programFolder } from "./program.ts";
import { itemAt } from "./lists.ts";

/** A file of a user's module. */
export interface ModuleFile {
  /** Absolute. */
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A user's module that a scenario names. */
export interface UserModule extends ModuleFile {
  /** The files that it imports, directly or indirectly, in the order in which they are found. */
  readonly imports: readonly ModuleFile[];
  /** Why its files may not determine everything it does; undefined when they do. */
  readonly unknown: string | undefined;
}

/** By the path in the scenario. */
export type UserModules = ReadonlyMap<string, UserModule>;

/** The modules that the scenarios name; none is imported. */
export async function userModulesOf(scenarios: Iterable<Scenario>): Promise<UserModules> {
  const modules = new Map<string, UserModule>();
  for (const scenario of scenarios) {
    for (const path of modulePathsOf(scenario)) if (!modules.has(path)) modules.set(path, await userModuleOf(path));
  }
  return modules;
}

/** The module at a path; its file is read, not imported. @throws system errors */
export async function userModuleOf(path: string): Promise<UserModule> {
  const files = new Map<string, ModuleFile>();
  let unknown: string | undefined;
  const add = async (file: string): Promise<void> => {
    if (files.has(file)) return;
    const bytes = await readFile(file);
    files.set(file, { path: file, sha256: hashOf(bytes) });
    const { specifiers, outside } = dependenciesOf(bytes.toString("utf8"));
    if (outside !== undefined) unknown ??= `${file} names ${outside}`;
    // Like Node, which resolves symbolic links before it looks for imported files.
    const real = await realpath(file);
    for (const specifier of specifiers) {
      const imported = fileOf(specifier, real);
      if (imported === undefined) unknown ??= `${file} imports ${specifier}`;
      else if (imported !== PROGRAM) await add(imported);
    }
  };
  await add(path);
  const [, ...imports] = files.values();
  return { ...files.get(path)!, imports, unknown };
}

/** All files of the modules, each once, sorted by path. */
export function filesOf(modules: UserModules): ModuleFile[] {
  const files = new Map([...modules.values()].flatMap((one) => [one, ...one.imports]).map((one) => [one.path, one]));
  return [...files.values()].map(({ path, sha256 }) => ({ path, sha256 })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The scenario with the contents of its modules in place of their paths. */
export function scenarioIdentity(scenario: Scenario, modules: UserModules): object {
  const known = (setting: unknown) => {
    const module = typeof setting === "string" ? modules.get(setting) : undefined;
    return module === undefined ? setting : { module: [module, ...module.imports].map(({ sha256 }) => sha256) };
  };
  const parameters = Object.entries(scenario.parameters).map(([name, setting]) => [name, known(setting)]);
  return { ...scenario, model: known(scenario.model), parameters: Object.fromEntries(parameters) as object };
}

/** A hash of the given values. */
export function identityOf(determinants: object): string {
  return hashOf(canonicalJson(determinants));
}

function hashOf(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** An import or export statement whose specifier is a plain string. */
const STATEMENT = /\b(?:import|export)\b(?:[^"'`;()]*?\bfrom)?\s*(["'])([^"'\n]+)\1/g;
/**
 * Words that lead outside a module in other ways, even in a comment; of Math, its random numbers and Math as a value.
 */
const OUTSIDE = new RegExp(
  [
    /\b(?:import|require|process|globalThis|eval|Function|Date|fetch|performance|crypto)\b/,
    /\b(?:Intl|Temporal|navigator|WeakRef|FinalizationRegistry|toLocale\w*)\b/,
    /\bMath\s*\.\s*random\b|\bMath\b(?!\s*\.\s*\w)/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

/** The specifiers that a module imports, and the first word that may depend on something no hash covers. */
function dependenciesOf(text: string): { specifiers: string[]; outside: string | undefined } {
  const specifiers = [...text.matchAll(STATEMENT)].map((match) => itemAt(match, 2));
  return { specifiers, outside: OUTSIDE.exec(text.replace(STATEMENT, ""))?.[0] };
}

const PROGRAM = "program";

/** The file of a specifier; PROGRAM for one of the program's own; undefined if unknown. */
function fileOf(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith("file:")) return fileURLToPath(specifier);
  if (/^\.{1,2}\//.test(specifier) || isAbsolute(specifier)) return resolve(dirname(importer), specifier);
  if (!/^spoolsim(?:\/|$)/.test(specifier)) return undefined;
  try {
    return createRequire(importer).resolve(specifier).startsWith(programFolder) ? PROGRAM : undefined;
  } catch {
    // The program provides itself if no package of that name is installed.
    return PROGRAM;
  }
}
