/**
 * How often to restart if one must wait.
 *
 * A restart interval is a policy: the present one, restarted every t, whatever happens. Its year costs what
 * policy-costs.ts says. A server whose users have noticed costs more the longer that lasts. With the life L of an
 * unattended server,
 *
 *     cost per day = (restart + E[C((t - L)+)]) / t,    C(w) = a w + b w^2
 *
 * (block replacement of a unit whose failure is borne until the next replacement: Barlow and Proschan, Mathematical
 * Theory of Reliability, 1965, chapter 4, for an ageing unit). L is an Erlang or gamma variate with a known number of
 * leaks (outlook.ts). So its lower tail, where the best interval lies, is estimated from all leaks and not from the few
 * short lives that were observed. C is fitted to the costs of unattended servers after users noticed, without what a
 * restart takes back; the price of a restart is that of the simulated ones. An interval of whole days has restarts at
 * one hour of the day, which may be a busy or a quiet one; others have them at all hours.
 *
 * The formula treats all hours alike. If it agrees with the simulated intervals, it chooses among all intervals that
 * the calendar allows; otherwise the cheapest simulated interval is chosen. An interval after which the queue may keep
 * growing has no known cost: it is not chosen, and the formula need not agree with it. The choice is judged on fresh
 * replications. If it then costs more than a simulated interval, that one is judged, too, and the cheaper of the two is
 * chosen: the formula leaves out what a restart costs more after a symptom, with few replications anything agrees, and
 * an interval at which no simulated server ran out may be the cheapest by luck. The confidence interval covers the one
 * between these replications and the formula's at both ends of the leak rate, because few replications contain a rare
 * short lifetime.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import { mean, meanEstimate, sum, withInterval, withoutInterval, type Estimate } from "../../statistics/estimate.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import { hoursText } from "../calendar.ts";
import { givenBackBy, type Costing, type PolicyYear } from "./policy-costs.ts";
import { isSimulated, mayComeInYear } from "./policy-fate.ts";
import { lastChangeAt } from "./policy-changes.ts";
import type { SimulatedPart } from "./policy-runs.ts";
import { YEAR_DAYS } from "./restart-calendar.ts";
import { outlookOf, outlooksOf, overshoot, type LeakLifetime, type Outlook } from "./outlook.ts";
import type { Price } from "./prices.ts";
import { itemAt } from "../lists.ts";

/** The formula agrees with a simulated cost if it is inside its interval or this close. */
export const NEAR = 0.25;
/** Intervals longer than the best by more than this factor need not agree, because the formula ignores backlogs. */
const FAR = 1.5;
const DAY_HOURS = 24;

/** A simulated restart interval; costs are for a year of the fleet. */
interface RestartRow {
  readonly hours: number;
  /** With an interval for this row alone; without one if too few servers ran out of something. */
  readonly cost: Estimate;
  /** NaN if there is no formula. */
  readonly formula: number;
  /** Whether stuck jobs are cleared between restarts. */
  readonly drains: boolean;
}

export interface RestartAdvice {
  /** By hours. */
  readonly rows: readonly RestartRow[];
  /**
   * Undefined if every interval is longer than the simulated days, the present policy makes changes, restarts keep a
   * leak that fills something within the year, or the queue may keep growing whatever the interval.
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

export interface ChosenInterval {
  readonly hours: number;
  readonly by: "formula" | "simulation";
  /** Whether the simulated days contain no longer interval to try. */
  readonly isLongest: boolean;
  /** The compared policy that restarts at this interval and is otherwise the present one, if there is one. */
  readonly policy?: string | undefined;
  /**
   * Of a year of the fleet, on replications that did not choose it. Without an interval if the simulation chose it and
   * too few servers ran out of something.
   */
  readonly cost: Estimate;
}

/** The name of a restart interval among policies. */
export function intervalName(hours: number): string {
  return `a restart every ${hoursText(hours)}`;
}

/** A year of the present policy with restarts at an interval [h], as assumed. */
export interface IntervalYears {
  /** On the replications of the policies. */
  readonly seen: (hours: number) => Promise<PolicyYear>;
  /** On replications that chose nothing. */
  readonly fresh: (hours: number) => Promise<PolicyYear>;
}

type Restarted = Pick<SimulatedPart, "plan" | "values" | "unattended" | "hours" | "longerHours">;

export async function restartAdvice(
  part: Restarted,
  costing: Costing,
  { seen, fresh }: IntervalYears,
): Promise<RestartAdvice> {
  const { plan, values, unattended, hours, longerHours } = part;
  const { upkeep, scale } = costing;
  const point = itemAt(plan.points, unattended);
  const isNoticed = values.servers(unattended, upkeep.noticed).some((at) => at >= 0);
  const outlook = outlookOf(plan, values, unattended, upkeep);
  const none = { rows: [], chosen: undefined, outlook, isNoticed };
  if (lastChangeAt(plan, values, unattended, upkeep) !== undefined) return { ...none, isChanging: true };
  const kept = upkeep.restart.keeps?.(point.resolved.values) ?? [];
  const isKept = outlooksOf(plan, values, unattended, upkeep, undefined, kept).some((one) => {
    return mayComeInYear(one, scale * point.scenario.servers);
  });
  if (isKept) return { ...none, isKept };
  const tried = await triedIntervals(part, seen);
  const isWhole = ({ year }: SimulatedInterval) => isSimulated(year.fate);
  const intervals = tried.filter(isWhole);
  const formula = formulaOf(part, costing, outlook?.lifetime, intervals);
  const rows = intervals.map(({ hours, year }) => {
    return { hours, cost: costOf(year, scale), formula: formula?.(hours) ?? NaN, drains: year.drains };
  });
  const known = intervals.filter(isKnown);
  const best = formula && formulasChoice(part, costing, formula, known);
  const candidates = known
    .filter(({ hours }) => hours !== best)
    .map((one) => {
      const [seen, byFormula] = [scale * mean(one.year.costs), best === undefined ? 0 : formula!(one.hours)];
      return { hours: one.hours, least: Math.max(seen, byFormula) };
    });
  candidates.sort((a, b) => a.least - b.least);
  if (best !== undefined) candidates.unshift({ hours: best, least: 0 });
  const fitting = tried.filter(({ year }) => year.fate.unseen !== "calendar");
  const isEnd = tried.length === hours.length + longerHours.length || fitting.length < tried.length;
  let chosen: ChosenInterval | undefined;
  for (const { hours, least } of candidates) {
    if (chosen !== undefined && chosen.cost.value <= least) break;
    const year = await fresh(hours);
    const cost = costOf(year, scale);
    if (!isKnown({ year }) || (chosen !== undefined && cost.value >= chosen.cost.value)) continue;
    const isLongest = isEnd && hours >= fitting.at(-1)!.hours;
    chosen =
      hours === best
        ? { hours, by: "formula", isLongest, cost: covering(fleetCost(year, scale), formula!, hours, outlook!) }
        : { hours, by: "simulation", isLongest, cost };
  }
  return { rows, chosen, outlook, isNoticed };
}

/** A simulated restart interval [h]. */
interface SimulatedInterval {
  readonly hours: number;
  readonly year: PolicyYear;
}

/** Whether a year of the interval was simulated, and has a sum. */
function isKnown({ year }: Pick<SimulatedInterval, "year">): boolean {
  return isSimulated(year.fate) && year.drains;
}

/** The longer intervals follow while the longest is the cheapest. */
async function triedIntervals(
  { hours: begin, longerHours }: Restarted,
  seen: IntervalYears["seen"],
): Promise<SimulatedInterval[]> {
  const all: SimulatedInterval[] = [];
  for (const hours of begin) all.push({ hours, year: await seen(hours) });
  for (const hours of longerHours) {
    const costs = all.map((one) => (isKnown(one) ? mean(one.year.costs) : Infinity));
    if (costs.length === 0 || costs.at(-1) === Infinity || costs.at(-1)! > Math.min(...costs)) break;
    all.push({ hours, year: await seen(hours) });
  }
  return all;
}

/** Of a year of the fleet; without an interval if too few servers ran out of something. */
function costOf(year: PolicyYear, scale: number): Estimate {
  return year.isRare ? withoutInterval(fleetCost(year, scale)) : fleetCost(year, scale);
}

function fleetCost({ costs }: PolicyYear, scale: number): Estimate {
  return meanEstimate(costs.map((cost) => scale * cost));
}

/** With an interval that reaches to the costs by the formula at both ends of the leak rate. */
function covering(cost: Estimate, formula: Formula, hours: number, { lifetime: { rate } }: Outlook): Estimate {
  const ends = [cost.lower, cost.upper, formula(hours, rate.interval.lower), formula(hours, rate.interval.upper)];
  return withInterval(cost, { lower: Math.max(0, Math.min(...ends)), upper: Math.max(...ends) });
}

/** The best of all intervals that fit the calendar [h]; undefined if the formula does not agree with the simulation. */
function formulasChoice(
  { plan, unattended }: Restarted,
  costing: Costing,
  formula: Formula,
  known: readonly SimulatedInterval[],
): number | undefined {
  const { scenario, resolved } = itemAt(plan.points, unattended);
  const step = costing.upkeep.restart.stepHours(resolved.values);
  let best = step;
  for (let hours = step; hours <= scenario.horizonDays * 24; hours += step) {
    if (formula(hours) < formula(best)) best = hours;
  }
  const near = known.filter(({ hours }) => hours <= FAR * best);
  const agrees = near.every(({ hours, year }) => {
    const { value, halfWidth } = meanEstimate(recurringCosts(year, costing, resolved.values), 1, known.length);
    return Math.abs(formula(hours) - value) <= Math.max(halfWidth, NEAR * formula(hours));
  });
  return near.length > 0 && agrees ? best : undefined;
}

/** The cost of a year of the fleet by replication, without what a restart takes back. */
function recurringCosts(
  { amounts, costs }: PolicyYear,
  { prices, upkeep, scale }: Costing,
  settings: Parameters<Upkeep["restart"]["stepHours"]>[0],
): Float64Array {
  const givenBack = givenBackBy(upkeep, settings);
  const going = prices.flatMap(({ response, amount }, k) => (givenBack.includes(response) ? [] : [{ amount, k }]));
  return costs.map((_, i) => scale * sum(going.map(({ amount, k }) => amount * itemAt(itemAt(amounts, k), i))));
}

/** The cost of a year of the fleet, without what a restart takes back, with this interval [h] and leak rate [1/d]. */
type Formula = (hours: number, perDay?: number) => number;

/** Undefined if too little was observed. */
function formulaOf(
  { plan, values, unattended }: Restarted,
  costing: Costing,
  lifetime: LeakLifetime | undefined,
  intervals: readonly SimulatedInterval[],
): Formula | undefined {
  const { prices, upkeep, scale } = costing;
  const { scenario, resolved } = itemAt(plan.points, unattended);
  const attended = [upkeep.restart.response, upkeep.fixed].some((name) => {
    return values.servers(unattended, name).some((value) => value > 0);
  });
  const givenBack = givenBackBy(upkeep, resolved.values);
  const running = prices.filter(({ response }) => response !== upkeep.harmed && !givenBack.includes(response));
  const noticed = noticedCost(values, unattended, running, upkeep);
  const [shortest] = intervals;
  if (lifetime === undefined || lifetime.rate.perDay === 0 || attended || noticed === undefined) return undefined;
  if (shortest?.year.fate.kind !== "restarted") return undefined;
  const [linear, square] = noticed;
  const costAfterNotice = (hours: number, perDay: number) => {
    const [late, lateSquare] = overshoot(lifetime, perDay, hours / 24);
    return linear * late + square * lateSquare;
  };
  const serverHours = scale * scenario.servers * YEAR_DAYS * 24;
  // Short intervals cost little besides their restarts.
  const priceOfRestart = ({ hours, year }: SimulatedInterval) => {
    const perInterval = (mean(recurringCosts(year, costing, resolved.values)) * hours) / serverHours;
    return Math.max(0, perInterval - costAfterNotice(hours, lifetime.rate.perDay));
  };
  const isDaily = (hours: number) => hours % DAY_HOURS === 0;
  const daily = intervals.find(({ hours, year }) => isDaily(hours) && year.fate.kind === "restarted") ?? shortest;
  const [atAnyHour, atOneHour] = [priceOfRestart(shortest), priceOfRestart(daily)];
  return (hours, perDay = lifetime.rate.perDay) => {
    const restart = isDaily(hours) ? atOneHour : atAnyHour;
    return ((restart + costAfterNotice(hours, perDay)) * serverHours) / hours;
  };
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
