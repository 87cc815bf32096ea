/**
 * Finding one's way in an experiment: a design point by its levels, an experiment by its results, a replication by
 * its command.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { designPoints, type DesignPoint } from "./design.ts";
import { loadExperiment, type Experiment } from "./experiment.ts";
import { readManifest } from "./manifest.ts";
import { UserError } from "./user-error.ts";

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
 * The design point with these levels, said as "site=office,spooler=buggy"; factors that are not said have their first
 * level.
 * @throws UserError
 */
export async function findPoint(experiment: Experiment, said: string): Promise<DesignPoint> {
  const points = await designPoints(experiment);
  const wanted = said.split(",").filter((part) => part !== "");
  const names = wanted.map((part) => part.split("=")[0]);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new UserError(`--at ${said}: ${twice} is said twice; a design point has one level of it`);
  for (const part of wanted) {
    const [name, ...rest] = part.split("=");
    const factor = experiment.factors.find((one) => one.name === name);
    const known = experiment.factors.map((one) => one.name).join(", ") || "none";
    if (factor === undefined)
      throw new UserError(`--at ${said}: ${name} is not a factor of ${experiment.name}; its factors: ${known}`);
    const levels = factor.levels.map((level) => level.name);
    if (!levels.includes(rest.join("="))) {
      throw new UserError(
        `--at ${said}: ${rest.join("=") || "nothing"} is not a level of ${name}; its levels: ${levels.join(", ")}`,
      );
    }
  }
  return points.find(({ levels }) =>
    wanted.every((part) => part === `${part.split("=")[0]}=${levels[part.split("=")[0]]}`),
  )!;
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
