/**
 * The warm-up bench: how much of the beginning of a run to forget, where what is asked for has a steady state (MSER-5,
 * statistics/warm-up.ts).
 *
 * The runs of an experiment's results are executed again, with the horizon cut into equal intervals. An observation of
 * a mean is what it was over one interval, in all servers of all replications; one of a gauge is its level at the end
 * of the interval. One answer holds for all replications of a design point, so that they forget the same. What is left
 * is then estimated anew, between replications, beside the estimate of all of it. A single replication has the interval
 * of its batch means (statistics/batch-means.ts), and only for all of it: its rest was chosen by the same observations.
 *
 * What leaks is refused, whatever the numbers say: its total rises for ever. So is every other running total; a mean
 * that is made of it may have a steady state. MSER-5 itself refuses what is still changing half-way.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Mean, Response } from "../../models/contract/responses.ts";
import { batchMeans } from "../../statistics/batch-means.ts";
import { mean, meanEstimate, ratioEstimate, sum, zScore, type Estimate } from "../../statistics/estimate.ts";
import { steadyState } from "../../statistics/warm-up.ts";
import { number, table, text, type Table } from "../results/csv.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import { sampleTimes } from "../execution/run.ts";
import { runsOf, serverRunsOf } from "../execution/partition.ts";
import { oneOf } from "../experiment/settings.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { UserError, argument } from "../user-error.ts";
import { resampledPlan } from "./resampled-plan.ts";
import { exactOf } from "../analysis/leak-rates.ts";
import { itemAt } from "../lists.ts";

const HOURS_PER_DAY = 24;

export interface WarmingUp extends Machine {
  /** The levels of the design points, as "serviceLaw=constant"; "" for all points. */
  readonly at: string;
  /** The most servers of each replication: whole, >= 1. */
  readonly servers: number;
  /** The number of intervals into which the horizon is divided: whole, >= 1. */
  readonly observations: number;
  /** Names of means and gauges; by default the model's means, or its gauges if it has no means. */
  readonly names: readonly string[];
}

/** A row of warm-up.csv: a mean or a gauge at a design point. */
export interface WarmUp {
  readonly point: PlannedPoint;
  readonly name: string;
  readonly unit: string;
  readonly observations: number;
  /** The initial period to discard [d]; NaN if there is no steady state. */
  readonly forgottenDays: number;
  /** The reason why there is no steady state; empty if there is one. */
  readonly refusal: string;
  /**
   * Estimates from all observations, and from those after the discarded period; the latter is NaN if there is no steady
   * state.
   */
  readonly all: Estimate;
  readonly rest: Estimate;
  /** NaN if there is none. */
  readonly closedForm: number;
}

export interface WarmUps {
  readonly plan: Plan;
  readonly rows: readonly WarmUp[];
}

/** What is estimated: a ratio of two running totals, or a level. */
type ResponseOrRatio = Mean | Response;

/** @throws UserError when the folder has no results of this program, or the options do not suit them */
export async function warmUps(folder: string, warmingUp: WarmingUp): Promise<WarmUps> {
  const { at, servers, observations } = warmingUp;
  const plan = await resampledPlan(folder, {
    at,
    servers,
    change: ({ horizonDays }) => ({ sampleEveryHours: (horizonDays * HOURS_PER_DAY) / observations }),
  });
  return warmUpsOf(plan, warmingUp);
}

/** The same for a plan with so many sample times. */
export async function warmUpsOf(plan: Plan, warmingUp: Omit<WarmingUp, "at" | "servers">): Promise<WarmUps> {
  const primary = plan.points.map((point) => primaryOf(point, warmingUp.names));
  const names = [...new Set(primary.flat().flatMap((one) => ("per" in one ? [one.of, one.per] : [one.name])))];
  const series = await seriesOf(plan, names, warmingUp);
  const rows = plan.points.flatMap((point) =>
    itemAt(primary, point.index).map((one) => {
      return warmUpOf(point, one, names, itemAt(series, point.index));
    }),
  );
  return { plan, rows };
}

export function warmUpTable(plan: Plan): Table<WarmUp> {
  const SEE_UNIT = "see the column unit";
  const BETWEEN = "t, between replications, or between batches of a single one";
  return table("warm-up", "a mean or a gauge at a design point, and the beginning that is to be forgotten", [
    ...factorColumns<WarmUp>(plan),
    text("name", "name of the mean or the gauge", (row) => row.name),
    text("unit", "its unit", (row) => row.unit),
    number("observations", "1", "equal parts of the horizon", (row) => row.observations),
    number(
      "forgottenDays",
      "d",
      "the beginning to forget (MSER-5); empty without a steady state",
      (row) => row.forgottenDays,
    ),
    text("refusal", "why there is no steady state; empty when there is one", (row) => row.refusal),
    number("all", SEE_UNIT, "its value over the whole horizon", ({ all }) => all.value),
    number("allLower", SEE_UNIT, `lower end of its 95 % interval (${BETWEEN})`, ({ all }) => all.lower),
    number("allUpper", SEE_UNIT, "upper end of the interval", ({ all }) => all.upper),
    number("rest", SEE_UNIT, "its value after the beginning", ({ rest }) => rest.value),
    number("restLower", SEE_UNIT, "lower end of its 95 % interval (t, between replications)", ({ rest }) => rest.lower),
    number("restUpper", SEE_UNIT, "upper end of the interval", ({ rest }) => rest.upper),
    number("closedForm", SEE_UNIT, "its exact value where a closed form is known", (row) => row.closedForm),
    number("z", "1", "distance of the rest from the exact value in standard errors", (row) =>
      zScore(row.rest, row.closedForm),
    ),
  ]);
}

/** @throws UserError when one of the names can have no steady state, or is unknown */
function primaryOf({ resolved: { model } }: PlannedPoint, names: readonly string[]): readonly ResponseOrRatio[] {
  const means: readonly ResponseOrRatio[] = model.means ?? [];
  const gauges = model.responses.filter(({ role }) => role === "gauge");
  if (names.length === 0) {
    const usual = means.length > 0 ? means : gauges;
    if (usual.length > 0) return usual;
    throw new UserError(`${model.name} has neither means nor gauges, so there is no warm-up to study`);
  }
  const known = [...means, ...gauges];
  return names.map((name) => {
    const found = known.find((one) => one.name === name);
    if (found !== undefined) return found;
    const role = model.responses.find((one) => one.name === name)?.role;
    const rule =
      role === undefined || role === "gauge"
        ? `; ${oneOf(
            name,
            known.map((one) => one.name),
          )}`
        : `, ${refusals[role]}`;
    throw new UserError(argument("of"), ` is ${name}${rule}`);
  });
}

/** Why a response can have no steady state, by its role. */
const refusals: Readonly<Record<Exclude<Response["role"], "gauge">, string>> = {
  leak: "a leak: its total rises for ever and has no steady state; ask of its rate, which leak-rates.csv has",
  total: "a running total, which has no steady state; ask of a mean that is made of it",
  count: "a count, which has no steady state; ask of a mean that is made of it",
  eventTime: "an event time, which comes once; ask of the times to it, which survival.csv has",
};

/** By replication and name: the total over the servers at the end of each interval. */
type PointSeries = readonly (readonly Float64Array[])[];

/** Executes the runs, by design point. Servers are summed in order, whatever order their results arrive in. */
async function seriesOf(
  plan: Plan,
  names: readonly string[],
  warmingUp: Omit<WarmingUp, "at" | "servers">,
): Promise<PointSeries[]> {
  const responses = responsesOf(plan).map(({ name }) => name);
  const columns = names.map((name) => responses.indexOf(name));
  const { replications } = plan.experiment;
  const levels = plan.points.map(({ scenario }) =>
    Array.from({ length: replications * scenario.servers }, () => {
      return names.map(() => new Float64Array(warmingUp.observations));
    }),
  );
  const results = new Execution(warmingUp, undefined, serverRunsOf(plan)).results(runsOf(plan, warmingUp.sliceSize));
  for await (const { point, replication, first, count, samples } of results) {
    for (let index = 0; index < count; index++) {
      const { servers } = itemAt(plan.points, point).scenario;
      const server = itemAt(itemAt(levels, point), replication * servers + first + index);
      for (const [n, response] of columns.entries()) {
        const own = itemAt(server, n);
        for (let sample = 0; sample < own.length; sample++) {
          own[sample] = itemAt(samples, (sample * responses.length + response) * count + index);
        }
      }
    }
  }
  return plan.points.map(({ index, scenario: { servers } }) => {
    return Array.from({ length: replications }, (_, replication) => {
      const own = itemAt(levels, index).slice(replication * servers, (replication + 1) * servers);
      return names.map((_, n) =>
        itemAt(itemAt(own, 0), n).map((_, sample) => sum(own.map((one) => itemAt(itemAt(one, n), sample)))),
      );
    });
  });
}

function warmUpOf(
  point: PlannedPoint,
  primary: ResponseOrRatio,
  names: readonly string[],
  replications: PointSeries,
): WarmUp {
  const { scenario } = point;
  const of = (name: string) => replications.map((replication) => itemAt(replication, names.indexOf(name)));
  const [tops, bottoms] = "per" in primary ? [of(primary.of), of(primary.per)] : [of(primary.name), undefined];
  const series = bottoms === undefined ? levelsOf(tops, scenario.servers) : ratiosOf(tops, bottoms);
  const empty = series.filter(Number.isNaN).length;
  const state =
    empty > 0
      ? { isSteady: false as const, reason: `${empty} of ${series.length} observations are empty; take fewer` }
      : steadyState(series);
  const estimate = (forgotten: number) =>
    bottoms === undefined
      ? meanEstimate(
          tops.map((levels) => mean(levels.subarray(forgotten))),
          scenario.servers,
        )
      : ratioEstimate(
          tops.map((totals) => since(totals, forgotten)),
          bottoms.map((totals) => since(totals, forgotten)),
        );
  const isSingleRun = replications.length === 1 && state.isSteady;
  const none: Estimate = { value: NaN, standardError: NaN, halfWidth: NaN, lower: NaN, upper: NaN };
  return {
    point,
    name: primary.name,
    unit: primary.unit,
    observations: series.length,
    forgottenDays: state.isSteady ? itemAt([0, ...sampleTimes(scenario)], state.forgotten) / US_PER_DAY : NaN,
    refusal: state.isSteady ? "" : state.reason,
    all: isSingleRun ? batchMeans(...inIntervals(itemAt(tops, 0), bottoms?.[0], scenario.servers)) : estimate(0),
    rest: state.isSteady ? estimate(state.forgotten) : none,
    closedForm: exactOf(point, primary.name).closedForm,
  };
}

/** The increase of a running total after so many observations. */
function since(totals: Float64Array, forgotten: number): number {
  return itemAt(totals, totals.length - 1) - (forgotten === 0 ? 0 : itemAt(totals, forgotten - 1));
}

/** By interval: the increase of the numerator over that of the denominator, over all replications. */
function ratiosOf(tops: readonly Float64Array[], bottoms: readonly Float64Array[]): Float64Array {
  const gain = (totals: readonly Float64Array[], sample: number) => sum(totals.map((one) => gainOf(one, sample)));
  return itemAt(tops, 0).map((_, sample) => gain(tops, sample) / gain(bottoms, sample));
}

function gainOf(totals: Float64Array, sample: number): number {
  return itemAt(totals, sample) - (sample === 0 ? 0 : itemAt(totals, sample - 1));
}

/** By interval, of one replication: the increases of both totals; or the level and the number of servers. */
function inIntervals(tops: Float64Array, bottoms: Float64Array | undefined, servers: number) {
  const gains = (totals: Float64Array) => totals.map((_, sample) => gainOf(totals, sample));
  return bottoms === undefined ? ([tops, tops.map(() => servers)] as const) : ([gains(tops), gains(bottoms)] as const);
}

/** By interval: the mean level of a server, over all replications. */
function levelsOf(levels: readonly Float64Array[], servers: number): Float64Array {
  return itemAt(levels, 0).map((_, sample) => mean(levels.map((one) => itemAt(one, sample))) / servers);
}
