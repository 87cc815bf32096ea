/**
 * Results whose servers are simulated again, with more frequent readings or a longer horizon, for the benches of
 * detectors and forecasters.
 *
 * Reading a server changes no event, and a later horizon does not change what happened before. Independent servers
 * behave the same alone, so the first few represent the fleet; a coordinated fleet is simulated whole.
 */
import { type DesignPoint, resolvePoints } from "../experiment/design-point.ts";
import { readManifest } from "../results/manifest.ts";
import { programVersion } from "../program.ts";
import type { Scenario } from "../experiment/scenario.ts";
import { planResults, type Plan } from "../experiment/plan.ts";
import { pointsAt } from "../experiment/point-selector.ts";
import { UserError } from "../user-error.ts";

/** The servers to observe, and how. */
export interface ResampledSelection {
  /** The levels of the design points, as "site=office"; "" for all points. */
  readonly at: string;
  /** The most servers of each replication: whole, >= 1. */
  readonly servers: number;
  /** The changes to each scenario. */
  readonly change: (scenario: Scenario) => Partial<Scenario>;
}

/** @throws UserError when the folder has no results of this program, or no design point has these levels */
export async function resampledPlan(folder: string, { at, servers, change }: ResampledSelection): Promise<Plan> {
  const { experiment, points, version } = await readManifest(folder);
  if (version !== programVersion) {
    throw new UserError(`${folder} was written by version ${version}; this is ${programVersion}: run it again`);
  }
  const resampled: DesignPoint[] = [];
  for (const [index, point] of (await resolvePoints(pointsAt(experiment, points, at))).entries()) {
    const { scenario } = point;
    const { model, values } = point.resolved;
    const some = model.isCoordinated?.(values) ? scenario.servers : Math.min(servers, scenario.servers);
    resampled.push({ ...point, index, scenario: { ...scenario, servers: some, ...change(scenario) } });
  }
  return planResults(experiment, await resolvePoints(resampled));
}
