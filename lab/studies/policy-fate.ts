/**
 * What happens to the servers under a policy within a year: whether something runs out, and whether that was simulated.
 */
import { pow } from "../../sim/math.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import type { Limit } from "../../models/contract/responses.ts";
import { mean, sum } from "../../statistics/estimate.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import type { Plan } from "../experiment/plan.ts";
import {
  chanceBy,
  chancesBeforeTrigger,
  firstOutDay,
  limitsOf,
  outlookOf,
  outlooksOf,
  ranOutTimes,
  triggerOf,
  type ExpectedLifetime,
  type LeakLifetime,
  type Outlook,
} from "./outlook.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import {
  YEAR_DAYS,
  afterShort,
  calendarOf,
  daysNeededFor,
  gapsInYear,
  gapsUntil,
  wholeIntervalsSince,
  type Calendar,
  type WholeIntervals,
} from "./restart-calendar.ts";
import { restartsOf, restartedRates } from "./restart-rates.ts";
import { changedTimes, isChanging, isUndone, lastChangeAt, undoneByUs } from "./policy-changes.ts";

/** What a change leaves leaking is seen in so many days after it: they contain at least four working days. */
const LEFT_SEEN_DAYS = 6;
/** If every server runs out within this share of the simulated days, the simulation includes the consequences. */
const SEEN_SHARE = 0.5;

/** A model's upkeep, and the servers of the fleet for each simulated one. */
export interface Fleet {
  readonly upkeep: Upkeep;
  readonly scale: number;
}

/** What happens to the servers under a policy. */
export interface Fate {
  /**
   * fixed: every server gets the fix; restarted: leaks are returned again and again; ran-out: something ran out, and
   * the consequences were simulated; runs-out: something may run out within a year, and the consequences were not
   * simulated; lasts: nothing runs out within a year; unseen: the simulated days do not show the year.
   */
  readonly kind: "fixed" | "restarted" | "ran-out" | "runs-out" | "lasts" | "unseen";
  /**
   * If unseen, why. changes: some are yet to be made, or their harm to be repaired; leaks-left: too few days after the
   * changes show which leaks they leave; calendar: no whole interval of it is simulated; level: few servers reach the
   * level that restarts them; in-turn: the servers that a simulated one stands for are changed one after another, the
   * last of them perhaps too late; consequences: something runs out of which the model does not tell what follows.
   */
  readonly unseen?: "changes" | "leaks-left" | "calendar" | "level" | "in-turn" | "consequences" | undefined;
  /** The resource of unseen consequences. */
  readonly recorded?: Outlook["resource"] | undefined;
  /** If unseen: the fewest days to simulate, if known. */
  readonly daysNeeded?: number | undefined;
  /** If it runs out: whether that is of leaks that the restarts of the policy do not return. */
  readonly isKept?: boolean;
  /** If servers are restarted: whether the horizon cuts off the last interval, and no leaks say what share of it. */
  readonly isUnscheduled?: boolean;
  /**
   * If servers are restarted, also by a calendar that is not simulated, or fixed: on which of them something ran out
   * before that. may: on none, but within the year it may on servers of the fleet. Absent for none.
   */
  readonly ranOut?: "may" | "some" | "all" | undefined;
  readonly outlook: Outlook | undefined;
  /** The numbers of servers, over all replications, that the change harmed and that were fixed. */
  readonly harmed: number;
  readonly fixed: number;
  /**
   * The sample time at which the last change has been made, and its harm repaired; or, if that is later, when all
   * servers of the fleet have been changed one after another [d]. Unless given: 0, no changes.
   */
  readonly changedDays?: number;
}

/** This many exhausted servers, or half of all, are enough to estimate the cost of exhaustion. */
const RAN_OUT_MIN = 10;
/** A smaller expected number per year over all servers is negligible. */
const EXPECTED_MIN = 0.05;

/** Whether users noticed something on few servers only; or on none, although within the year something may run out. */
export function isRare(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  const noticed = values.servers(pointIndex, upkeep.noticed);
  const count = noticed.filter((at) => at >= 0).length;
  if (count > 0) return count < RAN_OUT_MIN && 2 * count < noticed.length;
  return mayRunOutBefore(plan, values, pointIndex, upkeep);
}

/**
 * Whether something may run out within a year, on so many servers, before they are restarted or fixed. Restarts that
 * follow no calendar come when a level is reached, or else at random.
 *
 * @param isCounted only these limits
 */
function mayRunOutBefore(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  servers = itemAt(plan.points, pointIndex).scenario.servers,
  isCounted: (limit: Pick<Limit, "isOnlyRecorded">) => boolean = () => true,
): boolean {
  const calendar = calendarOf(plan, values, pointIndex, upkeep);
  const since = fixedSince(values, pointIndex, upkeep);
  const isExpected = (outlooks: readonly Outlook[], perServer: (lifetime: LeakLifetime) => number) => {
    return isExpectedOn(servers, outlooks.filter(isCounted), perServer);
  };
  const outlooks = outlooksOf(plan, values, pointIndex, upkeep);
  if (since !== undefined) {
    const fixedTimes = Array.from(values.servers(pointIndex, upkeep.fixed));
    const chanceUntil = (lifetime: LeakLifetime, at: number) => {
      return sum(gapsUntil(calendar, at / US_PER_DAY).map((days) => chanceBy(lifetime, days)));
    };
    const untilFixed = (lifetime: LeakLifetime) => mean(fixedTimes.map((at) => chanceUntil(lifetime, at)));
    const left = outlooksOf(plan, values, pointIndex, upkeep, since);
    return isExpected(outlooks, untilFixed) || (calendar !== undefined && isExpected(left, betweenRestarts(calendar)));
  }
  if (calendar !== undefined) return isExpected(outlooks, betweenRestarts(calendar));
  const serverDays = values.daysSince(pointIndex, undefined) * values.servers(pointIndex, upkeep.noticed).length;
  const perDay = restartsOf(values, pointIndex, upkeep) / serverDays;
  if (!(perDay > 0)) return false;
  const ofLevel = chancesBeforeTrigger(plan, values, pointIndex, upkeep, isCounted);
  if (ofLevel !== undefined) return servers * YEAR_DAYS * perDay * Math.max(...ofLevel) >= EXPECTED_MIN;
  return isExpected(outlooks, (lifetime) => YEAR_DAYS * perDay * chanceAtRandom(lifetime, perDay));
}

function isExpectedOn(
  servers: number,
  outlooks: readonly Outlook[],
  perServer: (lifetime: LeakLifetime) => number,
): boolean {
  return outlooks.some(({ lifetime }) => lifetime.rate.perDay > 0 && servers * perServer(lifetime) >= EXPECTED_MIN);
}

/** How often in a year a lifetime ends before the next restart of a calendar. */
function betweenRestarts(calendar: Calendar): (lifetime: LeakLifetime) => number {
  const gaps = [...gapsInYear(calendar)];
  return (lifetime) => sum(gaps.map(([days, count]) => count * chanceBy(lifetime, days)));
}

/**
 * The whole intervals of the calendar after the last change, and the time since which they are looked for [us];
 * undefined without a calendar. If something may run out between two restarts, an interval that begins with a change or
 * at the start and is shorter than others does not count: less may run out in it, or nothing.
 *
 * @param changed the sample time of the last change; undefined for none
 */
export function intervalsOf(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  { upkeep, scale }: Fleet,
  changed: number | undefined,
): { readonly calendar: Calendar; readonly sinceUs: number; readonly whole: WholeIntervals | undefined } | undefined {
  const calendar = calendarOf(plan, values, pointIndex, upkeep);
  if (calendar === undefined) return undefined;
  const left = outlooksOf(plan, values, pointIndex, upkeep, fixedSince(values, pointIndex, upkeep));
  const servers = scale * itemAt(plan.points, pointIndex).scenario.servers;
  const changedUs = values.daysUntil(pointIndex, changed) * US_PER_DAY;
  const mayRunOut = isExpectedOn(servers, left, betweenRestarts(calendar));
  const sinceUs = mayRunOut ? afterShort(calendar, changedUs) : changedUs;
  return { calendar, sinceUs, whole: wholeIntervalsSince(calendar, sinceUs, values.times(pointIndex)) };
}

/** The probability that a lifetime ends before a restart that comes at any time alike: the mean of exp(-rate L). */
function chanceAtRandom({ leaks, rate: { perDay, dispersion } }: LeakLifetime, restartsPerDay: number): number {
  return pow(1 + (restartsPerDay * dispersion) / perDay, -leaks / dispersion);
}

/** By server: when its changes were over [us]; undefined unless all servers are fixed. */
function fixedSince(values: HorizonValues, pointIndex: number, upkeep: Upkeep): readonly number[] | undefined {
  const isFixed = values.servers(pointIndex, upkeep.fixed).every((at) => at >= 0);
  return isFixed ? changedTimes(values, pointIndex, upkeep) : undefined;
}

/** From the worst fate to the best. */
const KINDS: readonly Fate["kind"][] = ["runs-out", "unseen", "ran-out", "lasts", "restarted", "fixed"];

/** Whether what happens within a year was simulated. */
export function isSimulated({ kind }: Fate): boolean {
  return kind !== "runs-out" && kind !== "unseen";
}

/** The worst of the fates; its first resource is that of the middle world, with the range over all worlds. */
export function fateAcross(fates: readonly Fate[]): Fate {
  const outlooks = fates.flatMap(({ outlook }) => outlook ?? []).sort((a, b) => a.days - b.days);
  // Of an even number of worlds the earlier one, so that in half of them nothing runs out later.
  const middle = outlooks[Math.floor((outlooks.length - 1) / 2)];
  const between = {
    lower: Math.min(...outlooks.map((one) => one.between.lower)),
    upper: Math.max(...outlooks.map((one) => one.between.upper)),
  };
  return {
    kind: KINDS.find((kind) => fates.some((fate) => fate.kind === kind)) ?? "lasts",
    isUnscheduled: fates.some((fate) => fate.isUnscheduled === true),
    ranOut: ranOutAcross(fates.map(({ ranOut }) => ranOut)),
    isKept: fates.some((fate) => fate.isKept === true),
    unseen: fates.find(({ unseen }) => unseen !== undefined)?.unseen,
    recorded: fates.find(({ recorded }) => recorded !== undefined)?.recorded,
    daysNeeded: fates.flatMap(({ daysNeeded }) => daysNeeded ?? []).sort((a, b) => b - a)[0],
    outlook: middle && { ...middle, between, worlds: outlooks },
    harmed: sum(fates.map(({ harmed }) => harmed)),
    fixed: sum(fates.map(({ fixed }) => fixed)),
    changedDays: Math.max(...fates.map(({ changedDays }) => changedDays ?? 0)),
  };
}

function ranOutAcross(worlds: readonly Fate["ranOut"][]): Fate["ranOut"] {
  if (worlds.every((ranOut) => ranOut === "all")) return "all";
  return worlds.includes("some") || worlds.includes("all") ? "some" : worlds.find((ranOut) => ranOut === "may");
}

/** A design point and what decides its fate. */
interface Looked {
  readonly plan: Plan;
  readonly values: HorizonValues;
  readonly pointIndex: number;
  /** The design point of the present policy. */
  readonly present: number;
  readonly upkeep: Upkeep;
  /** The servers of the fleet, or of its part, for each simulated one and together. */
  readonly scale: number;
  readonly fleetServers: number;
  /** If all servers are fixed, by server: when its changes were over [us]. */
  readonly since: readonly number[] | undefined;
  /** The sample time of the last change; undefined for none. */
  readonly changed: number | undefined;
}

/** What may run out without a restart, after the changes. */
interface Endings {
  /** First, if anything does within the year. */
  readonly inYear: Outlook | undefined;
  /** First, whenever that is. */
  readonly outlook: Outlook | undefined;
}

/** A part of a fate. */
type Finding = Pick<Fate, "kind"> & Partial<Fate>;

/** @param present the design point of the present policy: servers that are changed at once show no leaks before */
export function fateOf(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  { upkeep, scale }: Fleet,
  present = pointIndex,
): Fate {
  const fixedTimes = values.servers(pointIndex, upkeep.fixed);
  const fixed = fixedTimes.filter((at) => at >= 0).length;
  const looked: Looked = {
    plan,
    values,
    pointIndex,
    present,
    upkeep,
    scale,
    fleetServers: scale * itemAt(plan.points, pointIndex).scenario.servers,
    // A fix may leave other leaks.
    since: fixedSince(values, pointIndex, upkeep),
    changed: lastChangeAt(plan, values, pointIndex, upkeep),
  };
  const inYear = firstInYear(looked);
  const endings = { inYear, outlook: inYear ?? outlookOf(plan, values, pointIndex, upkeep) };
  return {
    outlook: endings.outlook,
    fixed,
    harmed: values.servers(pointIndex, upkeep.harmed).filter((at) => at >= 0).length,
    changedDays:
      looked.changed === undefined ? 0 : Math.max(values.daysUntil(pointIndex, looked.changed), inTurnDays(looked)),
    ...(unfinishedChanges(looked) ??
      changesInTurn(looked) ??
      unseenCalendar(looked) ??
      unknownConsequences(looked) ??
      fix(looked, endings) ??
      restarts(looked) ??
      leaking(looked, endings)),
  };
}

/**
 * What may run out first within the year; a resource that does not leak says nothing of the others.
 *
 * @param kept only of these leaks
 */
function firstInYear(looked: Looked, kept?: readonly string[]): Outlook | undefined {
  const { plan, values, pointIndex, upkeep, since, fleetServers } = looked;
  const outlooks = outlooksOf(plan, values, pointIndex, upkeep, since, kept);
  return outlooks.find((one) => mayComeInYear(one, fleetServers));
}

/** Changes that are not over. */
function unfinishedChanges({ plan, values, pointIndex, upkeep }: Looked): Finding | undefined {
  if (!isChanging(plan, values, pointIndex, upkeep)) return undefined;
  const { resolved, scenario } = itemAt(plan.points, pointIndex);
  const untilUs = Math.max(
    (upkeep.changedBy?.(resolved.values, scenario.servers) ?? 0) + (upkeep.repair?.(resolved.values) ?? 0),
    undoneByUs(plan, values, pointIndex, upkeep),
  );
  const daysNeeded = Math.max(Math.floor(scenario.horizonDays), Math.ceil(untilUs / US_PER_DAY)) + 1;
  return { kind: "unseen", unseen: "changes", daysNeeded };
}

/** When the last of all servers that the simulated ones stand for has been changed [d], if one after another; or 0. */
function inTurnDays({ plan, pointIndex, upkeep, scale }: Looked): number {
  const { resolved, scenario } = itemAt(plan.points, pointIndex);
  const endUs = (each: number) => upkeep.changedBy?.(resolved.values, scenario.servers, each) ?? 0;
  const allUs = endUs(Math.max(1, scale));
  return allUs > endUs(1) ? allUs / US_PER_DAY : 0;
}

/** Changes of more servers than were simulated, one after another, before the last of which something may run out. */
function changesInTurn(looked: Looked): Finding | undefined {
  const { plan, values, pointIndex, present, upkeep, fleetServers } = looked;
  const endDays = inTurnDays(looked);
  const outlooks = [pointIndex, present].flatMap((index) => outlooksOf(plan, values, index, upkeep));
  const longest = Math.max(...gapsUntil(calendarOf(plan, values, pointIndex, upkeep), endDays));
  const isLate = outlooks.some((one) => one.days < Infinity && firstOutDay(one, fleetServers) < longest);
  return isLate ? { kind: "unseen", unseen: "in-turn", daysNeeded: Math.ceil(endDays) + 1 } : undefined;
}

/** A calendar of which the simulated days have no whole interval. */
function unseenCalendar(looked: Looked): Finding | undefined {
  const { plan, values, pointIndex, since, changed } = looked;
  const intervals = intervalsOf(plan, values, pointIndex, looked, changed);
  if (intervals === undefined || intervals.whole !== undefined) return undefined;
  const { horizonDays } = itemAt(plan.points, pointIndex).scenario;
  const daysNeeded = daysNeededFor(intervals.calendar, intervals.sinceUs, horizonDays);
  return { kind: "unseen", unseen: "calendar", daysNeeded, ranOut: ranOutBefore(looked, since !== undefined) };
}

/**
 * Something that runs out, or may within the year before a restart or a fix, of which the model tells only when. Where
 * something else runs out earlier, users may notice that, and restarts come before the rest.
 */
function unknownConsequences({ plan, values, pointIndex, upkeep, fleetServers }: Looked): Finding | undefined {
  const isOnlyRecorded = (limit: Pick<Limit, "isOnlyRecorded">) => limit.isOnlyRecorded === true;
  const isReached = limitsOf(itemAt(plan.points, pointIndex))
    .filter(isOnlyRecorded)
    .some(({ eventTime }) => values.servers(pointIndex, eventTime).some((at) => at >= 0));
  const outlooks = outlooksOf(plan, values, pointIndex, upkeep);
  const isFirst = outlooks.find(({ perDay }) => perDay > 0)?.isOnlyRecorded === true;
  const mayBeReached = isFirst && mayRunOutBefore(plan, values, pointIndex, upkeep, fleetServers, isOnlyRecorded);
  if (!isReached && !mayBeReached) return undefined;
  return {
    kind: "unseen",
    unseen: "consequences",
    outlook: outlooks.find((one) => mayComeInYear(one, fleetServers)) ?? outlooks[0],
    recorded: outlooks.find(isOnlyRecorded)?.resource,
  };
}

/** A fix of all servers after which nothing runs out. */
function fix(looked: Looked, { inYear }: Endings): Finding | undefined {
  const { plan, values, pointIndex, upkeep, fleetServers, since } = looked;
  if (since === undefined || inYear !== undefined) return undefined;
  const { horizonDays } = itemAt(plan.points, pointIndex).scenario;
  const sinceDays = Math.min(...since) / US_PER_DAY;
  const isBrief = horizonDays - sinceDays < LEFT_SEEN_DAYS;
  const others = isBrief ? outlooksOf(plan, values, pointIndex, upkeep, undefined, upkeep.otherLeaks ?? []) : [];
  const isOpen = isBrief && isUndone(values, pointIndex, upkeep);
  if (isOpen || others.some((one) => mayComeInYear(one, fleetServers))) {
    return { kind: "unseen", unseen: "leaks-left", daysNeeded: Math.ceil(sinceDays) + DAYS_PER_WEEK };
  }
  const ranOut = ranOutBefore(looked, true);
  // When something would have run out without the fix is no news of a policy that fixes every server in time.
  return ranOut === undefined ? { kind: "fixed", outlook: undefined } : { kind: "fixed", ranOut };
}

/** Restarts of all servers; something may run out that they do not return. */
function restarts(looked: Looked): Finding | undefined {
  const { plan, values, pointIndex, upkeep } = looked;
  if (restartCount(looked) < values.servers(pointIndex, upkeep.noticed).length) return undefined;
  const keeps = upkeep.restart.keeps?.(itemAt(plan.points, pointIndex).resolved.values) ?? [];
  const kept = firstInYear(looked, keeps);
  if (kept !== undefined) return ranOutEarly(looked) ?? { kind: "runs-out", isKept: true, outlook: kept };
  return { kind: "restarted", isUnscheduled: isUnscheduled(looked), ranOut: ranOutBefore(looked, false) };
}

/** What leaks goes on leaking. */
function leaking(looked: Looked, { inYear, outlook }: Endings): Finding {
  const { plan, values, pointIndex, upkeep, fleetServers } = looked;
  const early = ranOutEarly(looked);
  if (early !== undefined) return early;
  const trigger = triggerOf(plan, values, pointIndex, upkeep);
  const isTriggered = trigger !== undefined && trigger.days < (outlook?.days ?? Infinity);
  if (isTriggered && mayComeInYear(trigger, fleetServers)) return { kind: "unseen", unseen: "level" };
  if (inYear !== undefined) return { kind: "runs-out" };
  return { kind: "lasts", isUnscheduled: restartCount(looked) > 0 && isUnscheduled(looked) };
}

/** Whether every server ran out so early that the consequences were simulated. */
function ranOutEarly({ plan, values, pointIndex, upkeep }: Looked): Finding | undefined {
  const { horizonDays } = itemAt(plan.points, pointIndex).scenario;
  const isEarly = (at: number) => at <= SEEN_SHARE * horizonDays * US_PER_DAY;
  return values.servers(pointIndex, upkeep.noticed).every(isEarly) ? { kind: "ran-out" } : undefined;
}

/** The number of restarts that no change needed; where a fix leaves leaks, those after the changes. */
function restartCount({ values, pointIndex, upkeep, since, changed }: Looked): number {
  if (since === undefined) return restartsOf(values, pointIndex, upkeep);
  return sum(values.totalsSince(pointIndex, upkeep.restart.response, changed));
}

function isUnscheduled({ plan, values, pointIndex, upkeep }: Looked): boolean {
  if (calendarOf(plan, values, pointIndex, upkeep) !== undefined) return false;
  return restartedRates(plan, values, pointIndex, upkeep) === undefined;
}

/**
 * Whether it may come within the year to the first of so many servers. Where no leak was seen, it counts as never
 * coming.
 */
export function mayComeInYear(lifetime: ExpectedLifetime, servers: number): boolean {
  return lifetime.days < Infinity && firstOutDay(lifetime, servers) < YEAR_DAYS;
}

/** On which servers something ran out before they were restarted, or before they were fixed. */
function ranOutBefore(looked: Looked, isFixed: boolean): Fate["ranOut"] {
  const { plan, values, pointIndex, upkeep, fleetServers } = looked;
  const times = ranOutTimes(plan, values, pointIndex, upkeep);
  const fixed = values.servers(pointIndex, upkeep.fixed);
  const count = times.filter((at, server) => at >= 0 && !(isFixed && at > itemAt(fixed, server))).length;
  if (count > 0) return count === times.length ? "all" : "some";
  return mayRunOutBefore(plan, values, pointIndex, upkeep, fleetServers) ? "may" : undefined;
}
