/**
 * How often to restart if one must wait.
 *
 * The service is restarted every t, whatever happens. A server whose users have noticed costs more the longer that
 * lasts. With the life L of an unattended server,
 *
 *     cost per day = (restart + E[C((t - L)+)]) / t,    C(w) = a w + b w^2
 *
 * (block replacement of a unit whose failure is borne until the next replacement: Barlow and Proschan, Mathematical
 * Theory of Reliability, 1965, chapter 4, for an ageing unit). L is an Erlang or gamma variate with a known number of
 * leaks (outlook.ts). So its lower tail, where the best interval lies, is estimated from all leaks and not from the few
 * short lives that were observed. C is fitted to the costs of unattended servers after users noticed, without what a
 * restart takes back; the price of a restart is that of the simulated ones.
 *
 * The formula treats all hours alike. If it agrees with the simulated intervals, it chooses among all intervals that
 * the calendar allows; otherwise the cheapest simulated interval is chosen. The choice is judged on fresh replications,
 * over a whole number of intervals. If it then costs more than a simulated interval, that one is judged, too, and the
 * cheaper of the two is chosen: the formula leaves out what a restart costs more after a symptom, with few replications
 * anything agrees, and an interval at which no simulated server ran out may be the cheapest by luck. The confidence
 * interval covers the one between these replications and the formula's at both ends of the leak rate, because few
 * replications contain a rare short lifetime.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import { mean, meanEstimate, sum, type Estimate, type Interval } from "../../statistics/estimate.ts";
import { derive } from "../experiment/override.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import type { Plan } from "../experiment/plan.ts";
import { changed, type PlannedPoint } from "../experiment/design-point.ts";
import { AFTER_HORIZON_DAYS, wholeIntervals } from "./restart-calendar.ts";
import { drains, givenBackBy, type Costing } from "./policy-costs.ts";
import { isRare, mayComeInYear } from "./policy-fate.ts";
import { lastChangeAt } from "./policy-changes.ts";
import { outlookOf, outlookResponses, outlooksOf, overshoot, type LeakLifetime, type Outlook } from "./outlook.ts";
import type { Price } from "./prices.ts";
import { itemAt } from "../lists.ts";

const HOURS_TRIED = [6, 12, 24, 48, 96, 168, 336];
/** The formula agrees with a simulated cost if it is inside its interval or this close. */
export const NEAR = 0.25;
/** Intervals longer than the best by more than this factor need not agree, because the formula ignores backlogs. */
const FAR = 1.5;

/** A simulated restart interval. */
interface RestartRow {
  readonly hours: number;
  /** Per server-day, with an interval for this row alone. */
  readonly cost: Estimate;
  /** The half-width with which the intervals of all rows hold at once. */
  readonly atOnce: number;
  /** NaN if there is no formula. */
  readonly formula: number;
  /** Whether stuck jobs are cleared between restarts. */
  readonly drains: boolean;
  /** Whether too few servers ran out of something for the interval of `cost`. */
  readonly isRare: boolean;
}

export interface RestartAdvice {
  /** By hours. */
  readonly rows: readonly RestartRow[];
  /**
   * Undefined if every interval is longer than the simulated days, the present policy makes changes, or restarts keep a
   * leak that fills something within the year.
   */
  readonly chosen: ChosenInterval | undefined;
  /** The outlook without restarts; undefined if the model names no limit. */
  readonly outlook: Outlook | undefined;
  /** Whether anything was noticed on unattended servers. */
  readonly isNoticed: boolean;
  /** Whether the present policy makes changes: they cost something once, so no interval has a pace of its own. */
  readonly isChanging?: boolean;
  /** Whether something runs out within the year of which restarts do not return the leaks, whatever their interval. */
  readonly isKept?: boolean;
}

export interface ChosenInterval extends Interval {
  readonly hours: number;
  readonly by: "formula" | "simulation";
  /** The compared policy that restarts at this interval and is otherwise the present one, if there is one. */
  readonly policy?: string | undefined;
  /**
   * Per server-day, on replications that did not choose it. The interval is a 95 % interval; NaN if the simulation
   * chose it and too few servers ran out of something.
   */
  readonly value: number;
}

/** The intervals to simulate: those not longer than the horizon that fit the calendar [h]. */
export function restartHoursOf(horizonDays: number, stepHours: number): number[] {
  const kept = HOURS_TRIED.map((hours) => Math.ceil(hours / stepHours) * stepHours);
  return [...new Set(kept)].filter((hours) => hours <= horizonDays * 24);
}

export interface Simulated {
  readonly plan: Plan;
  readonly values: HorizonValues;
  /** The design point without restarts. */
  readonly asIs: number;
  readonly hours: readonly number[];
  /** The index of the design point of the first interval. */
  readonly from: number;
}

export async function restartAdvice(
  experiment: Experiment,
  { progress: _, ...quietly }: Executing,
  { prices, upkeep, scale }: Costing,
  simulated: Simulated,
): Promise<RestartAdvice> {
  const { plan, values, asIs, hours, from } = simulated;
  const point = itemAt(plan.points, asIs);
  const isNoticed = values.servers(asIs, upkeep.noticed).some((at) => at >= 0);
  const outlook = outlookOf(plan, values, asIs, upkeep);
  const none = { rows: [], chosen: undefined, outlook, isNoticed };
  if (lastChangeAt(plan, values, asIs, upkeep) !== undefined) return { ...none, isChanging: true };
  const kept = upkeep.restart.keeps?.(point.resolved.values) ?? [];
  const isKept = outlooksOf(plan, values, asIs, upkeep, undefined, kept).some((one) => {
    return mayComeInYear(one, scale * point.scenario.servers);
  });
  if (isKept) return { ...none, isKept };
  const givenBack = givenBackBy(upkeep, point.resolved.values);
  const going = prices.filter(({ response }) => !givenBack.includes(response));
  const wholes = hours.map((_, i) => wholeIntervals(plan, values, from + i, upkeep));
  const costs = wholes.map((whole, i) => {
    return costsPerServerDay(plan, values, from + i, going, whole?.since, whole?.until);
  });
  const formula = formulaOf(simulated, going, upkeep, outlook?.lifetime, costs);
  const rows = hours.flatMap((every, i): RestartRow[] => {
    if (wholes[i] === undefined) return [];
    const predicted = formula?.(every, outlook!.lifetime.rate.perDay) ?? NaN;
    return [
      {
        hours: every,
        cost: meanEstimate(itemAt(costs, i)),
        atOnce: meanEstimate(itemAt(costs, i), 1, hours.length).halfWidth,
        formula: predicted,
        drains: drains(plan, values, from + i, upkeep),
        isRare: isRare(plan, values, from + i, upkeep),
      },
    ];
  });
  let best = chosenHours(rows, point, upkeep, formula && ((every) => formula(every, outlook!.lifetime.rate.perDay)));
  if (best === undefined) return { rows, chosen: undefined, outlook, isNoticed };
  const judged = (every: number) => judge(experiment, quietly, point, going, upkeep, every);
  let { cost, isRare: isJudgedRare } = await judged(best.hours);
  const isFormula = best.by === "formula";
  const others = rows.flatMap((row) => {
    return row.hours === best?.hours ? [] : [{ hours: row.hours, least: leastCost(row, isFormula) }];
  });
  for (const { hours, least } of others.sort((a, b) => a.least - b.least)) {
    if (cost.value <= least) break;
    const other = await judged(hours);
    if (other.cost.value >= cost.value) continue;
    best = { hours, by: "simulation" };
    ({ cost, isRare: isJudgedRare } = other);
  }
  const ends = [cost.lower, cost.upper];
  if (best.by === "formula") {
    const { lower, upper } = outlook!.lifetime.rate.interval;
    ends.push(formula!(best.hours, lower), formula!(best.hours, upper));
  } else if (isJudgedRare) ends.fill(NaN);
  const chosen = { ...best, value: cost.value, lower: Math.max(0, Math.min(...ends)), upper: Math.max(...ends) };
  return { rows, chosen, outlook, isNoticed };
}

/**
 * The cost of a simulated interval, or that of the formula if it is higher: where few servers ran out, a simulated cost
 * may be low by luck.
 *
 * @param isFormula whether the formula agrees with the simulation, and so counts although many servers ran out
 */
function leastCost({ cost, formula, isRare }: RestartRow, isFormula: boolean): number {
  return formula > cost.value && (isRare || isFormula) ? formula : cost.value;
}

function cheapestOf(rows: readonly RestartRow[]): RestartRow {
  return rows.reduce((least, row) => (leastCost(row, false) < leastCost(least, false) ? row : least));
}

/** Chosen by the formula if it agrees with the simulated costs, among all intervals that fit the calendar. */
function chosenHours(
  rows: readonly RestartRow[],
  { scenario, resolved }: PlannedPoint,
  upkeep: Upkeep,
  formula: ((hours: number) => number) | undefined,
): { hours: number; by: "formula" | "simulation" } | undefined {
  if (rows.length === 0) return undefined;
  const seen = { hours: cheapestOf(rows).hours, by: "simulation" as const };
  if (formula === undefined) return seen;
  const step = upkeep.restart.stepHours(resolved.values);
  let best = step;
  for (let hours = step; hours <= scenario.horizonDays * 24; hours += step) {
    if (formula(hours) < formula(best)) best = hours;
  }
  const agrees = rows.every(({ hours, cost, atOnce, formula: byFormula }) => {
    return hours > FAR * best || Math.abs(byFormula - cost.value) <= Math.max(atOnce, NEAR * byFormula);
  });
  return agrees ? { hours: best, by: "formula" } : seen;
}

/** Per server-day, by replication, between these sample times; from the start and to the horizon without them. */
function costsPerServerDay(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  prices: readonly Price[],
  since?: number,
  until?: number,
): Float64Array {
  const { servers } = itemAt(plan.points, pointIndex).scenario;
  const days = values.daysSince(pointIndex, since, until);
  const paid = prices.map(({ amount, response, size }) => {
    return values
      .totalsSince(pointIndex, response, since, until)
      .map((total) => (amount * total) / (size * servers * days));
  });
  return itemAt(paid, 0).map((_, i) => sum(paid.map((row) => itemAt(row, i))));
}

/**
 * The cost per server-day as a function of the interval and the leak rate per day; undefined if too little was
 * observed.
 */
function formulaOf(
  { values, asIs, hours, from }: Simulated,
  prices: readonly Price[],
  upkeep: Upkeep,
  lifetime: LeakLifetime | undefined,
  costs: readonly Float64Array[],
): ((hours: number, perDay: number) => number) | undefined {
  const attended = [upkeep.restart.response, upkeep.fixed].some((name) => {
    return values.servers(asIs, name).some((value) => value > 0);
  });
  const running = prices.filter(({ response }) => response !== upkeep.harmed);
  const noticed = noticedCost(values, asIs, running, upkeep);
  if (lifetime === undefined || lifetime.rate.perDay === 0 || attended || noticed === undefined || hours.length === 0) {
    return undefined;
  }
  if (sum(values.totals(from, upkeep.restart.response)) === 0) return undefined;
  const [linear, square] = noticed;
  const costAfterNotice = (every: number, perDay: number) => {
    const [late, lateSquare] = overshoot(lifetime, perDay, every / 24);
    return linear * late + square * lateSquare;
  };
  // The shortest interval costs little besides its restarts.
  const shortest = itemAt(hours, 0);
  const restart = (mean(itemAt(costs, 0)) * shortest) / 24 - costAfterNotice(shortest, lifetime.rate.perDay);
  return (every, perDay) => ((Math.max(0, restart) + costAfterNotice(every, perDay)) * 24) / every;
}

/** a and b of C(w) = a w + b w^2 [days], by least squares; undefined if nothing was noticed. */
function noticedCost(
  values: HorizonValues,
  asIs: number,
  prices: readonly Price[],
  { noticed }: Upkeep,
): readonly [number, number] | undefined {
  const times = values.times(asIs);
  const noticedUs = values.servers(asIs, noticed);
  const paid = times.map((_, sample) => {
    const columns = prices.map(({ response }) => values.servers(asIs, response, sample));
    return noticedUs.map((_, server) => {
      return sum(prices.map(({ amount, size }, k) => (amount * itemAt(itemAt(columns, k), server)) / size));
    });
  });
  let [w2, w3, w4, wc, w2c] = [0, 0, 0, 0, 0];
  for (const [server, at] of noticedUs.entries()) {
    const first = times.findIndex((time) => time > at);
    if (first < 0) continue;
    const before = first === 0 ? 0 : itemAt(itemAt(paid, first - 1), server);
    for (let sample = first; sample < times.length; sample++) {
      const [w, cost] = [(itemAt(times, sample) - at) / US_PER_DAY, itemAt(itemAt(paid, sample), server) - before];
      w2 += w * w;
      w3 += w * w * w;
      w4 += w * w * w * w;
      wc += w * cost;
      w2c += w * w * cost;
    }
  }
  const determinant = w2 * w4 - w3 * w3;
  if (!(determinant > 0)) return undefined;
  return [Math.max(0, (wc * w4 - w2c * w3) / determinant), Math.max(0, (w2c * w2 - wc * w3) / determinant)];
}

/** The cost per server-day with this interval, on replications of another seed, over a whole number of intervals. */
async function judge(
  experiment: Experiment,
  executing: Executing,
  point: PlannedPoint,
  prices: readonly Price[],
  upkeep: Upkeep,
  hours: number,
): Promise<{ readonly cost: Estimate; readonly isRare: boolean }> {
  const { horizonDays } = point.scenario;
  const intervals = Math.max(1, Math.round((horizonDays * 24) / hours));
  // What a restart causes later is seen after the first: one more interval is simulated, up to the next restart.
  const isLate = upkeep.restart.lingers?.(point.resolved.values) === true;
  const extent = { horizonDays: ((intervals + Number(isLate)) * hours) / 24 + (isLate ? 0 : AFTER_HORIZON_DAYS) };
  const fresh = derive(experiment, [], { seed: freshSeed(experiment) });
  const restarted = changed(point, { [upkeep.restart.parameter]: hours }, extent);
  const plan = await planAtHorizon(fresh, [restarted], () => (isLate ? hours : Infinity));
  const names = new Set([...prices.map(({ response }) => response), ...outlookResponses(plan, upkeep)]);
  const values = await HorizonValues.of(plan, [...names], executing);
  const since = isLate ? 0 : undefined;
  return {
    cost: meanEstimate(costsPerServerDay(plan, values, 0, prices, since)),
    isRare: isRare(plan, values, 0, upkeep),
  };
}

/** The seed of replications that chose nothing. */
export function freshSeed({ seed }: Experiment): string {
  return `${seed}, judged`;
}
