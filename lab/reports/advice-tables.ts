/** The tables of advice: parts of the fleet, costs, quantities, restart intervals, possible worlds. */
import type { Estimate } from "../../statistics/estimate.ts";
import { itemAt } from "../lists.ts";
import type { Advice, PartAdvice } from "../studies/advice.ts";
import type { Verdict } from "../studies/verdict.ts";
import type { Fate, PolicyCost } from "../studies/policy-costs.ts";
import {
  estimateText,
  hoursText,
  leastOf,
  money,
  moneyEnds,
  partPrefix,
  yearlyOf,
  type When,
} from "./advice-format.ts";
import { labelOf, significant } from "./format.ts";
import { TOO_FEW } from "./interval-text.ts";
import type { SummaryTable } from "./summary-table.ts";

/** Costs that exceed the best policy's by more than this factor are only said to do so. */
const TIMES_MAX = 100;

export function partsTable(parts: readonly PartAdvice[], currency: string): SummaryTable {
  return {
    head: ["part", "servers", "policy", `${currency} a year`, "saved"],
    texts: 1,
    rows: parts.map((part) => {
      const { name, servers, policies, best, asIs, judged } = part;
      const { drains, isSound } = itemAt(policies, asIs);
      const chosen = itemAt(policies, best);
      const cost = chosen.drains ? estimateText(judged.cost) : moreThan(part, judged.seen);
      const saved = best === asIs || !drains || !isSound ? "" : estimateText(judged.saved);
      return [name, String(servers), chosen.name, cost, saved];
    }),
    legend: [
      "saved: compared with the present policy; empty if a resource runs out under that policy or stuck jobs are never cleared",
    ],
  };
}

export function costTable(whole: Verdict, parts: readonly string[], currency: string, when: When): SummaryTable {
  const { policies, asIs, best } = whole;
  const hasLeast = policies.some(({ isSound, drains }) => !isSound || !drains);
  return {
    head: ["policy", `${currency} a year`, "above the best", "runs out of"],
    texts: 1,
    rows: policies.map((policy, i) => [
      `${policy.name}${i === asIs ? " (present)" : ""}${i === best ? " *" : ""}`,
      costText(whole, policy),
      aboveText(policy, itemAt(policies, best)),
      fateText(policy.fates, when, policy.drains, parts),
    ]),
    legend: [
      `${currency} a year: for the whole fleet, ± half the width of its 95 % interval; *: the policy of the verdict`,
      "above the best: how much more than the cheapest other policy; nominal 95 % intervals for all policies at once (Hsu)",
      ...(policies.some(({ isRare }) => isRare) ? [RARE] : []),
      ...(hasLeast
        ? [
            "more than: a lower bound, because stuck jobs are never cleared or a resource runs out too late for the simulated " +
              "days to show all consequences; it is the cost of the simulated days, or a hundred times that of the best policy if that is less",
          ]
        : []),
    ],
  };
}

function aboveText({ above, isRare }: PolicyCost, best: PolicyCost): string {
  if (Number.isNaN(above.value)) return "";
  return isRare || best.isRare ? TOO_FEW : moneyEnds(above.lower, above.upper).join(" .. ");
}

function costText(whole: Verdict, policy: PolicyCost): string {
  const { cost, seen, isSound, drains } = policy;
  return isSound && drains ? `${estimateText(cost)}${markOf(policy)}` : moreThan(whole, seen);
}

/** The quantities that are paid for, without those that are 0 for every policy. */
export function quantityTable({ prices, whole: { policies } }: Advice): SummaryTable {
  const taken = prices.flatMap(({ name }, k) =>
    policies.some((one) => itemAt(one.perServerDay, k) > 0) ? [{ name, k }] : [],
  );
  return {
    head: ["policy", ...taken.map(({ name }) => name)],
    texts: 1,
    rows: policies.map(({ name, perServerDay }) => [
      name,
      ...taken.map(({ k }) => significant(itemAt(perServerDay, k))),
    ]),
    legend: ["all columns: per simulated server-day"],
  };
}

export function intervalsTable(
  { restarts: { rows }, servers }: PartAdvice,
  currency: string,
): SummaryTable | undefined {
  if (rows.length === 0) return undefined;
  const yearly = yearlyOf(servers);
  const hasFormula = rows.some(({ formula }) => !Number.isNaN(formula));
  return {
    head: ["restart every", `${currency} a year`, ...(hasFormula ? ["by formula"] : [])],
    texts: 1,
    rows: rows.map(({ hours, cost, formula, drains, isRare }) => [
      hoursText(hours),
      drains
        ? `${estimateText({ value: yearly(cost.value), halfWidth: isRare ? NaN : yearly(cost.halfWidth) })}${markOf({ isRare })}`
        : "never clears its queue",
      ...(hasFormula ? [drains ? money(yearly(formula)) : ""] : []),
    ]),
    legend: [
      ...(hasFormula
        ? [
            "by formula: the expected cost, computed from the leak rate and the costs after users notice, as if all hours " +
              "were alike; the other column is simulated",
          ]
        : []),
      ...(rows.some(({ isRare }) => isRare) ? [RARE] : []),
    ],
  };
}

export function worldsTable(
  { observation: { name, worlds }, policies, best: verdict, scale }: PartAdvice,
  currency: string,
  when: When,
): SummaryTable {
  const thing = name === "world" ? name : `value of ${name}`;
  return {
    head: [name, "weight", "leaks in week 1", "the present policy runs out of", "cheapest", `${currency} a year`],
    texts: 1,
    rows: worlds.map(({ value, weight, leaks, outlook, best, cost, drains, seen }) => [
      String(value),
      significant(weight),
      significant(leaks * scale),
      outlook === undefined ? "" : fateText([{ kind: "lasts", outlook, fixed: 0, harmed: 0 }], when),
      itemAt(policies, best).name,
      drains ? money(cost * scale) : `more than ${money(seen * scale)}`,
    ]),
    legend: [
      `weight: the assumed probability of this ${thing}; leaks: of the whole fleet`,
      ...(worlds.every(({ best }) => best === verdict)
        ? []
        : [
            `cheapest: if this ${thing} is the true one; the verdict is for ${name === "world" ? "all worlds together" : "the assumed value"}`,
          ]),
    ],
  };
}

const RARE =
  `${TOO_FEW} few or none of the simulated servers ran out of a resource, which is expensive, so no interval is known; ` +
  "more servers, days or replications give one";

function markOf({ isRare }: Pick<PolicyCost, "isRare">): string {
  return isRare ? ` ${TOO_FEW}` : "";
}

/** The cost of the simulated days, or a hundred times that of the best policy if that is less. */
export function moreThan({ policies, best }: Verdict, seen: Estimate, currency = ""): string {
  const { cost, drains } = itemAt(policies, best);
  if (leastOf(seen) === 0) return "not known";
  const bound = drains && cost.value > 0 ? TIMES_MAX * cost.value : Infinity;
  return `more than ${currency === "" ? "" : `${currency} `}${money(Math.min(bound, leastOf(seen)))}`;
}

/** @param parts the parts of these fates, by name; a part without a name is the whole fleet */
function fateText(fates: readonly Fate[], when: When, drains = true, parts: readonly string[] = []): string {
  const texts = fates.map(({ kind, outlook, harmed }, i) => {
    const harm = harmed === 0 ? "" : ", harm done";
    if (kind === "fixed") return `fixed${harm}`;
    if (kind === "restarted") return `restarted${harm}`;
    if (kind === "unseen") return `too few days simulated${harm}`;
    if (outlook === undefined) return "";
    if (outlook.perDay === 0)
      return `${partPrefix(parts[i] ?? "")}not before ${when.before}${when.text(outlook.between.lower)}${harm}`;
    const { days, between } = outlook;
    return `${partPrefix(parts[i] ?? "")}${labelOf(outlook.resource)}, ${when.before}${when.text(days)} (${when.text(between.lower)} .. ${when.text(between.upper)})${harm}`;
  });
  const piles = drains ? [] : ["the queue never drains"];
  return [...new Set([...texts, ...piles])].filter((text) => text !== "").join("; ");
}
