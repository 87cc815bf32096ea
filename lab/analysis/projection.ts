/**
 * What runs out first if nothing changes: an extrapolation beyond the horizon at the observed rate.
 *
 * It is valid only as long as leaks continue at this rate and nothing gives them back. There is no projection if a
 * server ran out, and callers must leave out servers that were restarted.
 */
import type { Response } from "../../models/contract/responses.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { LeakRate } from "./leak-rates.ts";
import { itemAt } from "../lists.ts";

export interface Projection {
  /** The response that reaches its limit. */
  readonly resource: Pick<Response, "name" | "label">;
  /** The leak that fills it. */
  readonly leak: LeakRate;
  /** Days from a fresh start at the estimated rate, and at the ends of the rate's interval; may be Infinity. */
  readonly days: number;
  readonly lower: number;
  readonly upper: number;
}

/** Undefined if no limit is known, or none would be reached at the rates that were seen. */
export function projectionOf(plan: Plan, point: PlannedPoint, leakRates: readonly LeakRate[]): Projection | undefined {
  const { model, values } = point.resolved;
  const own = leakRates.filter((row) => row.point.index === point.index);
  if (own.some(({ ceilingReached }) => ceilingReached > 0)) return undefined;
  const projections = (model.limits?.(values) ?? []).flatMap((limit): Projection[] => {
    const feeding = own.filter(({ response, rate }) => response.ceiling === limit.eventTime && rate.value > 0);
    // The rates of several leaks can be added, but their intervals cannot.
    if (feeding.length !== 1) return [];
    const room = limit.level - (limit.base ?? 0);
    const leak = itemAt(feeding, 0);
    const { value, lower, upper } = leak.rate;
    const resource = responsesOf(plan).find(({ name }) => name === limit.response) ?? { name: limit.response };
    return [{ resource, leak, days: room / value, lower: room / upper, upper: lower > 0 ? room / lower : Infinity }];
  });
  return projections.sort((a, b) => a.days - b.days).at(0);
}
