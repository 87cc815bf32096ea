/**
 * How many canaries, for how many days, prove the fix: by the sample size of two compound Poisson processes
 * (statistics/compound-poisson.ts), with the rate and the spread of the leak as simulated, and by trial: the judge of
 * the model looks at as many canaries with the fix, and with a service pack that brings none.
 */
import { fewestValues } from "../../statistics/mann-whitney.ts";
import { serversPerArm, upperLimitOfNone } from "../../statistics/compound-poisson.ts";
import { sum } from "../../statistics/estimate.ts";
import type { DesignPoint } from "../experiment/design.ts";
import { derive, type Experiment } from "../experiment/experiment.ts";
import { changed, HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import { cheapestFix, type PolicyCost } from "./policy-costs.ts";
import type { Plan } from "../experiment/plan.ts";

const DAY_US = 86400e6;
const DAYS_TRIED = [1, 2, 3, 7, 14, 28];
/** The judge goes by ranks, which say nothing where most servers have not leaked: it is given days enough for that. */
const LEAKS_TO_JUDGE = 3;
/** More canaries than this are not tried by simulation. */
const CANARIES_MAX = 60;
const TRIALS = 20;
/** Twice as many are tried until the judge passes the fix in this share of the trials. */
const PASSES_WANTED = 0.9;
/** A service pack that is installed like another and leaves this bug as it is. */
const PLACEBO = "sp5";

export interface CanaryAdvice {
  /** Leaks per server-day of servers without the fix, as things are; and the variance of their counts over the mean. */
  readonly leaksPerDay: number;
  readonly dispersion: number;
  /** Server-days without a leak after which 95 % certain that it is not the old rate (the rule of three). */
  readonly quietServerDays: number;
  /** Canaries, as many controls beside them, for so many days; power 0.9 at the level 0.05. Longer needs fewer. */
  readonly rows: readonly { readonly days: number; readonly canaries: number }[];
  /** Or why there was none. */
  readonly trial: CanaryTrial | string;
}

export interface CanaryTrial {
  readonly policy: string;
  readonly days: number;
  readonly canaries: number;
  /** With fewer the judge, who goes by ranks, cannot be as confident as it must be, whatever it sees. */
  readonly canariesMin: number;
  readonly trials: number;
  /** Trials in which the judge passed the fix, and the service pack that brings none. */
  readonly passed: number;
  /** Undefined where the service pack does bring one, or cannot be installed. */
  readonly placeboPassed: number | undefined;
}

interface Known {
  readonly plan: Plan;
  readonly outcomes: HorizonValues;
  readonly asIs: number;
  readonly policies: readonly PolicyCost[];
}

export async function canaryAdvice(experiment: Experiment, executing: Executing, known: Known): Promise<CanaryAdvice> {
  const { plan, outcomes, asIs } = known;
  const { horizonDays } = plan.points[asIs].scenario;
  const { leaksPerDay, dispersion } = leakiness(
    outcomes.servers(asIs, "processorsLeaked"),
    outcomes.servers(asIs, "fixedUs"),
    horizonDays,
  );
  if (leaksPerDay === 0) {
    return { leaksPerDay, dispersion, quietServerDays: Infinity, rows: [], trial: "nothing leaked" };
  }
  const all = DAYS_TRIED.map((days) => {
    return { days, canaries: Math.ceil(serversPerArm(leaksPerDay, 0, days, { sizeDispersion: dispersion })) };
  });
  const rows = all.filter(({ canaries }, i) => i === 0 || canaries < all[i - 1].canaries);
  const quietServerDays = (upperLimitOfNone() * dispersion) / leaksPerDay;
  const judged = all.find(({ days }) => days * leaksPerDay >= LEAKS_TO_JUDGE) ?? all.at(-1)!;
  return { leaksPerDay, dispersion, quietServerDays, rows, trial: await tried(experiment, executing, known, judged) };
}

/** Leaks per day without the fix, and Pearson's dispersion of the servers' counts about it, at least 1. */
function leakiness(leaks: Float64Array, fixedUs: Float64Array, horizonDays: number) {
  const days = fixedUs.map((at) => (at >= 0 ? at / DAY_US : horizonDays));
  const leaky = leaks.map((_, i) => i).filter((i) => days[i] > 0);
  const leaksPerDay = sum(leaky.map((i) => leaks[i])) / Math.max(sum(leaky.map((i) => days[i])), Number.MIN_VALUE);
  if (leaksPerDay === 0 || leaky.length < 2) return { leaksPerDay, dispersion: 1 };
  const squares = leaky.map((i) => {
    const expected = leaksPerDay * days[i];
    return ((leaks[i] - expected) * (leaks[i] - expected)) / expected;
  });
  return { leaksPerDay, dispersion: Math.max(1, sum(squares) / (leaky.length - 1)) };
}

/** The judge's own word on the cheapest policy that fixes every server. */
async function tried(
  experiment: Experiment,
  { progress: _, ...quietly }: Executing,
  { plan, asIs, policies }: Known,
  { days, canaries: computed }: CanaryAdvice["rows"][number],
): Promise<CanaryTrial | string> {
  const { servers } = plan.points[asIs].scenario;
  const fix = cheapestFix(policies, servers * experiment.replications);
  if (fix === undefined) return "no policy brings the fix to every server";
  const point = plan.points[policies.indexOf(fix)];
  const canariesMin = fewestValues(Number(point.scenario.parameters.judgeConfidence));
  let canaries = Math.max(computed, canariesMin);
  if (canaries > CANARIES_MAX) return `it would take more than ${CANARIES_MAX} canaries`;
  let judged = await judgedBy(experiment, quietly, point, canaries, days);
  while (judged.passed < PASSES_WANTED * TRIALS && 2 * canaries <= CANARIES_MAX) {
    canaries *= 2;
    judged = await judgedBy(experiment, quietly, point, canaries, days);
  }
  return { policy: fix.name, days, canaries, canariesMin, trials: TRIALS, ...judged };
}

/** So many canaries and as many controls, patched at once and watched, in fleets of their own. */
async function judgedBy(
  experiment: Experiment,
  executing: Executing,
  point: DesignPoint,
  canaries: number,
  days: number,
): Promise<Pick<CanaryTrial, "passed" | "placeboPassed">> {
  const rollout = {
    canaryServers: canaries,
    canaryDays: days,
    judge: "mann-whitney",
    waveServers: 0,
    patchAtDays: 0,
    windowDays: "every-day",
    windowStartHour: 0,
    windowHours: 24,
    staggerMinutes: 0,
  };
  const extent = { servers: 2 * canaries, horizonDays: days + 1 };
  const points = [rollout, { ...rollout, patchOrder: PLACEBO }].map((settings) => changed(point, settings, extent));
  const plan = await planAtHorizon(derive(experiment, [], { replications: TRIALS }), points);
  const outcomes = await HorizonValues.of(plan, ["canaryPassedUs", "fixedUs", "visitsMade"], executing);
  const passes = (place: number) => outcomes.totals(place, "canaryPassedUs").filter((on) => on > 0).length;
  const isPlacebo = sum(outcomes.totals(1, "fixedUs")) === 0 && sum(outcomes.totals(1, "visitsMade")) > 0;
  return { passed: passes(0), placeboPassed: isPlacebo ? passes(1) : undefined };
}
