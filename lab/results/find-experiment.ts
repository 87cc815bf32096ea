/** Finds an experiment by its name, its YAML file, or the folder or manifest of its results. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Experiment } from "../experiment/experiment.ts";
import { loadExperiment } from "../experiment/load.ts";
import { readManifest } from "./manifest.ts";

/**
 * Finds an experiment by its name, its YAML file, its results folder, or the manifest in that folder. @throws UserError
 */
export async function findExperiment(nameOrPath: string): Promise<Experiment> {
  if (nameOrPath.endsWith("manifest.json")) return (await readManifest(join(nameOrPath, ".."))).experiment;
  if (/[/\\]|^\.+$/.test(nameOrPath) && (await isFolder(nameOrPath)))
    return (await readManifest(nameOrPath)).experiment;
  return loadExperiment(nameOrPath);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
