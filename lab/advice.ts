/**
 * Advice: which of the policies that an experiment compares is the cheapest, and what would change that.
 *
 * All policies meet the same random numbers, and each is priced (prices.ts); the level that the experiment compares
 * with is how things are. Then four questions of whoever must decide: at which prices another policy is the cheapest,
 * how often to restart if one must wait (restart-advice.ts), how many canaries prove the fix (canary-advice.ts), and
 * whether it pays to observe for another week (observation-advice.ts).
 */
import type { Setting } from "../models/model.ts";
import { aboveBest, type AboveBest } from "../statistics/best-of-several.ts";
import { meanEstimate, sum, type Estimate } from "../statistics/estimate.ts";
import { canaryAdvice, type CanaryAdvice } from "./canary-advice.ts";
import { designPoints, families, type DesignPoint } from "./design.ts";
import type { Experiment } from "./experiment.ts";
import { observationAdvice, worldsOf, type ObservationAdvice } from "./observation-advice.ts";
import { Outcomes, type Executing } from "./outcomes.ts";
import { levelsText, replayCommand } from "./places.ts";
import { breakEvens, type BreakEven, type Price } from "./prices.ts";
import { restartAdvice, restartHoursOf, type RestartAdvice } from "./restart-advice.ts";
import { planResults, responsesOf, type Plan } from "./tables.ts";
import { UserError } from "./user-error.ts";

export interface AdviceOptions extends Executing {
  /** The design point whose other factors are looked at. */
  readonly point: DesignPoint;
  readonly prices: readonly Price[];
  /** The assumption that is not known, and what it may be; said as name=value:weight,value:weight. */
  readonly unknown: string;
}

/** What a policy takes, per server-day. */
export interface PolicyCost {
  readonly name: string;
  /** In the order of the prices: of each response as much as is paid for at a time. */
  readonly quantities: readonly Estimate[];
  readonly cost: Estimate;
  readonly above: AboveBest;
  /** Servers of all replications that lost their printers, and that were fixed. */
  readonly lostPrinters: number;
  readonly fixed: number;
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
      `${experiment.name} compares nothing; advice is about an experiment that compares policies with how things are, ` +
        "such as restart-or-patch",
    );
  }
  const family = families(await designPoints(experiment), compare)
    .find((pairs) => pairs.flat().some(({ index }) => index === point.index));
  if (family === undefined) throw new UserError(`${levelsText(point)} is not compared with ${compare.baseline}`);
  const points = [...new Set(family.flat())];
  const asIs = points.findIndex(({ levels }) => levels[compare.factor] === compare.baseline);
  const { servers, horizonDays } = points[asIs].scenario;

  // Everything that can be asked at once is simulated at once: policies in each world, and intervals of restarts.
  const bases = await planResults(experiment, points, replayCommand);
  refuseWithoutResponses(bases, prices);
  const worlds = worldsOf(options.unknown, bases.points[asIs]);
  const hours = restartHoursOf(horizonDays);
  const asked = [
    ...points,
    ...worlds.flatMap(({ setting, isAssumed }) => (isAssumed ? [] : points.map((one) => changed(one, setting)))),
    ...hours.map((every) => changed(points[asIs], { restartEveryHours: every })),
  ];
  const plan = await planOf(experiment, asked);
  const names = [...new Set([...prices.map(({ response }) => response), ...NEEDED])];
  const outcomes = await Outcomes.of(plan, names, options);

  const costs = asked.map((_, i) => costsOf(plan, outcomes, i, prices));
  const own = costs.slice(0, points.length);
  const above = aboveBest(own.map(({ perReplication }) => perReplication));
  const policies = points.map((one, i): PolicyCost => ({
    name: one.levels[compare.factor],
    quantities: own[i].quantities,
    cost: meanEstimate(own[i].perReplication),
    above: above[i],
    lostPrinters: sum(outcomes.totals(i, "printersLostUs")),
    fixed: sum(outcomes.totals(i, "fixedUs")),
  }));
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
    breakEvens: breakEvens(prices, own.map(({ quantities }) => quantities.map(({ value }) => value)), best),
    restarts: restartAdvice(plan, outcomes, prices, {
      asIs, hours, from: restartsFrom, costs: costs.map(({ perReplication }) => perReplication),
    }),
    canaries: await canaryAdvice(experiment, options, { plan, outcomes, asIs, policies }),
    observation: observationAdvice(plan, outcomes, { asIs, worlds, policies: points.length, costs }),
  };
}

/** What a design point takes, per server-day: of each price's response, and in all, replication by replication. */
export interface Costs {
  readonly quantities: readonly Estimate[];
  readonly perReplication: readonly number[];
}

export function costsOf({ points }: Plan, outcomes: Outcomes, point: number, prices: readonly Price[]): Costs {
  const { servers, horizonDays } = points[point].scenario;
  const totals = prices.map(({ response }) => outcomes.totals(point, response));
  const perDay = servers * horizonDays;
  return {
    quantities: prices.map(({ size }, k) => meanEstimate(totals[k], perDay * size)),
    perReplication: Array.from(totals[0], (_, replication) =>
      prices.reduce((all, { amount, size }, k) => all + (amount * totals[k][replication]) / (perDay * size), 0)),
  };
}

/** The design point with other settings of its model. */
export function changed(
  point: DesignPoint, settings: Readonly<Record<string, Setting>>, extent: { servers?: number; horizonDays?: number } = {},
): DesignPoint {
  const { scenario } = point;
  return { ...point, scenario: { ...scenario, ...extent, parameters: { ...scenario.parameters, ...settings } } };
}

/** A plan of these points, which are sampled at the horizon only. */
export async function planOf(experiment: Experiment, points: readonly DesignPoint[]): Promise<Plan> {
  const { until: _, ...counted } = experiment;
  return planResults(counted, points.map((point, index) => ({
    ...point, index, scenario: { ...point.scenario, sampleEveryHours: point.scenario.horizonDays * 24 },
  })), replayCommand);
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

function withoutKey(levels: DesignPoint["levels"], key: string): DesignPoint["levels"] {
  return Object.fromEntries(Object.entries(levels).filter(([name]) => name !== key));
}
