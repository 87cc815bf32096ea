/** Selects design points by their levels, given as "site=office,spooler=buggy". */
import { designPoints } from "./design.ts";
import type { DesignPoint, PlannedPoint } from "./design-point.ts";
import type { Experiment } from "./experiment.ts";
import { badArgument } from "../user-error.ts";
import { itemAt } from "../lists.ts";

/**
 * The first design point of the experiment with these levels, so factors that are not named have their first level.
 *
 * @throws UserError
 */
export async function findPoint(experiment: Experiment, at: string): Promise<PlannedPoint> {
  return itemAt(pointsAt(experiment, await designPoints(experiment), at), 0);
}

/**
 * The design points with all of these levels: at least one; all points if `at` is "".
 *
 * @param points all design points of the experiment
 * @throws UserError for an unknown or repeated factor, an unknown level, or levels that no point has together
 */
export function pointsAt<Point extends DesignPoint>(
  { name: experiment }: Pick<Experiment, "name">,
  points: readonly Point[],
  at: string,
): readonly Point[] {
  const factors = Object.keys(itemAt(points, 0).levels);
  const wanted = new Map<string, string>();
  const refusal = (rule: string) => badArgument("at", at, rule);
  for (const part of at.split(",").filter((one) => one !== "")) {
    const [name = "", ...rest] = part.split("=");
    const level = rest.join("=");
    if (wanted.has(name)) {
      throw refusal(`${name} is given twice; a design point has one level of it`);
    }
    if (!factors.includes(name)) {
      const known = factors.join(", ") || "none";
      throw refusal(`${name} is not a factor of ${experiment}; its factors: ${known}`);
    }
    if (level === "") throw refusal("levels are written as factor=level,factor=level");
    const levels = [...new Set(points.map((point) => itemAt(point.levels, name)))];
    if (!levels.includes(level)) {
      const known = listed(levels);
      throw refusal(`${level} is not a level of ${name}; its levels: ${known}`);
    }
    wanted.set(name, level);
  }
  const found = points.filter(({ levels }) => [...wanted].every(([name, level]) => levels[name] === level));
  if (found.length === 0) throw refusal(`${experiment} has no such design point`);
  return found;
}

const LISTED_MAX = 12;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  return names.slice(0, LISTED_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
