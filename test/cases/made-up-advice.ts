/** Advice that nobody computed, of fleets for which the right text is known. */
import type { Advice, PartAdvice } from "../../lab/studies/advice.ts";
import type { Fate } from "../../lab/studies/policy-fate.ts";
import type { PolicyCost } from "../../lab/studies/policy-costs.ts";
import type { ChosenInterval } from "../../lab/studies/restart-advice.ts";
import { meanEstimate, withInterval } from "../../statistics/estimate.ts";

const about = (value: number) => meanEstimate([value - 1, value + 1]);
const outlook = {
  resource: { name: "printerDcs", label: "printer DCs" },
  level: 250,
  lifetime: { leaks: 235, rate: { perDay: 0.5, interval: { lower: 0.48, upper: 0.52 }, dispersion: 1 } },
  perDay: 0.5,
  days: 470,
  between: { lower: 400, upper: 550 },
} as Fate["outlook"];

export function policy(
  name: string,
  cost: number,
  more: Partial<PolicyCost> = {},
  kind: Fate["kind"] = "lasts",
): PolicyCost {
  return {
    name,
    cost: about(cost),
    seen: about(cost / 10),
    above: { value: 0, lower: 0, upper: 5, isCandidate: false },
    amounts: [1],
    perServerDay: [1],
    fates: [{ kind, outlook, harmed: 0, fixed: 0 }],
    drains: true,
    isRare: false,
    isSound: true,
    ...more,
  };
}

export function part(name: string, policies: readonly PolicyCost[], best: number): PartAdvice {
  return {
    name,
    servers: 3,
    policies,
    asIs: 0,
    best,
    judged: { cost: policies[best].cost, saved: about(90), seen: policies[best].seen, range: about(1) },
    breakEvens: [{ price: "staffHour", at: 90, isAbove: true, policy: 0 }],
    restarts: { rows: [], chosen: undefined, outlook, isNoticed: false },
    canaries: {
      leak: { name: "leaked", label: "print processors" },
      rate: { perDay: 0, interval: { lower: 0, upper: 1 }, dispersion: 1 },
      unfixedShare: 1,
      isWeekSeen: true,
      quiet: [],
      rows: [],
      trial: "",
    },
    observation: {
      name: "stay",
      meaning: "",
      worlds: [],
      best,
      drains: true,
      isSound: true,
      excluded: [],
      perfect: 0,
      week: 0,
      waiting: 1,
    },
    scale: 1,
  };
}

export function advice(parts: readonly PartAdvice[]): Advice {
  const price = { name: "staffHour", amount: 40, response: "staffUs", size: 1, meaning: "an hour of staff" };
  return {
    experiment: "mine",
    at: "",
    settings: {},
    levels: [
      { name: "wait", settings: { "parameters.restartEveryHours": 0 } },
      { name: "fixed", settings: { servers: 3, "parameters.spooler": "fixed" } },
    ],
    horizonDays: 28,
    replications: 2,
    prices: [price],
    harm: "it falls",
    whole: parts[0],
    parts,
  };
}

/** The restart advice of a part whose interval of 65 hours costs so much a year. */
export const interval = (
  value: number,
  lower: number,
  upper: number,
  by: "formula" | "simulation" = "formula",
): PartAdvice["restarts"] & { readonly chosen: ChosenInterval } => {
  const restarts = { ...part("", [policy("", 0)], 0).restarts, isNoticed: true };
  const cost = withInterval(meanEstimate([value, value]), { lower, upper });
  return { ...restarts, chosen: { hours: 65, by, isLongest: false, cost } };
};
