/** The verdict of advice, in a sentence, and its qualifications, a sentence each. */
import { DAYS_PER_YEAR } from "../../page/units.ts";
import { DAYS_PER_CENTURY, DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import type { Advice, PartAdvice } from "../studies/advice.ts";
import { betterForNow, isFree, leastOf, type Verdict } from "../studies/verdict.ts";
import { earliestOf, firstOutDay, type Outlook } from "../studies/outlook.ts";
import { YEAR_DAYS } from "../studies/restart-calendar.ts";
import { cheapestFix, type PolicyCost } from "../studies/policy-costs.ts";
import type { Fate } from "../studies/policy-fate.ts";
import { intervalName } from "../studies/restart-advice.ts";
import {
  sentence,
  costText,
  estimateText,
  FAR_DAYS,
  daysText,
  isExact,
  money,
  moneyEnds,
  type When,
  separated,
} from "./advice-format.ts";
import { moreThan } from "./advice-tables.ts";
import { counted, enumerated, labelOf } from "./format.ts";
import { TOO_FEW } from "./interval-text.ts";

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
  const { policies, best, asIs } = whole;
  const chosen = itemAt(policies, best);
  const present = itemAt(policies, asIs);
  const where = at === "" ? experiment : `${experiment} at ${at}`;
  const asThingsAre = outlookText(parts, present.fates, when, firstOut !== undefined);
  const late = [
    ...putOffTexts(policies, parts, horizonDays, when),
    ...unknownConsequencesTexts(policies),
    ...unseenTexts(policies, horizonDays),
    ...briefText(horizonDays),
  ];
  const again = againText(chosen, parts, horizonDays, when);
  const shared = { where, horizonDays, currency };
  if (policies.every(({ cost }) => cost.value === 0)) {
    return {
      verdict: freeText(whole, shared),
      reasons: [asThingsAre, ...late, ...(isFree(whole) ? [] : again)].filter((text) => text !== ""),
    };
  }
  const rivals = policies.filter(({ above, isSound }, i) => isSound && above.lower < 0 && i !== best);
  const compared = policies.filter(({ above, isSound }) => isSound && !Number.isNaN(above.value));
  const isUncertain = ({ isRare }: PolicyCost) => isRare && !chosen.isRare;
  const uncertain = rivals.filter(isUncertain).map(({ name }) => name);
  const cheaper = [
    ...rivals.filter((rival) => !isUncertain(rival)).map(({ name }) => name),
    ...(parts.length === 1 && mayBeBetter(itemAt(parts, 0))
      ? [intervalName(itemAt(parts, 0).restarts.chosen!.hours)]
      : []),
  ];
  const sure = compared.some(({ isRare }) => isRare) ? "In the simulation" : "With 95 % confidence";
  const others = [
    ...(cheaper.length === 0
      ? []
      : [
          `According to the simulation, ${cheaper.length === 1 ? "this" : "these"} may cost less: ${enumerated(cheaper, "or")}.`,
        ]),
    ...(uncertain.length === 0 ? [] : [uncertainText(uncertain, chosen.name)]),
  ];
  if (others.length === 0) {
    others.push(`${sure}, ${dearerText(compared, chosen)}.`);
  }
  const isAdvised = chosen.isSound && betterForNow(policies, best).length === 0;
  const verdict = isAdvised ? chosenText(whole, shared) : `For ${where}, no policy can be recommended yet.`;
  return {
    verdict:
      unlike === undefined
        ? verdict
        : `Do not rely on this yet, because the worlds do not look like the counters: ${verdict.replace(/^F/, "f")}`,
    reasons: [
      ...(unlike === undefined
        ? []
        : [
            `The worlds do not show the observed ${unlike}. Calibrate with more worlds, or with other settings, first.`,
          ]),
      ...parts.flatMap((part) => (chosen.name === ownInterval(part) ? tooLongAt(part) : [])),
      ...untilThenText(whole, horizonDays),
      ...(isAdvised ? basisTexts(posterior, whole, currency) : []),
      ...(chosen.isSound ? missingText(whole) : []),
      ...(chosen.isSound && policies.filter(({ isSound }) => isSound).length > 1 ? others : []),
      ...(asThingsAre === "" ? [] : [asThingsAre]),
      ...(firstOut === undefined ? [] : [firstOut]),
      ...paybackText(whole, horizonDays, when),
      ...late,
      ...again,
    ],
  };
}

/** That the other policies cost more than the chosen one, or as much. */
function dearerText(compared: readonly PolicyCost[], chosen: PolicyCost): string {
  const others = compared.filter((one) => one !== chosen);
  const equal = others.filter(({ cost }) => cost.value === chosen.cost.value).map(({ name }) => name);
  const dearer = "every other policy that can be recommended costs more";
  if (equal.length === 0) return dearer;
  const same = `${enumerated(equal)} cost${equal.length === 1 ? "s" : ""} as much`;
  return equal.length === others.length ? same : `${same}, and ${dearer}`;
}

/** That others are better for now, if the stuck jobs of the chosen policy are never cleared. */
function untilThenText({ policies, best }: Verdict, horizonDays: number): string[] {
  const chosen = itemAt(policies, best);
  const better = betterForNow(policies, best);
  if (better.length === 0) return [];
  const names = enumerated(
    better.map(({ name }) => name),
    "or",
  );
  const least = better.reduce((a, b) => (b.seen.value < a.seen.value ? b : a));
  const choice = better.length === 1 ? "it" : `${least.name}, the cheapest of them so far,`;
  return [
    `${sentence(chosen.name)} is only the cheapest policy of which a year is known. In the ${counted(horizonDays, "day")} simulated, ${names} ` +
      `${better.length === 1 ? "costs" : "cost"} less, and no jobs stay stuck: choose ${choice} for now, and decide again as said below.`,
  ];
}

/** That policies whose costs have no interval may cost less than the chosen one, whatever their means are. */
function uncertainText(names: readonly string[], chosen: string): string {
  const why = names.length === 1 ? "its cost has no interval" : "their costs have no intervals";
  return `It is not certain whether ${enumerated(names, "or")} costs less than ${chosen}, because ${why} (${TOO_FEW}).`;
}

/** What the sentences of the verdict share. */
interface Shared {
  readonly where: string;
  readonly horizonDays: number;
  readonly currency: string;
}

/** The verdict on policies that cost nothing while they are simulated. */
function freeText(whole: Verdict, { where, horizonDays }: Shared): string {
  const { policies, best, asIs } = whole;
  const seen = `in the ${counted(horizonDays, "day")} simulated`;
  const nothing = `no policy cost anything ${seen}`;
  const [chosen, present] = [itemAt(policies, best), itemAt(policies, asIs)];
  if (!chosen.isSound) return `For ${where}, no policy can be recommended yet: ${nothing}.`;
  if (isFree(whole)) {
    return `For ${where}, no policy can be recommended: at these prices, all of them cost 0 ${seen}. Set prices for what they take.`;
  }
  if (best === asIs) return `For ${where}, keep ${chosen.name}, the present policy: ${nothing}.`;
  const why = present.isSound
    ? nothing
    : `${nothing}, but the cost of the present policy (${present.name}) in a year is not known`;
  return `For ${where}, choose ${chosen.name}. ${sentence(why)}.`;
}

/** What to do and what it costs. */
function chosenText(whole: Verdict, { where, currency }: Shared): string {
  const { policies, best, asIs, servers, judged } = whole;
  const { name, drains } = itemAt(policies, best);
  const isKept = best === asIs;
  const fleet = counted(servers, "server");
  const least = money(leastOf(judged.seen));
  const cost = drains ? `${currency} ${costText(judged.cost)} a year` : `more than ${currency} ${least} a year`;
  const piling = drains ? "" : ", because stuck jobs are never cleared";
  const saved = isKept
    ? ""
    : drains
      ? savedText(whole, currency)
      : `; ${itemAt(policies, asIs).name}, the present policy, costs even more`;
  const action = isKept ? `keep ${name}, the present policy` : `choose ${name}`;
  return `For ${where}, ${action}. It costs ${cost} for ${fleet}${piling}${saved}.`;
}

/** Why a cost in the verdict has no interval. */
function missingText({ policies, best, asIs, judged }: Verdict): string[] {
  const [chosen, present] = [itemAt(policies, best), itemAt(policies, asIs)];
  if (!chosen.drains) return [];
  const isSaving = best !== asIs && present.isSound && present.drains;
  if (Number.isNaN(judged.cost.halfWidth)) return [fewText(chosen.name, `of its cost${isSaving ? " and saving" : ""}`)];
  if (isSaving && Number.isNaN(judged.saved.halfWidth)) {
    return [fewText(chosen.isRare ? chosen.name : present.name, `of what ${chosen.name} saves`)];
  }
  return isExact(judged.cost) && judged.cost.value > 0
    ? [`In every fresh replication, ${chosen.name} costs the same, so its cost has no ±.`]
    : [];
}

function fewText(name: string, what: string): string {
  return (
    `${TOO_FEW} On the fresh replications, few or none of the servers ran out of a resource or had to be restarted (again) with ${name}. ` +
    `Within the year more may, so no interval ${what} is known.`
  );
}

/** How the policy was chosen, and where the costs in the verdict come from. */
function basisTexts(posterior: Advice["posterior"], { policies, best, judged }: Verdict, currency: string): string[] {
  if (posterior === undefined) {
    return [
      "The costs in this verdict, with 95 % intervals, come from fresh replications, which were not used to choose the policy.",
    ];
  }
  const { name, drains } = itemAt(policies, best);
  const { lower, upper } = judged.range;
  const [cheapest, dearest] = moneyEnds(lower, upper);
  const ends = drains
    ? ` Yours is one world: a year of ${name} costs ${currency} ${cheapest} in the cheapest and ${dearest} in the dearest.`
    : "";
  return [
    `The costs of policies in this verdict are means over ${posterior.worlds} worlds of ${posterior.file}, other than those used to ` +
      `choose the policy, and their 95 % intervals are intervals of these means.${ends}`,
    "Restart intervals are compared and priced, and canaries planned, in the world nearest to the posterior medians.",
  ];
}

/**
 * When the cheapest fix has cost no more than the present policy: its costs of the simulated days, in which it is
 * installed, and then its daily costs, against the daily costs of the present policy. A present policy that installs
 * something pays most of its cost at once: it has no daily costs.
 */
function paybackText({ policies, asIs }: Verdict, horizonDays: number, when: When): string[] {
  const fix = cheapestFix(policies);
  const present = itemAt(policies, asIs);
  if (fix === undefined || fix === present || !present.isSound || !present.drains) return [];
  if (present.fates.some(({ changedDays = 0 }) => changedDays > 0)) return [];
  const presentPerDay = present.cost.value / YEAR_DAYS;
  const fixPerDay = (fix.cost.value - fix.seen.value) / (YEAR_DAYS - horizonDays);
  const crossing = (fix.seen.value - horizonDays * fixPerDay) / (presentPerDay - fixPerDay);
  if (!(crossing >= 0 && crossing <= DAYS_PER_CENTURY)) return [];
  // Until it is installed, it costs what the present policy costs.
  const paid = Math.max(crossing, ...fix.fates.map(({ changedDays }) => changedDays ?? 0));
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
  if (!isSound || (!drains && leastOf(seen) === 0)) {
    return `; the cost of the present policy (${name}) in a year is not known`;
  }
  if (!drains) return `; ${name}, the present policy, costs ${moreThan(seen, currency)}`;
  const more = `${currency} ${estimateText(saved)}`;
  return saved.value >= 0
    ? `, ${more} less than ${name}, the present policy`
    : `, no less than ${name}, the present policy (${more})`;
}

/** The name of the chosen restart interval if it is compared with the policies, and no level of the experiment. */
export function ownInterval({ restarts: { chosen } }: PartAdvice): string | undefined {
  return chosen?.policy === undefined || chosen.policy !== intervalName(chosen.hours) ? undefined : chosen.policy;
}

/** Whether the chosen restart interval is not compared with the policies, and may be cheaper than each of them. */
export function mayBeBetter({ restarts: { chosen }, policies, best, judged }: PartAdvice): boolean {
  const { isSound, drains } = itemAt(policies, best);
  if (chosen === undefined || chosen.policy !== undefined || !isSound || !drains) return false;
  return leastOf(chosen.cost) < (Number.isNaN(judged.cost.upper) ? judged.cost.value : judged.cost.upper);
}

/**
 * Why cheap policies are not advised: what they run out of was not simulated. One sentence for all of the same date.
 */
function putOffTexts(
  policies: readonly PolicyCost[],
  parts: readonly PartAdvice[],
  horizonDays: number,
  when: When,
): string[] {
  const names = new Map<string, string[]>();
  for (const { name, fates } of policies) {
    const late = fates.flatMap(({ kind, outlook, isKept = false }, i) => {
      const { name, servers } = itemAt(parts, i);
      return kind === "runs-out" && outlook !== undefined ? [{ name, day: firstOutDay(outlook, servers), isKept }] : [];
    });
    if (late.length === 0) continue;
    const first = late.reduce((a, b) => (b.day < a.day ? b : a));
    const where = parts.length > 1 ? ` at ${first.name}` : "";
    const from = `${when.before}${when.text(first.day)}`;
    const why = first.isKept ? "restarts do not return all leaks" : "without a restart";
    const text =
      `${why}, ${first.isKept ? "and " : ""}the first server${where} may run out of a resource from ${from} on, and the ${counted(horizonDays, "day")} simulated ${horizonDays === 1 ? "does" : "do"} not ` +
      `show all consequences. Decide again before ${from}`;
    names.set(text, [...(names.get(text) ?? []), name]);
  }
  return [...names].map(([text, some]) => {
    const either = enumerated(some, "or");
    return `What a year of ${either} costs is not known: ${text} if you choose ${either}.`;
  });
}

/** That other days may be quieter than those simulated. */
function briefText(horizonDays: number): string[] {
  if (horizonDays >= DAYS_PER_WEEK) return [];
  const days = horizonDays === 1 ? "The 1 day simulated is" : `The ${counted(horizonDays, "day")} simulated are`;
  return [
    `${days} less than a week, and leaks and recurring costs are computed as if the whole year were like ${horizonDays === 1 ? "it" : "them"}. If ` +
      "it is not, for example because weekends are quieter, these numbers are too high or too low. " +
      `Simulate at least ${DAYS_PER_WEEK} days (horizonDays: ${DAYS_PER_WEEK}).`,
  ];
}

/** Why the simulated days do not show a year of some policies. */
function unseenTexts(policies: readonly PolicyCost[], horizonDays: number): string[] {
  const simulated = `${counted(horizonDays, "day")} simulated`;
  const contain = `The ${simulated} ${horizonDays === 1 ? "contains" : "contain"}`;
  type Why = Exclude<NonNullable<Fate["unseen"]>, "consequences">;
  const whys: Record<Why, (names: string) => string> = {
    calendar: (names) =>
      `${contain} no whole restart interval of ${names} (one before the first restart or after a change does not count if it is shorter than others)`,
    changes: (names) => `The changes of ${names}, or repairs of harm that they do, go on after the ${simulated}`,
    "leaks-left": (names) => {
      return `${contain} less than a week after the changes of ${names}, too little to see which leaks they leave`;
    },
    level: (names) => {
      return `In the ${simulated}, few or none of the servers reach the level at which ${names} restarts them`;
    },
    "in-turn": (names) => {
      return `The fleet has more servers than were simulated, ${names} changes them one after another, and something may run out before the last is changed`;
    },
  };
  return Object.entries(whys).flatMap(([why, textOf]) => {
    const unseen = policies.filter(({ fates }) => fates.find(({ kind }) => kind === "unseen")?.unseen === why);
    if (unseen.length === 0) return [];
    const names = unseen.map(({ name }) => name);
    const days = Math.max(...unseen.flatMap(({ fates }) => fates.map(({ daysNeeded }) => daysNeeded ?? 0)));
    const more = days === 0 ? "more days (horizonDays)" : `at least ${counted(days, "day")} (horizonDays: ${days})`;
    const whole = why === "in-turn" ? "all servers of the fleet, for " : "";
    return [`${textOf(enumerated(names, "or"))}, so the cost of a year is not known. Simulate ${whole}${more}.`];
  });
}

/** Which policies have no known cost because the model does not tell what follows when something runs out. */
function unknownConsequencesTexts(policies: readonly PolicyCost[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, fates } of policies) {
    const fate = fates.find(({ unseen }) => unseen === "consequences");
    if (fate === undefined) continue;
    const what = fate.recorded === undefined ? "a resource" : labelOf(fate.recorded);
    names.set(what, [...(names.get(what) ?? []), name]);
  }
  return [...names].map(([what, some]) => {
    const either = enumerated(some, "or");
    return `What a year of ${either} costs is not known: ${what} may run out, and the model tells when, but not what that does to users.`;
  });
}

/** The date by which to decide again if the advice is to continue while something fills up. */
function againText(
  { name, fates }: PolicyCost,
  parts: readonly PartAdvice[],
  horizonDays: number,
  when: When,
): string[] {
  const places = new Map<string, string[]>();
  for (const [i, { kind, outlook }] of fates.entries()) {
    if (kind !== "lasts" || outlook === undefined) continue;
    const part = itemAt(parts, i);
    const isPresent = itemAt(part.policies, part.asIs).name === name;
    const days = isPresent ? firstOutOf(part) : firstOutDay(outlook, part.servers);
    if (days > FAR_DAYS) continue;
    const day = `${when.before}${when.text(days)}${worldsText(part, isPresent)}`;
    const { resource, perDay } = earliestOf(outlook);
    const what = labelOf(resource);
    const text =
      perDay === 0
        ? `no ${what} leaked with ${name} in the ${counted(horizonDays, "day")} simulated; that shows only that they last until ${day}.`
        : `decide again before ${day}: from then on the first server may run out of ${what}.`;
    places.set(text, [...(places.get(text) ?? []), part.name]);
  }
  return [...places].map(([text, at]) => sentence(parts.length > 1 ? `at ${enumerated(at)}, ${text}` : text));
}

/** The day before which no server of the part runs out under the present policy, in any of the worlds considered. */
export function firstOutOf({ restarts, policies, asIs, observation, servers }: PartAdvice): number {
  const outlooks = [
    restarts.outlook,
    ...itemAt(policies, asIs).fates.map(({ outlook }) => outlook),
    ...observation.worlds.map(({ outlook }) => outlook),
  ];
  return Math.min(...outlooks.flatMap((one) => (one === undefined ? [] : [firstOutDay(one, servers)])));
}

/** The other worlds in which servers run out sooner than where the interval was chosen, and may do so within it. */
function worldsTooSoon({ restarts: { chosen, outlook }, observation: { worlds }, servers }: PartAdvice) {
  if (chosen === undefined || outlook === undefined) return [];
  const endDays = Math.min(chosen.hours / 24, firstOutDay(outlook, servers));
  return worlds.flatMap(({ value, isAssumed, outlook: own }) => {
    if (isAssumed || own === undefined || own.perDay === 0) return [];
    const days = firstOutDay(own, servers);
    return days < endDays ? [{ value: String(value), days, what: labelOf(own.resource) }] : [];
  });
}

/** Where servers may run out before the chosen restart interval ends. */
export function tooLongTexts(part: PartAdvice): string[] {
  const {
    observation,
    servers,
    restarts: { chosen, outlook },
  } = part;
  const { name, worlds } = observation;
  const late = worldsTooSoon(part);
  const which = servers === 1 ? "the server" : `the first of the ${counted(servers, "server")}`;
  const ownDays = outlook === undefined || outlook.perDay === 0 ? Infinity : firstOutDay(outlook, servers);
  const own =
    chosen === undefined || ownDays >= chosen.hours / 24
      ? []
      : [
          `The restart interval may be too long for some servers${worldsText(part, false)}: ${which} may run out of ` +
            `${labelOf(outlook!.resource)} after ${daysText(ownDays)}. Its cost includes that.`,
        ];
  if (late.length === 0) return own;
  const first = late.reduce((a, b) => (b.days < a.days ? b : a));
  const values = late.map(({ value }) => value);
  const where =
    name === "world" ? `in ${late.length} of the ${worlds.length} worlds` : `if ${name} is ${enumerated(values, "or")}`;
  return [
    ...own,
    `The restart interval is too long ${where}: ${which} may then run out of ${first.what} after ${daysText(first.days)}.`,
  ];
}

/** The same, with the part of a mixed fleet. */
function tooLongAt(part: PartAdvice): string[] {
  const texts = tooLongTexts(part);
  return part.name === "" ? texts : texts.map((text) => `At ${part.name}, ${text.replace(/^T/, "t")}`);
}

/** For which values of the unknown parameter a day holds. */
export function worldsText({ observation: { name } }: PartAdvice, isAny: boolean): string {
  if (name === "world") return "";
  return isAny ? ` (for each value of ${name} below)` : ` (with the assumed ${name})`;
}

/** What runs out first under the present policy, and in which part. */
function outlookText(parts: readonly PartAdvice[], fates: readonly Fate[], when: When, hasCounters: boolean): string {
  const known = fates.flatMap(({ outlook }, i) => (outlook === undefined ? [] : [{ outlook, ...itemAt(parts, i) }]));
  if (known.length === 0) return "";
  const first = known.reduce((a, b) => (b.outlook.between.lower < a.outlook.between.lower ? b : a));
  const where = parts.length > 1 ? ` at ${first.name}` : "";
  return `Under the present policy, without a restart, ${runsOutText(first.outlook, first.servers, where, when, hasCounters)}.`;
}

function runsOutText(outlook: Outlook, servers: number, where: string, when: When, hasCounters: boolean): string {
  const { perDay, days, between, worlds } = outlook;
  const earliest = earliestOf(outlook);
  if (earliest.perDay === 0) {
    const what = labelOf(outlook.resource);
    return between.lower === Infinity
      ? `no ${what} leak${where}`
      : `no ${what} leaked${where}, and they last for at least ${daysText(firstOutDay(outlook, servers))}`;
  }
  // Where nothing leaks in the middle world, others decide.
  const { resource, level, isLogged } = perDay === 0 ? earliest : outlook;
  const what = labelOf(resource);
  const limit = `(limit ${separated(level).replace(/\.0+$/, "")})`;
  const unseen = hasCounters && !isLogged ? ", which the logs do not contain" : "";
  const upper = between.upper === Infinity ? "or later" : `to ${when.text(between.upper)}`;
  const servers95 = `(95 % of servers${worlds === undefined ? "" : " in all worlds"}: ${when.before}${when.text(between.lower)} ${upper})`;
  const soonest = `on about ${when.before}${when.text(earliest.days)}`;
  if (perDay === 0) {
    const count = counted(worlds!.filter((one) => one.perDay > 0).length, "world");
    return `${what} ${limit}${unseen} run out first${where}, but only in ${count} of ${worlds!.length}: in the earliest ${soonest} ${servers95}`;
  }
  const years = days > 2 * DAYS_PER_YEAR ? `, in ${separated(days / DAYS_PER_YEAR)} years` : "";
  const other = earliest.resource.name === resource.name ? "" : ` (${labelOf(earliest.resource)})`;
  const inWorlds =
    worlds === undefined
      ? ""
      : `${years === "" ? "" : ","} in the middle one of ${worlds.length} worlds, and ${soonest} in the earliest${other}`;
  return (
    `the first resource to run out${where} is ${what} ${limit}${unseen}: at ` +
    `${separated(perDay)} a day, on about ${when.before}${when.text(days)}${years}${inWorlds} ${servers95}`
  );
}
