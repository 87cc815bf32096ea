/**
 * What runs out first if nothing changes: an extrapolation beyond the horizon at the observed rate.
 *
 * It is valid only as long as leaks continue at this rate and nothing gives them back. There is no projection if a
 * server ran out, and callers must leave out servers that were restarted.
 */
import type { Response } from "../../models/contract/responses.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { canLeak, togetherRate, type LeakRate } from "./leak-rates.ts";
import { isNonEmpty, type NonEmpty } from "../lists.ts";

export interface Projection {
  /** The response that reaches its limit. */
  readonly resource: Pick<Response, "name" | "label">;
  /** The leaks that fill it, and their rate together, in the unit of the resource per server-day. */
  readonly leaks: NonEmpty<LeakRate>;
  readonly rate: Estimate;
  /**
   * Days from a fresh start at the estimated rate, and at the ends of the rate's interval; may be Infinity. The ends
   * are NaN if the interval is unknown.
   */
  readonly days: number;
  readonly lower: number;
  readonly upper: number;
  /** The resources of which nothing leaked, but may, so fast that they run out earlier. */
  readonly rivals: readonly Pick<Response, "name" | "label">[];
}

/** Undefined if no limit is known, or none would be reached at the rates that were seen. */
export function projectionOf(plan: Plan, point: PlannedPoint, leakRates: readonly LeakRate[]): Projection | undefined {
  const { model, values } = point.resolved;
  const own = leakRates.filter((row) => row.point.index === point.index);
  if (own.some(({ ceilingReached }) => ceilingReached > 0)) return undefined;
  const projections: Omit<Projection, "rivals">[] = [];
  /** The earliest day on which a resource runs out of which nothing leaked. */
  const unseen: { resource: Projection["resource"]; days: number }[] = [];
  for (const limit of model.limits?.(values) ?? []) {
    const resource = responsesOf(plan).find(({ name }) => name === limit.response) ?? { name: limit.response };
    const filling = own.filter(({ response }) => response.ceiling === limit.eventTime && canLeak(point, response));
    const leaks = filling.filter(({ rate }) => rate.value > 0);
    const room = limit.level - (limit.base ?? 0);
    if (!isNonEmpty(leaks)) {
      // Without an interval, nothing is known of a rate.
      const most = filling.map(({ rate: { upper } }) => (Number.isNaN(upper) ? Infinity : upper));
      unseen.push({ resource, days: room / Math.max(0, ...most) });
      continue;
    }
    const rate = togetherRate(leaks);
    const { value, lower, upper } = rate;
    const latest = lower === 0 ? Infinity : room / lower;
    projections.push({ resource, leaks, rate, days: room / value, lower: room / upper, upper: latest });
  }
  const [first] = projections.sort((a, b) => a.days - b.days);
  if (first === undefined) return undefined;
  return { ...first, rivals: unseen.filter(({ days }) => days < first.days).map(({ resource }) => resource) };
}
