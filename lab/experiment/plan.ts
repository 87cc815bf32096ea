/** The plan of an experiment before it runs: its resolved design points and the responses that they share. */
import type { Response } from "../../models/contract/responses.ts";
import { isNonEmpty, type NonEmpty } from "../lists.ts";
import { UserError } from "../user-error.ts";
import type { PlannedPoint } from "./design-point.ts";
import type { Experiment } from "./experiment.ts";

/** An experiment as its results see it; all its points have the same responses. */
export interface Plan {
  readonly experiment: Experiment;
  readonly points: NonEmpty<PlannedPoint>;
}

/** @throws UserError when the design points have models of different responses, which no table could hold */
export function planResults(experiment: Experiment, points: readonly PlannedPoint[]): Plan {
  if (!isNonEmpty(points)) throw new RangeError("a plan without design points");
  const names = (point: PlannedPoint) => point.resolved.model.responses.map(({ name }) => name).join(" ");
  const other = points.find((point) => names(point) !== names(points[0]));
  if (other !== undefined) {
    const models = `${points[0].scenario.model} and ${other.scenario.model}`;
    throw new UserError(`${models} have different responses; models that share a table have the same`);
  }
  return { experiment, points };
}

/** The responses that every design point of the plan has. */
export function responsesOf(plan: Plan): readonly Response[] {
  return plan.points[0].resolved.model.responses;
}

/** Whether a response makes sense summed over servers: all but the event times do. */
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
