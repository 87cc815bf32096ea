/** The verdict on the policies of a fleet or of a part of it: what each costs, and which is the cheapest. */
import { aboveBest, type AboveBest } from "../../statistics/best-of-several.ts";
import { meanEstimate, sum, withoutInterval, type Estimate, type Interval } from "../../statistics/estimate.ts";
import type { Settings } from "../../models/contract/parameters.ts";
import type { Executing } from "../analysis/horizon-values.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { derive } from "../experiment/override.ts";
import { itemAt } from "../lists.ts";
import { acrossWorlds, policyYear, together, type PolicyCost, type PolicyYear } from "./policy-costs.ts";
import { isSimulated, type Fate } from "./policy-fate.ts";
import {
  drawnWorlds,
  freshSeed,
  simulatedWorlds,
  yearsOf,
  type PolicyContext,
  type SimulatedPart,
} from "./policy-runs.ts";
import type { PosteriorWorlds } from "./posterior-worlds.ts";
import { breakEvens, type BreakEven } from "./prices.ts";
import type { ChosenInterval } from "./restart-advice.ts";

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

/** Whether the policies tie because nothing that they take has a price. */
export function isFree({ policies }: Pick<Verdict, "policies">): boolean {
  const isTaking = policies.some(({ perServerDay }) => perServerDay.some((amount) => amount > 0));
  return isTaking && policies.every(({ cost }) => cost.value === 0);
}

/**
 * If the best policy never clears its stuck jobs: the policies that do, and that cost less in the simulated days,
 * although a year of them is not known.
 */
export function betterForNow(policies: readonly PolicyCost[], best: number): PolicyCost[] {
  const chosen = itemAt(policies, best);
  if (!chosen.isSound || chosen.drains) return [];
  return policies.filter(({ isSound, drains, seen }) => !isSound && drains && seen.value < chosen.seen.value);
}

/** A lower bound that the true sum very probably exceeds. */
export function leastOf({ value, lower }: Estimate): number {
  return Math.max(0, Number.isNaN(lower) ? value : lower);
}

/** Whether a restart interval is no compared policy, and its whole confidence interval below the cost of each. */
export function isCheaper(
  chosen: ChosenInterval | undefined,
  { policies, best, judged }: Verdict,
): chosen is ChosenInterval {
  if (chosen === undefined || chosen.policy !== undefined) return false;
  const { drains, isSound } = itemAt(policies, best);
  return isSound && chosen.cost.upper < (drains ? judged.cost.lower : leastOf(judged.seen));
}

/** For a policy that is not an alternative, or whose year has no sum. */
const NOT_COMPARED: AboveBest = { value: NaN, lower: NaN, upper: NaN, isCandidate: false };

/** Judges the policies of parts of the fleet, or of the whole. */
export class Judge {
  private readonly experiment: Experiment;
  private readonly executing: Executing;
  private readonly posterior: PosteriorWorlds | undefined;
  private readonly context: PolicyContext;
  /** Years on fresh replications, by part, kind of worlds and scenario of the policy. */
  private readonly fresh: Map<string, PolicyYear>;

  constructor(
    experiment: Experiment,
    { progress: _, posterior, ...quietly }: Executing & { readonly posterior?: PosteriorWorlds | undefined },
    context: PolicyContext,
  ) {
    this.experiment = derive(experiment, [], { seed: freshSeed(experiment) });
    this.executing = quietly;
    this.posterior = posterior;
    this.context = context;
    this.fresh = new Map();
  }

  /** @param policies those that all of the parts have */
  async verdict(
    name: string,
    parts: readonly SimulatedPart[],
    policies: readonly string[] = this.context.policies,
  ): Promise<Verdict> {
    const { asIs, prices } = this.context;
    const years = policies.map((_, policy) => parts.map(({ assumed }) => itemAt(assumed, policy)));
    const priced = policies.map((name, policy) => this.priced(name, parts, itemAt(years, policy)));
    const isRefuted = async (policy: number) => {
      const seen = itemAt(years, policy);
      const fresh = await this.freshYears(policy, parts);
      const isLucky = seen.map((year, part) => refutes(itemAt(fresh, part), year));
      if (!isLucky.includes(true)) return false;
      years[policy] = seen.map((year, part) => (isLucky[part] === true ? together(year, itemAt(fresh, part)) : year));
      priced[policy] = this.priced(itemAt(policies, policy), parts, itemAt(years, policy));
      return true;
    };
    await isRefuted(asIs);
    let best = bestOf(priced, asIs);
    while (await isRefuted(best)) best = bestOf(priced, asIs);
    const costs = years.map((own) => this.fleetSum(own.map(({ costs }) => costs)));
    const comparedPolicies = compared(priced, best, costs);
    const breaks = breakEvens(
      prices,
      comparedPolicies.map(({ amounts }) => amounts),
      best,
    );
    return {
      name,
      servers: this.context.scale * sum(this.serversOf(parts)),
      policies: comparedPolicies,
      asIs,
      best,
      judged: await this.judged(best, parts),
      breakEvens: breaks.filter(({ policy }) => itemAt(comparedPolicies, policy).isSound),
    };
  }

  /** @param years of the policy, by part */
  private priced(name: string, parts: readonly SimulatedPart[], years: readonly PolicyYear[]): PolicyCost {
    const { prices } = this.context;
    const servers = this.serversOf(parts);
    const costs = this.fleetSum(years.map((year) => year.costs));
    const fates = years.map(({ fate }) => fate);
    return {
      name,
      cost: costEstimate(costs, years),
      above: NOT_COMPARED,
      amounts: prices.map(
        (_, k) => (this.context.scale * sum(years.map(({ amounts }) => sum(itemAt(amounts, k))))) / costs.length,
      ),
      perServerDay: prices.map(
        (_, k) =>
          sum(years.map(({ perServerDay }, part) => itemAt(servers, part) * itemAt(perServerDay, k))) / sum(servers),
      ),
      seen: meanEstimate(this.fleetSum(years.map(({ seen }) => seen))),
      drains: years.every(({ drains }) => drains),
      isRare: isRareIn(years),
      fates,
      isSound: fates.every(isSimulated),
    };
  }

  /** Prices the best policy and the present one on fresh replications. */
  private async judged(best: number, parts: readonly SimulatedPart[]): Promise<Verdict["judged"]> {
    const years = await this.freshYears(best, parts);
    const chosen = this.fleetSum(years.map(({ costs }) => costs));
    const presentYears = await this.freshYears(this.context.asIs, parts);
    const present = this.fleetSum(presentYears.map(({ costs }) => costs));
    return {
      cost: costEstimate(chosen, years),
      saved: costEstimate(
        present.map((cost, i) => cost - itemAt(chosen, i)),
        [...years, ...presentYears],
      ),
      seen: meanEstimate(this.fleetSum(years.map(({ seen }) => seen))),
      range: { lower: Math.min(...chosen), upper: Math.max(...chosen) },
    };
  }

  /** The simulated servers of each part. */
  private serversOf(parts: readonly SimulatedPart[]): number[] {
    return parts.map(({ plan }) => itemAt(plan.points, this.context.asIs).scenario.servers);
  }

  /** Adds up the rows of the parts, for the whole fleet. */
  private fleetSum(rows: readonly Float64Array[]): Float64Array {
    return itemAt(rows, 0).map((_, i) => this.context.scale * sum(rows.map((row) => itemAt(row, i))));
  }

  private async freshYears(policy: number, parts: readonly SimulatedPart[]): Promise<PolicyYear[]> {
    const years: PolicyYear[] = [];
    for (const part of parts) years.push(await this.freshYear(part, itemAt(part.points, policy)));
    return years;
  }

  /** A year of the policy of a design point of the part on replications, and in worlds, that chose nothing. */
  async freshYear(part: SimulatedPart, point: PlannedPoint, worlds = this.posterior?.fresh ?? []): Promise<PolicyYear> {
    const key = JSON.stringify([part.name, worlds.length, point.scenario]);
    const year = this.fresh.get(key) ?? (await this.simulatedYear(part, point, worlds));
    this.fresh.set(key, year);
    return year;
  }

  private async simulatedYear(
    part: SimulatedPart,
    point: PlannedPoint,
    settings: readonly Settings[],
  ): Promise<PolicyYear> {
    const { experiment, executing, context } = this;
    if (settings.length === 0) return itemAt(await yearsOf(experiment, part, [point], executing, context), 0);
    const worlds = drawnWorlds(settings, "fresh worlds");
    const { plan, values } = await simulatedWorlds(experiment, part, worlds, [point], executing);
    return acrossWorlds(worlds.map((_, world) => policyYear(plan, values, world, context)));
  }
}

/**
 * Whether fresh replications, or worlds, show what those that chose a policy did not: that something runs out, that the
 * consequences were not simulated, or that the queue may keep growing. Then its cost was too low by luck.
 */
function refutes(fresh: PolicyYear, { fate, drains }: PolicyYear): boolean {
  const runsOut = ({ ranOut }: Fate) => ranOut === "some" || ranOut === "all";
  if (!isSimulated(fate)) return false;
  return !isSimulated(fresh.fate) || (drains && !fresh.drains) || (runsOut(fresh.fate) && !runsOut(fate));
}

/** Without an interval if the sums depend on few servers that ran out of something: such intervals do not cover. */
function costEstimate(costs: Float64Array, years: readonly PolicyYear[]): Estimate {
  return isRareIn(years) ? withoutInterval(meanEstimate(costs)) : meanEstimate(costs);
}

function isRareIn(years: readonly PolicyYear[]): boolean {
  return years.some(({ isRare }) => isRare);
}

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
  const above = aboveCheapest(
    compared.map((policy) => itemAt(costs, policy)),
    compared.indexOf(best),
  );
  return policies.map((one, i) => ({ ...one, above: above[compared.indexOf(i)] ?? NOT_COMPARED }));
}

/**
 * How much more each row of costs is than the cheapest other. No cost is below 0, so a policy is cheaper than another
 * by at most what the other costs, and dearer by at most what it costs itself. Two policies that always cost the same
 * are never cheaper than the cheapest other, so such twins are not compared with each other, unless they are the best.
 *
 * @param best the index of the best row
 */
export function aboveCheapest(rows: readonly Float64Array[], best: number): AboveBest[] {
  const isTwin = (i: number, j: number) => itemAt(rows, i).every((cost, at) => cost === itemAt(rows, j)[at]);
  return rows.map((row, i) => {
    const others = rows.filter((_, j) => j !== i && (isTwin(i, best) || !isTwin(i, j)));
    const [own, ...most] = [row, ...others].map((one) => meanEstimate(one, 1, rows.length).upper);
    const { lower, upper, ...one } = itemAt(aboveBest([row, ...others]), 0);
    return { ...one, lower: Math.max(lower, 0 - Math.min(...most)), upper: Math.min(upper, own!) };
  });
}

/**
 * The cheapest policy that may be advised; the cheapest of all if none may. One whose stuck jobs pile up has no sum,
 * only a lower bound, so it is advised only if it costs nothing, or if no other clears its stuck jobs.
 */
export function bestOf(policies: readonly Pick<PolicyCost, "cost" | "isSound" | "drains">[], asIs: number): number {
  const isAny = !policies.some(({ isSound }) => isSound);
  const isSum = policies.some(({ isSound, drains }) => isSound && drains);
  const costs = policies.map(({ cost, isSound, drains }) => {
    const isCandidate = (isSound || isAny) && (!isSum || drains || cost.value === 0);
    return isCandidate ? cost.value : Infinity;
  });
  const least = Math.min(...costs);
  return costs[asIs] === least ? asIs : costs.indexOf(least);
}
