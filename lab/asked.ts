/**
 * What the question of an experiment is about, as far as it says so: the responses that compare.responses names, the
 * most important first. Answers are told in these, and tables and charts begin with them.
 *
 * An asked moment is answered by the number of servers on which it came, since a moment has no mean while there are
 * servers on which it has not.
 */
import type { Response } from "../models/model.ts";
import { sum } from "../statistics/estimate.ts";
import { oneOf, wrong } from "./scenario.ts";
import {
  isCumulable, replicationsOf, responsesOf, totals, type Plan, type PlannedPoint, type Replication,
} from "./tables.ts";

/** An asked moment at a design point. */
export interface Reached {
  readonly point: PlannedPoint;
  readonly moment: Response;
  /** Of all replications. */
  readonly servers: number;
  /** On how many of them it came. */
  readonly reached: number;
}

export function askedResponses(plan: Plan): Response[] {
  const names = plan.experiment.compare?.responses ?? [];
  return names.flatMap((name) => responsesOf(plan).filter((response) => response.name === name));
}

/** The responses, those that are asked for before the others. */
export function askedFirst(plan: Plan, responses: readonly Response[]): Response[] {
  const asked = askedResponses(plan).filter((response) => responses.includes(response));
  return [...asked, ...responses.filter((response) => !asked.includes(response))];
}

/** @throws Fault when the question is about what is no response */
export function checkAsked(plan: Plan): void {
  const known = responsesOf(plan).map(({ name }) => name);
  for (const [i, name] of (plan.experiment.compare?.responses ?? []).entries()) {
    if (!known.includes(name)) throw wrong(`compare.responses.${i}`, name, oneOf(name, known));
  }
}

/** The asked moments, in the order of the question, each at every design point. */
export function reachedOf(plan: Plan, replications: readonly Replication[]): Reached[] {
  const moments = askedResponses(plan).filter((response) => !isCumulable(response));
  return moments.flatMap((moment) => plan.points.map((point): Reached => {
    const own = replicationsOf(point, plan, replications);
    const reached = sum(totals(own, responsesOf(plan).indexOf(moment)));
    return { point, moment, servers: point.scenario.servers * own.length, reached };
  }));
}
