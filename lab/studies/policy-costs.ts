/**
 * What a policy costs: how much of each priced response the fleet takes per server-day, and what that comes to, in each
 * replication and on the average.
 */
import type { AboveBest } from "../../statistics/best-of-several.ts";
import { meanEstimate, type Estimate } from "../../statistics/estimate.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import type { Price } from "./prices.ts";
import type { Plan } from "../experiment/plan.ts";

/** Of a design point, per server-day. */
export interface Costs {
  /** In the order of the prices: of each response as much as is paid for at a time. */
  readonly quantities: readonly Estimate[];
  readonly perReplication: readonly number[];
}

/** Of a policy that is compared with others, per server-day. */
export interface PolicyCost {
  readonly name: string;
  readonly quantities: readonly Estimate[];
  readonly cost: Estimate;
  readonly above: AboveBest;
  /** Servers of all replications that lost their printers, and that were fixed. */
  readonly lostPrinters: number;
  readonly fixed: number;
}

export function costsOf({ points }: Plan, outcomes: HorizonValues, point: number, prices: readonly Price[]): Costs {
  const { servers, horizonDays } = points[point].scenario;
  const exposures = prices.map(({ size }) => servers * horizonDays * size);
  const totals = prices.map(({ response }) => outcomes.totals(point, response));
  return {
    quantities: totals.map((values, k) => meanEstimate(values, exposures[k])),
    perReplication: Array.from(totals[0], (_, replication) =>
      prices.reduce((all, { amount }, k) => all + (amount * totals[k][replication]) / exposures[k], 0),
    ),
  };
}

/** The cheapest of the policies that fix every one of so many servers, and cost none its printers. */
export function cheapestFix(policies: readonly PolicyCost[], servers: number): PolicyCost | undefined {
  const fixes = policies.filter(({ fixed, lostPrinters }) => fixed === servers && lostPrinters === 0);
  return fixes.sort((a, b) => a.cost.value - b.cost.value).at(0);
}
