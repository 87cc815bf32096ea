/**
 * Advice: which of the policies that an experiment compares is the cheapest for a fleet, and what would change that.
 *
 * All policies are simulated on the same random numbers, and a year of each is priced (policy-costs.ts,
 * policy-fate.ts). The baseline is the present policy. A mixed fleet gets one verdict, and each of its parts another.
 * The chosen policy is priced again on fresh replications, which had no part in the choice. With a posterior
 * (posterior-worlds.ts), the cost of a year is the mean over its worlds, and the chosen policy is priced again in other
 * worlds. Then follow the questions of an operator: at which prices another policy becomes the cheapest, how often to
 * restart if one must wait (restart-advice.ts), how many canaries prove the fix (canary-advice.ts), and whether
 * observing for a week pays (observation-advice.ts).
 */
import type { Settings } from "../../models/contract/parameters.ts";
import { sum } from "../../statistics/estimate.ts";
import type { Executing } from "../analysis/horizon-values.ts";
import type { DesignPoint, PlannedPoint } from "../experiment/design-point.ts";
import { variedBy, type Experiment, type Level } from "../experiment/experiment.ts";
import { derive } from "../experiment/override.ts";
import { planResults, type Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { argument, UserError } from "../user-error.ts";
import { canaryAdvice, type CanaryAdvice } from "./canary-advice.ts";
import { partsOf, refuseDecided, refuseUndecided, type FleetPart } from "./fleet-parts.ts";
import { observationAdvice, worldsOf, type ObservationAdvice, type World } from "./observation-advice.ts";
import {
  drawnWorlds,
  planPart,
  replicationsOfWorld,
  restartedEvery,
  simulatePart,
  withPolicy,
  yearsOf,
  type PlannedPart,
  type PolicyContext,
  type SimulatedPart,
} from "./policy-runs.ts";
import { refuseContradictory, type PosteriorWorlds } from "./posterior-worlds.ts";
import { policyYear } from "./policy-costs.ts";
import { pricesOf, type Price } from "./prices.ts";
import { intervalName, restartAdvice, type RestartAdvice } from "./restart-advice.ts";
import { isCheaper, Judge, type Verdict } from "./verdict.ts";

export interface AdviceOptions extends Executing {
  /** Levels of the other factors, as factor=level,factor=level. */
  readonly at: string;
  /** Changed prices, as name=amount. */
  readonly prices: readonly string[];
  /** Prices from a list, by name. */
  readonly listed?: ReadonlyMap<string, number> | undefined;
  /** The unknown assumption and its possible values, as name=value:weight,value:weight. */
  readonly unknown?: string | undefined;
  /** The posterior of a calibration; it replaces the assumed values and the unknown assumption. */
  readonly posterior?: PosteriorWorlds | undefined;
  /** The day on which the servers were started afresh, counted from 1 January 1970. */
  readonly startDay?: number | undefined;
  /** The fleet size for which sums are given [servers; default: the simulated servers]. */
  readonly fleetServers?: number | undefined;
  /** Called before the first run. */
  readonly before?: (work: Work) => void;
}

/** The work known in advance; more may follow from its results. */
export interface Work {
  readonly designPoints: number;
  readonly serverDays: number;
}

export interface Advice {
  readonly experiment: string;
  /** The levels of the other factors. */
  readonly at: string;
  /**
   * What the scenario says of all servers; everything else has its default. What a factor or the worlds of the
   * posterior decide is not among them.
   */
  readonly settings: Settings;
  /** The policies whose name does not say what they set. */
  readonly levels: readonly Level[];
  readonly horizonDays: number;
  readonly replications: number;
  /** The day from which days are counted, from 1 January 1970, if known. */
  readonly startDay?: number;
  /** The sentence of the counters' report on what runs out first, if there are counters. */
  readonly firstOut?: string;
  /** The summaries of the counters that the worlds of the posterior do not show, if there are any. */
  readonly unlike?: string;
  readonly prices: readonly Price[];
  /** What happens to a server that a change harms. */
  readonly harm: string;
  /**
   * The worlds in which policies are priced, if there is a posterior; otherwise there is one world, the assumed one.
   */
  readonly posterior?: { readonly file: string; readonly worlds: number; readonly replications: number } | undefined;
  /** The verdict for the whole fleet. */
  readonly whole: Verdict;
  /** The verdict for each part of the fleet; a fleet without parts has one part. */
  readonly parts: readonly PartAdvice[];
}

export interface PartAdvice extends Verdict {
  readonly restarts: RestartAdvice;
  readonly canaries: CanaryAdvice;
  /** For the simulated servers; multiply by `scale` for `servers`. */
  readonly observation: ObservationAdvice;
  readonly scale: number;
}

/** @throws UserError for an experiment that does not compare policies, or whose fleet is ambiguous */
export async function adviceOn(requested: Experiment, options: AdviceOptions): Promise<Advice> {
  const { posterior } = options;
  const experiment = posterior === undefined ? requested : withSettings(requested, posterior.middle, posterior.file);
  const parts = await partsOf(experiment, options.at);
  const { points } = planResults(
    experiment,
    parts.flatMap((part) => part.points),
  );
  const context = contextOf(experiment, itemAt(parts, 0), points, options);
  refuseUndecided(experiment, parts);
  const present = presentPoints(points, context);
  const planned: PlannedPart[] = [];
  for (const [i, part] of parts.entries()) {
    const base = itemAt(present, i);
    const worlds = await worldsFor(experiment, part, base, context, options);
    planned.push(await planPart(experiment, part, base, worlds, context));
  }
  options.before?.(
    workOf(
      experiment,
      planned,
      (posterior?.worlds ?? []).flatMap(() => points),
    ),
  );
  const simulated: SimulatedPart[] = [];
  for (const part of planned) simulated.push(await simulatePart(experiment, part, options, context));
  const judge = new Judge(experiment, options, context);
  const advised: PartAdvice[] = [];
  for (const part of simulated) advised.push(await partAdvice(experiment, part, judge, options, context));
  const startDay = options.startDay ?? posterior?.startDay;
  return {
    experiment: experiment.name,
    at: options.at,
    settings: commonSettings(requested, posterior),
    levels: experiment.factors
      .find(({ name }) => name === experiment.compare!.factor)!
      .levels.filter(({ name }) => Number.isNaN(Number(name))),
    horizonDays: itemAt(present, 0).scenario.horizonDays,
    replications: experiment.replications,
    prices: context.prices,
    harm: points[0].resolved.model.responses.find(({ name }) => name === context.upkeep.harmed)!.meaning,
    ...(startDay === undefined ? {} : { startDay }),
    ...(posterior?.firstOut === undefined ? {} : { firstOut: posterior.firstOut }),
    ...(posterior?.unlike === undefined ? {} : { unlike: posterior.unlike }),
    ...(posterior === undefined
      ? {}
      : {
          posterior: {
            file: posterior.file,
            worlds: posterior.worlds.length,
            replications: replicationsOfWorld(experiment),
          },
        }),
    whole:
      advised.length === 1
        ? itemAt(advised, 0)
        : await wholeVerdict(experiment, simulated, advised, judge, options, context),
    parts: advised,
  };
}

/** The policies of the experiment and their prices. @throws UserError for a model without upkeep or prices */
function contextOf(
  { name, compare }: Experiment,
  part: FleetPart,
  points: Plan["points"],
  options: AdviceOptions,
): PolicyContext {
  const { model } = points[0].resolved;
  const { upkeep, prices } = model;
  if (upkeep === undefined || prices === undefined) {
    throw new UserError(
      `${name} simulates ${model.name}, which declares no upkeep and no prices; ` +
        "advice needs a model that declares them, such as print-servers",
    );
  }
  const names = part.points.map(({ levels }) => itemAt(levels, compare!.factor));
  const asIs = names.indexOf(compare!.baseline);
  const policies = names.map((level) => policyName(compare!.factor, level));
  const servers = sum(presentPoints(points, { policies, asIs }).map(({ scenario }) => scenario.servers));
  const scale = (options.fleetServers ?? servers) / servers;
  return { policies, asIs, upkeep, prices: pricesOf(prices, options.prices, options.listed), scale };
}

/** The name of a level as a policy: "weekly", but "restartEveryHours 168", because a number alone says nothing. */
function policyName(factor: string, level: string): string {
  return Number.isNaN(Number(level)) ? level : `${factor} ${level}`;
}

/** By part of the fleet: the design point of the present policy. */
function presentPoints(
  points: readonly PlannedPoint[],
  { policies, asIs }: Pick<PolicyContext, "policies" | "asIs">,
): PlannedPoint[] {
  return points.filter((_, i) => i % policies.length === asIs);
}

/** The settings of the scenario that neither a factor nor the posterior replaces. */
function commonSettings(experiment: Experiment, posterior: PosteriorWorlds | undefined): Settings {
  const isCommon = (name: string) =>
    variedBy(experiment, `parameters.${name}`) === undefined && !Object.hasOwn(posterior?.middle ?? {}, name);
  return Object.fromEntries(Object.entries(experiment.scenario.parameters).filter(([name]) => isCommon(name)));
}

/** The worlds of the posterior, or else those of the unknown assumption. */
async function worldsFor(
  experiment: Experiment,
  { points }: FleetPart,
  base: PlannedPoint,
  { upkeep }: PolicyContext,
  { posterior, unknown = upkeep.unknown }: AdviceOptions,
): Promise<World[]> {
  if (posterior !== undefined) return drawnWorlds(posterior.worlds);
  const worlds = worldsOf(unknown, base);
  refuseDecided(experiment, worlds);
  for (const { setting } of worlds) await refuseContradictory([argument("unknown"), ` ${unknown}`], points, setting);
  return worlds;
}

function workOf(experiment: Experiment, parts: readonly PlannedPart[], worldPoints: readonly DesignPoint[]): Work {
  const points = parts.flatMap(({ plan }) => plan.points);
  return {
    designPoints: points.length + worldPoints.length,
    serverDays:
      experiment.replications * serverDaysOf(points) + replicationsOfWorld(experiment) * serverDaysOf(worldPoints),
  };
}

/**
 * The verdict on a part of the fleet, with the answers to the questions of its operator. A restart interval that is
 * cheaper than every compared policy is compared with them like any other.
 */
async function partAdvice(
  experiment: Experiment,
  part: SimulatedPart,
  judge: Judge,
  options: AdviceOptions,
  context: PolicyContext,
): Promise<PartAdvice> {
  const { plan, values, worlds, weeks, hours, unattended } = part;
  const { asIs, upkeep, scale } = context;
  const every = (hours: number) => restartedEvery(part, hours, context);
  const from = plan.points.length - hours.length;
  const { chosen: interval, ...restarts } = await restartAdvice(part, context, {
    seen: async (interval) => {
      const index = hours.indexOf(interval);
      if (index >= 0) return policyYear(plan, values, from + index, context);
      return itemAt(await yearsOf(experiment, part, [await every(interval)], options, context), 0);
    },
    fresh: async (interval) => judge.freshYear(part, await every(interval), []),
  });
  const point = interval && (await every(interval.hours));
  const own = JSON.stringify(point?.scenario);
  const twin = part.points.findIndex(({ scenario }) => JSON.stringify(scenario) === own);
  let chosen = interval && { ...interval, policy: part.policies[twin] };
  let compared = part;
  let verdict = await judge.verdict(part.name, [part]);
  if (point !== undefined && isCheaper(chosen, verdict)) {
    chosen = { ...chosen, policy: intervalName(chosen.hours) };
    compared = await withPolicy(experiment, part, chosen.policy!, point, options, context);
    verdict = await judge.verdict(part.name, [compared], compared.policies);
    const isBest = verdict.best === compared.policies.length - 1;
    // The cost in one world has the wider interval.
    if (isBest && options.posterior === undefined) {
      verdict = { ...verdict, judged: { ...verdict.judged, cost: chosen.cost } };
    }
  }
  return {
    ...verdict,
    restarts: { ...restarts, chosen },
    canaries: await canaryAdvice(experiment, options, {
      values,
      asIs,
      restarted: hours.length === 0 ? unattended : from + oftenRestarted(hours),
      points: compared.points,
      policies: verdict.policies,
      upkeep,
    }),
    observation: observationAdvice({ asIs, meaning: meaningOf(worlds, plan), worlds, weeks, years: compared.years }),
    scale,
  };
}

/**
 * The verdict on a fleet of several parts. A restart interval that was compared with the policies of one part is
 * compared with those of all, if every calendar allows it.
 */
async function wholeVerdict(
  experiment: Experiment,
  simulated: readonly SimulatedPart[],
  advised: readonly PartAdvice[],
  judge: Judge,
  options: AdviceOptions,
  context: PolicyContext,
): Promise<Verdict> {
  const { asIs, policies, upkeep } = context;
  const added = advised.filter((part) => part.policies.length > policies.length);
  const intervals = new Set(added.map(({ restarts }) => restarts.chosen!.hours));
  const fits = (hours: number) =>
    simulated.every(({ points }) => hours % upkeep.restart.stepHours(itemAt(points, asIs).resolved.values) === 0);
  const fitting = [...intervals].filter(fits);
  const parts: SimulatedPart[] = [];
  for (let part of simulated) {
    for (const hours of fitting) {
      const point = await restartedEvery(part, hours, context);
      part = await withPolicy(experiment, part, intervalName(hours), point, options, context);
    }
    parts.push(part);
  }
  return judge.verdict("", parts, [...policies, ...fitting.map(intervalName)]);
}

/** The index of the longest restart interval of at most a day, which loses the fewest leaks; else of the shortest. */
function oftenRestarted(hours: readonly number[]): number {
  return Math.max(
    0,
    hours.findLastIndex((every) => every <= 24),
  );
}

/** What the unknown parameter of the worlds means, with its unit; "" for worlds of a posterior. */
function meaningOf(worlds: readonly World[], { points }: Plan): string {
  const { seed, setting } = itemAt(worlds, 0);
  if (seed !== undefined) return "";
  const { meaning, ...parameter } = itemAt(points[0].resolved.model.parameters, itemAt(Object.keys(setting), 0));
  return parameter.kind === "number" && parameter.unit !== "1" ? `${meaning} [${parameter.unit}]` : meaning;
}

function withSettings(experiment: Experiment, settings: Settings, file: string): Experiment {
  const changes = Object.entries(settings).map(([name, setting]) => {
    return { path: `parameters.${name}`, setting, position: file };
  });
  return derive(experiment, changes);
}

function serverDaysOf(points: readonly DesignPoint[]): number {
  return sum(points.map(({ scenario }) => scenario.servers * scenario.horizonDays));
}
