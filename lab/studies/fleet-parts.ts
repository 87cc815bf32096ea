/** The parts of a fleet for which advice is given: the design points of all policies, part by part. */
import { levelsText, type DesignPoint, type PlannedPoint } from "../experiment/design-point.ts";
import { designPoints } from "../experiment/design.ts";
import { variedBy, type Experiment } from "../experiment/experiment.ts";
import { pointsAt } from "../experiment/point-selector.ts";
import { itemAt } from "../lists.ts";
import { UserError, argument, badArgument } from "../user-error.ts";
import type { World } from "./observation-advice.ts";

/** The design points of a part of the fleet, one per policy. */
export interface FleetPart {
  readonly name: string;
  readonly points: readonly PlannedPoint[];
}

/** The design points for the advice: all policies, for each part of one fleet. @throws UserError */
export async function partsOf(experiment: Experiment, at: string): Promise<FleetPart[]> {
  const { compare, fleet } = experiment;
  if (compare === undefined) {
    throw new UserError(
      `${experiment.name} has no compare, so no policy is the present one; advice needs it, for example ` +
        "compare: {factor: policy, baseline: wait} as in restart-or-patch",
    );
  }
  const groups = new Map<string, PlannedPoint[]>();
  for (const point of pointsAt(experiment, await designPoints(experiment), at)) {
    const others = { ...point, levels: withoutKey(point.levels, compare.factor) };
    const key = levelsText(others);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const parts = [...groups].map(([name, points]): FleetPart => ({ name, points }));
  const varied = Object.keys(itemAt(itemAt(parts, 0).points, 0).levels).filter((name) => {
    return name !== compare.factor && new Set(parts.map(({ points }) => itemAt(points, 0).levels[name])).size > 1;
  });
  const unclear = varied.filter((name) => name !== fleet);
  if (unclear.length > 0) {
    const name = itemAt(unclear, 0);
    const levels = [...new Set(parts.map(({ points }) => itemAt(itemAt(points, 0).levels, name)))];
    throw new UserError(
      `${experiment.name} varies ${name} (${levels.join(", ")}) as well as ${compare.factor}; advice is about one fleet: ` +
        "choose it with ",
      argument("at"),
      ` ${name}=${levels[0]}, or, if these are parts of one fleet, write fleet: ${name} into the experiment`,
    );
  }
  const policies = parts.map(({ points }) => points.map(({ levels }) => levels[compare.factor]).join());
  const levels = itemAt(policies, 0).split(",");
  if (levels.length < 2 || !levels.includes(compare.baseline) || policies.some((other) => other !== policies[0])) {
    const where = parts.find((_, i) => policies[i] !== policies[0] || i === 0)!.name;
    throw new UserError(
      `${experiment.name}: ${where || "it"} does not have all levels of ${compare.factor}, including ${compare.baseline}`,
    );
  }
  return parts;
}

function withoutKey(levels: DesignPoint["levels"], key: string): DesignPoint["levels"] {
  return Object.fromEntries(Object.entries(levels).filter(([name]) => name !== key));
}

/** A factor is decided by the user, so it cannot be unknown. */
export function refuseDecided(experiment: Experiment, worlds: readonly World[]): void {
  const [name] = Object.keys(itemAt(worlds, 0).setting);
  const by = variedBy(experiment, `parameters.${name}`);
  if (by !== undefined)
    throw badArgument("unknown", `${name}`, `${by} varies it; only a parameter that no policy varies can be unknown`);
}
