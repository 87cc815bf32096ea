/**
 * The tables that are computed at the end: leak-rates.csv, means.csv and comparison.csv.
 *
 * A replication is one observation, whatever the number of its servers and samples: what has leaked is a running total,
 * whose fluctuations within a replication are not independent and would give intervals far too narrow. Every interval
 * is a 95 % t interval between replications: empty with a single one, of zero width when all agree. An interval is not
 * cut off at 0. Leaks that can be counted have Poisson's interval beside it, which needs no replications but assumes
 * that leaks come independently; the dispersion says whether they do. Where theory knows the value, z is the distance
 * from it in standard errors.
 *
 * Replications come in canonical order: by design point, then by number.
 */
import type { Mean, Response } from "../models/model.ts";
import { poissonInterval } from "../statistics/compound-poisson.ts";
import type { Distribution } from "../statistics/distribution.ts";
import {
  mean, meanEstimate, pairedEstimate, ratioEstimate, sum, variance, zScore, type Estimate, type Interval,
} from "../statistics/estimate.ts";
import { kaplanMeier, medianTime, restrictedMeanTime } from "../statistics/survival.ts";
import { integer, number, table, text, type Column, type Table } from "./csv.ts";
import { pairs } from "./design.ts";
import type { Compare } from "./experiment.ts";
import { factorColumns, isCumulable, responsesOf, type Plan, type PlannedPoint, type Replication } from "./tables.ts";

const US_PER_DAY = 86400e6;

/** Of the moments that are ceilings, by name: when servers came to them, in one replication or several [us]. */
export type Ceilings = ReadonlyMap<string, Distribution>;

/** A row of leak-rates.csv: how fast a resource leaks at a design point, and when it runs out. */
export interface LeakRate {
  readonly point: PlannedPoint;
  readonly response: Response;
  readonly replications: number;
  /** Servers times replications times horizon [server-days]. */
  readonly exposureServerDays: number;
  /** All that leaked, in the response's unit. */
  readonly leaked: number;
  /** In the response's unit, per server-day. */
  readonly rate: Estimate;
  /** How many leaks that is; this and what follows from it are NaN where the model does not say what a leak takes. */
  readonly leaks: number;
  /** What Poisson's law says of the rate, from the number of leaks alone, in the same unit. */
  readonly poisson: Interval;
  /** Variance over mean of the leaks of replications; NaN with a single one, or without any leak. */
  readonly dispersion: number;
  /** Servers of all replications that came to the ceiling; this and the times [days] are NaN without a ceiling. */
  readonly ceilingReached: number;
  readonly ceilingDaysMedian: number;
  readonly ceilingDaysRestrictedMean: number;
  /** NaN where theory is silent. */
  readonly closedForm: number;
}

/** A row of means.csv: a mean of the model at a design point. */
export interface MeanValue {
  readonly point: PlannedPoint;
  readonly mean: Mean;
  readonly ratio: Estimate;
  /** NaN where theory is silent. */
  readonly closedForm: number;
}

/** A row of comparison.csv: a response at two design points, replication by replication on the same random numbers. */
export interface Comparison {
  /** The baseline; `against` differs from it in the compared factor only. */
  readonly point: PlannedPoint;
  readonly against: PlannedPoint;
  readonly response: Response;
  readonly replications: number;
  /** Means per server, in the response's unit; difference = baseline - against. */
  readonly baselineMean: number;
  readonly againstMean: number;
  readonly difference: Estimate;
  readonly varianceRatio: number;
}

/**
 * The leak rates of one design point, so that its ceilings need not be kept until the end.
 *
 * @param replications all of the experiment, as far as those of the point
 */
export function leakRates(
  plan: Plan, point: PlannedPoint, replications: readonly Replication[], ceilings: Ceilings,
): LeakRate[] {
  const own = replicationsOf(point, plan, replications);
  const { servers, horizonDays } = point.scenario;
  return responsesOf(plan).flatMap((response, r) => {
    if (response.role !== "leak") return [];
    const leaked = totals(own, r);
    const exposureServerDays = servers * horizonDays * own.length;
    return {
      point,
      response,
      replications: own.length,
      exposureServerDays,
      leaked: sum(leaked),
      ...countOf(leaked, leakSizeOf(point, response), exposureServerDays),
      rate: meanEstimate(leaked, servers * horizonDays),
      ...ceilingTimes(ceilings, response.ceiling, servers * own.length, horizonDays),
      closedForm: closedForm(point, response.name),
    };
  });
}

export function meanValues(plan: Plan, replications: readonly Replication[]): MeanValue[] {
  const names = responsesOf(plan).map(({ name }) => name);
  return plan.points.flatMap((point) => {
    const own = replicationsOf(point, plan, replications);
    return (point.resolved.model.means ?? []).map((mean) => ({
      point,
      mean,
      ratio: ratioEstimate(totals(own, names.indexOf(mean.of)), totals(own, names.indexOf(mean.per))),
      closedForm: closedForm(point, mean.name),
    }));
  });
}

export function comparisons(plan: Plan, compare: Compare, replications: readonly Replication[]): Comparison[] {
  return pairs(plan.points, compare).flatMap(([{ index: baseline }, { index }]) => {
    const [point, against] = [plan.points[baseline], plan.points[index]];
    const { servers } = point.scenario;
    // Fleets of one size are compared as whole totals: the factor is 1.
    const scale = servers / against.scenario.servers;
    return responsesOf(plan).flatMap((response, r) => {
      if (!isCumulable(response)) return [];
      const x = totals(replicationsOf(point, plan, replications), r);
      const y = totals(replicationsOf(against, plan, replications), r).map((total) => total * scale);
      return {
        point,
        against,
        response,
        replications: x.length,
        baselineMean: mean(x) / servers,
        againstMean: mean(y) / servers,
        ...pairedEstimate(x, y, servers),
      };
    });
  });
}

const SEE_UNIT = "see the column unit";
const SEE_UNIT_PER_DAY = "see the column unit, per server-day";

export function leakRatesTable(plan: Plan): Table<LeakRate> {
  return table("leak-rates", "a resource that leaks at a design point", [
    ...factorColumns(plan),
    text("resource", "the response that counts what leaked", (row) => row.response.name),
    text("unit", "unit of what leaked", (row) => row.response.unit),
    integer("servers", "1", "servers of the fleet", (row) => row.point.scenario.servers),
    integer("replications", "1", "number of replications", (row) => row.replications),
    number("exposureServerDays", "d", "servers times replications times horizon", (row) => row.exposureServerDays),
    number("leaked", SEE_UNIT, "all that leaked", (row) => row.leaked),
    ...intervalColumns<LeakRate>("ratePerServerDay", SEE_UNIT_PER_DAY, "leak rate", ({ rate }) => rate),
    integer("leaks", "1", "how many leaks that is; empty when the model does not say what a leak takes",
      (row) => row.leaks),
    number("poissonLower", SEE_UNIT_PER_DAY, "lower end of its 95 % interval (Garwood, from the number of leaks)",
      (row) => row.poisson.lower),
    number("poissonUpper", SEE_UNIT_PER_DAY, "upper end of the interval", (row) => row.poisson.upper),
    number("dispersion", "1", "variance over mean of the leaks of replications, 1 where Poisson's law holds; empty "
      + "with a single replication or without any leak", (row) => row.dispersion),
    integer("ceilingReached", "1", "servers, of all replications, that ran out of it; empty when it has no ceiling",
      (row) => row.ceilingReached),
    number("ceilingDaysMedian", "d", "time until half the servers ran out of it (Kaplan-Meier, lost from sight at the "
      + "horizon); empty when fewer did", (row) => row.ceilingDaysMedian),
    number("ceilingDaysRestrictedMean", "d",
      "mean time until a server ran out of it, up to the horizon (Kaplan-Meier)",
      (row) => row.ceilingDaysRestrictedMean),
    ...theoryColumns<LeakRate>(SEE_UNIT_PER_DAY, ({ rate }) => rate),
  ]);
}

export function meansTable(plan: Plan): Table<MeanValue> {
  return table("means", "a mean per event at a design point, over all servers and replications", [
    ...factorColumns(plan),
    text("mean", "name of the mean", (row) => row.mean.name),
    text("unit", "its unit", (row) => row.mean.unit),
    ...intervalColumns<MeanValue>("value", SEE_UNIT, "ratio of two totals", ({ ratio }) => ratio),
    ...theoryColumns<MeanValue>(SEE_UNIT, ({ ratio }) => ratio),
  ]);
}

export function comparisonTable(plan: Plan, { factor, baseline, against }: Compare): Table<Comparison> {
  const [atBaseline, atAgainst] = [`at ${factor} = ${baseline}`, `at ${factor} = ${against}`];
  return table("comparison", `a response ${atBaseline} less the same ${atAgainst}, on the same random numbers`, [
    ...factorColumns<Comparison>(plan, factor),
    text("response", "name of the response", (row) => row.response.name),
    text("unit", "its unit", (row) => row.response.unit),
    number("baselineMean", SEE_UNIT, `mean per server ${atBaseline}`, (row) => row.baselineMean),
    number("againstMean", SEE_UNIT, `mean per server ${atAgainst}`, (row) => row.againstMean),
    number("difference", SEE_UNIT, "baseline less against, per server", (row) => row.difference.value),
    number("halfWidth", SEE_UNIT, "half the width of its 95 % interval (paired t, between replications)",
      (row) => row.difference.halfWidth),
    number("lower", SEE_UNIT, "lower end of the interval", (row) => row.difference.lower),
    number("upper", SEE_UNIT, "upper end of the interval", (row) => row.difference.upper),
    number("varianceRatio", "1", "how many times as many replications independent random numbers would have cost; "
      + "empty when all differences agree", (row) => row.varianceRatio),
    integer("replications", "1", "number of pairs of replications", (row) => row.replications),
  ]);
}

function intervalColumns<Row>(name: string, unit: string, what: string, of: (row: Row) => Estimate): Column<Row>[] {
  return [
    number(name, unit, what, (row) => of(row).value),
    number("lower", unit, "lower end of its 95 % interval (t, between replications)", (row) => of(row).lower),
    number("upper", unit, "upper end of the interval", (row) => of(row).upper),
  ];
}

function theoryColumns<Row extends { readonly closedForm: number }>(
  unit: string, of: (row: Row) => Estimate,
): Column<Row>[] {
  return [
    number("closedForm", unit, "its exact value where theory knows it", (row) => row.closedForm),
    number("z", "1", "distance from the exact value in standard errors", (row) => zScore(of(row), row.closedForm)),
  ];
}

function replicationsOf({ index }: PlannedPoint, { experiment }: Plan, replications: readonly Replication[]) {
  return replications.slice(index * experiment.replications, (index + 1) * experiment.replications);
}

function totals(replications: readonly Replication[], response: number): Float64Array {
  return Float64Array.from(replications, (replication) => replication.totals[response]);
}

function closedForm({ resolved: { model, values } }: PlannedPoint, name: string): number {
  return model.closedForm?.(values, name) ?? NaN;
}

/** What a single leak adds to the response; NaN when the model does not say, or it is nothing. */
function leakSizeOf({ resolved }: PlannedPoint, { leakSize }: Response): number {
  const size = typeof leakSize === "string" ? Number(resolved.values[leakSize]) : leakSize;
  return size !== undefined && size > 0 ? size : NaN;
}

/** The leaks of all replications, and what their number says of the rate. */
function countOf(
  leaked: Float64Array, size: number, exposureServerDays: number,
): Pick<LeakRate, "leaks" | "poisson" | "dispersion"> {
  if (Number.isNaN(size)) return { leaks: NaN, poisson: { lower: NaN, upper: NaN }, dispersion: NaN };
  const counts = leaked.map((total) => Math.round(total / size));
  const leaks = sum(counts);
  const { lower, upper } = poissonInterval(leaks);
  const perLeak = size / exposureServerDays;
  return {
    leaks,
    poisson: { lower: lower * perLeak, upper: upper * perLeak },
    dispersion: leaks > 0 ? variance(counts) / mean(counts) : NaN,
  };
}

/** When so many servers came to a ceiling; those that did not are lost from sight at the horizon. */
function ceilingTimes(ceilings: Ceilings, name: string | undefined, servers: number, horizonDays: number) {
  if (name === undefined) return { ceilingReached: NaN, ceilingDaysMedian: NaN, ceilingDaysRestrictedMean: NaN };
  const moments = ceilings.get(name)!;
  const { values, counts } = moments.cells();
  const reachedDays = { values: values.map((moment) => moment / US_PER_DAY), counts };
  const lostDays = { values: Float64Array.of(horizonDays), counts: Float64Array.of(servers - moments.count) };
  const curve = kaplanMeier(reachedDays, lostDays);
  return {
    ceilingReached: moments.count,
    ceilingDaysMedian: medianTime(curve),
    ceilingDaysRestrictedMean: restrictedMeanTime(curve, horizonDays),
  };
}
