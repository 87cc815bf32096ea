/** A design point: a level of every factor, the resulting scenario, and the command that replays it. */
import type { Settings } from "../../models/contract/parameters.ts";
import { resolveScenario, type ResolvedScenario, type Scenario } from "./scenario.ts";

/** Plain JSON. */
export interface DesignPoint {
  /** Position in the design, from 0. */
  readonly index: number;
  /** The name of the level of each factor, in factor order; then the value of each sampled range. */
  readonly levels: Readonly<Record<string, string>>;
  /** The scenario with every setting given and every path absolute. */
  readonly scenario: Scenario;
}

/** A design point and its resolved scenario. */
export interface PlannedPoint extends DesignPoint {
  readonly resolved: ResolvedScenario;
}

/** Resolves a point of results that are read back, or of a changed scenario. @throws Fault */
async function resolvePoint({ index, levels, scenario }: DesignPoint): Promise<PlannedPoint> {
  const resolved = await resolveScenario(scenario);
  return { index, levels, scenario: resolved.scenario, resolved };
}

/** Resolves one after the other, so that the first mistake is the one reported. @throws Fault */
export async function resolvePoints(points: Iterable<DesignPoint>): Promise<PlannedPoint[]> {
  const resolved: PlannedPoint[] = [];
  for (const point of points) resolved.push(await resolvePoint(point));
  return resolved;
}

/**
 * The design point with other settings, or of another extent. What followed from the former settings, as the load of a
 * site does, follows from the new ones.
 */
export function changed(
  point: DesignPoint | PlannedPoint,
  settings: Settings,
  extent: Partial<Pick<Scenario, "servers" | "horizonDays" | "sampleEveryHours">> = {},
): DesignPoint {
  const { index, levels, scenario } = point;
  const isResolved = "resolved" in point && point.resolved.scenario === scenario;
  const given = isResolved ? point.resolved.given : scenario.parameters;
  return { index, levels, scenario: { ...scenario, ...extent, parameters: { ...given, ...settings } } };
}

/** The levels of a design point in the form of --at: "site=office,spooler=buggy". */
export function levelsText({ levels }: DesignPoint): string {
  return Object.entries(levels)
    .map(([factor, level]) => `${factor}=${level}`)
    .join(",");
}

/** The command that replays a replication, to be given in its results folder. */
export function replayCommand(point: DesignPoint, replication: number): string {
  const at = levelsText(point);
  const word = /^[\w=.,/:@+-]*$/.test(at) ? at : `'${at}'`;
  return `spoolsim replay manifest.json${at === "" ? "" : ` --at ${word}`} --replication ${replication}`;
}
