/**
 * The operational impact: what leaks and their remedies cost users and staff, according to the impacts of the model:
 * staff time, downtime, lost jobs, lost printers.
 *
 * There is a row for each design point, and no table if none of it happened. Means are per server-day (of a level: per
 * server at the horizon), with an interval between independent observations (observations.ts). For an event time, the
 * row counts the servers, or fleets, on which it happened.
 */
import type { Impact } from "../../models/contract/operations.ts";
import { neverNegative, type Estimate } from "../../statistics/estimate.ts";
import { sparseEstimate } from "../../statistics/sparse.ts";
import { reachedAt, type Reached } from "./primary-responses.ts";
import { observations } from "./observations.ts";
import { isLevel, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import type { Replication } from "./replication.ts";
import { itemAt } from "../lists.ts";

/**
 * The impacts of a model: those shown per server-day, or per server if they are levels; and those that are event times.
 */
export function impactsOf({ points: [{ resolved }] }: Plan): {
  rates: readonly Impact[];
  eventTimes: readonly Impact[];
} {
  const { responses, impacts = [] } = resolved.model;
  const isEventTime = ({ response }: Impact) => responses.find(({ name }) => name === response)?.role === "eventTime";
  return { rates: impacts.filter((impact) => !isEventTime(impact)), eventTimes: impacts.filter(isEventTime) };
}

/** The names of the event times at which a trial is passed or halted; empty if the model has no trial. */
export function verdictsOf({ points: [{ resolved }] }: Plan): string[] {
  const { trial } = resolved.model;
  return trial === undefined ? [] : [trial.passed.eventTime, trial.halted.eventTime];
}

export interface OperationalImpact {
  readonly point: PlannedPoint;
  /** Per server-day, or per server at the horizon for a level, in the order of the model's impacts. */
  readonly rates: readonly Estimate[];
  /** In the same order. */
  readonly eventTimes: readonly Reached[];
  /** Whether any fleet of the experiment is attended, which shows that the question is about policies. */
  readonly isAttended: boolean;
  readonly rollouts: Rollouts;
}

/** Verdicts on roll-outs, one roll-out per replication; one can be passed first and halted later. */
export interface Rollouts {
  readonly total: number;
  readonly passed: number;
  readonly halted: number;
  readonly undecided: number;
}

/** One row per design point, or none. @param replications in canonical order */
export function operationalImpactOf(plan: Plan, replications: readonly Replication[]): OperationalImpact[] {
  const { responses } = plan.points[0].resolved.model;
  const { rates, eventTimes } = impactsOf(plan);
  const impacts = [...rates, ...eventTimes];
  const at = (wanted: string): number => responses.findIndex(({ name }) => name === wanted);
  const total = (wanted: string, of: readonly Replication[]): number[] =>
    of.map(({ totals }) => itemAt(totals, at(wanted)));
  const happened = ({ response }: Impact): boolean => total(response, replications).some((amount) => amount > 0);
  if (!impacts.some(happened)) return [];
  const isAttended = impacts.some((impact) => impact.attended === true && happened(impact));
  const [passed, halted] = verdictsOf(plan);
  return plan.points.map((point) => {
    const own = replications.filter((replication) => replication.point.index === point.index);
    const { servers, horizonDays } = point.scenario;
    const verdicts = (name: string | undefined) => (name === undefined ? own.map(() => 0) : total(name, own));
    const rate = ({ response, size = 1 }: Impact): Estimate => {
      const observed = observations(own, at(response));
      const days = isLevel(itemAt(responses, at(response))) ? 1 : horizonDays;
      return neverNegative(sparseEstimate(observed, (servers * days * size * own.length) / observed.length));
    };
    return {
      point,
      rates: rates.map(rate),
      eventTimes: eventTimes.map(({ response }) => reachedAt(point, itemAt(responses, at(response)), own, plan)),
      isAttended,
      rollouts: rolloutsOf(verdicts(passed), verdicts(halted)),
    };
  });
}

/** @param passed by replication: the number of servers that had the event */
function rolloutsOf(passed: readonly number[], halted: readonly number[]): Rollouts {
  const came = (servers: readonly number[]): number => servers.filter((count) => count > 0).length;
  return {
    total: passed.length,
    passed: came(passed),
    halted: came(halted),
    undecided: passed.length - came(passed.map((servers, i) => servers + itemAt(halted, i))),
  };
}
