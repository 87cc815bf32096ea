/**
 * Advice: which of the policies that an experiment compares is the cheapest, and what would change that.
 *
 * All policies meet the same random numbers, and each is priced (prices.ts); the level that the experiment compares
 * with is how things are. Then four questions of whoever must decide: at which prices another policy is the cheapest,
 * how often to restart if one must wait (restart-advice.ts), how many canaries prove the fix (canary-advice.ts), and
 * whether it pays to observe for another week (observation-advice.ts).
 */
import { aboveBest } from "../../statistics/best-of-several.ts";
import { meanEstimate, sum } from "../../statistics/estimate.ts";
import { canaryAdvice, type CanaryAdvice } from "./canary-advice.ts";
import { designPoints, type DesignPoint } from "../experiment/design.ts";
import { variedBy, type Experiment } from "../experiment/experiment.ts";
import { observationAdvice, worldsOf, type ObservationAdvice, type World } from "./observation-advice.ts";
import { changed, HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import { levelsText, replayCommand } from "../experiment/point-selector.ts";
import { cheapestFix, costsOf, type PolicyCost } from "./policy-costs.ts";
import { breakEvens, type BreakEven, type Price } from "./prices.ts";
import { restartAdvice, restartHoursOf, type RestartAdvice } from "./restart-advice.ts";
import { planResults, responsesOf, type Plan } from "../experiment/plan.ts";
import { UserError } from "../user-error.ts";

export interface AdviceOptions extends Executing {
  /** The design point whose other factors are looked at. */
  readonly point: DesignPoint;
  readonly prices: readonly Price[];
  /** The assumption that is not known, and what it may be; said as name=value:weight,value:weight. */
  readonly unknown: string;
}

export interface Advice {
  readonly experiment: string;
  /** The levels of the other factors, as they are said. */
  readonly at: string;
  readonly servers: number;
  readonly horizonDays: number;
  readonly replications: number;
  readonly prices: readonly Price[];
  readonly policies: readonly PolicyCost[];
  /** Places in `policies`: how things are, and what costs least. */
  readonly asIs: number;
  readonly best: number;
  readonly breakEvens: readonly BreakEven[];
  /** The cheapest policy that is done once, and after how many days the best one, which goes on, has cost as much. */
  readonly payback: { readonly policy: number; readonly days: number } | undefined;
  readonly restarts: RestartAdvice;
  readonly canaries: CanaryAdvice;
  readonly observation: ObservationAdvice;
}

/** What advice reads beside the prices' responses. */
const NEEDED = ["serviceStarts", "fixedUs", "processorsLeaked", "firstSymptomUs", "canaryPassedUs"];

/** @throws UserError for an experiment that compares no policies */
export async function adviceOn(experiment: Experiment, options: AdviceOptions): Promise<Advice> {
  const { prices, point } = options;
  const { compare } = experiment;
  if (compare === undefined) {
    throw new UserError(
      `${experiment.name} compares nothing; advice is about an experiment that compares policies ` +
        "with how things are, such as restart-or-patch",
    );
  }
  const others = JSON.stringify(withoutKey(point.levels, compare.factor));
  const points = (await designPoints(experiment)).filter(
    ({ levels }) => JSON.stringify(withoutKey(levels, compare.factor)) === others,
  );
  const asIs = points.findIndex(({ levels }) => levels[compare.factor] === compare.baseline);
  if (asIs === -1 || points.length < 2) {
    throw new UserError(`${experiment.name} has nothing to compare ${levelsText(point)} with`);
  }
  const { servers, horizonDays } = points[asIs].scenario;

  // Everything that can be asked at once is simulated at once: policies in each world, and intervals of restarts.
  const bases = await planResults(experiment, points, replayCommand);
  refuseWithoutResponses(bases, prices);
  const worlds = worldsOf(options.unknown, bases.points[asIs]);
  refuseDecided(experiment, worlds);
  const hours = restartHoursOf(horizonDays);
  const asked = [
    ...points,
    ...worlds.flatMap(({ setting, isAssumed }) => (isAssumed ? [] : points.map((one) => changed(one, setting)))),
    ...hours.map((every) => changed(points[asIs], { restartEveryHours: every })),
  ];
  const plan = await planAtHorizon(experiment, asked);
  const names = [...new Set([...prices.map(({ response }) => response), ...NEEDED])];
  const outcomes = await HorizonValues.of(plan, names, options);

  const costs = asked.map((_, i) => costsOf(plan, outcomes, i, prices));
  const own = costs.slice(0, points.length);
  const above = aboveBest(own.map(({ perReplication }) => perReplication));
  const policies = points.map(
    (one, i): PolicyCost => ({
      name: one.levels[compare.factor],
      quantities: own[i].quantities,
      cost: meanEstimate(own[i].perReplication),
      above: above[i],
      lostPrinters: sum(outcomes.totals(i, "printersLostUs")),
      fixed: sum(outcomes.totals(i, "fixedUs")),
    }),
  );
  const means = policies.map(({ cost }) => cost.value);
  const best = means.indexOf(Math.min(...means));
  const restartsFrom = asked.length - hours.length;
  return {
    experiment: experiment.name,
    at: levelsText({ ...point, levels: withoutKey(point.levels, compare.factor) }),
    servers,
    horizonDays,
    replications: experiment.replications,
    prices,
    policies,
    asIs,
    best,
    breakEvens: breakEvens(
      prices,
      own.map(({ quantities }) => quantities.map(({ value }) => value)),
      best,
    ),
    payback: paybackOf(policies, policies[best], { servers: servers * experiment.replications, horizonDays }),
    restarts: await restartAdvice(experiment, options, prices, {
      plan,
      outcomes,
      asIs,
      hours,
      from: restartsFrom,
      costs: costs.map(({ perReplication }) => perReplication),
    }),
    canaries: await canaryAdvice(experiment, options, { plan, outcomes, asIs, policies }),
    observation: observationAdvice(plan, outcomes, { asIs, worlds, policies: points.length, costs }),
  };
}

/** Taking it that a fix, once it is everywhere, costs no more. */
function paybackOf(
  policies: readonly PolicyCost[],
  best: PolicyCost,
  { servers, horizonDays }: { servers: number; horizonDays: number },
): Advice["payback"] {
  const fix = cheapestFix(policies, servers);
  if (fix === undefined || fix === best || best.fixed > 0 || best.cost.value === 0) return undefined;
  return { policy: policies.indexOf(fix), days: (fix.cost.value * horizonDays) / best.cost.value };
}

function refuseWithoutResponses(plan: Plan, prices: readonly Price[]): void {
  const known = responsesOf(plan).map(({ name }) => name);
  const missing = [...prices.map(({ response }) => response), ...NEEDED].find((name) => !known.includes(name));
  if (missing === undefined) return;
  const { model } = plan.points[0].scenario;
  throw new UserError(
    `${plan.experiment.name} simulates ${model}, which has no response ${missing}; ` +
      "advice is about fleets that somebody attends to, such as those of print-servers",
  );
}

/** What a factor varies is decided, not unknown. */
function refuseDecided(experiment: Experiment, [{ setting }]: readonly World[]): void {
  const [name] = Object.keys(setting);
  const by = variedBy(experiment, `parameters.${name}`);
  if (by !== undefined) throw new UserError(`--unknown ${name}: ${by} varies it; say an assumption`);
}

function withoutKey(levels: DesignPoint["levels"], key: string): DesignPoint["levels"] {
  return Object.fromEntries(Object.entries(levels).filter(([name]) => name !== key));
}
