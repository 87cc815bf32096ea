/**
 * What the question of an experiment is about, as far as it says so: the responses that compare.responses names, the
 * most important first. Answers use these, and tables and charts begin with them.
 *
 * An asked moment is answered by the number of servers (or of fleets) on which it came: it has no mean while there are
 * some on which it has not come.
 */
import type { Response } from "../../models/model.ts";
import { sum } from "../../statistics/estimate.ts";
import { oneOf, wrong } from "../experiment/settings.ts";
import { isCumulable, observationsOf, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { replicationsOf, totals, type Replication } from "./replication.ts";

/** An asked moment at a design point. */
export interface Reached {
  readonly point: PlannedPoint;
  readonly moment: Response;
  /** Servers of all replications; fleets, where the moment is a fleet's. */
  readonly observations: number;
  /** On how many of them it came. */
  readonly reached: number;
}

export function primaryResponses(plan: Plan): Response[] {
  const names = plan.experiment.compare?.responses ?? [];
  return names.flatMap((name) => responsesOf(plan).filter((response) => response.name === name));
}

/** The responses, those that are asked for before the others. */
export function primaryFirst(plan: Plan, responses: readonly Response[]): Response[] {
  const asked = primaryResponses(plan).filter((response) => responses.includes(response));
  return [...asked, ...responses.filter((response) => !asked.includes(response))];
}

/** @throws Fault when the question is about what is no response */
export function checkPrimaryResponses(plan: Plan): void {
  const known = responsesOf(plan).map(({ name }) => name);
  for (const [i, name] of (plan.experiment.compare?.responses ?? []).entries()) {
    if (!known.includes(name)) throw wrong(`compare.responses.${i}`, name, oneOf(name, known));
  }
}

/** The asked moments, in the order of the question, each at every design point. */
export function reachedOf(plan: Plan, replications: readonly Replication[]): Reached[] {
  const moments = primaryResponses(plan).filter((response) => !isCumulable(response));
  return moments.flatMap((moment) => {
    return plan.points.map((point) => reachedAt(point, moment, replicationsOf(point, plan, replications), plan));
  });
}

/** @param replications of the point */
export function reachedAt(
  point: PlannedPoint,
  moment: Response,
  replications: readonly Replication[],
  plan: Plan,
): Reached {
  const each = observationsOf(moment, point);
  const servers = sum(totals(replications, responsesOf(plan).indexOf(moment)));
  const reached = (servers * each) / point.scenario.servers;
  return { point, moment, observations: each * replications.length, reached };
}
