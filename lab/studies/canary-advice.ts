/**
 * How many canaries, for how many days, prove the fix. The first answer is the sample size for two compound Poisson
 * processes (statistics/compound-poisson.ts), with the rate and the dispersion of the leak before anything runs out.
 * The second is a trial: the judge of the model decides with that many canaries with the fix, and with a change that
 * fixes nothing. The number of canaries that passed is judged again, in trials that had no part in choosing it.
 */
import type { Upkeep } from "../../models/contract/operations.ts";
import { fewestValues } from "../../statistics/mann-whitney.ts";
import { serversPerArm, upperLimitOfNone } from "../../statistics/compound-poisson.ts";
import { sum } from "../../statistics/estimate.ts";
import type { DesignPoint } from "../experiment/design-point.ts";
import { derive } from "../experiment/override.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { changed, HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import type { Plan } from "../experiment/plan.ts";
import { rateBeforeExhaustion, type LeakRate } from "./outlook.ts";
import { cheapestFix, type PolicyCost } from "./policy-costs.ts";
import { freshSeed } from "./restart-advice.ts";
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
  /** The rate of servers without the fix, under the present policy, before anything runs out. */
  readonly rate: LeakRate;
  /** The server-days without a leak that exclude the old rate with 95 % confidence (the rule of three). */
  readonly quietServerDays: number;
  /**
   * The number of canaries, with as many controls, for a trial of so many days: power 0.9 at the 0.05 level. Longer
   * trials need fewer.
   */
  readonly rows: readonly { readonly days: number; readonly canaries: number }[];
  /** The trial, or the reason why there is none. */
  readonly trial: CanaryTrial | string;
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
  readonly plan: Plan;
  readonly values: HorizonValues;
  readonly asIs: number;
  readonly policies: readonly PolicyCost[];
  readonly upkeep: Upkeep;
}

export async function canaryAdvice(experiment: Experiment, executing: Executing, known: Known): Promise<CanaryAdvice> {
  const rate = rateBeforeExhaustion(known.values, known.asIs, known.upkeep, known.upkeep.leak);
  const { perDay, dispersion } = rate;
  if (perDay === 0) return { rate, quietServerDays: Infinity, rows: [], trial: "nothing leaked" };
  const all = DAYS_TRIED.map((days) => {
    return { days, canaries: Math.ceil(serversPerArm(perDay, 0, days, { sizeDispersion: dispersion })) };
  });
  const rows = all.filter(({ canaries }, i) => i === 0 || canaries < itemAt(all, i - 1).canaries);
  const quietServerDays = (upperLimitOfNone() * dispersion) / perDay;
  const judged = all.find(({ days }) => days * perDay >= LEAKS_TO_JUDGE) ?? all.at(-1)!;
  return { rate, quietServerDays, rows, trial: await tried(experiment, executing, known, judged) };
}

/** Tries the judge on the cheapest policy that fixes every server. */
async function tried(
  experiment: Experiment,
  { progress: _, ...quietly }: Executing,
  { plan, policies, upkeep }: Known,
  { days, canaries: computed }: CanaryAdvice["rows"][number],
): Promise<CanaryTrial | string> {
  const fix = cheapestFix(policies);
  if (fix === undefined) return "no compared policy installs the fix on every server while it is simulated";
  const point = itemAt(plan.points, policies.indexOf(fix));
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

/** Simulates fleets of so many canaries and as many controls, all changed at once and observed. */
async function judgedBy(
  experiment: Experiment,
  executing: Executing,
  point: DesignPoint,
  { canaries: { settings, placebo, passed, made }, fixed }: Upkeep,
  canaries: number,
  days: number,
): Promise<Pick<CanaryTrial, "passed" | "placeboPassed">> {
  const rollout = settings(canaries, days);
  const extent = { servers: 2 * canaries, horizonDays: days + 1 };
  const points = [rollout, { ...rollout, ...placebo }].map((settings) => changed(point, settings, extent));
  const plan = await planAtHorizon(derive(experiment, [], { replications: TRIALS }), points);
  const values = await HorizonValues.of(plan, [passed, fixed, made], executing);
  const passes = (pointIndex: number) => values.totals(pointIndex, passed).filter((on) => on > 0).length;
  const isPlacebo = sum(values.totals(1, fixed)) === 0 && sum(values.totals(1, made)) > 0;
  return { passed: passes(0), placeboPassed: isPlacebo ? passes(1) : undefined };
}
