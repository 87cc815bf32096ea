/**
 * The tables of a design point that are computed at the end: leak-rates.csv and means.csv.
 *
 * An observation is the total leaked until the horizon on a server, or in a replication of a coordinated fleet
 * (observations.ts). It is not a sample within a server: a running total has dependent increments, and intervals from
 * them would be far too narrow. The interval of a leak rate is that of counts (statistics/counts.ts), which is valid
 * for few leaks and for many. The dispersion shows whether leaks are independent. The interval of a mean is a t
 * interval between the same observations. If there is a closed form, z is the distance from it in standard errors.
 *
 * A leak rate belongs to the servers of one design point, or of several that are the parts of one fleet
 * (fleet-rates.ts): parts are added, replication by replication.
 *
 * Replications are in canonical order: by design point, then by number.
 */
import type { Mean, Response } from "../../models/contract/responses.ts";
import { countEstimate, countScatterEstimate } from "../../statistics/counts.ts";
import {
  mean,
  meanEstimate,
  pooledScatter,
  scatterEstimate,
  neverNegative,
  ratioEstimate,
  sum,
  variance,
  zScore,
  type Counted,
  withoutInterval,
  type Estimate,
  type Interval,
  type Scatter,
} from "../../statistics/estimate.ts";
import { sparseEstimate } from "../../statistics/sparse.ts";
import type { Group } from "../../statistics/log-rank.ts";
import { kaplanMeier, medianInterval, medianTime, restrictedMeanTime } from "../../statistics/survival.ts";
import { integer, number, table, text, type Column, type Table } from "../results/csv.ts";
import { areIndependent, betweenColumn, betweenOf, observations, type Between } from "./observations.ts";
import { lifetimes, type Ceilings } from "./survival.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { replicationsOf, totals, type Replication } from "./replication.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt, type NonEmpty } from "../lists.ts";

/** The exact value of an estimate. */
export interface Exact {
  /** NaN if it is unknown or does not hold. */
  readonly closedForm: number;
  /** Why a known one does not hold; else empty. */
  readonly closedFormFault: string;
}

/** A row of leak-rates.csv: how fast a resource leaks at a design point, and when it runs out. */
export interface LeakRate extends Exact {
  readonly point: PlannedPoint;
  readonly response: Response;
  readonly replications: number;
  /** Servers times replications times horizon [server-days]. */
  readonly exposureServerDays: number;
  /** The total leaked, in the response's unit. */
  readonly leaked: number;
  /** In the response's unit, per server-day. */
  readonly rate: Estimate;
  /**
   * Whether any resource of the design point ran out: a server leaks less without it, so the rate is a lower bound,
   * unless its exact value holds nevertheless.
   */
  readonly isLowerBound: boolean;
  /** The total leaked, by independent observation; of several parts, by replication. */
  readonly observed: Float64Array;
  /** The rate with an interval that holds simultaneously with others. @param family how many hold at once */
  readonly rateWithin: (family: number) => Estimate;
  /** The observations that the interval is based on. */
  readonly between: Between;
  /** The standard deviation of the rates of individual servers over all replications; NaN for a single server. */
  readonly betweenServers: number;
  /** The number of leaks; this and the dispersion are NaN when the model gives no size of a leak. */
  readonly leaks: number;
  /** The variance of the replications' leak counts divided by their mean; NaN with one replication or without leaks. */
  readonly dispersion: number;
  /**
   * The number of servers of all replications that reached the ceiling; this and the times [days] are NaN without a
   * ceiling.
   */
  readonly ceilingReached: number;
  readonly ceilingDaysMedian: number;
  /** The interval of the median; an end is NaN if unknown, and both are in a coordinated fleet. */
  readonly ceilingDaysInterval: Interval;
  readonly ceilingDaysRestrictedMean: number;
}

/** A row of means.csv: a mean of the model at a design point. */
export interface MeanValue extends Exact {
  readonly point: PlannedPoint;
  readonly mean: Mean;
  readonly ratio: Estimate;
  /** The observations that the interval is based on, and their number. */
  readonly between: Between;
  readonly observations: number;
}

/** What is known of a resource's leaks on the servers of a design point. */
export interface LeakPart {
  readonly point: PlannedPoint;
  readonly response: Response;
  /** The total leaked, by replication. */
  readonly totals: Float64Array;
  /** The total leaked, by independent observation. */
  readonly observations: Float64Array;
  /** The scatter of the rates of the servers of all replications. */
  readonly servers: Scatter;
  /** When the servers ran out of the resource, if that is possible. */
  readonly lifetime: Group | undefined;
  /** Whether a server of the design point ran out of any resource. */
  readonly ranOut: boolean;
}

/** The scatter of leaks between the servers of a replication at the horizon, by response. */
export type Scatters = ReadonlyMap<string, Scatter>;

/**
 * Summarizes the leaks at one design point, so that the values of individual servers need not be kept until the end.
 *
 * @param replications those of the point, or all of the experiment
 * @param scatters one for each replication of the point
 */
export function leakParts(
  plan: Plan,
  point: PlannedPoint,
  replications: readonly Replication[],
  scatters: readonly Scatters[],
  ceilings: Ceilings,
): LeakPart[] {
  const own = replicationsOf(point, plan, replications);
  const { horizonDays } = point.scenario;
  const leaks = responsesOf(plan).filter(({ role }) => role === "leak");
  const ranOut = leaks.some(({ ceiling }) => ceiling !== undefined && ceilings.get(ceiling)!.count > 0);
  return responsesOf(plan).flatMap((response, r) => {
    const { role, name, ceiling } = response;
    if (role !== "leak") return [];
    const lifetime = ceiling === undefined ? undefined : lifetimes(point, own.length, ceilings, ceiling);
    const { count, mean, squares } = pooledScatter(scatters.map((of) => of.get(name)!));
    const servers = { count, mean: mean / horizonDays, squares: squares / (horizonDays * horizonDays) };
    return { point, response, totals: totals(own, r), observations: observations(own, r), servers, lifetime, ranOut };
  });
}

/**
 * The combined leak rate of parts of one resource that have the same replications. For a single part it is that part's
 * own rate.
 *
 * @param point the design point that the row describes
 */
export function leakRate(parts: readonly LeakPart[], point = itemAt(parts, 0).point): LeakRate {
  const { response, totals: first } = itemAt(parts, 0);
  const replications = first.length;
  const serverDays = sum(parts.map(({ point: { scenario } }) => scenario.servers * scenario.horizonDays));
  const servers = pooledScatter(parts.map((part) => part.servers));
  const leaked = Float64Array.from({ length: replications }, (_, i) =>
    sum(parts.map(({ totals }) => itemAt(totals, i))),
  );
  const isPoint = parts.length === 1;
  const hasLess = parts.some((part) => part.ranOut && leaksLessLater(part.point, response));
  const rateWithin = isPoint ? pointRate(itemAt(parts, 0), replications) : wholeRate(parts, leaked, serverDays);
  return {
    point,
    response,
    replications,
    exposureServerDays: serverDays * replications,
    leaked: sum(leaked),
    rate: rateWithin(1),
    isLowerBound: sum(leaked) > 0 && hasLess,
    observed: isPoint ? itemAt(parts, 0).observations : leaked,
    rateWithin,
    between: isPoint ? betweenOf(itemAt(parts, 0).point) : "replications",
    betweenServers: servers.count < 2 ? NaN : Math.sqrt(servers.squares / (servers.count - 1)),
    ...countOf(parts),
    ...ceilingTimes(parts),
    ...wholeExact(parts, serverDays),
  };
}

/** Whether a server leaks less once it has run out of something: not if the exact leak rate holds nevertheless. */
export function leaksLessLater(point: PlannedPoint, { name }: Response): boolean {
  return Number.isNaN(exactOf(point, name, true, RAN_OUT_FAULT).closedForm);
}

/** The exact rate of all parts. */
function wholeExact(parts: readonly LeakPart[], serverDays: number): Exact {
  const all = parts.map(({ point, response, ranOut }) => exactOf(point, response.name, ranOut, RAN_OUT_FAULT));
  const shares = parts.map(({ point: { scenario } }) => (scenario.servers * scenario.horizonDays) / serverDays);
  return {
    closedForm: sum(all.map(({ closedForm }, i) => closedForm * itemAt(shares, i))),
    closedFormFault: all.find(({ closedFormFault }) => closedFormFault !== "")?.closedFormFault ?? "",
  };
}

const RAN_OUT_FAULT = "a resource ran out before the horizon: the rate is a lower bound";

/** The rate at one design point, for any family. It keeps only the observations of the part. */
function pointRate({ point, response, observations }: LeakPart, replications: number): LeakRate["rateWithin"] {
  return (family) => rateEstimate(point, response, observations, replications, family);
}

/**
 * The leak rate of a design point per server-day, from its independent observations. Leaks that can be counted have the
 * interval of counts, others the interval of sparse values. It is unknown if leaks of unknown size are possible but
 * none was seen, and 0 if nothing can leak.
 */
export function rateEstimate(
  point: PlannedPoint,
  response: Response,
  observed: Float64Array,
  replications: number,
  family = 1,
): Estimate {
  const { servers, horizonDays } = point.scenario;
  const serverDays = (servers * horizonDays * replications) / observed.length;
  const size = leakSizeOf(point, response);
  if (!canLeak(point, response) && sum(observed) === 0) return meanEstimate(observed, serverDays);
  if (!Number.isNaN(size)) return countEstimate(countsOf(observed, size), serverDays / size, family);
  return knownApart(neverNegative(sparseEstimate(observed, serverDays, family)));
}

/**
 * The mean of a response per server at a time, with the interval that a rate of it would have.
 *
 * @param scatter of independent observations
 * @param servers how many servers each observation sums up
 */
export function levelEstimate(point: PlannedPoint, response: Response, scatter: Scatter, servers: number): Estimate {
  if (response.role === "gauge") return ofSeen(scatterEstimate(scatter, servers));
  if (response.role !== "leak") return ofSeen(neverNegative(scatterEstimate(scatter, servers)));
  const { count, mean, squares } = scatter;
  const size = leakSizeOf(point, response);
  if (!canLeak(point, response) && mean === 0) return scatterEstimate(scatter, servers);
  if (Number.isNaN(size)) return knownApart(neverNegative(scatterEstimate(scatter, servers)));
  return countScatterEstimate({ count, mean: mean / size, squares: squares / (size * size) }, servers / size);
}

/** The mean of something that is not counted; its interval is unknown if all observations are equal. */
export function knownApart(estimate: Estimate): Estimate {
  return estimate.halfWidth === 0 ? withoutInterval(estimate) : estimate;
}

/**
 * The mean of a design point. Its interval is unknown if the observations do not vary, unless it is a leak that the
 * point cannot have: a rare failure that was not seen would change the price of every cycle.
 */
export function meanOf(point: PlannedPoint, { of }: Mean, tops: Float64Array, bottoms: Float64Array): Estimate {
  const response = point.resolved.model.responses.find(({ name }) => name === of);
  const ratio = neverNegative(ratioEstimate(tops, bottoms));
  return response?.role === "leak" && !canLeak(point, response) ? ratio : knownApart(ratio);
}

/** The mean of something that may be more than 0: its interval is unknown if none was observed. */
function ofSeen(estimate: Estimate): Estimate {
  return estimate.value === 0 ? knownApart(estimate) : estimate;
}

/**
 * The combined rate of several parts, between replications. The parts of a replication share random numbers, so their
 * leaks may coincide: one leak in each part counts as a single leak.
 */
function wholeRate(parts: readonly LeakPart[], leaked: Float64Array, serverDays: number): LeakRate["rateWithin"] {
  const able = parts.filter(({ point, response }) => canLeak(point, response));
  if (able.length === 0) return (family) => meanEstimate(leaked, serverDays, family);
  const sizes = able.map(({ point, response }) => leakSizeOf(point, response));
  return (family) => sumEstimate(leaked, serverDays, sizes, family, able.length);
}

/** The rate per server-day at which several leaks of a design point fill one resource together. */
export function togetherRate(leaks: NonEmpty<LeakRate>): Estimate {
  const [{ observed, exposureServerDays, rate }] = leaks;
  if (leaks.length === 1) return rate;
  const totals = observed.map((_, i) => sum(leaks.map((leak) => itemAt(leak.observed, i))));
  const sizes = leaks.map(({ point, response }) => leakSizeOf(point, response));
  return sumEstimate(totals, exposureServerDays / observed.length, sizes);
}

/**
 * The mean of sums of several leaks. Leaks of different sizes count as fewer ones of the largest size.
 *
 * @param clusterMin how many leaks may coincide
 */
function sumEstimate(
  totals: Float64Array,
  serverDays: number,
  sizes: readonly number[],
  family = 1,
  clusterMin = 1,
): Estimate {
  const largest = Math.max(...sizes);
  if (Number.isNaN(largest)) return knownApart(neverNegative(sparseEstimate(totals, serverDays, family)));
  const counts = totals.map((total) => total / largest);
  return countEstimate(counts, serverDays / largest, family, clusterMin);
}

/** The rate at which a response leaks at a design point; undefined if it is not a leak. */
export function leakRateOf(
  leakRates: readonly LeakRate[],
  { index }: PlannedPoint,
  { name }: Response,
): LeakRate | undefined {
  return leakRates.find(({ point, response }) => point.index === index && response.name === name);
}

/** Whether the resource can leak at the design point: not if the model says so, or if a leak has size 0. */
export function canLeak({ resolved: { model, values } }: PlannedPoint, { name, leakSize }: Response): boolean {
  if (typeof leakSize === "string" && values[leakSize] === 0) return false;
  return model.canLeak?.(values, name) ?? true;
}

/** Amounts leaked, as numbers of leaks of this size. */
export function countsOf(amounts: Float64Array, size: number): Float64Array {
  return amounts.map((amount) => Math.round(amount / size));
}

export function meanValues(
  plan: Plan,
  replications: readonly Replication[],
  leakRates: readonly LeakRate[],
): MeanValue[] {
  const names = responsesOf(plan).map(({ name }) => name);
  return plan.points.flatMap((point) => {
    const ranOut = leakRates.some((row) => row.point.index === point.index && row.ceilingReached > 0);
    const own = replicationsOf(point, plan, replications);
    return (point.resolved.model.means ?? []).map((mean) => {
      const [tops, bottoms] = [mean.of, mean.per].map((name) => observations(own, names.indexOf(name))) as [
        Float64Array,
        Float64Array,
      ];
      return {
        point,
        mean,
        ratio: meanOf(point, mean, tops, bottoms),
        between: betweenOf(point),
        observations: tops.length,
        ...exactOf(point, mean.name, ranOut),
      };
    });
  });
}

const SEE_UNIT = "see the column unit";
const SEE_UNIT_PER_DAY = "see the column unit, per server-day";

export function leakRatesTable(plan: Plan): Table<LeakRate> {
  const { fleet } = plan.experiment;
  const whole = fleet === undefined ? "" : `, or, in the last rows, at all levels of ${fleet} together`;
  return table("leak-rates", `a leak at a design point${whole}`, [
    ...factorColumns(plan),
    text("resource", "the response that counts what leaked", (row) => row.response.name),
    text("unit", "unit of what leaked", (row) => row.response.unit),
    integer("servers", "1", "servers of the fleet", (row) => row.point.scenario.servers),
    integer("replications", "1", "number of replications", (row) => row.replications),
    number("exposureServerDays", "d", "servers times replications times horizon", (row) => row.exposureServerDays),
    number("leaked", SEE_UNIT, "total that leaked", (row) => row.leaked),
    number(
      "ratePerServerDay",
      SEE_UNIT_PER_DAY,
      "leak rate; a lower bound if ceilingReached is not 0 for any resource of the design point, and closedForm is empty",
      ({ rate }) => rate.value,
    ),
    number(
      "lower",
      SEE_UNIT_PER_DAY,
      "lower end of its 95 % interval: the lower of Student's t and, if leaks can be counted, Garwood's; empty if leaks " +
        "cannot be counted and none was seen",
      ({ rate }) => rate.lower,
    ),
    number("upper", SEE_UNIT_PER_DAY, "upper end of the interval", ({ rate }) => rate.upper),
    betweenColumn<LeakRate>(),
    number(
      "betweenServers",
      SEE_UNIT_PER_DAY,
      "standard deviation of the rates of individual servers over all replications; empty for a single server",
      (row) => row.betweenServers,
    ),
    integer("leaks", "1", "number of leaks; empty if the model does not give the size of a leak", (row) => row.leaks),
    number(
      "dispersion",
      "1",
      "variance / mean of the leaks of replications, 1 for a Poisson distribution; empty for a single replication or " +
        "without any leak",
      (row) => row.dispersion,
    ),
    integer(
      "ceilingReached",
      "1",
      "servers of all replications that ran out of it; empty if it has no ceiling",
      (row) => row.ceilingReached,
    ),
    number(
      "ceilingDaysMedian",
      "d",
      "time until half of the servers ran out of it (Kaplan-Meier, right-censored at the " +
        "horizon); empty if fewer did",
      (row) => row.ceilingDaysMedian,
    ),
    number(
      "ceilingDaysLower",
      "d",
      "lower end of its 95 % interval (exact, from ranks); empty for fewer than 6 servers, for a coordinated fleet, and " +
        "for parts of a fleet",
      (row) => row.ceilingDaysInterval.lower,
    ),
    number(
      "ceilingDaysUpper",
      "d",
      "upper end of the interval; also empty if it lies beyond the horizon",
      (row) => row.ceilingDaysInterval.upper,
    ),
    number(
      "ceilingDaysRestrictedMean",
      "d",
      "mean time until a server ran out of it, up to the horizon (Kaplan-Meier)",
      (row) => row.ceilingDaysRestrictedMean,
    ),
    ...closedFormColumns<LeakRate>(SEE_UNIT_PER_DAY, ({ rate }) => rate),
  ]);
}

export function meansTable(plan: Plan): Table<MeanValue> {
  return table("means", "a mean per event at a design point, over all servers and replications", [
    ...factorColumns(plan),
    text("mean", "name of the mean", (row) => row.mean.name),
    text("unit", "its unit", (row) => row.mean.unit),
    number("value", SEE_UNIT, "ratio of two totals", ({ ratio }) => ratio.value),
    number(
      "lower",
      SEE_UNIT,
      "lower end of its 95 % interval (t, ratio of observations); empty if they do not vary",
      ({ ratio }) => ratio.lower,
    ),
    number("upper", SEE_UNIT, "upper end of the interval", ({ ratio }) => ratio.upper),
    betweenColumn<MeanValue>(),
    ...closedFormColumns<MeanValue>(SEE_UNIT, ({ ratio }) => ratio),
  ]);
}

function closedFormColumns<Row extends { readonly closedForm: number }>(
  unit: string,
  of: (row: Row) => Estimate,
): Column<Row>[] {
  return [
    number("closedForm", unit, "its exact value, if a closed form is known and holds", (row) => row.closedForm),
    number("z", "1", "distance from the exact value in standard errors", (row) => zScore(of(row), row.closedForm)),
  ];
}

/**
 * The exact value of a mean or a leak rate at the design point.
 *
 * @param ranOut whether a server ran out of a resource
 * @param ranOutFault why it does not hold then, unless the model decides
 */
export function exactOf(
  { resolved: { model, values } }: PlannedPoint,
  name: string,
  ranOut = false,
  ranOutFault?: string,
): Exact {
  const closedForm = model.closedForm?.(values, name) ?? NaN;
  if (Number.isNaN(closedForm)) return { closedForm, closedFormFault: "" };
  const usual = ranOut ? ranOutFault : undefined;
  const fault = model.closedFormFault === undefined ? usual : model.closedFormFault(values, name, ranOut);
  return fault === undefined ? { closedForm, closedFormFault: "" } : { closedForm: NaN, closedFormFault: fault };
}

/** The amount that one leak adds to the response; NaN when the model does not give it, or it is 0. */
export function leakSizeOf({ resolved }: Pick<PlannedPoint, "resolved">, { leakSize }: Response): number {
  const size = typeof leakSize === "string" ? Number(resolved.values[leakSize]) : leakSize;
  return size !== undefined && size > 0 ? size : NaN;
}

/** The number of leaks in all replications, and their dispersion. */
function countOf(parts: readonly LeakPart[]): Pick<LeakRate, "leaks" | "dispersion"> {
  const sizes = parts.map(({ point, response }) => leakSizeOf(point, response));
  if (sizes.some(Number.isNaN)) return { leaks: NaN, dispersion: NaN };
  const counts = parts.map(({ totals }, p) => countsOf(totals, itemAt(sizes, p)));
  const together = itemAt(counts, 0).map((_, i) => sum(counts.map((own) => itemAt(own, i))));
  const leaks = sum(together);
  return { leaks, dispersion: leaks > 0 ? variance(together) / mean(together) : NaN };
}

/** Whether the servers are independent; those of several parts share random numbers. */
function isIndependent(parts: readonly LeakPart[]): boolean {
  return parts.length === 1 && areIndependent(itemAt(parts, 0).point);
}

/** When servers came to a ceiling; those that did not are right-censored at their horizon. */
function ceilingTimes(
  parts: readonly LeakPart[],
): Pick<LeakRate, "ceilingReached" | "ceilingDaysMedian" | "ceilingDaysInterval" | "ceilingDaysRestrictedMean"> {
  const unknown = { lower: NaN, upper: NaN };
  const known = parts.flatMap(({ lifetime }) => lifetime ?? []);
  if (known.length === 0) {
    return {
      ceilingReached: NaN,
      ceilingDaysMedian: NaN,
      ceilingDaysInterval: unknown,
      ceilingDaysRestrictedMean: NaN,
    };
  }
  const [events, censored] = [merged(known.map((group) => group.events)), merged(known.map((group) => group.censored))];
  const curve = kaplanMeier(events, censored);
  const median = medianTime(curve);
  const isKnown = isIndependent(parts) && !Number.isNaN(median);
  return {
    ceilingReached: sum(events.counts),
    ceilingDaysMedian: median,
    ceilingDaysInterval: isKnown ? medianInterval(events, sum(events.counts) + sum(censored.counts)) : unknown,
    ceilingDaysRestrictedMean: restrictedMeanTime(curve, itemAt(censored.values, 0)),
  };
}

/** Counted values together, each once and ascending. */
function merged(all: readonly Counted[]): Counted {
  if (all.length === 1) return itemAt(all, 0);
  const counts = new Map<number, number>();
  for (const { values, counts: own } of all) {
    values.forEach((value, i) => counts.set(value, (counts.get(value) ?? 0) + itemAt(own, i)));
  }
  const values = Float64Array.from(counts.keys()).sort();
  return { values, counts: values.map((value) => counts.get(value)!) };
}
