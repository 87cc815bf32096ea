/**
 * Whether to observe for another week before deciding: what it is worth to know more about an unknown assumption, and
 * what a week without a remedy costs (statistics/value-of-information.ts).
 *
 * The worlds are weighted values of one assumption, or those of a posterior. Each policy is simulated in each world.
 * The observation is the number of leaks of the whole fleet in the first week, of the most frequent kind; its
 * distribution in each world has the mean and the dispersion of the simulated servers. The decision is for a year. A
 * policy that would run out of something that was not simulated, in any of the worlds, is excluded, unless the
 * observation rules these worlds out. What it costs that the changes of a policy or its first restart come a week later
 * was not simulated: nobody is advised to observe first if something may run out before they do.
 *
 * Worlds of a posterior have random numbers of their own, and few replications each. What chance alone makes the best
 * in a world is not worth knowing, so differences between policies are predicted for each world from all of them.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Setting, Settings } from "../../models/contract/parameters.ts";
import { mean, meanEstimate, sum, variance, type Estimate } from "../../statistics/estimate.ts";
import {
  countChances,
  meanLosses,
  observationValue,
  perfectInformationValue,
  predictedMeans,
} from "../../statistics/value-of-information.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import { isSimulated } from "./policy-fate.ts";
import { YEAR_DAYS } from "./restart-calendar.ts";
import type { PolicyYear } from "./policy-costs.ts";
import type { Outlook } from "./outlook.ts";
import type { Price } from "./prices.ts";
import { refusalOf } from "../experiment/settings.ts";
import { suggest } from "../suggest.ts";
import type { Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { badArgument, type UserError } from "../user-error.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";

const WORLDS_MAX = 9;

export interface World {
  readonly value: Setting;
  readonly weight: number;
  readonly setting: Settings;
  /** Whether it is the scenario's own value. */
  readonly isAssumed: boolean;
  /** For a world of a posterior: the seed of its random numbers. */
  readonly seed?: string;
}

/** A response that counts leaks, or adds up their sizes. */
export interface LeakKind {
  readonly name: string;
  /** Of each leak; undefined if they have different sizes. */
  readonly size: number | undefined;
}

/** The leaks and costs of the servers in the first week under the present policy. */
export interface Week {
  readonly leaks: { readonly mean: number; readonly dispersion: number };
  readonly cost: number;
}

export interface ObservationAdvice {
  /** The name of the unknown parameter; "world" if worlds differ in several. */
  readonly name: string;
  /** What the parameter means, with its unit; "" for worlds that differ in several. */
  readonly meaning: string;
  readonly worlds: readonly {
    /** The value of the parameter, or the number of the world. */
    readonly value: Setting;
    readonly setting: Settings;
    readonly weight: number;
    /** Whether it is the scenario's own value. */
    readonly isAssumed: boolean;
    /** The leaks of the simulated servers in the first week under the present policy. */
    readonly leaks: number;
    /** The first resource to run out under the present policy. */
    readonly outlook: Outlook | undefined;
    /** The index of the cheapest policy, and the cost of a year of it for the simulated servers. */
    readonly best: number;
    readonly cost: number;
    /** Whether it may be advised in this world; if not, none may, and the cost of a year is not known. */
    readonly isSound: boolean;
    /** Whether its stuck jobs are cleared; if not, a year costs at least as much as the simulated days. */
    readonly drains: boolean;
    readonly seen: Estimate;
    /**
     * The day on which its changes are over if it begins after a week, or the day of its first restart by the calendar
     * if it makes none. Undefined without both, for the present policy, and if nothing runs out under that.
     */
    readonly lateDays?: number | undefined;
  }[];
  /** The index of the policy that is cheapest on average over the worlds, and whether its stuck jobs are cleared. */
  readonly best: number;
  readonly drains: boolean;
  /** Whether it may be advised in every world; if not, no policy may, and what knowledge is worth is not known. */
  readonly isSound: boolean;
  /** The indices of policies that are left out: in one of the worlds, what they run out of was not simulated. */
  readonly excluded: readonly number[];
  /**
   * For the simulated servers in a year: the value of knowing the world, and of first observing leaks for a week; NaN
   * if no policy may be advised in every world.
   */
  readonly perfect: number;
  readonly week: number;
  /** How much more the first week costs under the present policy than a week under the best. */
  readonly waiting: number;
}

const FACTORS = [0.25, 1, 4];
const WEIGHTS = [1, 2, 1];

/**
 * Parses worlds given as name=value:weight,value:weight. A name alone means a quarter, once and four times the assumed
 * value.
 */
export function worldsOf(arg: string, { resolved: { model, scenario } }: PlannedPoint): World[] {
  const refusal = (rule: string) => badArgument("unknown", arg, rule);
  const [name = "", list, ...rest] = arg.split("=");
  const { parameters } = model;
  if (!Object.hasOwn(parameters, name)) {
    throw refusal(
      `${name || "an empty name"} is not a parameter of ${model.name}${suggest(name, Object.keys(parameters))}`,
    );
  }
  const parameter = itemAt(parameters, name);
  const assumed = itemAt(scenario.parameters, name);
  if (rest.length > 0) throw refusal(`an unknown is written as name=value:weight,value:weight`);
  if (list === undefined && !(parameter.kind === "number" && Number(assumed) > 0)) {
    throw refusal(`give its possible values, as ${name}=value:weight,value:weight`);
  }
  const pairs =
    list === undefined
      ? FACTORS.map((factor, i): [string, string] => [String(factor * Number(assumed)), String(WEIGHTS[i])])
      : list.split(",").map((one): [string, string] => {
          const [value = "", weight = "1", ...more] = one.split(":");
          if (value === "" || more.length > 0) throw refusal(`"${one}" is not written as value:weight`);
          return [value, weight];
        });
  if (pairs.length < 2 || pairs.length > WORLDS_MAX) {
    throw refusal(`${pairs.length} values; an unknown has 2 to ${WORLDS_MAX}`);
  }
  const worlds = pairs.map(([word, weight]) => {
    const value = settingOf(word, assumed);
    const broken = refusalOf(parameter, value);
    if (broken !== undefined) throw refusal(`${name} ${broken}`);
    return { value, weight: weightOf(weight, refusal) };
  });
  if (new Set(worlds.map(({ value }) => value)).size < worlds.length) {
    throw refusal(`a value is given twice`);
  }
  const total = worlds.reduce((all, { weight }) => all + weight, 0);
  return worlds.map(({ value, weight }) => {
    return { value, weight: weight / total, setting: { [name]: value }, isAssumed: value === assumed };
  });
}

/**
 * Parses a value of the same kind as the assumed one. A text of another kind is returned unchanged, to be refused as
 * given.
 */
function settingOf(word: string, assumed: Setting): Setting {
  if (typeof assumed === "number") return Number.isFinite(Number(word)) ? Number(word) : word;
  return typeof assumed === "boolean" && /^(true|false)$/.test(word) ? word === "true" : word;
}

function weightOf(word: string, refusal: (rule: string) => UserError): number {
  const weight = Number(word);
  if (word.trim() !== "" && weight > 0 && weight <= 1e6) return weight;
  throw refusal(`a weight is a number above 0 and at most 1e6, not ${word || "empty"}`);
}

interface Simulated {
  readonly asIs: number;
  readonly meaning: string;
  readonly worlds: readonly World[];
  /** By world. */
  readonly weeks: readonly Week[];
  /** By world, then policy. */
  readonly years: readonly (readonly PolicyYear[])[];
}

export function observationAdvice({ asIs, meaning, worlds, weeks, years }: Simulated): ObservationAdvice {
  const known = itemAt(years, 0).map((_, policy) => years.map((here) => isSimulated(itemAt(here, policy).fate)));
  const sound = known.map((row) => row.every(Boolean));
  const policies = sound.flatMap((isSound, policy) => (isSound || !sound.includes(true) ? [policy] : []));
  const weights = worlds.map(({ weight }) => weight);
  const means = itemAt(years, 0).map((_, policy) => years.map((here) => mean(itemAt(here, policy).costs)));
  const onAverage = meanLosses({ weights, losses: policies.map((policy) => itemAt(means, policy)) });
  const best = itemAt(policies, onAverage.indexOf(Math.min(...onAverage)));
  const hasOwnChance = itemAt(worlds, 0).seed !== undefined;
  const losses = hasOwnChance ? means.map((row, policy) => predicted(row, policy, best, years, known)) : means;
  const decision = { weights, losses, known };
  // Who knows the world may choose what is sound in this one only.
  const knowing = years.map((_, world) => {
    const own = [...known.keys()].filter((policy) => itemAt(itemAt(known, policy), world));
    const allowed = own.length > 0 ? own : policies;
    const lossOf = (policy: number) => itemAt(itemAt(losses, policy), world);
    const cheapest = allowed.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a));
    return { cost: itemAt(itemAt(means, cheapest), world), best: cheapest, isSound: own.length > 0 };
  });
  const isSound = sound.includes(true);
  const counts = weeks.map(({ leaks }) => leaks);
  const bestWeek = (Math.min(...onAverage) * DAYS_PER_WEEK) / YEAR_DAYS;
  return {
    name: itemAt(worlds, 0).seed === undefined ? itemAt(Object.keys(itemAt(worlds, 0).setting), 0) : "world",
    meaning,
    worlds: worlds.map(({ value, weight, setting, isAssumed }, world) => {
      const known = itemAt(knowing, world);
      const { outlook, kind, unseen, ranOut } = itemAt(itemAt(years, world), asIs).fate;
      const { drains, seen, fate, restartDays } = itemAt(itemAt(years, world), known.best);
      const remedyDays = (fate.changedDays ?? 0) > 0 ? fate.changedDays : restartDays;
      // Where the calendar is not simulated, too, servers run out of nothing if restarts come in time.
      const isInTime = ranOut === undefined && (kind === "restarted" || unseen === "calendar");
      const mayRunOut = kind !== "fixed" && kind !== "lasts" && !isInTime;
      const isLate = known.best !== asIs && mayRunOut && remedyDays !== undefined;
      return {
        ...known,
        value,
        setting,
        weight,
        isAssumed,
        leaks: itemAt(counts, world).mean,
        outlook,
        drains,
        seen: meanEstimate(seen),
        lateDays: isLate ? DAYS_PER_WEEK + remedyDays : undefined,
      };
    }),
    best,
    drains: years.every((policies) => itemAt(policies, best).drains),
    isSound,
    excluded: [...sound.keys()].filter((policy) => !policies.includes(policy)),
    perfect: isSound ? Math.max(0, perfectInformationValue(decision)) : NaN,
    week: isSound ? observationValue(decision, countChances(counts)) : NaN,
    waiting: Math.max(0, sum(weeks.map(({ cost }, world) => itemAt(weights, world) * cost)) - bestWeek),
  };
}

/** The costs of a policy by world: those of the best on average, and the predicted differences from it. */
function predicted(
  means: readonly number[],
  policy: number,
  best: number,
  years: readonly (readonly PolicyYear[])[],
  known: readonly (readonly boolean[])[],
): number[] {
  const worlds = [...years.keys()].filter((world) => itemAt(itemAt(known, policy), world));
  const differences = predictedMeans(
    worlds.map((world) => {
      const here = itemAt(years, world);
      return itemAt(here, policy).costs.map((cost, i) => cost - itemAt(itemAt(here, best).costs, i));
    }),
  );
  return means.map((cost, world) => {
    const at = worlds.indexOf(world);
    return at < 0 ? cost : mean(itemAt(itemAt(years, world), best).costs) + itemAt(differences, at);
  });
}

/**
 * By world: the leaks and costs of the servers of a design point in the first week, or in the simulated part of it. The
 * leaks are those of the most frequent kind, because one failure may leak several resources. Leaks of different sizes
 * count as leaks of the one size with which they would be Poisson: their variance between servers over their mean, in
 * all worlds together, so that a difference between counts is one of leaks.
 *
 * @param kinds of a design point; all have the same
 */
export function firstWeeks(
  plan: Plan,
  values: HorizonValues,
  pointIndices: readonly number[],
  prices: readonly Price[],
  kinds: (point: PlannedPoint) => readonly LeakKind[],
): Week[] {
  const worlds = pointIndices.map((pointIndex) => {
    const point = itemAt(plan.points, pointIndex);
    const times = values.times(pointIndex);
    const sample = times.findLastIndex((time) => time <= DAYS_PER_WEEK * US_PER_DAY);
    const leaks = kinds(point).map((kind) => ({ ...kind, totals: values.servers(pointIndex, kind.name, sample) }));
    const paid = prices.map(({ amount, response, size }) => {
      return (amount * mean(values.totals(pointIndex, response, sample))) / size;
    });
    const share = (DAYS_PER_WEEK * US_PER_DAY) / itemAt(times, sample);
    return { servers: point.scenario.servers, leaks, cost: sum(paid) * share, share };
  });
  const commonSize = (kind: number) => {
    const totals = worlds.map(({ leaks }) => itemAt(leaks, kind).totals);
    return sum(totals.map(variance)) / sum(totals.map(mean)) || 1;
  };
  return worlds.map(({ servers, leaks, cost, share }) => {
    const counts = leaks.map(({ size, totals }, kind) => {
      const one = size ?? commonSize(kind);
      return totals.map((total) => total / one);
    });
    const most = counts.reduce((a, b) => (mean(b) > mean(a) ? b : a));
    const average = mean(most);
    const dispersion = average === 0 || most.length < 2 ? 1 : variance(most) / average;
    return { leaks: { mean: average * servers * share, dispersion }, cost };
  });
}
