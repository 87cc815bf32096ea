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
import { mean, sum, variance, type Estimate } from "../../statistics/estimate.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import {
  chanceBy,
  firstOutDay,
  outlookOf,
  outlooksOf,
  triggerOf,
  type ExpectedLifetime,
  type Outlook,
} from "./outlook.ts";
import type { Price } from "./prices.ts";
import { itemAt } from "../lists.ts";

export const YEAR_DAYS = 365;
/** Simulations of policies continue for so long after the horizon, with the restart that is due then. */
export const AFTER_HORIZON_DAYS = 1 / 96;
/** The long-run rates are taken over at least this share of the simulated days. */
const SETTLED_SHARE = 0.1;
/** If every server runs out within this share of the simulated days, the simulation includes the consequences. */
const SEEN_SHARE = 0.5;
/** A restart interval counts as whole if the sampled one differs from it by at most this share. */
const WHOLE = 0.05;
/** Intervals are alike if the squared coefficient of variation of their leaks is at most this. */
const ALIKE = 1 / 3;
/** What a change leaves leaking is seen in so many days after it: they contain at least four working days. */
const LEFT_SEEN_DAYS = 6;
const WEEK_DAYS = 7;
/** A queue counts as cleared if, in the second half of the simulated days, it falls to this share of its peak. */
const DRAINED_SHARE = 0.05;
/** The number of samples per week: as many as allowed, so that leaks before exhaustion can be measured. */
const SAMPLES_OF_WEEK = [28, 14, 7, 2, 1];
const SAMPLES_MAX = 64;

/** What decides the costs of every policy. */
export interface Costing {
  readonly prices: readonly Price[];
  readonly upkeep: Upkeep;
  /** The servers of the fleet for each simulated one. */
  readonly scale: number;
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
  /** Whether stuck jobs are cleared on most servers. */
  readonly drains: boolean;
  /** Whether too few servers ran out of something, or were restarted by no calendar, for an interval of the cost. */
  readonly isRare: boolean;
}

/** What happens to the servers under a policy. */
export interface Fate {
  /**
   * fixed: every server gets the fix; restarted: leaks are returned again and again; ran-out: something ran out, and
   * the consequences were simulated; runs-out: something may run out within a year, and the consequences were not
   * simulated; lasts: nothing runs out within a year; unseen: the calendar restarts servers within the year, and the
   * simulated days contain no whole interval of it; or servers may reach the level that restarts them, and few of them
   * did; or changes are yet to be made, or their harm to be repaired; or few days show which leaks they leave.
   */
  readonly kind: "fixed" | "restarted" | "ran-out" | "runs-out" | "lasts" | "unseen";
  /**
   * Of unseen changes or an unseen calendar: the fewest days to simulate, so that whole intervals follow the last
   * change.
   */
  readonly daysNeeded?: number | undefined;
  /** If unseen: whether changes are yet to be made, or their harm to be repaired. */
  readonly isChanging?: boolean;
  /** If it runs out: whether that is of leaks that the restarts of the policy do not return. */
  readonly isKept?: boolean;
  /** If unseen: whether few days after the changes show which leaks they leave. */
  readonly isBrief?: boolean;
  /** If servers are restarted: whether the horizon cuts off the last interval, and no leaks say what share of it. */
  readonly isUnscheduled?: boolean;
  /**
   * If servers are restarted or fixed: on which of them something ran out before that. may: on none, but within the
   * year it may on servers of the fleet. Absent for none.
   */
  readonly ranOut?: "may" | "some" | "all" | undefined;
  readonly outlook: Outlook | undefined;
  /** The numbers of servers, over all replications, that the change harmed and that were fixed. */
  readonly harmed: number;
  readonly fixed: number;
  /** The sample time at which the last change has been made, and its harm repaired [d]. Unless given: 0, no changes. */
  readonly changedDays?: number;
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
  /** Whether too few servers ran out of something or were restarted for the intervals of `cost` and `above`. */
  readonly isRare: boolean;
  /** By part of the fleet. */
  readonly fates: readonly Fate[];
  /** Whether it may be advised: what it does within a year was simulated. */
  readonly isSound: boolean;
}

/** The sampling interval of the runs of policies [h]. */
export function sampleHoursOf(horizonDays: number): number {
  return 168 / (SAMPLES_OF_WEEK.find((samples) => (samples * horizonDays) / 7 <= SAMPLES_MAX) ?? 1);
}

export function policyYear(plan: Plan, values: HorizonValues, pointIndex: number, costing: Costing): PolicyYear {
  const { prices, upkeep } = costing;
  const { servers, horizonDays } = itemAt(plan.points, pointIndex).scenario;
  const fate = fateOf(plan, values, pointIndex, costing);
  const { since, paidUntil } = longRunOf(plan, values, pointIndex, fate, upkeep);
  const days = values.daysSince(pointIndex, since);
  const more = YEAR_DAYS - values.daysUntil(pointIndex, paidUntil);
  // A policy under which nothing runs out may have restarted a few of the servers.
  const isRestarted = fate.kind === "restarted" || fate.kind === "lasts";
  const intervals = isRestarted ? restartedRates(plan, values, pointIndex, upkeep) : undefined;
  const isSeldomRestarted = isRestarted && restartsAreFew(plan, values, pointIndex, upkeep);
  const amounts = prices.map(({ response, size }) => {
    const isPresent = upkeep.restart.takesBack.includes(response);
    const isGivenBack = isPresent && (fate.kind === "restarted" || fate.kind === "fixed");
    const isOver = days === 0; // the last change was made at the very end
    if (isGivenBack || isOver) return values.totals(pointIndex, response).map((total) => total / size);
    const recurring = values.totalsSince(pointIndex, response, since);
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
    drains: drains(values, pointIndex, upkeep),
    isRare: isRare(plan, values, pointIndex, upkeep) || isSeldomRestarted,
  };
}

/** This many exhausted servers, or half of all, are enough to estimate the cost of exhaustion. */
const RAN_OUT_MIN = 10;
/** This many restarts that follow no calendar are enough to estimate how often they happen. */
const RESTARTS_MIN = 10;
/** A smaller expected number per year over all servers is negligible. */
const EXPECTED_MIN = 0.05;

/**
 * Whether something ran out on only a few servers; or on none, although with its rare scheduled restarts it will within
 * a year.
 */
export function isRare(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  const noticed = values.servers(pointIndex, upkeep.noticed);
  const count = noticed.filter((at) => at >= 0).length;
  if (count > 0) return count < RAN_OUT_MIN && 2 * count < noticed.length;
  return restartsMayBeLate(plan, values, pointIndex, upkeep);
}

/** Whether of so many servers, restarted by the calendar, some may run out of something before, within a year. */
function restartsMayBeLate(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  servers = itemAt(plan.points, pointIndex).scenario.servers,
): boolean {
  const { scenario } = itemAt(plan.points, pointIndex);
  const days = Number(scenario.parameters[upkeep.restart.parameter] ?? 0) / 24;
  if (!(days > 0)) return false;
  return outlooksOf(plan, values, pointIndex, upkeep).some(({ lifetime }) => {
    return lifetime.rate.perDay > 0 && ((servers * YEAR_DAYS) / days) * chanceBy(lifetime, days) >= EXPECTED_MIN;
  });
}

/** Whether servers are restarted, by no calendar, and too few times for a confidence interval of how often. */
function restartsAreFew(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  if (calendarOf(plan, values, pointIndex, upkeep) !== undefined) return false;
  const restarts = restartsOf(values, pointIndex, upkeep);
  return restarts > 0 && restarts < RESTARTS_MIN;
}

/** The number of restarts that no change needed, over all servers and replications. */
function restartsOf(values: HorizonValues, pointIndex: number, { restart, canaries }: Upkeep): number {
  return sum(values.servers(pointIndex, restart.response)) - sum(values.servers(pointIndex, canaries.made));
}

/** From the worst fate to the best. */
const KINDS: readonly Fate["kind"][] = ["runs-out", "unseen", "ran-out", "lasts", "restarted", "fixed"];

/** Whether what happens within a year was simulated. */
export function isSimulated({ kind }: Fate): boolean {
  return kind !== "runs-out" && kind !== "unseen";
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
    drains: 2 * years.filter((year) => year.drains).length >= years.length,
    isRare: 2 * years.filter((year) => year.isRare).length >= years.length,
  };
}

/** The worst of the fates; its first resource is that of the median world, with the range over all worlds. */
function fateAcross(fates: readonly Fate[]): Fate {
  const outlooks = fates.flatMap(({ outlook }) => outlook ?? []).sort((a, b) => a.days - b.days);
  const middle = outlooks[Math.floor(outlooks.length / 2)];
  const between = {
    lower: Math.min(...outlooks.map((one) => one.between.lower)),
    upper: Math.max(...outlooks.map((one) => one.between.upper)),
  };
  return {
    kind: KINDS.find((kind) => fates.some((fate) => fate.kind === kind)) ?? "lasts",
    isUnscheduled: fates.some((fate) => fate.isUnscheduled === true),
    ranOut: ranOutAcross(fates.map(({ ranOut }) => ranOut)),
    isKept: fates.some((fate) => fate.isKept === true),
    isChanging: fates.some((fate) => fate.isChanging === true),
    isBrief: fates.some((fate) => fate.isBrief === true),
    daysNeeded: fates.flatMap(({ daysNeeded }) => daysNeeded ?? []).sort((a, b) => b - a)[0],
    outlook: middle && { ...middle, between },
    harmed: sum(fates.map(({ harmed }) => harmed)),
    fixed: sum(fates.map(({ fixed }) => fixed)),
    changedDays: Math.max(...fates.map(({ changedDays }) => changedDays ?? 0)),
  };
}

function ranOutAcross(worlds: readonly Fate["ranOut"][]): Fate["ranOut"] {
  if (worlds.every((ranOut) => ranOut === "all")) return "all";
  return worlds.includes("some") || worlds.includes("all") ? "some" : worlds.find((ranOut) => ranOut === "may");
}

/** Whether, on most servers, the queue falls to almost nothing again in the second half of the simulated days. */
export function drains(values: HorizonValues, pointIndex: number, { waiting }: Upkeep): boolean {
  const times = values.times(pointIndex);
  const columns = times.map((_, sample) => values.servers(pointIndex, waiting, sample));
  const servers = [...itemAt(columns, 0).keys()];
  const draining = servers.filter((server) => {
    const stuck = columns.map((column) => itemAt(column, server));
    const since = (i: number) => (i === 0 ? 0 : itemAt(times, i - 1));
    const paces = stuck.map((all, i) => (all - (stuck[i - 1] ?? 0)) / (itemAt(times, i) - since(i)));
    const late = paces.filter((_, i) => i > 0 && since(i) >= times.at(-1)! / 2);
    return late.length === 0 || Math.min(...late) <= DRAINED_SHARE * Math.max(...paces);
  });
  return 2 * draining.length >= servers.length;
}

function fateOf(plan: Plan, values: HorizonValues, pointIndex: number, { upkeep, scale }: Costing): Fate {
  const { horizonDays, servers } = itemAt(plan.points, pointIndex).scenario;
  const fleetServers = scale * servers;
  const noticed = values.servers(pointIndex, upkeep.noticed);
  const fixed = values.servers(pointIndex, upkeep.fixed).filter((at) => at >= 0).length;
  // A fix may leave other leaks, and a restart may not return all of them. What does not leak says nothing of the rest.
  const since = fixed < noticed.length ? undefined : changedTimes(values, pointIndex, upkeep);
  const firstOut = (kept?: readonly string[]) => {
    const all = outlooksOf(plan, values, pointIndex, upkeep, since, kept);
    return all.find((one) => mayComeInYear(one, fleetServers));
  };
  const ending = firstOut();
  const isFixed = since !== undefined && ending === undefined;
  const outlook = ending ?? outlookOf(plan, values, pointIndex, upkeep);
  const { resolved } = itemAt(plan.points, pointIndex);
  const changed = lastChangeAt(plan, values, pointIndex, upkeep);
  const common = {
    outlook,
    fixed,
    harmed: values.servers(pointIndex, upkeep.harmed).filter((at) => at >= 0).length,
    changedDays: values.daysUntil(pointIndex, changed),
  };
  if (isChanging(plan, values, pointIndex, upkeep)) {
    const untilUs = (upkeep.changedBy?.(resolved.values, servers) ?? 0) + (upkeep.repair?.(resolved.values) ?? 0);
    const daysNeeded = Math.max(Math.floor(horizonDays), Math.ceil(untilUs / US_PER_DAY)) + 1;
    return { kind: "unseen", isChanging: true, daysNeeded, ...common };
  }
  const calendar = calendarOf(plan, values, pointIndex, upkeep);
  if (calendar !== undefined) {
    if (wholeIntervals(plan, values, pointIndex, upkeep, changed) === undefined) {
      const changedUs = changed === undefined ? 0 : itemAt(values.times(pointIndex), changed);
      return { kind: "unseen", daysNeeded: daysNeededFor(calendar, changedUs, horizonDays), ...common };
    }
  }
  const ranOut = ranOutBefore(plan, values, pointIndex, upkeep, fleetServers, isFixed);
  if (isFixed) {
    const sinceDays = Math.min(...since) / US_PER_DAY;
    const isBrief = horizonDays - sinceDays < LEFT_SEEN_DAYS;
    const others = isBrief ? outlooksOf(plan, values, pointIndex, upkeep, undefined, upkeep.otherLeaks ?? []) : [];
    if (!others.some((one) => mayComeInYear(one, fleetServers))) return { kind: "fixed", ranOut, ...common };
    return { kind: "unseen", isBrief, daysNeeded: Math.ceil(sinceDays) + WEEK_DAYS, ...common };
  }
  const restarts =
    since === undefined
      ? restartsOf(values, pointIndex, upkeep)
      : sum(values.totalsSince(pointIndex, upkeep.restart.response, changed));
  const isUnscheduled = calendar === undefined && restartedRates(plan, values, pointIndex, upkeep) === undefined;
  const isRestarted = restarts >= noticed.length;
  const keptEnding = isRestarted ? firstOut(upkeep.restart.keeps?.(resolved.values) ?? []) : undefined;
  if (isRestarted && keptEnding === undefined) return { kind: "restarted", isUnscheduled, ranOut, ...common };
  const seen = noticed.filter((at) => at <= SEEN_SHARE * horizonDays * US_PER_DAY).length;
  if (seen === noticed.length) return { kind: "ran-out", ...common };
  if (keptEnding !== undefined) return { kind: "runs-out", isKept: true, ...common, outlook: keptEnding };
  const trigger = triggerOf(plan, values, pointIndex, upkeep);
  const isTriggered = trigger !== undefined && trigger.days < (outlook?.days ?? Infinity);
  if (isTriggered && mayComeInYear(trigger, fleetServers)) return { kind: "unseen", ...common };
  if (ending !== undefined) return { kind: "runs-out", ...common };
  return { kind: "lasts", isUnscheduled: isUnscheduled && restarts > 0, ...common };
}

/**
 * Whether it may come within the year to the first of so many servers. Where no leak was seen, it counts as never
 * coming.
 */
export function mayComeInYear(lifetime: ExpectedLifetime, servers: number): boolean {
  return lifetime.days < Infinity && firstOutDay(lifetime, servers) < YEAR_DAYS;
}

function ranOutBefore(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  fleetServers: number,
  isFixed: boolean,
): Fate["ranOut"] {
  const noticed = values.servers(pointIndex, upkeep.noticed);
  const fixed = values.servers(pointIndex, upkeep.fixed);
  const count = noticed.filter((at, server) => at >= 0 && !(isFixed && at > itemAt(fixed, server))).length;
  if (count > 0) return count === noticed.length ? "all" : "some";
  return restartsMayBeLate(plan, values, pointIndex, upkeep, fleetServers) ? "may" : undefined;
}

/** Sample times; undefined for the start. */
interface LongRun {
  /** The one from which the policy is in its long run: its rates since then continue. */
  readonly since: number | undefined;
  /** The one up to which costs count as simulated. */
  readonly paidUntil: number | undefined;
}

function longRunOf(plan: Plan, values: HorizonValues, pointIndex: number, { kind }: Fate, upkeep: Upkeep): LongRun {
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
  const whole = wholeIntervals(plan, values, pointIndex, upkeep, changed);
  return whole === undefined ? { since: changed, paidUntil } : { since: whole.since, paidUntil: changed };
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

/** By server: the earliest time at which its changes may have been over, and it had the fix [us]. */
function changedTimes(values: HorizonValues, pointIndex: number, { canaries, fixed }: Upkeep): number[] {
  const times = values.times(pointIndex);
  const made = times.map((_, sample) => values.servers(pointIndex, canaries.made, sample));
  return Array.from(values.servers(pointIndex, fixed), (fixedAt, server) => {
    const last = made.findIndex((count) => itemAt(count, server) === itemAt(made.at(-1)!, server));
    return Math.max(fixedAt, last > 0 ? itemAt(times, last - 1) : 0);
  });
}

/** Whether servers are yet to be changed after the horizon, or the harm of a change to be repaired. */
function isChanging(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  const { canaries, harmed, repair } = upkeep;
  const { resolved } = itemAt(plan.points, pointIndex);
  const made = values.servers(pointIndex, canaries.made);
  const wanted = canaries.wanted?.(resolved.values) ?? 0;
  const ended = (canaries.ended ?? []).map((name) => values.servers(pointIndex, name));
  const isWaiting = (server: number) => ended.every((column) => !(itemAt(column, server) > 0));
  if (made.some((count, server) => count < wanted && isWaiting(server))) return true;
  const repairUs = repair?.(resolved.values) ?? 0;
  const horizonUs = values.times(pointIndex).at(-1)!;
  return values.servers(pointIndex, harmed).some((at) => at >= 0 && at + repairUs > horizonUs);
}

/**
 * The first sample time at which every change has been made, and its harm repaired; and every server has the fix if all
 * of them get it: a server with the fix may still get a service pack. The horizon if harm is repaired later. Undefined
 * if nothing is changed.
 */
export function lastChangeAt(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  { canaries, fixed, harmed, repair }: Upkeep,
): number | undefined {
  const times = values.times(pointIndex);
  const made = times.map((_, sample) => sum(values.totals(pointIndex, canaries.made, sample)));
  const sampleAt = (wanted: number) => {
    const sample = times.findIndex((time) => time >= wanted);
    return sample < 0 ? times.length - 1 : sample;
  };
  const ends = made.at(-1) === 0 ? [] : [made.indexOf(made.at(-1)!)];
  const harmedTimes = values.servers(pointIndex, harmed).filter((at) => at >= 0);
  const repairUs = repair?.(itemAt(plan.points, pointIndex).resolved.values) ?? 0;
  if (harmedTimes.length > 0) ends.push(sampleAt(Math.max(...harmedTimes) + repairUs));
  const fixedTimes = values.servers(pointIndex, fixed);
  if (fixedTimes.every((at) => at >= 0)) ends.push(sampleAt(Math.max(...fixedTimes)));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/**
 * The daily rates of servers whose restarts follow no calendar, from their finished intervals: what these took, divided
 * by their leaks, times the leaks per day of all intervals. So an unfinished interval counts as the share that its
 * leaks are of a finished one, and not as nothing. This is the ratio of the renewal-reward theorem (Ross, Stochastic
 * Processes, 2nd edition 1996, section 3.6) with leaks as the clock: an interval ends after some number of leaks,
 * whatever time they take. The values of the replications have the mean and, to first order, the standard error of
 * this ratio (Cochran, Sampling Techniques, 3rd edition 1977, chapter 6).
 *
 * Undefined with a calendar, where a change begins other intervals, and without leaks in finished intervals or with
 * very different numbers of them: then leaks are no clock.
 */
function restartedRates(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep) {
  const { restart, leak } = upkeep;
  if (calendarOf(plan, values, pointIndex, upkeep) !== undefined) return undefined;
  if (lastChangeAt(plan, values, pointIndex, upkeep) !== undefined) return undefined;
  const times = values.times(pointIndex);
  const samples = (name: string) => times.map((_, sample) => values.servers(pointIndex, name, sample));
  const [restarts, leaks] = [samples(restart.response), samples(leak)];
  const leaksAt = (sample: number, server: number) => (sample < 0 ? 0 : itemAt(itemAt(leaks, sample), server));
  const perInterval: number[] = [];
  // By server: the first sample after its last restart, -1 for none, and the leaks until that restart.
  const lasts = new Int32Array(itemAt(leaks, 0).length).fill(-1);
  const untilLast = new Float64Array(lasts.length);
  for (const server of lasts.keys()) {
    let count = 0;
    for (const sample of times.keys()) {
      const more = itemAt(itemAt(restarts, sample), server) - count;
      if (more === 0) continue;
      // A restart falls between two samples.
      const at = (leaksAt(sample - 1, server) + leaksAt(sample, server)) / 2;
      perInterval.push((at - itemAt(untilLast, server)) / more);
      count += more;
      lasts[server] = sample;
      untilLast[server] = at;
    }
  }
  if (variance(perInterval) > ALIKE * mean(perInterval) * mean(perInterval)) return undefined;
  const { servers } = itemAt(plan.points, pointIndex).scenario;
  const sums = (of: (last: number, server: number) => number) => {
    const all = new Float64Array(lasts.length / servers);
    for (const [server, last] of lasts.entries()) all[Math.floor(server / servers)]! += of(last, server);
    return all;
  };
  const finished = sums((_, server) => itemAt(untilLast, server));
  const every = sums((_, server) => leaksAt(times.length - 1, server));
  if (mean(finished) === 0) return undefined;
  const days = times.at(-1)! / US_PER_DAY;
  const scale = mean(every) / mean(finished);
  return {
    perDay(response: string): Float64Array {
      const columns = samples(response);
      const isTotal = isCumulable(responsesOf(plan).find(({ name }) => name === response)!);
      const paid = sums((last, server) => {
        if (last < 0) return 0;
        const value = itemAt(itemAt(columns, last), server);
        return isTotal ? value : Number(value >= 0);
      });
      const perLeak = mean(paid) / mean(finished);
      return paid.map((own, i) => {
        const offRatio = scale * (own - perLeak * itemAt(finished, i)) + perLeak * (itemAt(every, i) - mean(every));
        return (perLeak * mean(every) + offRatio) / days;
      });
    },
  };
}

/** Whole intervals of the restart calendar up to the horizon, each with its restart. */
interface WholeIntervals {
  /** The sample time at which they begin; undefined for the start. */
  readonly since: number | undefined;
}

/**
 * The whole intervals of the restart calendar up to the horizon; undefined without a calendar, or if there are none.
 *
 * @param earliest the first sample time at which they may begin; undefined for the start
 */
export function wholeIntervals(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  earliest?: number,
): WholeIntervals | undefined {
  const calendar = calendarOf(plan, values, pointIndex, upkeep);
  return calendar && wholeIntervalsIn(values.times(pointIndex), calendar, earliest);
}

/** The fewest days beyond the horizon that contain whole intervals since this time; undefined if two years do not. */
function daysNeededFor(calendar: Calendar, sinceUs: number, horizonDays: number): number | undefined {
  for (let days = Math.floor(horizonDays) + 1; days < horizonDays + 2 * YEAR_DAYS; days++) {
    const sampleUs = (sampleHoursOf(days) / 24) * US_PER_DAY;
    const horizonUs = (days + AFTER_HORIZON_DAYS) * US_PER_DAY;
    const samples = Math.ceil(horizonUs / sampleUs);
    const times = Array.from({ length: samples }, (_, i) => Math.min((i + 1) * sampleUs, horizonUs));
    const earliest = sinceUs === 0 ? undefined : times.findIndex((time) => time >= sinceUs);
    if (wholeIntervalsIn(times, calendar, earliest) !== undefined) return days;
  }
  return undefined;
}

function wholeIntervalsIn(
  times: readonly number[],
  { restarts, intervalUs }: Calendar,
  earliest: number | undefined,
): WholeIntervals | undefined {
  const horizon = times.at(-1)!;
  let best: WholeIntervals | undefined;
  let least = WHOLE;
  for (let sample = earliest ?? -1; sample < times.length - 1; sample++) {
    const since = sample < 0 ? undefined : sample;
    const time = since === undefined ? 0 : itemAt(times, since);
    const intervals = restarts.filter((restart) => restart >= time && restart < horizon).length;
    const off = Math.abs((horizon - time) / intervalUs / intervals - 1);
    if (off < least - 1e-9) [best, least] = [{ since }, off];
  }
  return best;
}

interface Calendar {
  /** Their times [us], ascending, to two years after the horizon. */
  readonly restarts: readonly number[];
  /** The mean interval [us]. */
  readonly intervalUs: number;
}

/** The calendar of restarts; undefined if it restarts nothing within a year. */
function calendarOf(plan: Plan, values: HorizonValues, pointIndex: number, { restart }: Upkeep): Calendar | undefined {
  const horizon = values.times(pointIndex).at(-1)!;
  const restarts = restart.times(itemAt(plan.points, pointIndex).resolved.values, horizon + 2 * YEAR_DAYS * US_PER_DAY);
  if (restarts.length < 2 || itemAt(restarts, 0) >= YEAR_DAYS * US_PER_DAY) return undefined;
  return { restarts, intervalUs: (restarts.at(-1)! - itemAt(restarts, 0)) / (restarts.length - 1) };
}

/** The cheapest policy that fixes every server and harms none. */
export function cheapestFix(policies: readonly PolicyCost[]): PolicyCost | undefined {
  const fixes = policies.filter(({ fates }) => fates.every(({ kind, harmed }) => kind === "fixed" && harmed === 0));
  return fixes.sort((a, b) => a.cost.value - b.cost.value).at(0);
}
