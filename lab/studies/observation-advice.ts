/**
 * Whether to observe for another week before one decides: what it is worth to know more of an assumption that nobody
 * knows, and what a week as things are costs (statistics/value-of-information.ts).
 *
 * The worlds are values of one assumption, with weights. Each policy is simulated in each world. What is observed is
 * the number of leaks of the whole fleet in a week, as a handle counter shows them; its law in each world has the mean
 * and the dispersion of the simulated servers. The decision holds for as long as the scenario's horizon.
 */
import type { Setting, Settings } from "../../models/model.ts";
import { mean, variance } from "../../statistics/estimate.ts";
import {
  countChances,
  meanLosses,
  observationValue,
  perfectInformationValue,
} from "../../statistics/value-of-information.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import type { Costs } from "./policy-costs.ts";
import { checkSetting } from "../experiment/scenario.ts";
import { suggest } from "../suggest.ts";
import type { Plan, PlannedPoint } from "../experiment/plan.ts";
import { UserError } from "../user-error.ts";

const WEEK_DAYS = 7;
const WORLDS_MAX = 9;

export interface World {
  readonly value: Setting;
  readonly weight: number;
  readonly setting: Settings;
  /** Whether it is what the scenario assumes. */
  readonly isAssumed: boolean;
}

export interface ObservationAdvice {
  readonly name: string;
  readonly worlds: readonly {
    readonly value: Setting;
    readonly weight: number;
    /** Leaks of the fleet in a week as things are. */
    readonly leaks: number;
    /** The place of the cheapest policy, and what it costs per server-day. */
    readonly best: number;
    readonly cost: number;
  }[];
  /** The place of the policy that is cheapest on the average of the worlds. */
  readonly best: number;
  /** For the fleet over the horizon: to know the world, and to see one more week of leaks first. */
  readonly perfect: number;
  readonly week: number;
  /** What a week as things are costs the fleet more than a week of the best policy. */
  readonly waiting: number;
}

/** By default the median time that an alteration stays inside a print processor, which matters most of all. */
export const UNKNOWN = "controlMsMedian";
const FACTORS = [0.25, 1, 4];
const WEIGHTS = [1, 2, 1];

/** Worlds said as name=value:weight,value:weight; of a name alone, a quarter, once and four times what is assumed. */
export function worldsOf(said: string, { resolved: { model, scenario } }: PlannedPoint): World[] {
  const place = `--unknown ${said}:`;
  const [name, list, ...rest] = said.split("=");
  const { parameters } = model;
  if (!Object.hasOwn(parameters, name)) {
    throw new UserError(
      `${place} ${name || "nothing"} is no parameter of ${model.name}${suggest(name, Object.keys(parameters))}`,
    );
  }
  const parameter = parameters[name];
  const assumed = scenario.parameters[name];
  if (rest.length > 0) throw new UserError(`${place} an unknown is said as name=value:weight,value:weight`);
  if (list === undefined && !(parameter.kind === "number" && Number(assumed) > 0)) {
    throw new UserError(`${place} say what it may be, as ${name}=value:weight,value:weight`);
  }
  const pairs =
    list === undefined
      ? FACTORS.map((factor, i): [string, string] => [String(factor * Number(assumed)), String(WEIGHTS[i])])
      : list.split(",").map((one): [string, string] => {
          const [value, weight = "1", ...more] = one.split(":");
          if (value === "" || more.length > 0) throw new UserError(`${place} "${one}" is not said as value:weight`);
          return [value, weight];
        });
  if (pairs.length < 2 || pairs.length > WORLDS_MAX) {
    throw new UserError(`${place} ${pairs.length} values; an unknown has 2 to ${WORLDS_MAX}`);
  }
  const worlds = pairs.map(([word, weight]) => {
    const value = settingOf(word, assumed);
    checkSetting(`${place} ${name}`, parameter, value);
    return { value, weight: weightOf(place, weight) };
  });
  if (new Set(worlds.map(({ value }) => value)).size < worlds.length) {
    throw new UserError(`${place} a value is said twice`);
  }
  const total = worlds.reduce((all, { weight }) => all + weight, 0);
  return worlds.map(({ value, weight }) => {
    return { value, weight: weight / total, setting: { [name]: value }, isAssumed: value === assumed };
  });
}

/** A word of the kind of what is assumed; one that is not of that kind stays a word, to be refused as it was said. */
function settingOf(word: string, assumed: Setting): Setting {
  if (typeof assumed === "number") return Number.isFinite(Number(word)) ? Number(word) : word;
  return typeof assumed === "boolean" && /^(true|false)$/.test(word) ? word === "true" : word;
}

function weightOf(place: string, word: string): number {
  const weight = Number(word);
  if (word.trim() !== "" && weight > 0 && weight <= 1e6) return weight;
  throw new UserError(`${place} ${word || "nothing"} is no weight; a number above 0`);
}

interface Simulated {
  readonly asIs: number;
  readonly worlds: readonly World[];
  readonly policies: number;
  /** Of each design point: the policies as assumed, then those of every other world. */
  readonly costs: readonly Costs[];
}

export function observationAdvice(
  plan: Plan,
  outcomes: HorizonValues,
  { asIs, worlds, policies, costs }: Simulated,
): ObservationAdvice {
  const { servers, horizonDays } = plan.points[asIs].scenario;
  let next = 0;
  const firsts = worlds.map(({ isAssumed }) => (isAssumed ? 0 : (next += policies)));
  const perDay = Array.from({ length: policies }, (_, policy) =>
    firsts.map((first) => mean(costs[first + policy].perReplication)),
  );
  const counts = firsts.map((first) => {
    const leaks = outcomes.servers(first + asIs, "processorsLeaked");
    const average = mean(leaks);
    const dispersion = average === 0 || leaks.length < 2 ? 1 : variance(leaks) / average;
    return { mean: (average / horizonDays) * WEEK_DAYS * servers, dispersion };
  });
  const weights = worlds.map(({ weight }) => weight);
  const decision = { weights, losses: perDay.map((row) => row.map((cost) => cost * servers * horizonDays)) };
  const onAverage = meanLosses({ weights, losses: perDay });
  const best = onAverage.indexOf(Math.min(...onAverage));
  return {
    name: Object.keys(worlds[0].setting)[0],
    worlds: worlds.map(({ value, weight }, world) => {
      const here = perDay.map((row) => row[world]);
      const cost = Math.min(...here);
      return { value, weight, leaks: counts[world].mean, best: here.indexOf(cost), cost };
    }),
    best,
    perfect: perfectInformationValue(decision),
    week: observationValue(decision, countChances(counts)),
    waiting: (onAverage[asIs] - onAverage[best]) * WEEK_DAYS * servers,
  };
}
