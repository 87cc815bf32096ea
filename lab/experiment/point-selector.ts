/**
 * Finding one's way in an experiment: a design point by its levels, an experiment by its results, a replication by
 * its command.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { designPoints, type DesignPoint } from "./design.ts";
import { factorNames, type Experiment } from "./experiment.ts";
import { loadExperiment } from "./load.ts";
import { readManifest } from "../results/manifest.ts";
import { UserError } from "../user-error.ts";

/** An experiment by its name, its YAML file, or the folder or manifest of its results. @throws UserError */
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

/**
 * The design point with these levels, said as "site=office,spooler=buggy"; of several it is the first, so factors that
 * are not said have their first level.
 * @throws UserError
 */
export async function findPoint(experiment: Experiment, said: string): Promise<DesignPoint> {
  const points = await designPoints(experiment);
  const factors = factorNames(experiment);
  const wanted = new Map<string, string>();
  for (const part of said.split(",").filter((one) => one !== "")) {
    const [name, ...rest] = part.split("=");
    const level = rest.join("=");
    if (wanted.has(name)) {
      throw new UserError(`--at ${said}: ${name} is said twice; a design point has one level of it`);
    }
    if (!factors.includes(name)) {
      const known = factors.join(", ") || "none";
      throw new UserError(`--at ${said}: ${name} is not a factor of ${experiment.name}; its factors: ${known}`);
    }
    const levels = [...new Set(points.map((point) => point.levels[name]))];
    if (!levels.includes(level)) {
      const known = listed(levels);
      throw new UserError(`--at ${said}: ${level || "nothing"} is not a level of ${name}; its levels: ${known}`);
    }
    wanted.set(name, level);
  }
  const found = points.find(({ levels }) => [...wanted].every(([name, level]) => levels[name] === level));
  if (found === undefined) throw new UserError(`--at ${said}: ${experiment.name} has no such design point`);
  return found;
}

const LISTED_MAX = 12;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  return names.slice(0, LISTED_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** How a design point is said. */
export function levelsText({ levels }: DesignPoint): string {
  return Object.entries(levels)
    .map(([factor, level]) => `${factor}=${level}`)
    .join(",");
}

/** The command that replays a replication, given in the folder of its results. */
export function replayCommand(point: DesignPoint, replication: number): string {
  const at = levelsText(point);
  const word = /^[\w=.,/:@+-]*$/.test(at) ? at : `'${at}'`;
  return `spoolsim replay manifest.json${at === "" ? "" : ` --at ${word}`} --replication ${replication}`;
}
