/**
 * The outlook of a server: which resource runs out first at its leak rate, and when.
 *
 * The rate is the one before exhaustion: each server counts as long as it is observed, users have not noticed and
 * nothing is fixed. For the leaks that a fix leaves, a server counts from the end of its changes until users notice. A
 * server that has run out leaks less, so an average over the whole horizon is neither rate. The lifetime of a server is
 * the time until as many leaks as it has room for: an Erlang variate with that many stages (statistics/erlang.ts), or a
 * gamma variate if leaks come in clusters, with a shape that is smaller by their dispersion. It assumes that all days
 * are alike, although a weekend may lie between.
 */
import { pow } from "../../sim/math.ts";
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import { mostOf, type Limit, type Response } from "../../models/contract/responses.ts";
import { chiSquareTail } from "../../statistics/chi-square.ts";
import { compoundInterval, upperLimitOfNone } from "../../statistics/compound-poisson.ts";
import { sum, type Interval } from "../../statistics/estimate.ts";
import { gammaCdf, gammaQuantile } from "../../statistics/gamma.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt, mapEach } from "../lists.ts";
import { wholeWeeksFrom } from "./whole-weeks.ts";

/** The dispersion of the leaks is taken as 1 unless a chi-square test at this level rejects it. */
const DISPERSED = 0.05;
/** On fewer servers, a dispersion below 1 may be chance, unless it is 0. */
const SERVERS_MIN = 6;
const EXACT = 1e-9;
/** A lifetime is shorter than the lower end of its interval with this probability. */
const EARLY = 0.025;

/** The rate of leaks while nothing prevents them, per server-day. */
export interface LeakRate {
  readonly perDay: number;
  /** The 95 % interval; from 0 to the rule of three if nothing leaked. */
  readonly interval: Interval;
  /** The variance of the servers' counts divided by their mean, at least 1. */
  readonly dispersion: number;
}

/** The time until so many leaks have occurred. */
export interface LeakLifetime {
  readonly leaks: number;
  readonly rate: LeakRate;
}

/** A lifetime, the expected day on which it ends, and a 95 % interval; Infinity for never. */
export interface ExpectedLifetime {
  readonly lifetime: LeakLifetime;
  readonly days: number;
  readonly between: Interval;
  /** The day on which it begins; 0 unless given. */
  readonly sinceDays?: number;
}

/** Which resource of a server runs out first, and when. */
export interface Outlook extends ExpectedLifetime {
  /** The gauge that reaches its limit first, and what people call the limit. */
  readonly resource: Pick<Response, "name" | "label">;
  readonly level: number;
  /** Whether logs of real servers show the gauge. */
  readonly isLogged: boolean;
  /** Whether the model does not tell what follows. */
  readonly isOnlyRecorded?: boolean;
  /** The increase per day. */
  readonly perDay: number;
  /** Of several worlds: the outlook in each, the shortest first; all the rest is that of the middle world. */
  readonly worlds?: readonly Outlook[];
}

/** The responses that the outlook needs. */
export function outlookResponses(plan: Plan, { noticed, fixed, leak, restart }: Upkeep): string[] {
  const ceilings = limitsOf(plan.points[0]).map(({ eventTime }) => eventTime);
  const leaks = responsesOf(plan).filter(({ role, ceiling }) => role === "leak" && ceilings.includes(ceiling ?? ""));
  const raising = plan.points.flatMap(({ resolved }) => restart.trigger?.(resolved.values)?.leaks ?? []);
  return [...new Set([noticed, fixed, leak, ...ceilings, ...leaks.map(({ name }) => name), ...raising])];
}

/** By server: when something ran out [us]; NaN for never. Users may notice something else, such as a hang. */
export function ranOutTimes(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  { noticed }: Upkeep,
): readonly number[] {
  const limits = limitsOf(itemAt(plan.points, pointIndex));
  const names = limits.length === 0 ? [noticed] : limits.map(({ eventTime }) => eventTime);
  const columns = names.map((name) => values.servers(pointIndex, name));
  return Array.from(itemAt(columns, 0), (_, server) => {
    const first = Math.min(...columns.map((column) => itemAt(column, server)).filter((at) => at >= 0));
    return first === Infinity ? NaN : first;
  });
}

/** The leak rate at a design point before anything is noticed or fixed. */
export function rateBeforeExhaustion(
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  leak: string,
): LeakRate {
  return rateOf(freeLeaksOf(values, pointIndex, upkeep, [{ name: leak }]));
}

/** When a server runs out of something; undefined if the model names no limit for a leak. */
export function outlookOf(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): Outlook | undefined {
  return outlooksOf(plan, values, pointIndex, upkeep).at(0);
}

/**
 * When a server runs out of each resource, the first one first.
 *
 * @param since by server, the time at which its changes were over [us]: what runs out after them, and not before
 * @param kept the leaks that count; all of them unless given
 */
export function outlooksOf(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  since?: readonly number[],
  kept?: readonly string[],
): readonly Outlook[] {
  const point = itemAt(plan.points, pointIndex);
  const outlooks = limitsOf(point).flatMap((limit): Outlook[] => {
    const raising = responsesOf(plan).filter(({ role, ceiling }) => role === "leak" && ceiling === limit.eventTime);
    const leaks = raising.filter(({ name }) => kept === undefined || kept.includes(name));
    if (leaks.length === 0) return [];
    const rise = limit.level - (limit.base ?? 0);
    const { lifetime, size } = lifetimeOf(values, pointIndex, upkeep, point, leaks, rise, since);
    const resource = responsesOf(plan).find(({ name }) => name === limit.response) ?? { name: limit.response };
    const isLogged =
      point.resolved.model.logged?.responses.some(({ response }) => response === limit.response) === true;
    const when = expected(lifetime, since === undefined ? 0 : Math.min(...since) / US_PER_DAY);
    const { isOnlyRecorded = false } = limit;
    return [{ resource, level: mostOf(limit), isLogged, isOnlyRecorded, perDay: lifetime.rate.perDay * size, ...when }];
  });
  return outlooks.sort((a, b) => a.between.lower - b.between.lower || a.days - b.days);
}

/** The time until leaks have raised a level by so much, and their size. */
function lifetimeOf(
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  point: PlannedPoint,
  leaks: readonly Response[],
  rise: number,
  since?: readonly number[],
): { lifetime: LeakLifetime; size: number } {
  const sizes = leaks.map(({ leakSize }) => sizeOf(leakSize, point));
  const rises = leaks.map(({ name }) => sum(values.servers(pointIndex, name)));
  const total = sum(rises);
  // Leaks of several sizes are treated as leaks of the one size with the same dispersion.
  const size = total === 0 ? itemAt(sizes, 0) : sum(rises.map((one, i) => one * itemAt(sizes, i))) / total;
  const rate = rateOf(freeLeaksOf(values, pointIndex, upkeep, leaks, size, since));
  return { lifetime: { leaks: Math.max(1, Math.ceil(rise / size)), rate }, size };
}

function expected(lifetime: LeakLifetime, sinceDays = 0): ExpectedLifetime {
  const { lower, upper } = lifetime.rate.interval;
  return {
    lifetime,
    days: sinceDays + meanDays(lifetime),
    between: {
      lower: sinceDays + dayByWhich(lifetime, EARLY, upper),
      upper: lower > 0 ? sinceDays + dayByWhich(lifetime, 1 - EARLY, lower) : Infinity,
    },
    sinceDays,
  };
}

export function meanDays({ leaks, rate }: LeakLifetime): number {
  return leaks / rate.perDay;
}

/** The probability that a lifetime ends within so many days. */
export function chanceBy({ leaks, rate: { perDay, dispersion } }: LeakLifetime, days: number): number {
  return gammaCdf(leaks / dispersion, (days * perDay) / dispersion);
}

/**
 * The probability that as many of some leaks as there is room for come before so many of others, such as those that
 * raise the gauge of a restart. Both may be the same leaks, or one a part of the other: so the others are the clock,
 * and how much the first vary on it is measured on the servers.
 *
 * @param own by server: how many of the first have come, and of the others
 */
export function chanceOnClock(own: ArrayLike<number>, others: ArrayLike<number>, room: number, until: number): number {
  const seen = Array.from(own, (count, server) => ({ count, ticks: others[server]! })).filter(({ ticks }) => ticks > 0);
  const perTick = sum(seen.map(({ count }) => count)) / sum(seen.map(({ ticks }) => ticks));
  if (!(perTick > 0)) return 0;
  const isSame = seen.every(({ count, ticks }) => count === ticks);
  const off = ({ count, ticks }: (typeof seen)[number]) => count - perTick * ticks;
  const squares = sum(seen.map((one) => (off(one) * off(one)) / (perTick * one.ticks)));
  const measured = isSame ? 0 : seen.length < 2 ? 1 : squares / (seen.length - 1);
  const dispersion = seen.length < SERVERS_MIN && measured > EXACT ? Math.max(1, measured) : measured;
  if (dispersion <= EXACT) return perTick * until < room ? 0 : 1;
  return gammaCdf(room / dispersion, (until * perTick) / dispersion);
}

/** E[(t - L)+] and E[((t - L)+)^2] for a lifetime L at this leak rate [d, d^2]. */
export function overshoot({ leaks, rate }: LeakLifetime, perDay: number, days: number): readonly [number, number] {
  const [shape, scale] = [leaks / rate.dispersion, rate.dispersion / perDay];
  const [none, one, two] = mapEach([0, 1, 2], (more) => gammaCdf(shape + more, days / scale));
  const [mean, square] = [shape * scale, shape * (shape + 1) * scale * scale];
  return [
    Math.max(0, days * none - mean * one),
    Math.max(0, days * days * none - 2 * days * mean * one + square * two),
  ];
}

/** When a server reaches the level that restarts its service; undefined if none does. */
export function triggerOf(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
): ExpectedLifetime | undefined {
  const point = itemAt(plan.points, pointIndex);
  const trigger = upkeep.restart.trigger?.(point.resolved.values);
  if (trigger === undefined) return undefined;
  const leaks = responsesOf(plan).filter(({ name }) => trigger.leaks.includes(name));
  return expected(lifetimeOf(values, pointIndex, upkeep, point, leaks, trigger.rise).lifetime);
}

/**
 * By limit: the probability that a server runs out before it reaches the level that restarts its service. Undefined
 * without a level, or if none of the leaks that raise it were seen.
 *
 * @param isCounted only these limits
 */
export function chancesBeforeTrigger(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
  isCounted: (limit: Limit) => boolean = () => true,
): readonly number[] | undefined {
  const point = itemAt(plan.points, pointIndex);
  const trigger = upkeep.restart.trigger?.(point.resolved.values);
  if (trigger === undefined) return undefined;
  const of = (leaks: readonly Response[], rise: number) => {
    const { lifetime, size } = lifetimeOf(values, pointIndex, upkeep, point, leaks, rise);
    return { room: lifetime.leaks, seen: freeLeaksOf(values, pointIndex, upkeep, leaks, size).leaks };
  };
  const level = of(
    responsesOf(plan).filter(({ name }) => trigger.leaks.includes(name)),
    trigger.rise,
  );
  if (sum(level.seen) === 0) return undefined;
  return limitsOf(point)
    .filter(isCounted)
    .map((limit) => {
      const raising = responsesOf(plan).filter(({ role, ceiling }) => role === "leak" && ceiling === limit.eventTime);
      if (raising.length === 0) return 0;
      const own = of(raising, limit.level - (limit.base ?? 0));
      return chanceOnClock(own.seen, level.seen, own.room, level.room);
    });
}

/**
 * The day before which, with 95 % confidence, none of so many servers runs out, in none of the worlds: the quantile of
 * their shortest lifetime of which `between.lower` is that of one server.
 */
export function firstOutDay(
  { lifetime, between, sinceDays = 0, worlds }: ExpectedLifetime & Pick<Partial<Outlook>, "worlds">,
  servers: number,
): number {
  if (worlds !== undefined) return Math.min(...worlds.map((one) => firstOutDay(one, servers)));
  const shape = lifetime.leaks / lifetime.rate.dispersion;
  const none = pow(1 - EARLY, 1 / Math.max(1, servers));
  return sinceDays + ((between.lower - sinceDays) * gammaQuantile(1 - none, shape)) / gammaQuantile(EARLY, shape);
}

/** The outlook in the world where the resource runs out first. */
export function earliestOf(outlook: Outlook): Outlook {
  return outlook.worlds?.[0] ?? outlook;
}

function dayByWhich({ leaks, rate: { dispersion } }: LeakLifetime, probability: number, perDay: number): number {
  return perDay === 0 ? Infinity : (dispersion / perDay) * gammaQuantile(probability, leaks / dispersion);
}

export function limitsOf({ resolved: { model, values } }: PlannedPoint): readonly Limit[] {
  return model.limits?.(values) ?? [];
}

/** A leak of unknown size counts as 1. */
export function sizeOf(leakSize: number | string | undefined, { resolved }: PlannedPoint): number {
  return Math.max(1, Number(typeof leakSize === "string" ? resolved.values[leakSize] : (leakSize ?? 1)));
}

/** By server: the leaks during observation, and the number of days. */
interface FreeLeaks {
  readonly leaks: Float64Array;
  readonly days: Float64Array;
}

function freeLeaksOf(
  values: HorizonValues,
  pointIndex: number,
  { noticed, fixed }: Upkeep,
  leaks: readonly { readonly name: string }[],
  size = 1,
  since?: readonly number[],
): FreeLeaks {
  const times = values.times(pointIndex);
  const [noticedAt, fixedAt] = [values.servers(pointIndex, noticed), values.servers(pointIndex, fixed)];
  const columns = leaks.map(({ name }) => times.map((_, sample) => values.servers(pointIndex, name, sample)));
  const seen = { leaks: new Float64Array(noticedAt.length), days: new Float64Array(noticedAt.length) };
  for (let server = 0; server < noticedAt.length; server++) {
    const from = since === undefined ? 0 : itemAt(since, server);
    const ends = [itemAt(noticedAt, server), since === undefined ? itemAt(fixedAt, server) : NaN];
    const until = Math.min(...ends.filter((at) => at >= from), Infinity);
    const last = times.findLastIndex((time) => time <= until);
    const start = from === 0 ? -1 : times.findIndex((time) => time >= from);
    // Servers on which something ran out have no weekend before them that the others lack.
    const isCutOff = from > 0 || last === times.length - 1;
    const first = isCutOff ? wholeWeeksFrom(start, last, times) : start;
    if (last <= first) continue;
    const daysAt = (sample: number) => (sample < 0 ? 0 : itemAt(times, sample) / US_PER_DAY);
    const leaksAt = (sample: number) => {
      return sample < 0 ? 0 : sum(columns.map((samples) => itemAt(itemAt(samples, sample), server)));
    };
    seen.days[server] = daysAt(last) - daysAt(first);
    seen.leaks[server] = (leaksAt(last) - leaksAt(first)) / size;
  }
  return seen;
}

function rateOf({ leaks, days }: FreeLeaks): LeakRate {
  const [count, time] = [sum(leaks), sum(days)];
  if (time === 0) return { perDay: 0, interval: { lower: 0, upper: Infinity }, dispersion: 1 };
  const perDay = count / time;
  if (count === 0) return { perDay, interval: { lower: 0, upper: upperLimitOfNone() / time }, dispersion: 1 };
  const observedServers = Array.from(days.keys()).filter((i) => itemAt(days, i) > 0);
  const squares = observedServers.map(
    (i) => (itemAt(leaks, i) - perDay * itemAt(days, i)) * (itemAt(leaks, i) - perDay * itemAt(days, i)),
  );
  const chiSquare = sum(observedServers.map((i, at) => itemAt(squares, at) / (perDay * itemAt(days, i))));
  const degrees = observedServers.length - 1;
  const isDispersed = degrees > 0 && chiSquareTail(chiSquare, degrees) < DISPERSED;
  const dispersion = isDispersed ? chiSquare / degrees : 1;
  const ends = compoundInterval({ total: count, squares: count * dispersion, largest: dispersion });
  return { perDay, interval: { lower: ends.lower / time, upper: ends.upper / time }, dispersion };
}
