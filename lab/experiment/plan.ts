/** What an experiment comes to before it runs: its design points, resolved, and the responses that they share. */
import type { Response } from "../../models/model.ts";
import { UserError } from "../user-error.ts";
import type { DesignPoint } from "./design.ts";
import type { Experiment } from "./experiment.ts";
import { resolveScenario, type ResolvedScenario } from "./scenario.ts";

/** An experiment as its results see it. */
export interface Plan {
  readonly experiment: Experiment;
  readonly points: readonly PlannedPoint[];
  readonly replay: Replay;
}

/** A design point and what its scenario resolves to; all points of a plan have the same responses. */
export interface PlannedPoint extends DesignPoint {
  readonly resolved: ResolvedScenario;
}

/** The command that replays a replication of a design point. */
export type Replay = (point: DesignPoint, replication: number) => string;

/** @throws UserError when the design points have models of different responses, which no table could hold */
export async function planResults(
  experiment: Experiment,
  points: readonly DesignPoint[],
  replay: Replay,
): Promise<Plan> {
  const planned: PlannedPoint[] = [];
  for (const point of points) planned.push({ ...point, resolved: await resolveScenario(point.scenario, "/") });
  const plan = { experiment, points: planned, replay };
  const names = (model: PlannedPoint) => model.resolved.model.responses.map(({ name }) => name).join(" ");
  const other = planned.find((point) => names(point) !== names(planned[0]));
  if (other !== undefined) {
    const models = `${planned[0].scenario.model} and ${other.scenario.model}`;
    throw new UserError(`${models} have different responses; models that share a table have the same`);
  }
  return plan;
}

/** The responses that every design point of the plan has. */
export function responsesOf(plan: Plan): readonly Response[] {
  return plan.points[0].resolved.model.responses;
}

/** Whether a response makes sense summed over servers: all but the moments do. */
export function isCumulable({ role }: Response): boolean {
  return role !== "eventTime";
}

/** Whether a response is a level, which is had at the horizon, and no running total, which has a rate. */
export function isLevel({ role, now }: Response): boolean {
  return role === "gauge" || now === true;
}

/** How many observations of the response a replication has: one of each server, or one of the fleet. */
export function observationsOf({ ofFleet }: Response, { scenario }: PlannedPoint): number {
  return ofFleet ? 1 : scenario.servers;
}

/** What an observation is of. */
export function observed({ ofFleet }: Response): "fleets" | "servers" {
  return ofFleet ? "fleets" : "servers";
}
