/** The parts of a fleet for which advice is given: the design points of all policies, part by part. */
import { levelsText, type DesignPoint, type PlannedPoint } from "../experiment/design-point.ts";
import { designPoints } from "../experiment/design.ts";
import { positionOf, variedBy, type Experiment } from "../experiment/experiment.ts";
import { pointsAt } from "../experiment/point-selector.ts";
import { extent } from "../experiment/scenario.ts";
import type { Settings } from "../../models/contract/parameters.ts";
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

/**
 * Refuses levels that are no policies. A policy differs from the present one in something that people decide. What it
 * assumes may differ with it, such as the jobs of each server in a larger fleet, but no fact does, such as a bug.
 *
 * @throws UserError
 */
export function refuseUndecided({ compare, name, positions }: Experiment, parts: readonly FleetPart[]): void {
  const { factor, baseline } = compare!;
  const levelOf = ({ levels }: PlannedPoint) => itemAt(levels, factor);
  for (const { points } of parts) {
    const present = points.find((point) => levelOf(point) === baseline)!;
    const wrong = points.flatMap((point) => {
      const setting = undecidedIn(point, present);
      return setting === undefined ? [] : [{ point, setting }];
    });
    if (wrong.length === 0) continue;
    const { point, setting } = itemAt(wrong, 0);
    const kept = points.filter((one) => wrong.every((other) => other.point !== one)).map(levelOf);
    const only =
      kept.length > 1 ? ["keep such levels only (", argument("only"), ` "${factor}=${kept.join()}"), or `] : [];
    const [is, was] = [point, present].map((one) => settingsOf(one)[setting]);
    const position = positionOf(`factors.${factor}.${levelOf(point)}`, positions);
    throw new UserError(
      ...[position === "" ? name : position].flat(),
      ` the level ${levelOf(point)} of ${factor} is no policy: it differs from the present one, ${baseline}, in ` +
        `${setting} (${is} instead of ${was}), which nobody can decide. Advice compares what people can decide, such as ` +
        "restarts, patches and the spooler: ",
      ...only,
      "compare such a factor, as restart-or-patch does",
    );
  }
}

/** The first setting that makes a level no policy; undefined if it is one, or the same as the present one. */
export function undecidedIn(point: PlannedPoint, present: PlannedPoint): string | undefined {
  const { parameters, upkeep } = point.resolved.model;
  const decided = ["servers", upkeep!.restart.parameter, ...(upkeep!.decided ?? [])];
  const sourceOf = (name: string) => itemAt({ ...extent, ...parameters }, name).source;
  const [settings, before] = [settingsOf(point), settingsOf(present)];
  const differing = Object.keys(settings).filter((name) => settings[name] !== before[name]);
  const isDecided = (name: string) => decided.includes(name) || sourceOf(name).startsWith("decision");
  const isFact = (name: string) => !isDecided(name) && !sourceOf(name).startsWith("assumption");
  return differing.find(isFact) ?? (differing.some(isDecided) ? undefined : differing[0]);
}

function settingsOf({ scenario: { model: _, parameters, ...size } }: PlannedPoint): Settings {
  return { ...parameters, ...size };
}

/** A factor is decided by the user, so it cannot be unknown. */
export function refuseDecided(experiment: Experiment, worlds: readonly World[]): void {
  const [name] = Object.keys(itemAt(worlds, 0).setting);
  const by = variedBy(experiment, `parameters.${name}`);
  if (by !== undefined)
    throw badArgument("unknown", `${name}`, `${by} varies it; only a parameter that no policy varies can be unknown`);
}
