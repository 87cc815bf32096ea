/**
 * How many canaries, for how many days, prove the fix. The first answer is the sample size for two compound Poisson
 * processes (statistics/compound-poisson.ts), with the dispersion of the leak before anything runs out. The second is a
 * trial: the judge of the model decides with that many canaries with the fix, and with a change that fixes nothing. The
 * number of canaries that passed is judged again, in trials that had no part in choosing it.
 *
 * On a weekend a server may not leak at all, so so many days count as the quietest stretch of so many days of the
 * simulated week. This holds for a trial that begins at any hour: if leaks have the same hours on every day, such a
 * stretch is a weighted mean of the two that begin at the midnights before and after.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import type { Response } from "../../models/contract/responses.ts";
import { fewestValues } from "../../statistics/mann-whitney.ts";
import { serversPerArm, upperLimitOfNone } from "../../statistics/compound-poisson.ts";
import { sum } from "../../statistics/estimate.ts";
import { changed, type PlannedPoint } from "../experiment/design-point.ts";
import { derive } from "../experiment/override.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import { rateBeforeExhaustion, type LeakRate } from "./outlook.ts";
import { cheapestFix, type PolicyCost } from "./policy-costs.ts";
import { freshSeed } from "./policy-runs.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";

const DAYS_TRIED = [1, 2, 3, 7, 14, 28];
/**
 * The judge compares ranks, which show nothing while most servers have no leak; it is given enough days for this many.
 */
const LEAKS_TO_JUDGE = 3;
/** The largest number of canaries tried by simulation. */
const CANARIES_MAX = 60;
const TRIALS = 20;
/** The number of canaries is doubled until the judge passes the fix in this share of the trials. */
const PASSES_WANTED = 0.9;
export interface CanaryAdvice {
  /** The leak by which canaries are judged. */
  readonly leak: Pick<Response, "name" | "label">;
  /** The rate of servers without the fix, under the present policy, before anything runs out. */
  readonly rate: LeakRate;
  /** The share of servers that do not have the fix at the start: canaries and controls are of these. */
  readonly unfixedShare: number;
  /** Whether a whole week was simulated, so that trials may begin on any day of it. */
  readonly isWeekSeen: boolean;
  /**
   * The number of canaries that exclude the old rate with 95 % confidence (the rule of three) if none of them leaks.
   * Longer trials need fewer.
   */
  readonly quiet: readonly CanaryRow[];
  /** The number of canaries, with as many controls: power 0.9 at the 0.05 level. Longer trials need fewer. */
  readonly rows: readonly CanaryRow[];
  /** The trial, or the reason why there is none. */
  readonly trial: CanaryTrial | string;
}

/** So many canaries, for a trial of so many days that begins at any time. */
export interface CanaryRow {
  readonly days: number;
  readonly canaries: number;
}

export interface CanaryTrial {
  readonly policy: string;
  readonly days: number;
  readonly canaries: number;
  /** With fewer canaries, the rank test cannot reach the required confidence, whatever it observes. */
  readonly canariesMin: number;
  readonly trials: number;
  /** The number of trials in which the judge passed the fix, and a change without effect. */
  readonly passed: number;
  /** Undefined if that change does have an effect, or is not available. */
  readonly placeboPassed: number | undefined;
}

interface Known {
  readonly values: HorizonValues;
  readonly asIs: number;
  /** The design point of the present policy with restarts so often that it leaks on every day as on a fresh server. */
  readonly restarted: number;
  /** The design points of the policies. */
  readonly points: readonly PlannedPoint[];
  readonly policies: readonly PolicyCost[];
  readonly upkeep: Upkeep;
}

export async function canaryAdvice(experiment: Experiment, executing: Executing, known: Known): Promise<CanaryAdvice> {
  const rate = rateBeforeExhaustion(known.values, known.asIs, known.upkeep, known.upkeep.leak);
  const { perDay, dispersion } = rate;
  const week = weekOf(known, perDay);
  const fixed = known.values.servers(known.asIs, known.upkeep.fixed);
  const unfixedShare = fixed.filter((at) => at !== 0).length / fixed.length;
  const leak = itemAt(known.points, 0).resolved.model.responses.find(({ name }) => name === known.upkeep.leak)!;
  const none = { leak, rate, unfixedShare, isWeekSeen: week.length === DAYS_PER_WEEK };
  if (perDay === 0) return { ...none, quiet: [], rows: [], trial: "nothing leaked" };
  const leaksIn = (days: number) => leastOf(week, days);
  const sizeOf = (days: number) => serversPerArm(leaksIn(days) / days, 0, days, { sizeDispersion: dispersion });
  const tried = DAYS_TRIED.filter((days) => leaksIn(days) > 0);
  const rowsOf = (canariesFor: (days: number) => number) => {
    const all = tried.map((days) => ({ days, canaries: Math.ceil(canariesFor(days)) }));
    return all.filter(({ canaries }, i) => i === 0 || canaries < itemAt(all, i - 1).canaries);
  };
  const days = tried.find((one) => leaksIn(one) >= LEAKS_TO_JUDGE) ?? itemAt(DAYS_TRIED, DAYS_TRIED.length - 1);
  return {
    ...none,
    quiet: rowsOf((days) => (upperLimitOfNone() * dispersion) / leaksIn(days)),
    rows: rowsOf(sizeOf),
    trial: await judgeTrial(experiment, executing, known, { days, canaries: Math.ceil(sizeOf(days)) }),
  };
}

/**
 * The leaks of an unfixed server on each day of the simulated week, or on the first days of it if no more were
 * simulated before every server had the fix. If samples are more than a day apart, the last day has all leaks of the
 * week: no shorter stretch is sure to have any.
 */
function weekOf({ values, restarted, upkeep }: Known, perDay: number): readonly number[] {
  const times = values.times(restarted);
  const simulated = Math.floor(times.at(-1)! / US_PER_DAY);
  const days = simulated < DAYS_PER_WEEK ? simulated : simulated - (simulated % DAYS_PER_WEEK);
  const fixed = values.servers(restarted, upkeep.fixed);
  const week = Array.from({ length: Math.min(days, DAYS_PER_WEEK) }, () => ({ leaks: 0, serverDays: 0 }));
  let before: Float64Array = new Float64Array(fixed.length);
  for (let day = 0; day < days; day++) {
    const midnight = (day + 1) * US_PER_DAY;
    const sample = times.indexOf(midnight);
    const leaks = sample < 0 ? before : values.servers(restarted, upkeep.leak, sample);
    const one = itemAt(week, day % DAYS_PER_WEEK);
    for (const [server, at] of fixed.entries()) {
      if (at < midnight) continue;
      one.leaks += itemAt(leaks, server) - itemAt(before, server);
      one.serverDays++;
    }
    before = leaks;
  }
  const unseen = week.findIndex(({ serverDays }) => serverDays === 0);
  const seen = unseen < 0 ? week : week.slice(0, unseen);
  const means = seen.map(({ leaks, serverDays }) => leaks / serverDays);
  return sum(means) === 0 ? [perDay] : means;
}

/** The sum over so many days of a week that comes again and again, from its least favourable day on. */
function leastOf(week: readonly number[], days: number): number {
  const from = (first: number) => Array.from({ length: days }, (_, i) => itemAt(week, (first + i) % week.length));
  return Math.min(...week.map((_, first) => sum(from(first))));
}

/** Tries the judge on the cheapest policy that fixes every server. */
async function judgeTrial(
  experiment: Experiment,
  { progress: _, ...quietly }: Executing,
  { points, policies, upkeep }: Known,
  { days, canaries: computed }: CanaryRow,
): Promise<CanaryTrial | string> {
  // Servers that have the fix from the start get no change that could be tried.
  const isChange = (i: number) => upkeep.canaries.wanted?.(itemAt(points, i).resolved.values) !== 0;
  const fix = cheapestFix(policies.filter((_, i) => isChange(i)));
  if (fix === undefined) return "no compared policy of which a year is known installs a fix on every server";
  const point = itemAt(points, policies.indexOf(fix));
  const canariesMin = fewestValues(Number(point.scenario.parameters[upkeep.canaries.confidence]));
  let canaries = Math.max(computed, canariesMin);
  if (canaries > CANARIES_MAX) return `it would take more than ${CANARIES_MAX} canaries`;
  let chosen = await judgedBy(experiment, quietly, point, upkeep, canaries, days);
  while (chosen.passed < PASSES_WANTED * TRIALS && 2 * canaries <= CANARIES_MAX) {
    canaries *= 2;
    chosen = await judgedBy(experiment, quietly, point, upkeep, canaries, days);
  }
  const fresh = derive(experiment, [], { seed: freshSeed(experiment) });
  const judged = await judgedBy(fresh, quietly, point, upkeep, canaries, days);
  return { policy: fix.name, days, canaries, canariesMin, trials: TRIALS, ...judged };
}

/**
 * Simulates fleets of so many canaries and as many controls, none of which has the fix at the start; all canaries are
 * changed at once, and both are observed.
 */
async function judgedBy(
  experiment: Experiment,
  executing: Executing,
  point: PlannedPoint,
  { canaries: { settings, unfixed, placebo, passed, made }, fixed }: Upkeep,
  canaries: number,
  days: number,
): Promise<Pick<CanaryTrial, "passed" | "placeboPassed">> {
  const rollout = { ...unfixed?.(point.resolved.values), ...settings(canaries, days) };
  const extent = { servers: 2 * canaries, horizonDays: days + 1 };
  const points = [rollout, { ...rollout, ...placebo }].map((settings) => changed(point, settings, extent));
  const plan = await planAtHorizon(derive(experiment, [], { replications: TRIALS }), points);
  const values = await HorizonValues.of(plan, [passed, fixed, made], executing);
  const passes = (pointIndex: number) => values.totals(pointIndex, passed).filter((on) => on > 0).length;
  const isPlacebo = sum(values.totals(1, fixed)) === 0 && sum(values.totals(1, made)) > 0;
  return { passed: passes(0), placeboPassed: isPlacebo ? passes(1) : undefined };
}
