/**
 * Advice in words and tables, for terminals and pages: the verdict first, then its basis, so that it can be forwarded
 * as it is.
 *
 * Costs are for the whole fleet and a year. If stuck jobs are never cleared, a yearly cost is meaningless; then the
 * text gives the cost of the simulated days, which is a lower bound for a year.
 */
import type { Advice, PartAdvice, Verdict } from "../studies/advice.ts";
import type { Outlook } from "../studies/outlook.ts";
import { cheapestFix, YEAR_DAYS, type Fate, type PolicyCost } from "../studies/policy-costs.ts";
import type { ChosenInterval } from "../studies/restart-advice.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { dateText } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import { counted, days, labelOf, roundedEnds, significant } from "./format.ts";
import { TOO_FEW } from "./interval-text.ts";
import type { SummaryTable } from "./summary-tables.ts";

const DAYS_OF_YEAR = 365.25;
/** With fewer, intervals of costs hold less often than they say, and with fewer than half of them much less often. */
const REPLICATIONS_ENOUGH = 16;
/** A half-width that is this small beside its value is a rounding error. */
const DUST = 1e-9;
/** Dates farther ahead than this are reported as never [d]. */
const AHEAD_MAX = 36_525;
/** Costs that exceed the best policy's by more than this factor are only said to do so. */
const TIMES_MAX = 100;

export interface AdviceWords {
  /** What to do and what it costs, in one sentence. */
  readonly verdict: string;
  /** Qualifications, one sentence each. */
  readonly reasons: readonly string[];
  /** The verdict for each part of a mixed fleet. */
  readonly parts: SummaryTable | undefined;
  /** The cost of a year of each policy, and the quantity of each price. */
  readonly costs: SummaryTable;
  readonly quantities: SummaryTable;
  /** What would change the verdict. */
  readonly changes: readonly string[];
  /** How the sums were made. */
  readonly basis: readonly string[];
  readonly byPart: readonly PartWords[];
}

export interface PartWords {
  /** "" for the whole fleet. */
  readonly name: string;
  /** Undefined if no interval is shorter than the simulated days. */
  readonly intervals: SummaryTable | undefined;
  readonly restart: string;
  readonly canaries: readonly string[];
  readonly worlds: SummaryTable;
  readonly observation: string;
}

/** @param currency the currency of amounts, such as EUR */
export function adviceWords(advice: Advice, currency: string): AdviceWords {
  const { whole, prices, horizonDays, replications } = advice;
  const isMixed = advice.parts.length > 1;
  const when = whenOf(advice);
  const parts = advice.parts.map((part) => (isMixed ? part : { ...part, name: "" }));
  const simulated = Math.round(parts.reduce((all, { servers, scale }) => all + servers / scale, 0));
  return {
    ...verdictOf(advice, parts, currency, when),
    parts: isMixed ? partsTable(parts, currency) : undefined,
    costs: costTable(
      whole,
      parts.map(({ name }) => name),
      currency,
      when,
    ),
    quantities: quantityTable(advice),
    changes: changesOf(advice, currency),
    basis: [
      `Simulated: ${counted(simulated, "server")} of ${counted(horizonDays, "day")}, ${counted(replications, "replication")}; ` +
        "all policies use the same random numbers.",
      ...(advice.posterior === undefined && replications < REPLICATIONS_ENOUGH
        ? [
            `With ${counted(replications, "replication")}, the intervals of a year's cost, of a saving, and above the best ` +
              `cover in some ${2 * replications < REPLICATIONS_ENOUGH ? "88 to 93" : "92 to 94"} % of cases; sixteen come close to 95 %.`,
          ]
        : []),
      ...(advice.posterior === undefined
        ? []
        : [
            `Worlds: ${advice.posterior.worlds} draws of ${advice.posterior.file}, by their weights; each has its own random numbers.`,
          ]),
      `Sums are for ${counted(whole.servers, "server")} and a year of ${YEAR_DAYS} days; recurring costs are extrapolated to the ` +
        "year, one-time costs are counted once.",
      `Prices in ${currency}: ${prices.map(({ name, amount }) => `${name} ${amount}`).join(", ")}.`,
    ],
    byPart: parts.map((part) => partWords(part, currency, when)),
  };
}

// The verdict.

function verdictOf(
  { experiment, at, horizonDays, whole, posterior, firstOut, unlike }: Advice,
  parts: readonly PartAdvice[],
  currency: string,
  when: When,
): Pick<AdviceWords, "verdict" | "reasons"> {
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
  const saved = isKept ? "" : `, ${savedText(whole, horizonDays, currency)}`;
  const cost = chosen.drains
    ? `It costs ${amountText(judged.cost, currency)} a year for ${fleet}${saved}`
    : `It costs more than ${currency} ${money(leastOf(judged.seen))} a year for ${fleet}, because stuck jobs are never cleared` +
      (isKept ? "" : `; ${itemAt(policies, asIs).name}, the present policy, costs even more`);
  const rivals = policies.filter(({ above, isSound }, i) => isSound && above.isCandidate && i !== best);
  const others =
    rivals.length === 0
      ? "Every other policy that may be advised very likely costs more (95 %)."
      : `It cannot be distinguished from ${rivals.map(({ name }) => name).join(", ")}: either may cost less.`;
  return {
    verdict: `${unlike === undefined ? "For" : "Not yet to be relied on, because the worlds do not look like the counters: for"} ${where}, ${action}. ${cost}.`,
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
            `Few or none of the simulated servers ran out of a resource with ${chosen.name}, so its cost is less certain than its interval.`,
          ]
        : []),
      ...(policies.length > 1 ? [others] : []),
      ...(asThingsAre === "" ? [] : [asThingsAre]),
      ...(firstOut === undefined ? [] : [firstOut]),
      ...paybackText(whole, horizonDays, when),
      ...policies.filter(({ isSound }) => !isSound).map((one) => putOffText(one, parts, horizonDays, when)),
      ...againText(chosen, parts, when),
    ],
  };
}

/** How the policy was chosen, and the source of the sums in the verdict. */
function basisTexts(posterior: Advice["posterior"], { policies, best, judged }: Verdict, currency: string): string[] {
  if (posterior === undefined) {
    return ["The sums of the verdict are from fresh replications that were not used to choose the policy."];
  }
  const { drains } = itemAt(policies, best);
  const { lower, upper } = judged.range;
  const [cheapest, dearest] = moneyEnds(lower, upper);
  const ends = drains ? `, from ${currency} ${cheapest} in the cheapest to ${dearest} in the dearest` : "";
  return [
    `The sums of the verdict are means over ${posterior.worlds} worlds of ${posterior.file} other than those that ` +
      `chose the policy${ends}; their intervals include the uncertainty about the servers and chance.`,
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
  if (!(paid >= 0 && paid <= AHEAD_MAX)) return [];
  return [
    `${capital(fix.name)} pays for itself by about ${when.before}${when.text(paid)}, against the present policy. ` +
      "This day has no interval: it is the quotient of two uncertain costs, and near a saving of 0 it may be any day.",
  ];
}

function savedText(whole: Verdict, horizonDays: number, currency: string): string {
  const {
    policies,
    asIs,
    judged: { saved },
  } = whole;
  const { name, isSound, drains, seen } = itemAt(policies, asIs);
  if (!isSound)
    return `while the cost of ${name} is not known, because it runs out only after the ${days(horizonDays)} simulated`;
  if (!drains) return `while ${name}, the present policy, costs ${moreThan(whole, seen, currency)}`;
  const more = amountText(saved, currency);
  return saved.value >= 0
    ? `${more} less than ${name}, the present policy`
    : `no less than ${name}, the present policy (${more})`;
}

/** A restart interval that is cheaper than every compared policy. */
function betterInterval({ name, restarts, policies, best, judged, servers }: PartAdvice, currency: string): string[] {
  const { chosen, isNoticed } = restarts;
  if (chosen === undefined || !isNoticed) return [];
  const yearly = yearlyOf(servers);
  const least = itemAt(policies, best).drains ? judged.cost.lower : leastOf(judged.seen);
  if (!(yearly(chosen.upper) < least)) return [];
  return [
    `${of(name)}cheaper than each of these policies: restart every ${hoursText(chosen.hours)}, ${rangeText(chosen, servers, currency)}.`,
  ].map(capital);
}

/** Why a cheap policy is not advised. */
function putOffText(
  { name, fates }: PolicyCost,
  parts: readonly PartAdvice[],
  horizonDays: number,
  when: When,
): string {
  const part = fates.findIndex(({ kind }) => kind === "runs-out");
  const { outlook } = itemAt(fates, part);
  const where = parts.length > 1 ? `, at ${itemAt(parts, part).name},` : "";
  return (
    `With ${name}${where} a resource runs out only after the ${counted(horizonDays, "day")} simulated, so the cost of a ` +
    `year is not known. It can only postpone the decision, until ${when.before}${when.text(outlook!.between.lower)}.`
  );
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
  const unseen = hasCounters && !isLogged ? ", which no counter shows" : "";
  if (perDay === 0) {
    return between.lower === Infinity
      ? `nothing leaks${where}`
      : `nothing leaked${where}, and ${what} last for at least ${daysText(between.lower)}`;
  }
  const upper = between.upper === Infinity ? "or later" : `to ${when.text(between.upper)}`;
  const years = days > 2 * DAYS_OF_YEAR ? `, in ${significant(days / DAYS_OF_YEAR)} years` : "";
  return (
    `the first resource to run out${where} is ${what} (limit ${significant(level).replace(/\.0+$/, "")})${unseen}: at ` +
    `${significant(perDay)} a day, on about ${when.before}${when.text(days)}${years} (95 % of servers: ${when.before}${when.text(between.lower)} ${upper})`
  );
}

// Policies.

function partsTable(parts: readonly PartAdvice[], currency: string): SummaryTable {
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
      "saved: compared with the present policy; empty if that policy runs out of a resource or never clears its stuck jobs",
    ],
  };
}

function costTable(whole: Verdict, parts: readonly string[], currency: string, when: When): SummaryTable {
  const { policies, asIs, best } = whole;
  const hasLeast = policies.some(({ isSound, drains }) => !isSound || !drains);
  return {
    head: ["policy", `${currency} a year`, "above the best", "runs out of"],
    texts: 1,
    rows: policies.map((policy, i) => [
      `${policy.name}${i === asIs ? " (present)" : ""}${i === best ? " *" : ""}`,
      costText(whole, policy),
      Number.isNaN(policy.above.value)
        ? ""
        : `${moneyEnds(policy.above.lower, policy.above.upper).join(" .. ")}${markOf(policy)}`,
      fateText(policy.fates, when, policy.drains, parts),
    ]),
    legend: [
      `${currency} a year: of the fleet, with its 95 % interval; *: the policy of the verdict`,
      "above the best: how much more than the cheapest of the others; these intervals have a joint nominal level of 95 % (Hsu)",
      ...(policies.some(({ isRare }) => isRare) ? [RARE] : []),
      ...(hasLeast
        ? [
            "more than: a lower bound, the cost of the simulated days or a hundred times the best policy if that is less; stuck " +
              "jobs are never cleared, or a resource runs out so late that the consequences were not simulated",
          ]
        : []),
    ],
  };
}

function costText(whole: Verdict, policy: PolicyCost): string {
  const { cost, seen, isSound, drains } = policy;
  return isSound && drains ? `${estimateText(cost)}${markOf(policy)}` : moreThan(whole, seen);
}

const RARE =
  `${TOO_FEW} few or none of the simulated servers ran out of a resource, and each that does is expensive: the interval is ` +
  "too narrow; more servers, days or replications show by how much";

function markOf({ isRare }: Pick<PolicyCost, "isRare">): string {
  return isRare ? ` ${TOO_FEW}` : "";
}

/** The cost of the simulated days, or a hundred times that of the best policy if that is less. */
function moreThan({ policies, best }: Verdict, seen: Estimate, currency = ""): string {
  const { cost, drains } = itemAt(policies, best);
  if (leastOf(seen) === 0) return "not simulated";
  const bound = drains && cost.value > 0 ? TIMES_MAX * cost.value : Infinity;
  return `more than ${currency === "" ? "" : `${currency} `}${money(Math.min(bound, leastOf(seen)))}`;
}

/** A lower bound that the true sum very probably exceeds. */
function leastOf({ value, lower }: Estimate): number {
  return Math.max(0, Number.isNaN(lower) ? value : lower);
}

/** @param parts the parts of these fates, by name; a part without a name is the whole fleet */
function fateText(fates: readonly Fate[], when: When, drains = true, parts: readonly string[] = []): string {
  const texts = fates.map(({ kind, outlook, harmed }, i) => {
    const harm = harmed === 0 ? "" : ", harm done";
    if (kind === "fixed") return `fixed${harm}`;
    if (kind === "restarted") return `restarted${harm}`;
    if (outlook === undefined) return "";
    if (outlook.perDay === 0)
      return `${of(parts[i] ?? "")}not before ${when.before}${when.text(outlook.between.lower)}${harm}`;
    const { days, between } = outlook;
    return `${of(parts[i] ?? "")}${labelOf(outlook.resource)}, ${when.before}${when.text(days)} (${when.text(between.lower)} .. ${when.text(between.upper)})${harm}`;
  });
  const piles = drains ? [] : ["the queue never drains"];
  return [...new Set([...texts, ...piles])].filter((text) => text !== "").join("; ");
}

/** The quantities that are paid for, without those that are 0 for every policy. */
function quantityTable({ prices, whole: { policies } }: Advice): SummaryTable {
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
    legend: ["all: per server-day of the simulated days"],
  };
}

function changesOf({ prices, whole: { breakEvens, policies, best } }: Advice, currency: string): string[] {
  const fix = cheapestFix(policies);
  const lasting =
    fix === undefined || fix === itemAt(policies, best)
      ? []
      : [
          `${capital(fix.name)} is paid once and costs ${money(fix.cost.value)} ${currency} in the first year; its savings continue in the next.`,
        ];
  if (breakEvens.length === 0) {
    return [
      ...lasting,
      "No change of a single price, from a twentieth to twenty times its value, makes another policy the cheapest.",
    ];
  }
  return [
    ...lasting,
    ...breakEvens.map(({ price, at, isAbove, policy }) => {
      const meaning = prices.find(({ name }) => name === price)?.meaning ?? price;
      const than = `${isAbove ? "more" : "less"} than ${currency} ${significant(at)}`;
      return `If ${meaning} costs ${than} (${price}), ${itemAt(policies, policy).name} would cost least.`;
    }),
  ];
}

// The parts of the fleet.

function partWords(part: PartAdvice, currency: string, when: When): PartWords {
  return {
    name: part.name,
    intervals: intervalsTable(part, currency),
    restart: capital(`${of(part.name)}${restartText(part, currency, when)}`),
    canaries: canaryTexts(part).map((text) => capital(`${of(part.name)}${text}`)),
    worlds: worldsTable(part, currency, when),
    observation: capital(`${of(part.name)}${observationText(part, currency)}`),
  };
}

/** "site=office: " before a sentence about a part; nothing for the whole fleet. */
function of(name: string): string {
  return name === "" ? "" : `${name}: `;
}

function yearlyOf(servers: number): (perServerDay: number) => number {
  return (perServerDay) => perServerDay * servers * YEAR_DAYS;
}

function intervalsTable({ restarts: { rows }, servers }: PartAdvice, currency: string): SummaryTable | undefined {
  if (rows.length === 0) return undefined;
  const yearly = yearlyOf(servers);
  const hasFormula = rows.some(({ formula }) => !Number.isNaN(formula));
  return {
    head: ["restart every", `${currency} a year`, ...(hasFormula ? ["by formula"] : [])],
    texts: 1,
    rows: rows.map(({ hours, cost, formula, drains, isRare }) => [
      hoursText(hours),
      drains
        ? `${estimateText({ value: yearly(cost.value), halfWidth: yearly(cost.halfWidth) })}${markOf({ isRare })}`
        : "never clears its queue",
      ...(hasFormula ? [drains ? money(yearly(formula)) : ""] : []),
    ]),
    legend: [
      "by formula: the age at which a server runs out has an Erlang or gamma distribution",
      ...(rows.some(({ isRare }) => isRare) ? [RARE] : []),
    ],
  };
}

function rangeText({ value, lower, upper }: ChosenInterval, servers: number, currency: string): string {
  const yearly = yearlyOf(servers);
  return `${currency} ${money(yearly(value))} a year (95 % interval ${moneyEnds(yearly(lower), yearly(upper)).join(" .. ")})`;
}

function restartText(
  { restarts: { chosen, outlook, isNoticed }, policies, asIs, servers }: PartAdvice,
  currency: string,
  when: When,
): string {
  if (chosen === undefined) return "no restart interval is shorter than the simulated days.";
  if (!isNoticed) {
    // With a posterior, the first server of any world, and not only of the middle one.
    const outlooks = [outlook, ...(policies[asIs]?.fates ?? []).map((fate) => fate.outlook)];
    const latest = Math.min(...outlooks.map((one) => one?.between.lower ?? Infinity));
    const before = latest === Infinity ? "" : ` A restart before ${when.before}${when.text(latest)} is early enough.`;
    return `no user noticed a symptom in the simulated days, so they need no restart.${before}`;
  }
  const how =
    chosen.by === "formula"
      ? "by the formula, which agrees with the simulated intervals"
      : "the cheapest simulated one";
  const range = rangeText(chosen, servers, currency);
  return `if you must wait, restart every ${hoursText(chosen.hours)} (${how}): on fresh replications ${range}.`;
}

function canaryTexts({ canaries: { rate, quietServerDays, rows, trial } }: PartAdvice): string[] {
  if (rows.length === 0) return ["no leak that a fix removes was simulated, so no canary can prove a fix."];
  const sizes = rows.map((row) => `${row.canaries} for ${row.days} d`).join(", ");
  const leaks = `${significant(rate.perDay)} leaks per server-day before a resource runs out, dispersion ${significant(rate.dispersion)}`;
  const proof =
    `to prove a fix, use this many canaries, and as many controls: ${sizes} (${leaks}); ` +
    `or observe ${significant(quietServerDays)} server-days without a leak.`;
  if (typeof trial === "string") return [proof, `this was not tried by simulation: ${trial}.`];
  const { policy, days, canaries, canariesMin, trials, passed, placeboPassed } = trial;
  const placebo = placeboPassed === undefined ? "" : `, and of a change without the fix in ${placeboPassed}`;
  const fewest = canaries === canariesMin ? ", the fewest with which its judge can pass a fix" : "";
  return [
    proof,
    `with ${canaries} for ${days} d${fewest}, a roll-out of ${policy} passed in ${passed} of ${trials} fresh trials${placebo}.`,
  ];
}

function worldsTable(
  { observation: { name, worlds }, policies, scale }: PartAdvice,
  currency: string,
  when: When,
): SummaryTable {
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
      `weight: how likely this ${name === "world" ? name : `value of ${name}`} is assumed to be; leaks: of the fleet`,
    ],
  };
}

function observationText({ observation, policies, scale, best }: PartAdvice, currency: string): string {
  const { name, perfect, week, waiting } = observation;
  const isWorld = name === "world";
  const average = `over all these ${isWorld ? "worlds" : "values"} ${itemAt(policies, observation.best).name} costs least`;
  const verdict = week > waiting ? "observe first" : `decide now; ${average}`;
  const differs =
    observation.best === best || isWorld ? "" : ` (at the assumed value it is ${itemAt(policies, best).name})`;
  return (
    `knowing ${isWorld ? "which of these worlds is the true one" : name} would be worth ${money(perfect * scale)} ${currency} in the year; observing a week of leaks first is ` +
    `worth ${money(week * scale)} and costs ${money(waiting * scale)}: ${verdict}${differs}.`
  );
}

// Words and numbers.

/** Capitalizes a sentence, unless it begins with a name and a colon. */
function capital(text: string): string {
  return /^\S*=/.test(text) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** "6 h", "7 d". */
function hoursText(hours: number): string {
  return hours >= 72 && hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`;
}

/** Formats days from a fresh start as "day 12", or as a date if the start is known. */
export interface When {
  /** The word before a day. */
  readonly before: string;
  readonly text: (days: number) => string;
}

export function whenOf({ startDay }: Pick<Advice, "startDay">): When {
  if (startDay === undefined) return { before: "day ", text: dayText };
  return { before: "", text: (days) => (days > AHEAD_MAX ? "never" : dateText(startDay + Math.floor(days))) };
}

function dayText(days: number): string {
  return days === Infinity ? "never" : significant(days >= 10 ? Math.round(days) : days).replace(/\.0+$/, "");
}

function daysText(days: number): string {
  return days > 2 * DAYS_OF_YEAR ? `${significant(days / DAYS_OF_YEAR)} years` : `${dayText(days)} days`;
}

function amountText({ value, halfWidth }: Estimate, currency: string): string {
  return `${currency} ${estimateText({ value, halfWidth })}`;
}

function estimateText({ value, halfWidth }: Pick<Estimate, "value" | "halfWidth">): string {
  return Math.abs(halfWidth) <= DUST * Math.abs(value) ? money(value) : `${money(value)} ± ${money(halfWidth)}`;
}

/** Both ends of an interval of amounts. */
function moneyEnds(lower: number, upper: number): [lower: string, upper: string] {
  const [from, to] = roundedEnds(lower, upper);
  return [money(from), money(to)];
}

/** An amount with three significant digits and separators of thousands. */
export function money(amount: number): string {
  if (Number.isNaN(amount)) return "";
  const rounded = Number(amount.toPrecision(3));
  if (Math.abs(rounded) < 0.005) return "0";
  const plain = Math.abs(rounded) < 1000 ? String(Number(rounded.toFixed(2))) : rounded.toFixed(0);
  return plain.replace(/\B(?<!\.\d*)(?=(\d{3})+$)/g, ",");
}
