/**
 * The costs of a policy: how much of each priced response a fleet takes per server-day while it is simulated, and what
 * a year costs.
 *
 * A year is longer than the simulation. Once a policy has settled, which is when every change has been made or every
 * server has run out, its recurring costs continue at that rate; one-time costs are counted once. The rate of a policy
 * that restarts by the calendar is taken over whole intervals, so that each has its restart, and holds for the whole
 * year since the last change: a year has 365 / 7 weekly restarts, whatever the horizon. Other restarts come to each
 * server at times of its own, and the horizon cuts off the last interval; the rate counts it as the share that its
 * leaks are of a finished one (restartedRates). A policy has no cost of a year if the simulated days contain no whole
 * interval of its calendar, or if it would run out of something after the simulated days and within the year: what then
 * happens was not simulated. If stuck jobs pile up and are never cleared, a yearly cost is meaningless: policies are
 * compared by their recurring costs, and reports give the cost of the simulated days as a lower bound.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import type { AboveBest } from "../../statistics/best-of-several.ts";
import { mean, sum, type Estimate } from "../../statistics/estimate.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import type { Plan } from "../experiment/plan.ts";
import type { Price } from "./prices.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import { YEAR_DAYS, calendarOf, firstRestartDays } from "./restart-calendar.ts";
import { type Fate, type Fleet, isRare, fateAcross, fateOf, intervalsOf } from "./policy-fate.ts";
import { relapsesAreFew, restartsAreFew, restartedRates } from "./restart-rates.ts";
import { chancesBeforeTrigger } from "./outlook.ts";
import { lastChangeAt } from "./policy-changes.ts";
import { wholeWeeksFrom } from "./whole-weeks.ts";

/** The long-run rates are taken over at least this share of the simulated days. */
const SETTLED_SHARE = 0.1;
/** A queue counts as cleared if, in the second half of the simulated days, it falls to this share of its peak. */
const DRAINED_SHARE = 0.05;
/** A queue is steady if it becomes longer by this factor at most. */
const STEADY_RATIO = 1.2;
/** Where more of the intervals between restarts than this share end with a queue, it may grow from one to the next. */
const QUEUE_SHARE = 0.1;

/** What decides the costs of every policy. */
export interface Costing extends Fleet {
  readonly prices: readonly Price[];
}

/** The costs of a policy for the simulated servers. */
export interface PolicyYear {
  /** By price, then replication: the amount paid for in a year. */
  readonly amounts: readonly Float64Array[];
  /** The cost of a year, by replication. */
  readonly costs: Float64Array;
  /** The cost of the simulated days, by replication: a lower bound on the cost of a year. */
  readonly seen: Float64Array;
  /** By price: the amount paid for per server-day over the simulated days. */
  readonly perServerDay: readonly number[];
  readonly fate: Fate;
  /** The day of the first restart by the calendar; undefined without a calendar, and over several worlds. */
  readonly restartDays?: number | undefined;
  /** Whether stuck jobs are cleared on most servers, in every world. */
  readonly drains: boolean;
  /**
   * Whether too few servers ran out of something, were restarted by no calendar, or hung again after a restart, for an
   * interval of the cost.
   */
  readonly isRare: boolean;
}

/** A policy compared with others. */
export interface PolicyCost {
  readonly name: string;
  /** The cost of a year for the fleet. */
  readonly cost: Estimate;
  readonly above: AboveBest;
  /** By price: the amount for a year of the fleet, and per server-day over the simulated days. */
  readonly amounts: readonly number[];
  readonly perServerDay: readonly number[];
  /** The cost of the simulated days for the fleet. */
  readonly seen: Estimate;
  /** Whether stuck jobs are cleared; if not, `cost` only ranks the policy. */
  readonly drains: boolean;
  /** As for {@link PolicyYear}: then `cost` and `above` have no intervals. */
  readonly isRare: boolean;
  /** By part of the fleet. */
  readonly fates: readonly Fate[];
  /** Whether it may be advised: what it does within a year was simulated. */
  readonly isSound: boolean;
}

/** @param present the design point of the present policy, if it was simulated */
export function policyYear(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  costing: Costing,
  present = pointIndex,
): PolicyYear {
  const { prices, upkeep } = costing;
  const { servers, horizonDays } = itemAt(plan.points, pointIndex).scenario;
  const fate = fateOf(plan, values, pointIndex, costing, present);
  const { since, until, paidUntil } = inWholeWeeks(
    longRunOf(plan, values, pointIndex, fate, costing),
    values.times(pointIndex),
  );
  const days = values.daysSince(pointIndex, since, until);
  const more = YEAR_DAYS - values.daysUntil(pointIndex, paidUntil);
  // A policy under which nothing runs out may have restarted a few of the servers.
  const isRestarted = fate.kind === "restarted" || fate.kind === "lasts";
  const intervals = isRestarted ? restartedRates(plan, values, pointIndex, upkeep) : undefined;
  const isSeldomRestarted = isRestarted && restartsAreFew(plan, values, pointIndex, upkeep);
  const givenBack = givenBackBy(upkeep, itemAt(plan.points, pointIndex).resolved.values);
  const amounts = prices.map(({ response, size }) => {
    const isPresent = upkeep.restart.takesBack.includes(response);
    const isGivenBack = givenBack.includes(response) && (fate.kind === "restarted" || fate.kind === "fixed");
    const isOver = days === 0; // the last change was made at the very end
    if (isGivenBack || isOver) return values.totals(pointIndex, response).map((total) => total / size);
    const recurring = values.totalsSince(pointIndex, response, since, until);
    // A number that falls, such as a backlog after a change, falls to 0 and not below.
    const atLeast = isPresent ? 0 : -Infinity;
    const perDay = intervals?.perDay(response) ?? recurring.map((total) => Math.max(atLeast, total / days));
    return values
      .totalsUntil(pointIndex, response, paidUntil)
      .map((total, i) => (total + more * itemAt(perDay, i)) / size);
  });
  const paid = prices.map(({ amount, response, size }) => {
    return values.totals(pointIndex, response).map((total) => (amount * total) / size);
  });
  return {
    amounts,
    costs: itemAt(amounts, 0).map((_, i) => sum(amounts.map((row, k) => itemAt(prices, k).amount * itemAt(row, i)))),
    seen: itemAt(paid, 0).map((_, i) => sum(paid.map((row) => itemAt(row, i)))),
    perServerDay: prices.map(({ response, size }) => {
      return sum(values.totals(pointIndex, response)) / (size * servers * horizonDays * plan.experiment.replications);
    }),
    fate,
    restartDays: firstRestartDays(plan, values, pointIndex, upkeep),
    drains: fate.kind === "fixed" ? clears(values, pointIndex, upkeep) : drains(plan, values, pointIndex, upkeep),
    isRare:
      isRare(plan, values, pointIndex, upkeep) || isSeldomRestarted || relapsesAreFew(plan, values, pointIndex, upkeep),
  };
}

/** The responses that a restart takes back completely. */
export function givenBackBy<V>({ restart }: Upkeep<V>, values: V): readonly string[] {
  const lost = restart.losesSome?.(values) ?? [];
  return restart.takesBack.filter((name) => !lost.includes(name));
}

/** A policy in several equally weighted worlds: each world is one observation, the mean of its replications. */
export function acrossWorlds(years: readonly PolicyYear[]): PolicyYear {
  const first = itemAt(years, 0);
  const over = (of: (year: PolicyYear) => Float64Array) => Float64Array.from(years, (year) => mean(of(year)));
  return {
    amounts: first.amounts.map((_, k) => over(({ amounts }) => itemAt(amounts, k))),
    costs: over(({ costs }) => costs),
    seen: over(({ seen }) => seen),
    perServerDay: first.perServerDay.map((_, k) => mean(years.map(({ perServerDay }) => itemAt(perServerDay, k)))),
    fate: fateAcross(years.map(({ fate }) => fate)),
    drains: years.every((year) => year.drains),
    isRare: years.some((year) => year.isRare),
  };
}

/** A policy on two sets of replications, or worlds: their means, and what happens on the second set. */
export function together(one: PolicyYear, two: PolicyYear): PolicyYear {
  const middle = (a: number, b: number) => (a + b) / 2;
  const means = (a: Float64Array, b: Float64Array) => a.map((value, i) => middle(value, itemAt(b, i)));
  return {
    ...two,
    amounts: one.amounts.map((amounts, k) => means(amounts, itemAt(two.amounts, k))),
    costs: means(one.costs, two.costs),
    seen: means(one.seen, two.seen),
    perServerDay: one.perServerDay.map((amount, k) => middle(amount, itemAt(two.perServerDay, k))),
  };
}

/** Whether stuck jobs are cleared on most servers, and the queue does not grow from one restart to the next. */
export function drains(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  return clears(values, pointIndex, upkeep) && !growsByRestarts(plan, values, pointIndex, upkeep);
}

/**
 * Whether stuck jobs are cleared on most servers: in the second half of the simulated days, the queue falls to almost
 * nothing again, or it is as long as before, because people delete stuck jobs while others get stuck.
 */
function clears(values: HorizonValues, pointIndex: number, { waiting }: Upkeep): boolean {
  const times = values.times(pointIndex);
  const columns = times.map((_, sample) => values.servers(pointIndex, waiting, sample));
  const servers = [...itemAt(columns, 0).keys()];
  const draining = servers.filter((server) => {
    const stuck = columns.map((column) => itemAt(column, server));
    const since = (i: number) => (i === 0 ? 0 : itemAt(times, i - 1));
    const paces = stuck.map((all, i) => (all - (stuck[i - 1] ?? 0)) / (itemAt(times, i) - since(i)));
    const late = paces.filter((_, i) => i > 0 && since(i) >= times.at(-1)! / 2);
    if (late.length === 0 || Math.min(...late) <= DRAINED_SHARE * Math.max(...paces)) return true;
    return isSteady(stuck, times);
  });
  return 2 * draining.length >= servers.length;
}

/**
 * Whether the queue of stuck jobs may grow from one restart to the next, and no year of it is simulated. A restart
 * frees room for the leaks of so many jobs. If a server often runs out before the next one, the jobs that are left over
 * use up the room earlier and earlier, so the first intervals cost less than later ones: the queue is that of a random
 * walk reflected at 0. If a tenth of the intervals end with stuck jobs and the leaks of intervals are normal, it is a
 * third longer in the long run than at the first restart; if a quarter do, twice as long; if half, endless (Spitzer's
 * identity: the mean is the sum over n of the mean of the positive part of n steps, divided by n). The level that
 * restarts a server comes late if something else has run out, because the server then leaks less: the horizon cuts off
 * the longest of these intervals, too. Users who have a server restarted soon keep the queue short.
 */
function growsByRestarts(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  const { resolved, scenario } = itemAt(plan.points, pointIndex);
  const isCarriedOver = givenBackBy(upkeep, resolved.values).length === upkeep.restart.takesBack.length;
  const isRescued = upkeep.restart.isRescued?.(resolved.values) === true;
  if (!isCarriedOver || isRescued || scenario.horizonDays >= YEAR_DAYS) return false;
  const calendar = calendarOf(plan, values, pointIndex, upkeep);
  if (calendar === undefined) {
    const trigger = upkeep.restart.trigger?.(resolved.values);
    if (trigger === undefined || sum(values.servers(pointIndex, upkeep.waiting)) === 0) return false;
    return Math.max(...(chancesBeforeTrigger(plan, values, pointIndex, upkeep) ?? [])) > QUEUE_SHARE;
  }
  const times = values.times(pointIndex);
  const stuck = (sample: number) => values.servers(pointIndex, upkeep.waiting, sample);
  let [intervals, withQueue] = [0, 0];
  for (const restart of calendar.restarts) {
    const last = times.findLastIndex((time) => time <= restart);
    if (last < 1 || restart > times.at(-1)!) continue;
    // A longer sample would have the queue of the interval before.
    if (itemAt(times, last) - itemAt(times, last - 1) > calendar.intervalUs / 2) continue;
    const before = stuck(last - 1);
    withQueue += stuck(last).filter((all, server) => all > itemAt(before, server)).length;
    intervals += before.length;
  }
  return withQueue > QUEUE_SHARE * intervals;
}

/**
 * Whether a queue is about as long in the last quarter of the simulated days, in whole weeks, as in the one before. One
 * that only grows is 1.4 times as long at least.
 *
 * @param stuck for how long jobs have been stuck together until each of these times
 */
function isSteady(stuck: readonly number[], times: readonly number[]): boolean {
  const horizon = times.at(-1)!;
  const weeks = Math.floor(horizon / 4 / US_PER_DAY / DAYS_PER_WEEK);
  const [from, middle] = [2, 1].map((quarters) => {
    return times.findLastIndex((time) => time <= horizon - quarters * weeks * DAYS_PER_WEEK * US_PER_DAY);
  }) as [number, number];
  if (weeks === 0 || from < 0 || middle <= from) return false;
  const pace = (start: number, end: number) =>
    (itemAt(stuck, end) - itemAt(stuck, start)) / (itemAt(times, end) - itemAt(times, start));
  return pace(middle, times.length - 1) <= STEADY_RATIO * pace(from, middle);
}

/** Sample times; undefined for the start. */
interface LongRun {
  /** The one from which the policy is in its long run: its rates since then continue. */
  readonly since: number | undefined;
  /** The one up to which these rates are taken; undefined for the horizon. */
  readonly until?: number | undefined;
  /** The one up to which costs count as simulated. */
  readonly paidUntil: number | undefined;
}

function longRunOf(plan: Plan, values: HorizonValues, pointIndex: number, { kind }: Fate, fleet: Fleet): LongRun {
  const { upkeep } = fleet;
  const times = values.times(pointIndex);
  const paidUntil = times.length - 1;
  if (kind === "ran-out") {
    const last = Math.max(...values.servers(pointIndex, upkeep.noticed));
    const sample = times.findIndex((time) => time >= last);
    return { since: itemAt(times, sample) > (1 - SETTLED_SHARE) * times.at(-1)! ? undefined : sample, paidUntil };
  }
  if (kind !== "restarted" && kind !== "fixed") return { since: undefined, paidUntil };
  const changed = settledAt(values, pointIndex, upkeep, lastChangeAt(plan, values, pointIndex, upkeep));
  // Servers with the fix may still be restarted by the calendar.
  const whole = intervalsOf(plan, values, pointIndex, fleet, changed)?.whole;
  return whole === undefined ? { since: changed, paidUntil } : { ...whole, paidUntil: changed };
}

/** The rates of a policy without a calendar are those of whole weeks; a calendar has whole intervals. */
function inWholeWeeks({ since, until, paidUntil }: LongRun, times: readonly number[]): LongRun {
  const last = times.length - 1;
  if (paidUntil !== last) return { since, until, paidUntil };
  const from = wholeWeeksFrom(since ?? -1, last, times);
  return { since: from < 0 ? undefined : from, paidUntil };
}

/** The first sample time since the last change at which hardly any jobs are stuck: a backlog prints only once. */
function settledAt(values: HorizonValues, pointIndex: number, { waiting }: Upkeep, changed: number | undefined) {
  if (changed === undefined) return undefined;
  const times = values.times(pointIndex);
  const stuck = times.map((_, sample) => sum(values.totals(pointIndex, waiting, sample)));
  const paces = stuck.map((all, i) => (all - (stuck[i - 1] ?? 0)) / (itemAt(times, i) - (times[i - 1] ?? 0)));
  const most = DRAINED_SHARE * Math.max(...paces);
  const settled = paces.findIndex((pace, i) => i > changed && pace <= most) - 1;
  return settled < 0 || itemAt(times, settled) > (1 - SETTLED_SHARE) * times.at(-1)! ? changed : settled;
}

/** The cheapest policy that fixes every server and harms none. */
export function cheapestFix(policies: readonly PolicyCost[]): PolicyCost | undefined {
  const fixes = policies.filter(({ fates }) => fates.every(({ kind, harmed }) => kind === "fixed" && harmed === 0));
  return fixes.sort((a, b) => a.cost.value - b.cost.value).at(0);
}
