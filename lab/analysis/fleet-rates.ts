/**
 * The leak rates of whole fleets: of all design points that differ only in the factor whose levels are the parts of a
 * fleet, such as its sites.
 *
 * Leaks of the parts are added replication by replication. The parts of a replication use the same streams and are not
 * independent. Replications are, so every interval is between replications, except the Poisson interval, which assumes
 * that all leaks are independent. The spread between servers includes that within the parts and that between them.
 */
import { leakRate, type LeakPart, type LeakRate } from "./leak-rates.ts";
import { fleetsOf, WHOLE_FLEET } from "../experiment/design.ts";
import type { Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** One row for each combination of the other factors and each resource; none if the experiment names no fleet. */
export function fleetRates(plan: Plan, parts: readonly LeakPart[]): LeakRate[] {
  const { fleet } = plan.experiment;
  if (fleet === undefined) return [];
  return fleetsOf(plan.points, fleet).flatMap((points) => {
    const own = parts.filter(({ point }) => points.some(({ index }) => index === point.index));
    const whole = wholeOf(
      points.map(({ index }) => itemAt(plan.points, index)),
      fleet,
    );
    const resources = [...new Set(own.map(({ response }) => response))];
    return resources.map((resource) =>
      leakRate(
        own.filter(({ response }) => response === resource),
        whole,
      ),
    );
  });
}

/** The design point that the row describes: it has no index, and as many servers as all parts together. */
function wholeOf(points: readonly PlannedPoint[], fleet: string): PlannedPoint {
  const { levels, scenario, ...rest } = itemAt(points, 0);
  const servers = points.reduce((sum, point) => sum + point.scenario.servers, 0);
  return { ...rest, index: -1, levels: { ...levels, [fleet]: WHOLE_FLEET }, scenario: { ...scenario, servers } };
}
