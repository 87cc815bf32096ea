/**
 * How often to restart if one must wait: by simulation of intervals, and by theory.
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
import { aboveBest, type AboveBest } from "../statistics/best-of-several.ts";
import { meanEstimate, sum, type Estimate } from "../statistics/estimate.ts";
import { kaplanMeier, restrictedMeanTime } from "../statistics/survival.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Price } from "./prices.ts";
import type { Plan } from "./tables.ts";

const HOUR_US = 3600e6;
const HOURS_TRIED = [6, 12, 24, 48, 96, 168, 336];
/** With fewer lives that ended, the curve says little. */
const LIVES_MIN = 5;

export interface RestartAdvice {
  /** The last row is that of never. */
  readonly rows: readonly {
    /** Infinity for never. */
    readonly hours: number;
    /** Per server-day. */
    readonly cost: Estimate;
    readonly above: AboveBest;
    /** NaN where there is none. */
    readonly theory: number;
  }[];
  /** Places in `rows`. */
  readonly best: number;
  /** Of theory; undefined where there is none. */
  readonly bestInTheory: number | undefined;
  /** Lives of unattended servers that ended, of how many. */
  readonly ended: number;
  readonly lives: number;
}

/** The intervals that are tried: those below the horizon [h]. */
export function restartHoursOf(horizonDays: number): number[] {
  return HOURS_TRIED.filter((hours) => hours < horizonDays * 24);
}

interface Simulated {
  readonly asIs: number;
  readonly hours: readonly number[];
  /** The design point of the first interval. */
  readonly from: number;
  /** Of each design point, per server-day, replication by replication. */
  readonly costs: readonly (readonly number[])[];
}

export function restartAdvice(
  plan: Plan, outcomes: Outcomes, prices: readonly Price[], { asIs, hours, from, costs }: Simulated,
): RestartAdvice {
  const places = [...hours.map((_, i) => from + i), asIs];
  const above = aboveBest(places.map((place) => costs[place]));
  const life = livesOf(plan, outcomes, asIs);
  const isTheory = life.isUnattended && life.ended >= LIVES_MIN;
  const starved = prices.find(({ response }) => response === "jobsStarved")!.amount;
  const hourNoticed = isTheory ? (starved * sum(outcomes.servers(asIs, "jobsStarved"))) / life.hoursNoticed : 0;
  const restart = restartPrice(plan, outcomes, places.slice(0, -1), costs, starved);
  const theory = (every: number) => {
    const noticed = every - restrictedMeanTime(life.curve, every * HOUR_US) / HOUR_US;
    return (24 * (restart + hourNoticed * noticed)) / every;
  };
  const rows = places.map((place, i) => {
    const every = hours[i] ?? Infinity;
    return {
      hours: every,
      cost: meanEstimate(costs[place]),
      above: above[i],
      theory: isTheory && every < Infinity ? theory(every) : NaN,
    };
  });
  const least = (values: readonly number[]) => values.indexOf(Math.min(...values));
  const inTheory = rows.slice(0, -1).map((row) => row.theory);
  return {
    rows,
    best: least(rows.map(({ cost }) => cost.value)),
    bestInTheory: isTheory && inTheory.length > 0 ? least(inTheory) : undefined,
    ended: life.ended,
    lives: life.lives,
  };
}

/** Until users noticed, on the servers as they are; censored at the horizon. */
function livesOf(plan: Plan, outcomes: Outcomes, asIs: number) {
  const horizonUs = plan.points[asIs].scenario.horizonDays * 24 * HOUR_US;
  const all = outcomes.servers(asIs, "firstSymptomUs");
  const ends = all.filter((at) => at >= 0).sort();
  const open = all.length - ends.length;
  const counted = (values: Float64Array, count: number) => ({ values, counts: values.map(() => count) });
  const losses = open === 0 ? counted(new Float64Array(0), 0) : counted(Float64Array.of(horizonUs), open);
  const isUnattended = ["serviceStarts", "fixedUs"].every((name) => sum(outcomes.totals(asIs, name)) === 0);
  return {
    curve: kaplanMeier(tallied(ends), losses),
    ended: ends.length,
    lives: all.length,
    hoursNoticed: sum(ends.map((at) => horizonUs - at)) / HOUR_US,
    isUnattended,
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
  plan: Plan, outcomes: Outcomes, places: readonly number[], costs: readonly (readonly number[])[], starved: number,
): number {
  let [paid, restarts] = [0, 0];
  for (const place of places) {
    const { servers, horizonDays } = plan.points[place].scenario;
    paid += sum(costs[place]) * servers * horizonDays - starved * sum(outcomes.totals(place, "jobsStarved"));
    restarts += sum(outcomes.totals(place, "serviceStarts"));
  }
  return restarts === 0 ? 0 : paid / restarts;
}
