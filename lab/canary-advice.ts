/**
 * How many canaries, for how many days, prove the fix: by the sample size of two compound Poisson processes
 * (statistics/compound-poisson.ts), with the rate and the spread of the leak as simulated, and by trial: the judge of
 * the model looks at as many canaries with the fix, and with a service pack that brings none.
 */
import { fewestValues } from "../statistics/mann-whitney.ts";
import { serversPerArm, upperLimitOfNone } from "../statistics/compound-poisson.ts";
import { mean, sum, variance } from "../statistics/estimate.ts";
import { derive, type Experiment } from "./experiment.ts";
import { changed, Outcomes, planAtHorizon, type Executing } from "./outcomes.ts";
import { cheapestFix, type PolicyCost } from "./policy-costs.ts";
import type { Plan } from "./tables.ts";

const DAYS_TRIED = [1, 2, 3, 7];
/** More canaries than this are not tried by simulation. */
const CANARIES_MAX = 60;
const TRIALS = 20;
/** A service pack that is installed like another and leaves this bug as it is. */
const PLACEBO = "sp5";

export interface CanaryAdvice {
  /** Leaks per server-day of the fleet as it is, and the variance of a server's count over its mean. */
  readonly leaksPerDay: number;
  readonly dispersion: number;
  /** Server-days without a leak after which 95 % certain that it is not the old rate (the rule of three). */
  readonly quietServerDays: number;
  /** Canaries, as many controls beside them, for so many days; power 0.9 at the level 0.05. */
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
  readonly outcomes: Outcomes;
  readonly asIs: number;
  readonly policies: readonly PolicyCost[];
}

export async function canaryAdvice(
  experiment: Experiment, executing: Executing, known: Known,
): Promise<CanaryAdvice> {
  const { plan, outcomes, asIs } = known;
  const { horizonDays } = plan.points[asIs].scenario;
  const leaks = outcomes.servers(asIs, "processorsLeaked");
  const leaksPerDay = mean(leaks) / horizonDays;
  const dispersion = leaksPerDay === 0 || leaks.length < 2 ? 1 : Math.max(1, variance(leaks) / mean(leaks));
  if (leaksPerDay === 0) {
    return { leaksPerDay, dispersion, quietServerDays: Infinity, rows: [], trial: "nothing leaked" };
  }
  const rows = DAYS_TRIED.map((days) => {
    return { days, canaries: Math.ceil(serversPerArm(leaksPerDay, 0, days, { sizeDispersion: dispersion })) };
  });
  const quietServerDays = (upperLimitOfNone() * dispersion) / leaksPerDay;
  return { leaksPerDay, dispersion, quietServerDays, rows, trial: await tried(experiment, executing, known, rows) };
}

/** The judge's own word on the cheapest policy that fixes every server, for the days that need the fewest canaries. */
async function tried(
  experiment: Experiment, { progress: _, ...quietly }: Executing, { plan, asIs, policies }: Known,
  rows: CanaryAdvice["rows"],
): Promise<CanaryTrial | string> {
  const { servers } = plan.points[asIs].scenario;
  const fix = cheapestFix(policies, servers * experiment.replications);
  if (fix === undefined) return "no policy brings the fix to every server";
  const point = plan.points[policies.indexOf(fix)];
  const { days, canaries: computed } = rows.at(-1)!;
  const canariesMin = fewestValues(Number(point.scenario.parameters.judgeConfidence));
  const canaries = Math.max(computed, canariesMin);
  if (canaries > CANARIES_MAX) return `it would take more than ${CANARIES_MAX} canaries`;
  const rollout = {
    canaryServers: canaries, canaryDays: days, judge: "mann-whitney", waveServers: 0, patchAtDays: 0,
    windowDays: "every-day", windowStartHour: 0, windowHours: 24, staggerMinutes: 0,
  };
  const extent = { servers: 2 * canaries, horizonDays: days + 1 };
  const points = [rollout, { ...rollout, patchOrder: PLACEBO }].map((settings) => changed(point, settings, extent));
  const trialPlan = await planAtHorizon(derive(experiment, [], { replications: TRIALS }), points);
  const outcomes = await Outcomes.of(trialPlan, ["canaryPassedUs", "fixedUs", "visitsMade"], quietly);
  const passes = (place: number) => outcomes.totals(place, "canaryPassedUs").filter((on) => on > 0).length;
  const isPlacebo = sum(outcomes.totals(1, "fixedUs")) === 0 && sum(outcomes.totals(1, "visitsMade")) > 0;
  return {
    policy: fix.name,
    days,
    canaries,
    canariesMin,
    trials: TRIALS,
    passed: passes(0),
    placeboPassed: isPlacebo ? passes(1) : undefined,
  };
}
