/** The verdict of advice, in a sentence, and its qualifications, a sentence each. */
import { DAYS_PER_YEAR } from "../../page/units.ts";
import { DAYS_PER_CENTURY } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import type { Advice, PartAdvice } from "../studies/advice.ts";
import type { Verdict } from "../studies/verdict.ts";
import type { Outlook } from "../studies/outlook.ts";
import { YEAR_DAYS, cheapestFix, type Fate, type PolicyCost } from "../studies/policy-costs.ts";
import type { ChosenInterval } from "../studies/restart-advice.ts";
import {
  amountText,
  capital,
  daysText,
  hoursText,
  leastOf,
  money,
  moneyEnds,
  yearlyOf,
  type When,
  partPrefix,
} from "./advice-format.ts";
import { moreThan } from "./advice-tables.ts";
import { counted, enumerated, labelOf, significant } from "./format.ts";

export interface VerdictWords {
  /** What to do and what it costs, in one sentence. */
  readonly verdict: string;
  /** Qualifications, one sentence each. */
  readonly reasons: readonly string[];
}

export function verdictOf(
  { experiment, at, horizonDays, whole, posterior, firstOut, unlike }: Advice,
  parts: readonly PartAdvice[],
  currency: string,
  when: When,
): VerdictWords {
  const { policies, best, asIs, servers, judged } = whole;
  const chosen = itemAt(policies, best);
  const where = at === "" ? experiment : `${experiment} at ${at}`;
  const asThingsAre = outlookText(parts, itemAt(policies, asIs).fates, when, firstOut !== undefined);
  if (policies.every(({ cost }) => cost.value === 0)) {
    const nothing = `nothing with a price happened in ${counted(horizonDays, "day")} under any policy`;
    return { verdict: `For ${where}, ${nothing}.`, reasons: asThingsAre === "" ? [] : [asThingsAre] };
  }
  const isKept = best === asIs;
  const action = isKept ? `keep ${chosen.name}, the present policy` : `choose ${chosen.name}`;
  const fleet = counted(servers, "server");
  const saved = isKept ? "" : savedText(whole, currency);
  const cost = chosen.drains
    ? `It costs ${amountText(judged.cost, currency)} a year for ${fleet}${saved}`
    : `It costs more than ${currency} ${money(leastOf(judged.seen))} a year for ${fleet}, because stuck jobs are never cleared` +
      (isKept ? "" : `; ${itemAt(policies, asIs).name}, the present policy, costs even more`);
  const rivals = policies.filter(({ above, isSound }, i) => isSound && above.isCandidate && i !== best);
  const compared = policies.filter(({ above, isSound }) => isSound && !Number.isNaN(above.value));
  const others =
    rivals.length === 0
      ? `${compared.some(({ isRare }) => isRare) ? "In the simulation" : "With 95 % confidence"}, every other policy that can be recommended costs more.`
      : `The simulation does not rule out that ${enumerated(
          rivals.map(({ name }) => name),
          "or",
        )} costs less.`;
  return {
    verdict: `${unlike === undefined ? "For" : "Do not rely on this yet, because the worlds do not look like the counters: for"} ${where}, ${action}. ${cost}.`,
    reasons: [
      ...(unlike === undefined
        ? []
        : [
            `The worlds do not show the observed ${unlike}. Calibrate with more worlds, or with other settings, first.`,
          ]),
      ...parts.flatMap((part) => betterInterval(part, currency)),
      ...basisTexts(posterior, whole, currency),
      ...(chosen.isRare
        ? [
            `Few or none of the simulated servers ran out of a resource with ${chosen.name}, so no interval of its cost is known.`,
          ]
        : []),
      ...(policies.length > 1 ? [others] : []),
      ...(asThingsAre === "" ? [] : [asThingsAre]),
      ...(firstOut === undefined ? [] : [firstOut]),
      ...paybackText(whole, horizonDays, when),
      ...putOffTexts(policies, parts, horizonDays, when),
      ...unseenTexts(policies, horizonDays),
      ...againText(chosen, parts, when),
    ],
  };
}

/** How the policy was chosen, and where the costs in the verdict come from. */
function basisTexts(posterior: Advice["posterior"], { policies, best, judged }: Verdict, currency: string): string[] {
  if (posterior === undefined) {
    return ["The costs in this verdict come from fresh replications, which were not used to choose the policy."];
  }
  const { drains } = itemAt(policies, best);
  const { lower, upper } = judged.range;
  const [cheapest, dearest] = moneyEnds(lower, upper);
  const ends = drains ? `, from ${currency} ${cheapest} in the cheapest world to ${dearest} in the dearest` : "";
  return [
    `The costs in this verdict are means over ${posterior.worlds} worlds of ${posterior.file}, other than those used to ` +
      `choose the policy${ends}. Their intervals include chance and the uncertainty about the servers.`,
    "Restart intervals and canaries are planned for the world nearest to the posterior medians.",
  ];
}

/**
 * When the cheapest fix has cost no more than the present policy: its costs of the simulated days, in which it is
 * installed, and then its daily costs, against the daily costs of the present policy.
 */
function paybackText({ policies, asIs }: Verdict, horizonDays: number, when: When): string[] {
  const fix = cheapestFix(policies);
  const present = itemAt(policies, asIs);
  if (fix === undefined || fix === present || !present.isSound || !present.drains) return [];
  const presentPerDay = present.cost.value / YEAR_DAYS;
  const fixPerDay = (fix.cost.value - fix.seen.value) / (YEAR_DAYS - horizonDays);
  const paid = (fix.seen.value - horizonDays * fixPerDay) / (presentPerDay - fixPerDay);
  if (!(paid >= 0 && paid <= DAYS_PER_CENTURY)) return [];
  return [
    `Compared with the present policy, ${fix.name} pays for itself by about ${when.before}${when.text(paid)}. ` +
      "This day has no interval: it is the quotient of two uncertain costs, and near a saving of 0 it may be any day.",
  ];
}

/** What the chosen policy saves, as the end of the sentence about its cost. */
function savedText(whole: Verdict, currency: string): string {
  const {
    policies,
    asIs,
    judged: { saved },
  } = whole;
  const { name, isSound, drains, seen } = itemAt(policies, asIs);
  if (!isSound) return `; what ${name}, the present policy, costs in a year is not known`;
  if (!drains) return `; ${name}, the present policy, costs ${moreThan(whole, seen, currency)}`;
  const more = amountText(saved, currency);
  return saved.value >= 0
    ? `, ${more} less than ${name}, the present policy`
    : `, no less than ${name}, the present policy (${more})`;
}

/** A restart interval that is cheaper than every compared policy. */
function betterInterval({ name, restarts, policies, best, judged, servers }: PartAdvice, currency: string): string[] {
  const { chosen, isNoticed } = restarts;
  if (chosen === undefined || !isNoticed) return [];
  const yearly = yearlyOf(servers);
  const least = itemAt(policies, best).drains ? judged.cost.lower : leastOf(judged.seen);
  if (!(yearly(chosen.upper) < least)) return [];
  return [
    `${partPrefix(name)}cheaper than each of these policies: restart every ${hoursText(chosen.hours)}, ${rangeText(chosen, servers, currency)}.`,
  ].map(capital);
}

export function rangeText({ value, lower, upper }: ChosenInterval, servers: number, currency: string): string {
  const yearly = yearlyOf(servers);
  return `${currency} ${money(yearly(value))} a year (95 % interval ${moneyEnds(yearly(lower), yearly(upper)).join(" .. ")})`;
}

/** Why cheap policies are not advised: what they run out of was not simulated. One sentence for all of the same date. */
function putOffTexts(
  policies: readonly PolicyCost[],
  parts: readonly PartAdvice[],
  horizonDays: number,
  when: When,
): string[] {
  const names = new Map<string, string[]>();
  for (const { name, fates } of policies) {
    const part = fates.findIndex(({ kind }) => kind === "runs-out");
    if (part < 0) continue;
    const where = parts.length > 1 ? `, at ${itemAt(parts, part).name}` : "";
    const until = `${when.before}${when.text(itemAt(fates, part).outlook!.between.lower)}`;
    const text =
      `${where}, a resource runs out too late for the ${counted(horizonDays, "day")} simulated to show all consequences, ` +
      `so the cost of a year is not known. This only postpones the decision, to ${until} at the latest.`;
    names.set(text, [...(names.get(text) ?? []), name]);
  }
  return [...names].map(([text, of]) => `With ${enumerated(of, "or")}${text}`);
}

/** Which policies restart too seldom, or too late after a change, for the simulated days. */
function unseenTexts(policies: readonly PolicyCost[], horizonDays: number): string[] {
  return policies.flatMap(({ name, fates }) => {
    const needed = Math.max(0, ...fates.map(({ daysNeeded }) => daysNeeded ?? 0));
    return needed === 0
      ? []
      : [
          `The ${counted(horizonDays, "day")} simulated contain no whole restart interval of ${name}, counted from the start or from the ` +
            `last change, so the cost of a year is not known. Simulate at least ${needed} days (--set horizonDays=${needed}).`,
        ];
  });
}

/** The date by which to decide again if the advice is to continue while something fills up. */
function againText({ fates }: PolicyCost, parts: readonly PartAdvice[], when: When): string[] {
  return fates.flatMap(({ kind, outlook }, i) => {
    if (kind !== "lasts" || outlook === undefined || outlook.between.lower === Infinity) return [];
    const at = parts.length > 1 ? `At ${itemAt(parts, i).name}, decide` : "Decide";
    const day = when.text(outlook.between.lower);
    return [
      `${at} again before ${when.before}${day}: from then on servers may run out of ${labelOf(outlook.resource)}.`,
    ];
  });
}

/** What runs out first under the present policy, and in which part. */
function outlookText(parts: readonly PartAdvice[], fates: readonly Fate[], when: When, hasCounters: boolean): string {
  const known = fates.flatMap(({ outlook }, i) =>
    outlook === undefined ? [] : [{ outlook, name: itemAt(parts, i).name }],
  );
  if (known.length === 0) return "";
  const first = known.reduce((a, b) => (b.outlook.between.lower < a.outlook.between.lower ? b : a));
  const where = parts.length > 1 ? ` at ${first.name}` : "";
  return `Under the present policy, without a restart, ${runsOutText(first.outlook, where, when, hasCounters)}.`;
}

function runsOutText(
  { resource, perDay, level, days, between, isLogged }: Outlook,
  where: string,
  when: When,
  hasCounters: boolean,
): string {
  const what = labelOf(resource);
  const unseen = hasCounters && !isLogged ? ", which the logs do not contain" : "";
  if (perDay === 0) {
    return between.lower === Infinity
      ? `nothing leaks${where}`
      : `nothing leaked${where}, and ${what} last for at least ${daysText(between.lower)}`;
  }
  const upper = between.upper === Infinity ? "or later" : `to ${when.text(between.upper)}`;
  const years = days > 2 * DAYS_PER_YEAR ? `, in ${significant(days / DAYS_PER_YEAR)} years` : "";
  return (
    `the first resource to run out${where} is ${what} (limit ${significant(level).replace(/\.0+$/, "")})${unseen}: at ` +
    `${significant(perDay)} a day, on about ${when.before}${when.text(days)}${years} (95 % of servers: ${when.before}${when.text(between.lower)} ${upper})`
  );
}
