/** The plan of an experiment before it runs: its resolved design points and the responses that they share. */
import type { Response } from "../../models/contract/responses.ts";
import { isNonEmpty, type NonEmpty } from "../lists.ts";
import { UserError } from "../user-error.ts";
import type { PlannedPoint } from "./design-point.ts";
import type { Experiment } from "./experiment.ts";

/** An experiment with its design points, which all have the same responses. */
export interface Plan {
  readonly experiment: Experiment;
  readonly points: NonEmpty<PlannedPoint>;
}

/**
 * @throws UserError when the models of the design points have different responses, because one table could not hold
 *   them
 */
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

/** The responses of every design point of the plan. */
export function responsesOf(plan: Plan): readonly Response[] {
  return plan.points[0].resolved.model.responses;
}

/** Whether the sum of a response over servers has a meaning: true of all but event times. */
export function isCumulable({ role }: Response): boolean {
  return role !== "eventTime";
}

/** Whether a response is a level at the horizon, as opposed to a running total, which has a rate. */
export function isLevel({ role, now }: Response): boolean {
  return role === "gauge" || now === true;
}

/** The number of observations of the response in a replication: one per server, or one for the fleet. */
export function observationsOf({ ofFleet }: Response, { scenario }: PlannedPoint): number {
  return ofFleet ? 1 : scenario.servers;
}

/** The unit of observation. */
export function observed({ ofFleet }: Response): "fleets" | "servers" {
  return ofFleet ? "fleets" : "servers";
}
