/** Loads an experiment: one that ships, one from a file, or one that a program describes as an object. */
import { readdir } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readText } from "../read-text.ts";
import { suggest } from "../suggest.ts";
import { UserError } from "../user-error.ts";
import type { Experiment } from "./experiment.ts";
import { experimentOf } from "./read.ts";

/** The built-in experiments. */
const shipped = fileURLToPath(new URL("../../../experiments/", import.meta.url));

/** The names of the built-in experiments, sorted. */
export async function shippedExperiments(): Promise<string[]> {
  const files = await readdir(shipped);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * Loads a built-in experiment by its name, or any experiment from a file. A file name contains a slash, or ends in
 * .yaml or .yml.
 *
 * The settings are checked against the model later, by designPoints.
 *
 * @throws UserError
 */
export async function loadExperiment(nameOrFile: string): Promise<Experiment> {
  const file = await fileOf(nameOrFile);
  const fromHere = relative("", file);
  const shown = fromHere.length < file.length ? fromHere : file;
  return experimentOf(
    await readText(file, [shown]),
    { name: basename(file).replace(/\.ya?ml$/, ""), file, folder: dirname(file) },
    (line, column) => {
      return `${shown}:${line}:${column}`;
    },
  );
}

/**
 * Builds an experiment from an object with the contents of a YAML file.
 *
 * @param folder module paths are relative to it; by default the working directory
 * @throws UserError
 * @example
 * const experiment = buildExperiment("load", {
 *   question: "How long do customers wait?",
 *   seed: 1,
 *   replications: 10,
 *   scenario: { model: "mm1", horizonDays: 1 },
 *   factors: { arrivalsPerSecond: [0.5, 0.8] },
 * });
 */
export function buildExperiment(name: string, description: object, folder = "."): Experiment {
  const file = resolve(folder, `${name}.yaml`);
  // JSON is valid YAML, and a YAML map keeps its order.
  const text = JSON.stringify(description, null, 2);
  return experimentOf(text, { name, file, folder: dirname(file) }, () => `${name}:`);
}

async function fileOf(nameOrFile: string): Promise<string> {
  if (/[/\\]|\.ya?ml$/.test(nameOrFile)) return resolve(nameOrFile);
  const names = await shippedExperiments();
  if (names.includes(nameOrFile)) return resolve(shipped, `${nameOrFile}.yaml`);
  const rule = `one of ${names.join(", ")}, a file that ends in .yaml, or a results folder whose path has a slash`;
  throw new UserError(`experiment is "${nameOrFile}"; ${rule}${suggest(nameOrFile, names)}`);
}
