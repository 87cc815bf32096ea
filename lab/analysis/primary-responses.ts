/**
 * The responses that the question of an experiment is about, if it says so: those that compare.responses names, the
 * most important first. Answers use these, and tables and charts start with them.
 *
 * The answer for an event time is the number of servers (or fleets) on which it happened. It has no mean while there
 * are some on which it did not.
 */
import type { Response } from "../../models/contract/responses.ts";
import { sum } from "../../statistics/estimate.ts";
import { oneOf, wrong } from "../experiment/settings.ts";
import { isCumulable, observationsOf, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { replicationsOf, totals, type Replication } from "./replication.ts";

/** An event time of the question, at a design point. */
export interface Reached {
  readonly point: PlannedPoint;
  readonly eventTime: Response;
  /** The number of servers in all replications; of fleets, if the event time belongs to the fleet. */
  readonly observations: number;
  /** The number of these that had the event. */
  readonly reached: number;
}

export function primaryResponses(plan: Plan): Response[] {
  const names = plan.experiment.compare?.responses ?? [];
  return names.flatMap((name) => responsesOf(plan).filter((response) => response.name === name));
}

/** The responses, with those of the question first. */
export function primaryFirst(plan: Plan, responses: readonly Response[]): Response[] {
  const primary = primaryResponses(plan).filter((response) => responses.includes(response));
  return [...primary, ...responses.filter((response) => !primary.includes(response))];
}

/** @throws Fault when the question names something that is not a response */
export function checkPrimaryResponses(plan: Plan): void {
  const known = responsesOf(plan).map(({ name }) => name);
  for (const [i, name] of (plan.experiment.compare?.responses ?? []).entries()) {
    if (!known.includes(name)) throw wrong(`compare.responses.${i}`, name, oneOf(name, known));
  }
}

/** The event times of the question, in its order, each at every design point. */
export function reachedOf(plan: Plan, replications: readonly Replication[]): Reached[] {
  const eventTimes = primaryResponses(plan).filter((response) => !isCumulable(response));
  return eventTimes.flatMap((eventTime) => {
    return plan.points.map((point) => reachedAt(point, eventTime, replicationsOf(point, plan, replications), plan));
  });
}

/** @param replications of the point */
export function reachedAt(
  point: PlannedPoint,
  eventTime: Response,
  replications: readonly Replication[],
  plan: Plan,
): Reached {
  const each = observationsOf(eventTime, point);
  const servers = sum(totals(replications, responsesOf(plan).indexOf(eventTime)));
  const reached = (servers * each) / point.scenario.servers;
  return { point, eventTime, observations: each * replications.length, reached };
}
