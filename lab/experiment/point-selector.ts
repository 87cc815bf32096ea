/** Selects a design point of an experiment by its levels. */
import { designPoints } from "./design.ts";
import type { PlannedPoint } from "./design-point.ts";
import { factorNames, type Experiment } from "./experiment.ts";
import { badArgument } from "../user-error.ts";
import { itemAt } from "../lists.ts";

/**
 * Finds the design point with these levels, given as "site=office,spooler=buggy". If several match, the first is taken,
 * so factors that are not named have their first level.
 * @throws UserError
 */
export async function findPoint(experiment: Experiment, levels: string): Promise<PlannedPoint> {
  const points = await designPoints(experiment);
  const factors = factorNames(experiment);
  const wanted = new Map<string, string>();
  const refusal = (rule: string) => badArgument("at", levels, rule);
  for (const part of levels.split(",").filter((one) => one !== "")) {
    const [name = "", ...rest] = part.split("=");
    const level = rest.join("=");
    if (wanted.has(name)) {
      throw refusal(`${name} is given twice; a design point has one level of it`);
    }
    if (!factors.includes(name)) {
      const known = factors.join(", ") || "none";
      throw refusal(`${name} is not a factor of ${experiment.name}; its factors: ${known}`);
    }
    const levels = [...new Set(points.map((point) => itemAt(point.levels, name)))];
    if (!levels.includes(level)) {
      const known = listed(levels);
      throw refusal(`${level || "nothing"} is not a level of ${name}; its levels: ${known}`);
    }
    wanted.set(name, level);
  }
  const found = points.find(({ levels }) => [...wanted].every(([name, level]) => levels[name] === level));
  if (found === undefined) throw refusal(`${experiment.name} has no such design point`);
  return found;
}

const LISTED_MAX = 12;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  return names.slice(0, LISTED_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
