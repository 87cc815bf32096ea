/**
 * Advice: which of the policies that an experiment compares is the cheapest for a fleet, and what would change that.
 *
 * All policies are simulated on the same random numbers, and a year of each is priced (policy-costs.ts). The baseline
 * is the present policy. A mixed fleet gets one verdict, and each of its parts another. The chosen policy is priced
 * again on fresh replications, which had no part in the choice. With a posterior (posterior-worlds.ts), the cost of a
 * year is the mean over its worlds, and the chosen policy is priced again in other worlds. Then follow the questions of
 * an operator: at which prices another policy becomes the cheapest, how often to restart if one must wait
 * (restart-advice.ts), how many canaries prove the fix (canary-advice.ts), and whether observing for a week pays
 * (observation-advice.ts).
 */
import type { Upkeep } from "../../models/contract/operations.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import { aboveBest, type AboveBest } from "../../statistics/best-of-several.ts";
import { meanEstimate, sum, type Estimate, type Interval } from "../../statistics/estimate.ts";
import { canaryAdvice, type CanaryAdvice } from "./canary-advice.ts";
import { designPoints } from "../experiment/design.ts";
import { type DesignPoint, levelsText, type PlannedPoint } from "../experiment/design-point.ts";
import { derive } from "../experiment/override.ts";
import { pointsAt } from "../experiment/point-selector.ts";
import { variedBy, type Experiment } from "../experiment/experiment.ts";
import {
  firstWeek,
  observationAdvice,
  worldsOf,
  type ObservationAdvice,
  type Week,
  type World,
} from "./observation-advice.ts";
import { Execution } from "../execution/execution.ts";
import { runsOfReplication, serverRunsOf } from "../execution/partition.ts";
import { changed, HorizonValues, planAtHorizon, type Executing } from "../analysis/horizon-values.ts";
import { outlookResponses } from "./outlook.ts";
import { acrossWorlds, policyYear, type PolicyCost, type PolicyYear } from "./policy-costs.ts";
import type { PosteriorWorlds } from "./posterior-worlds.ts";
import { breakEvens, pricesOf, type BreakEven, type Price } from "./prices.ts";
import { freshSeed, restartAdvice, restartHoursOf, type RestartAdvice } from "./restart-advice.ts";
import { planResults, type Plan } from "../experiment/plan.ts";
import { UserError, argument, badArgument } from "../user-error.ts";
import { itemAt } from "../lists.ts";

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
  readonly horizonDays: number;
  readonly replications: number;
  /** The day from which days are counted, from 1 January 1970, if known. */
  readonly startDay?: number;
  /** The sentence of the counters' report on what runs out first, if there are counters. */
  readonly firstOut?: string;
  /** The summaries of the counters that the worlds of the posterior do not show, if there are any. */
  readonly unlike?: string;
  readonly prices: readonly Price[];
  /**
   * The worlds in which policies are priced, if there is a posterior; otherwise there is one world, the assumed one.
   */
  readonly posterior?: { readonly file: string; readonly worlds: number } | undefined;
  /** The verdict for the whole fleet. */
  readonly whole: Verdict;
  /** The verdict for each part of the fleet; a fleet without parts has one part. */
  readonly parts: readonly PartAdvice[];
}

/** A verdict; sums are for `servers` and for a year. */
export interface Verdict {
  /** The name of the part; "" for all servers. */
  readonly name: string;
  readonly servers: number;
  readonly policies: readonly PolicyCost[];
  /** Indices in `policies`: the present policy, and the cheapest policy that may be advised. */
  readonly asIs: number;
  readonly best: number;
  /**
   * From fresh replications: the cost of a year of the best policy, its saving against the present policy, and the
   * simulated days.
   */
  readonly judged: {
    readonly cost: Estimate;
    readonly saved: Estimate;
    readonly seen: Estimate;
    /** The range of the yearly cost of the best policy over replications or worlds. */
    readonly range: Interval;
  };
  readonly breakEvens: readonly BreakEven[];
}

export interface PartAdvice extends Verdict {
  /** Costs are per server-day. */
  readonly restarts: RestartAdvice;
  readonly canaries: CanaryAdvice;
  /** For the simulated servers; multiply by `scale` for `servers`. */
  readonly observation: ObservationAdvice;
  readonly scale: number;
}

/** The number of samples per week: as many as allowed, so that leaks before exhaustion can be measured. */
const SAMPLES_OF_WEEK = [28, 14, 7, 2, 1];
const SAMPLES_MAX = 64;

/** The design points of a part of the fleet, one per policy. */
interface Part {
  readonly name: string;
  readonly points: readonly PlannedPoint[];
}

/** @throws UserError for an experiment that does not compare policies, or whose fleet is ambiguous */
export async function adviceOn(requested: Experiment, options: AdviceOptions): Promise<Advice> {
  const { posterior } = options;
  const experiment = posterior === undefined ? requested : withSettings(requested, posterior.middle, posterior.file);
  const parts = await partsOf(experiment, options.at);
  const bases = planResults(
    experiment,
    parts.flatMap(({ points }) => points),
  );
  const { model } = bases.points[0].resolved;
  const { upkeep } = model;
  if (upkeep === undefined || model.prices === undefined) {
    throw new UserError(
      `${experiment.name} simulates ${model.name}, which declares no upkeep and no prices; ` +
        "advice needs a model that declares them, such as print-servers",
    );
  }
  const prices = pricesOf(model.prices, options.prices, options.listed);
  const policies = itemAt(parts, 0).points.map(({ levels }) => itemAt(levels, experiment.compare!.factor));
  const asIs = policies.indexOf(experiment.compare!.baseline);
  const simulated: SimulatedPart[] = [];
  for (const [i, part] of parts.entries()) {
    const base = itemAt(bases.points, i * policies.length + asIs);
    const worlds =
      posterior === undefined ? worldsOf(options.unknown ?? upkeep.unknown, base) : drawnWorlds(posterior.worlds);
    if (posterior === undefined) refuseDecided(experiment, worlds);
    simulated.push(await planned(experiment, part, base, { worlds, asIs, upkeep, prices }));
  }
  const points = simulated.flatMap(({ plan }) => plan.points);
  const worldPoints = (posterior?.worlds ?? []).flatMap(() => parts.flatMap((part) => part.points));
  options.before?.({
    designPoints: sum(simulated.map(({ plan }) => plan.points.length)) + worldPoints.length,
    serverDays:
      experiment.replications * serverDaysOf(points) + replicationsOfWorld(experiment) * serverDaysOf(worldPoints),
  });

  const simulatedServers = sum(
    bases.points.filter((_, i) => i % policies.length === asIs).map((p) => p.scenario.servers),
  );
  const scale = (options.fleetServers ?? simulatedServers) / simulatedServers;
  const known: KnownPart[] = [];
  for (const part of simulated)
    known.push(await simulatePart(experiment, part, options, { asIs, upkeep, prices, policies }));
  const judging = new Judging(experiment, options, { asIs, prices, upkeep, scale, policies });
  const partAdvices: PartAdvice[] = [];
  for (const part of known) {
    const verdict = await judging.verdict(part.name, [part]);
    const { plan, values, worlds, weeks, hours, unattended } = part;
    const restartsFrom = plan.points.length - hours.length;
    partAdvices.push({
      ...verdict,
      restarts: await restartAdvice(experiment, options, prices, upkeep, {
        plan,
        values,
        asIs: unattended,
        hours,
        from: restartsFrom,
      }),
      canaries: await canaryAdvice(experiment, options, { plan, values, asIs, policies: verdict.policies, upkeep }),
      observation: observationAdvice({ asIs, worlds, weeks, years: part.years }),
      scale,
    });
  }
  const startDay = options.startDay ?? posterior?.startDay;
  return {
    experiment: experiment.name,
    at: options.at,
    horizonDays: itemAt(bases.points, asIs).scenario.horizonDays,
    replications: experiment.replications,
    prices,
    ...(startDay === undefined ? {} : { startDay }),
    ...(posterior?.firstOut === undefined ? {} : { firstOut: posterior.firstOut }),
    ...(posterior?.unlike === undefined ? {} : { unlike: posterior.unlike }),
    ...(posterior === undefined ? {} : { posterior: { file: posterior.file, worlds: posterior.worlds.length } }),
    whole: known.length === 1 ? itemAt(partAdvices, 0) : await judging.verdict("", known),
    parts: partAdvices,
  };
}

interface SimulatedPart {
  readonly name: string;
  readonly plan: Plan;
  readonly names: readonly string[];
  readonly worlds: readonly World[];
  readonly firsts: readonly number[];
  /** The design point of the present policy without its restarts by the calendar. */
  readonly unattended: number;
  readonly hours: readonly number[];
}

interface KnownPart extends SimulatedPart {
  readonly values: HorizonValues;
  /** By world, then policy; and as assumed. */
  readonly years: readonly (readonly PolicyYear[])[];
  /** By world: the first week under the present policy. */
  readonly weeks: readonly Week[];
  readonly assumed: readonly PolicyYear[];
}

/** Simulates everything that is known in advance together: policies in each world, and restart intervals. */
async function planned(
  experiment: Experiment,
  { name, points }: Part,
  base: PlannedPoint,
  {
    worlds,
    asIs,
    upkeep,
    prices,
  }: { worlds: readonly World[]; asIs: number; upkeep: Upkeep; prices: readonly Price[] },
): Promise<SimulatedPart> {
  const { horizonDays } = base.scenario;
  const hours = restartHoursOf(horizonDays, upkeep.restart.stepHours(base.resolved.values));
  let next = 0;
  const own = worlds.filter(({ seed }) => seed === undefined);
  const firsts = own.map(({ isAssumed }) => (isAssumed ? 0 : (next += points.length)));
  const policies = [
    ...points,
    ...own.flatMap(({ setting, isAssumed }) => (isAssumed ? [] : points.map((one) => changed(one, setting)))),
  ];
  const isRestarted = Number(base.scenario.parameters[upkeep.restart.parameter] ?? 0) > 0;
  const unattended = isRestarted ? policies.length : asIs;
  if (isRestarted) policies.push(changed(itemAt(points, asIs), { [upkeep.restart.parameter]: 0 }));
  for (const every of hours) policies.push(changed(itemAt(points, asIs), { [upkeep.restart.parameter]: every }));
  const ofWeek = SAMPLES_OF_WEEK.find((samples) => (samples * horizonDays) / 7 <= SAMPLES_MAX) ?? 1;
  const plan = await planAtHorizon(experiment, policies, () => 168 / ofWeek);
  const { restart, harmed, waiting, canaries } = upkeep;
  const read = [...prices.map(({ response }) => response), restart.response, harmed, waiting, canaries.made];
  return {
    name,
    plan,
    names: [...new Set([...read, ...outlookResponses(plan, upkeep)])],
    worlds,
    firsts,
    unattended,
    hours,
  };
}

interface Context {
  readonly asIs: number;
  readonly upkeep: Upkeep;
  readonly prices: readonly Price[];
  readonly policies: readonly string[];
}

async function simulatePart(
  experiment: Experiment,
  part: SimulatedPart,
  executing: Executing,
  context: Context,
): Promise<KnownPart> {
  const { plan, names, firsts, worlds } = part;
  const { asIs, upkeep, prices, policies } = context;
  const values = await HorizonValues.of(plan, names, executing);
  const yearsFrom = (first: number) => {
    return policies.map((_, policy) => policyYear(plan, values, first + policy, prices, upkeep));
  };
  const weekFrom = (first: number) => firstWeek(plan, values, first + asIs, prices, upkeep.leak);
  const drawn = worlds.filter(({ seed }) => seed !== undefined);
  if (drawn.length === 0) {
    return { ...part, values, years: firsts.map(yearsFrom), weeks: firsts.map(weekFrom), assumed: yearsFrom(0) };
  }
  const own = await simulatedWorlds(experiment, part, drawn, plan.points.slice(0, policies.length), executing);
  const years = drawn.map((_, world) => {
    return policies.map((_, policy) => policyYear(own.plan, own.values, own.pointOf(world, policy), prices, upkeep));
  });
  const weeks = drawn.map((_, world) => {
    return firstWeek(own.plan, own.values, own.pointOf(world, asIs), prices, upkeep.leak);
  });
  const assumed = policies.map((_, policy) => acrossWorlds(years.map((of) => itemAt(of, policy))));
  return { ...part, values, years, weeks, assumed };
}

/**
 * Simulates the design points in each of the worlds together. Each world uses replications that no other world uses, so
 * the worlds are independent observations.
 */
async function simulatedWorlds(
  experiment: Experiment,
  { names }: Pick<SimulatedPart, "names">,
  worlds: readonly World[],
  points: readonly PlannedPoint[],
  { progress: _, ...quietly }: Executing,
) {
  const replications = replicationsOfWorld(experiment);
  const { seed } = itemAt(worlds, 0);
  const of = derive(experiment, [], { seed: `${experiment.seed}, ${seed}`, replications });
  const plan = await planAtHorizon(
    of,
    worlds.flatMap(({ setting }) => points.map((point) => changed(point, setting))),
    (i) => itemAt(points, i % points.length).scenario.sampleEveryHours,
  );
  const firstOf = (index: number) => Math.floor(index / points.length) * replications;
  const { sliceSize } = quietly;
  function* runs() {
    for (const point of plan.points) {
      for (let i = 0; i < replications; i++) {
        yield* runsOfReplication(plan.experiment, point, firstOf(point.index) + i, sliceSize);
      }
    }
  }
  async function* results() {
    for await (const result of new Execution(quietly, undefined, serverRunsOf(plan)).results(runs())) {
      yield { ...result, replication: result.replication - firstOf(result.point) };
    }
  }
  return {
    plan,
    values: await HorizonValues.from(plan, names, results()),
    pointOf: (world: number, index: number) => world * points.length + index,
  };
}

/** Many worlds with few replications tell more than few worlds with many. */
function replicationsOfWorld({ replications }: Experiment): number {
  return Math.max(2, Math.ceil(replications / 4));
}

function drawnWorlds(worlds: readonly Settings[], seed = "worlds"): World[] {
  return worlds.map((setting, i) => ({ value: i + 1, weight: 1 / worlds.length, setting, isAssumed: false, seed }));
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

/** Judges parts of the fleet, or the whole. */
class Judging {
  private readonly experiment: Experiment;
  private readonly executing: Executing;
  private readonly context: Context & { readonly scale: number };
  /** Years on fresh replications, by part and policy. */
  private readonly fresh: Map<string, PolicyYear>;

  private readonly posterior: PosteriorWorlds | undefined;

  constructor(
    experiment: Experiment,
    { progress: _, posterior, ...quietly }: Executing & Pick<AdviceOptions, "posterior">,
    context: Context & { readonly scale: number },
  ) {
    this.experiment = derive(experiment, [], { seed: freshSeed(experiment) });
    this.executing = quietly;
    this.posterior = posterior;
    this.context = context;
    this.fresh = new Map();
  }

  async verdict(name: string, parts: readonly KnownPart[]): Promise<Verdict> {
    const { asIs, prices, policies, scale } = this.context;
    const servers = scale * sum(parts.map(({ plan }) => itemAt(plan.points, asIs).scenario.servers));
    const costs = policies.map((_, policy) => {
      return summed(parts.map(({ assumed }) => itemAt(assumed, policy).costs)).map((cost) => scale * cost);
    });
    const priced = policies.map((policy, i): PolicyCost => {
      const years = parts.map(({ assumed }) => itemAt(assumed, i));
      const fates = years.map(({ fate }) => fate);
      return {
        name: policy,
        cost: meanEstimate(itemAt(costs, i)),
        above: NOT_COMPARED,
        amounts: prices.map(
          (_, k) => (scale * sum(years.map(({ amounts }) => sum(itemAt(amounts, k))))) / itemAt(costs, i).length,
        ),
        perServerDay: prices.map((_, k) => {
          const shares = parts.map(({ plan }) => itemAt(plan.points, asIs).scenario.servers);
          return (
            sum(years.map(({ perServerDay }, part) => itemAt(shares, part) * itemAt(perServerDay, k))) / sum(shares)
          );
        }),
        seen: meanEstimate(summed(years.map(({ seen }) => seen)).map((cost) => scale * cost)),
        drains: years.every(({ drains }) => drains),
        isRare: years.some(({ isRare }) => isRare),
        fates,
        isSound: fates.every(({ kind }) => kind !== "runs-out"),
      };
    });
    const best = bestOf(priced);
    const comparedPolicies = compared(priced, best, costs);
    const freshYears = async (policy: number) => {
      const own: PolicyYear[] = [];
      for (const part of parts) own.push(await this.freshYear(part, policy));
      return own;
    };
    const scaled = (rows: readonly Float64Array[]) => summed(rows).map((cost) => scale * cost);
    const years = await freshYears(best);
    const chosen = scaled(years.map(({ costs }) => costs));
    const present = scaled((await freshYears(asIs)).map(({ costs }) => costs));
    return {
      name,
      servers,
      policies: comparedPolicies,
      asIs,
      best,
      judged: {
        cost: meanEstimate(chosen),
        saved: meanEstimate(present.map((cost, i) => cost - itemAt(chosen, i))),
        seen: meanEstimate(scaled(years.map(({ seen }) => seen))),
        range: { lower: Math.min(...chosen), upper: Math.max(...chosen) },
      },
      breakEvens: breakEvens(
        prices,
        comparedPolicies.map(({ amounts }) => amounts),
        best,
      ).filter(({ policy }) => itemAt(comparedPolicies, policy).isSound),
    };
  }

  private async freshYear(part: KnownPart, policy: number): Promise<PolicyYear> {
    const key = `${part.name} ${policy}`;
    const year = this.fresh.get(key) ?? (await this.simulatedYear(part, policy));
    this.fresh.set(key, year);
    return year;
  }

  private async simulatedYear(part: KnownPart, policy: number): Promise<PolicyYear> {
    const { experiment, executing, posterior } = this;
    const { prices, upkeep } = this.context;
    if (posterior !== undefined) {
      const worlds = drawnWorlds(posterior.fresh, "fresh worlds");
      const chosen = [itemAt(part.plan.points, policy)];
      const { plan, values } = await simulatedWorlds(experiment, part, worlds, chosen, executing);
      return acrossWorlds(worlds.map((_, world) => policyYear(plan, values, world, prices, upkeep)));
    }
    const point = itemAt(part.plan.points, policy);
    const own = await planAtHorizon(experiment, [point], () => point.scenario.sampleEveryHours);
    const values = await HorizonValues.of(own, part.names, executing);
    return policyYear(own, values, 0, prices, upkeep);
  }
}

/** For a policy that is not an alternative, or whose year has no sum. */
const NOT_COMPARED: AboveBest = { value: NaN, lower: NaN, upper: NaN, isCandidate: false };

/** How much more each policy costs than the best, among those whose year has a sum, if the best has one. */
function compared(
  policies: readonly PolicyCost[],
  best: number,
  costs: readonly Float64Array[],
): readonly PolicyCost[] {
  const { drains, isSound } = itemAt(policies, best);
  const isCompared = (one: PolicyCost) => (one.isSound || !isSound) && (one.drains || !drains);
  const compared = policies.flatMap((one, i) => (isCompared(one) ? [i] : []));
  if (compared.length < 2) return policies;
  const above = aboveBest(compared.map((policy) => itemAt(costs, policy)));
  return policies.map((one, i) => ({ ...one, above: above[compared.indexOf(i)] ?? NOT_COMPARED }));
}

/** The cheapest policy that may be advised; the cheapest of all if none may. */
function bestOf(policies: readonly PolicyCost[]): number {
  const isAny = !policies.some(({ isSound }) => isSound);
  const costs = policies.map(({ cost, isSound }) => (isSound || isAny ? cost.value : Infinity));
  return costs.indexOf(Math.min(...costs));
}

function summed(rows: readonly Float64Array[]): Float64Array {
  return itemAt(rows, 0).map((_, i) => sum(rows.map((row) => itemAt(row, i))));
}

/** The design points for the advice: all policies, for each part of one fleet. @throws UserError */
async function partsOf(experiment: Experiment, at: string): Promise<Part[]> {
  const { compare, fleet } = experiment;
  if (compare === undefined) {
    throw new UserError(
      `${experiment.name} compares no policies; advice needs an experiment that compares them ` +
        "with the present one, such as restart-or-patch",
    );
  }
  const groups = new Map<string, PlannedPoint[]>();
  for (const point of pointsAt(experiment, await designPoints(experiment), at)) {
    const others = { ...point, levels: withoutKey(point.levels, compare.factor) };
    const key = levelsText(others);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const parts = [...groups].map(([name, points]): Part => ({ name, points }));
  const varied = Object.keys(itemAt(itemAt(parts, 0).points, 0).levels).filter((name) => {
    return name !== compare.factor && new Set(parts.map(({ points }) => itemAt(points, 0).levels[name])).size > 1;
  });
  const unclear = varied.filter((name) => name !== fleet);
  if (unclear.length > 0) {
    const name = itemAt(unclear, 0);
    const levels = [...new Set(parts.map(({ points }) => itemAt(itemAt(points, 0).levels, name)))];
    throw new UserError(
      `${experiment.name} varies ${name} (${levels.join(", ")}) as well as ${compare.factor}; advice is about one fleet: ` +
        "choose it with ",
      argument("at"),
      ` ${name}=${levels[0]}, or, where these are the parts of one fleet, say fleet: ${name} in the experiment's file`,
    );
  }
  const policies = parts.map(({ points }) => points.map(({ levels }) => levels[compare.factor]).join());
  const levels = itemAt(policies, 0).split(",");
  if (levels.length < 2 || !levels.includes(compare.baseline) || policies.some((other) => other !== policies[0])) {
    const where = parts.find((_, i) => policies[i] !== policies[0] || i === 0)!.name;
    throw new UserError(
      `${experiment.name}: ${where || "it"} has not all levels of ${compare.factor}, with ${compare.baseline} among them`,
    );
  }
  return parts;
}

/** A factor is decided by the user, so it cannot be unknown. */
function refuseDecided(experiment: Experiment, worlds: readonly World[]): void {
  const [name] = Object.keys(itemAt(worlds, 0).setting);
  const by = variedBy(experiment, `parameters.${name}`);
  if (by !== undefined)
    throw badArgument("unknown", `${name}`, `${by} varies it; only a parameter that no policy varies can be unknown`);
}

function withoutKey(levels: DesignPoint["levels"], key: string): DesignPoint["levels"] {
  return Object.fromEntries(Object.entries(levels).filter(([name]) => name !== key));
}
