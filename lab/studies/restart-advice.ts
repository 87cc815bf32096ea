/**
 * How often to restart if one must wait: by simulation of intervals, and by theory, whose best one is simulated, too.
 *
 * Theory: the service is restarted every t, whatever happens, and a server whose users have noticed costs so much an
 * hour until then. Its life L until they notice is that of the servers that nobody attends to, so that
 *
 *     cost per hour = (restart + hour noticed * E[(t - L)+]) / t,    E[(t - L)+] = t - E[min(t, L)]
 *
 * (replacement at fixed intervals of a unit whose failure is borne until then: Barlow and Proschan, Mathematical Theory
 * of Reliability, 1965, chapter 4, for one that ages). E[min(t, L)] is the restricted mean of the Kaplan-Meier curve.
 * The price of a restart is what the simulated ones cost on the average, but for starved jobs; that of an hour is what
 * starved jobs cost in the hours that unattended servers were left noticed. Theory takes all hours to be alike.
 */
import { aboveBest, type AboveBest } from "../../statistics/best-of-several.ts";
import { meanEstimate, sum, type Estimate } from "../../statistics/estimate.ts";
import { kaplanMeier, restrictedMeanTime } from "../../statistics/survival.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { changed, HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import { costsOf } from "./policy-costs.ts";
import type { Price } from "./prices.ts";
import type { Plan } from "../experiment/plan.ts";

const HOUR_US = 3600e6;
const HOURS_TRIED = [6, 12, 24, 48, 96, 168, 336];
/** With fewer lives that ended, the curve says little. */
const LIVES_MIN = 5;

export interface RestartAdvice {
  /** By hours; the last row is that of never. */
  readonly rows: readonly {
    /** Infinity for never. */
    readonly hours: number;
    /** Per server-day. */
    readonly cost: Estimate;
    readonly above: AboveBest;
    /** NaN where there is none. */
    readonly theory: number;
  }[];
  /** The place in `rows` of the cheapest. */
  readonly best: number;
  /** The whole number of hours that is best in theory; undefined where there is none. */
  readonly hoursInTheory: number | undefined;
  /** Lives of unattended servers that ended, of how many. */
  readonly ended: number;
  readonly lives: number;
}

/** The intervals that are tried: those below the horizon [h]. */
export function restartHoursOf(horizonDays: number): number[] {
  return HOURS_TRIED.filter((hours) => hours < horizonDays * 24);
}

interface Simulated {
  readonly plan: Plan;
  readonly outcomes: HorizonValues;
  readonly asIs: number;
  readonly hours: readonly number[];
  /** The design point of the first interval. */
  readonly from: number;
  /** Of each design point, per server-day, replication by replication. */
  readonly costs: readonly (readonly number[])[];
}

export async function restartAdvice(
  experiment: Experiment,
  { progress: _, ...quietly }: Executing,
  prices: readonly Price[],
  simulated: Simulated,
): Promise<RestartAdvice> {
  const { plan, outcomes, asIs, hours, from, costs } = simulated;
  const theory = restartTheory(simulated, prices);
  const tried = hours.map((every, i) => ({ hours: every, costs: costs[from + i] }));
  if (theory.best !== undefined && !hours.includes(theory.best)) {
    const best = await planAtHorizon(experiment, [changed(plan.points[asIs], { restartEveryHours: theory.best })]);
    const responses = prices.map(({ response }) => response);
    const { perReplication } = costsOf(best, await HorizonValues.of(best, responses, quietly), 0, prices);
    tried.push({ hours: theory.best, costs: perReplication });
  }
  tried.sort((a, b) => a.hours - b.hours).push({ hours: Infinity, costs: costs[asIs] });
  const above = aboveBest(tried.map((one) => one.costs));
  const rows = tried.map((one, i) => {
    return { hours: one.hours, cost: meanEstimate(one.costs), above: above[i], theory: theory.cost(one.hours) };
  });
  const means = rows.map(({ cost }) => cost.value);
  const lives = outcomes.servers(asIs, "firstSymptomUs").length;
  return { rows, best: means.indexOf(Math.min(...means)), hoursInTheory: theory.best, ended: theory.ended, lives };
}

export interface RestartTheory {
  /** Per server-day; NaN where there is none, and of never. */
  readonly cost: (hours: number) => number;
  /** The cheapest whole number of hours below the horizon. */
  readonly best: number | undefined;
  /** Lives that ended. */
  readonly ended: number;
}

export function restartTheory(
  { plan, outcomes, asIs, hours, from, costs }: Simulated,
  prices: readonly Price[],
): RestartTheory {
  const horizonHours = plan.points[asIs].scenario.horizonDays * 24;
  const life = livesOf(outcomes, asIs, horizonHours * HOUR_US);
  const isAttended = ["serviceStarts", "fixedUs"].some((name) => sum(outcomes.totals(asIs, name)) > 0);
  const none: RestartTheory = { cost: () => NaN, best: undefined, ended: life.ended };
  if (isAttended || life.ended < LIVES_MIN || life.hoursNoticed === 0 || hours.length === 0) return none;
  const starved = prices.find(({ response }) => response === "jobsUnprinted")!.amount;
  const hourNoticed = (starved * sum(outcomes.servers(asIs, "jobsUnprinted"))) / life.hoursNoticed;
  const restart = restartPrice(
    plan,
    outcomes,
    hours.map((_, i) => from + i),
    costs,
    starved,
  );
  const cost = (every: number) => {
    if (every === Infinity) return NaN;
    const noticed = every - restrictedMeanTime(life.curve, every * HOUR_US) / HOUR_US;
    return (24 * (restart + hourNoticed * noticed)) / every;
  };
  let best = 1;
  for (let every = 2; every < horizonHours; every++) {
    if (cost(every) < cost(best)) best = every;
  }
  return { cost, best, ended: life.ended };
}

/** Until users noticed, on the servers as they are; censored at the horizon. */
function livesOf(outcomes: HorizonValues, asIs: number, horizonUs: number) {
  const all = outcomes.servers(asIs, "firstSymptomUs");
  const ends = all.filter((at) => at >= 0).sort();
  const open = all.length - ends.length;
  const losses = open === 0 ? [] : [horizonUs];
  return {
    curve: kaplanMeier(tallied(ends), {
      values: Float64Array.from(losses),
      counts: Float64Array.from(losses, () => open),
    }),
    ended: ends.length,
    hoursNoticed: sum(ends.map((at) => horizonUs - at)) / HOUR_US,
  };
}

/** Each value once, and how often it occurs. @param sorted ascending */
function tallied(sorted: Float64Array): { values: Float64Array; counts: Float64Array } {
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { values: Float64Array.from(counts.keys()), counts: Float64Array.from(counts.values()) };
}

/** What a simulated restart cost on the average, starved jobs aside. */
function restartPrice(
  plan: Plan,
  outcomes: HorizonValues,
  places: readonly number[],
  costs: readonly (readonly number[])[],
  starved: number,
): number {
  let [paid, restarts] = [0, 0];
  for (const place of places) {
    const { servers, horizonDays } = plan.points[place].scenario;
    paid += sum(costs[place]) * servers * horizonDays - starved * sum(outcomes.totals(place, "jobsUnprinted"));
    restarts += sum(outcomes.totals(place, "serviceStarts"));
  }
  return restarts === 0 ? 0 : paid / restarts;
}
