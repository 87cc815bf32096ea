/** A design point: a level of every factor, the resulting scenario, and the command that replays it. */
import { resolveScenario, type ResolvedScenario, type Scenario } from "./scenario.ts";

/** Plain JSON. */
export interface DesignPoint {
  /** Position in the design, from 0. */
  readonly index: number;
  /** The name of its level of each factor, in the order of the factors; then its value of each range of the sample. */
  readonly levels: Readonly<Record<string, string>>;
  /** Every setting given, every path absolute. */
  readonly scenario: Scenario;
}

/** A design point and what its scenario resolves to. */
export interface PlannedPoint extends DesignPoint {
  readonly resolved: ResolvedScenario;
}

/** A point of results that are read again, or one whose scenario was changed. @throws Fault */
async function resolvePoint({ index, levels, scenario }: DesignPoint): Promise<PlannedPoint> {
  const resolved = await resolveScenario(scenario, "/");
  return { index, levels, scenario: resolved.scenario, resolved };
}

/** One after the other, so that the first mistake is the one that is reported. @throws Fault */
export async function resolvePoints(points: Iterable<DesignPoint>): Promise<PlannedPoint[]> {
  const resolved: PlannedPoint[] = [];
  for (const point of points) resolved.push(await resolvePoint(point));
  return resolved;
}

/** The levels of a design point, as --at takes them: "site=office,spooler=buggy". */
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
