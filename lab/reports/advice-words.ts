/**
 * Advice in words and tables, for terminals and pages: the verdict first, then its basis, so that it can be forwarded
 * as it is.
 *
 * Costs are for the whole fleet and a year. If stuck jobs are never cleared, a yearly cost is meaningless; then the
 * text gives the cost of the simulated days, which is a lower bound for a year.
 */
import { dateText, hoursText } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import type { Advice, PartAdvice } from "../studies/advice.ts";
import type { CanaryRow } from "../studies/canary-advice.ts";
import { isFree, type Verdict } from "../studies/verdict.ts";
import { firstOutDay } from "../studies/outlook.ts";
import type { ObservationAdvice } from "../studies/observation-advice.ts";
import { YEAR_DAYS } from "../studies/restart-calendar.ts";
import { cheapestFix, type PolicyCost } from "../studies/policy-costs.ts";
import {
  sentence,
  costText,
  daysText,
  FAR_DAYS,
  money,
  partPrefix,
  separated,
  type When,
  whenOf,
} from "./advice-format.ts";
import { costTable, intervalsTable, partsTable, quantityTable, unknownText, worldsTable } from "./advice-tables.ts";
import {
  firstOutOf,
  mayBeBetter,
  ownInterval,
  tooLongTexts,
  verdictOf,
  worldsText,
  type VerdictWords,
} from "./advice-verdict.ts";
import { NEAR, type ChosenInterval } from "../studies/restart-advice.ts";
import { counted, enumerated, labelOf, significant } from "./format.ts";
import type { SummaryTable } from "./summary-table.ts";

/** With fewer, intervals of costs hold less often than they say. */
const REPLICATIONS_ENOUGH = 16;

/** A fix is paid once if a later year costs less than this share of the first. */
const ONCE = 0.05;

/** In how many cases they hold: measured with 2, 4 and 8 replications (docs/statistics.md). */
function coveredPercent(replications: number): string {
  if (replications < 4) return "74 to 91";
  return replications < 8 ? "91 to 95" : "93 to 94";
}

export interface AdviceWords extends VerdictWords {
  /** The verdict for each part of a mixed fleet. */
  readonly parts: SummaryTable | undefined;
  /** The cost of a year of each policy, and the quantity of each price. */
  readonly costs: SummaryTable;
  readonly quantities: SummaryTable | undefined;
  /** What would change the verdict. */
  readonly changes: readonly string[];
  /** How the costs were computed. */
  readonly basis: readonly string[];
  readonly byPart: readonly PartWords[];
}

export interface PartWords {
  /** "" for the whole fleet. */
  readonly name: string;
  /** Undefined if every interval is longer than the simulated days. */
  readonly intervals: SummaryTable | undefined;
  readonly restart: string;
  readonly canaries: readonly string[];
  readonly worlds: SummaryTable;
  readonly observation: string;
  /** What the unknown parameter of the observation means; "" if worlds differ in several. */
  readonly unknown: string;
}

/** @param currency the currency of amounts, such as EUR */
export function adviceWords(advice: Advice, currency: string): AdviceWords {
  const { whole, prices, horizonDays, replications } = advice;
  const isMixed = advice.parts.length > 1;
  const when = whenOf(advice);
  const parts = advice.parts.map((part) => (isMixed ? part : { ...part, name: "" }));
  const settings = Object.entries(advice.settings).map(([name, setting]) => `${name} ${String(setting)}`);
  const verdict = verdictOf(advice, parts, currency, when);
  const simulated = Math.round(parts.reduce((all, { servers, scale }) => all + servers / scale, 0));
  return {
    ...verdict,
    reasons: [
      ...verdict.reasons,
      ...(settings.length === 0 ? [] : [`The verdict is for servers with these settings: ${settings.join(", ")}.`]),
    ],
    parts: isMixed ? partsTable(parts, currency) : undefined,
    costs: costTable(advice, parts, currency, when),
    quantities: quantityTable(advice),
    changes: changesOf(advice, currency),
    basis: [
      `Simulated: ${counted(simulated, "server")} for ${counted(horizonDays, "day")}, in ${replicationsText(advice)}; all ` +
        "policies use the same random numbers.",
      ...(advice.posterior === undefined && replications < REPLICATIONS_ENOUGH
        ? [
            `With ${counted(replications, "replication")}, the intervals of costs and savings contain the true value in some ` +
              `${coveredPercent(replications)} % of cases; with sixteen, in close to 95 %.`,
          ]
        : []),
      ...(advice.posterior === undefined
        ? []
        : [
            `Worlds: ${advice.posterior.worlds} draws of ${advice.posterior.file}, by their weights; each has its own random numbers. What has ` +
              `less than ${significant(100 / advice.posterior.worlds)} % of the weight may be in none of them.`,
          ]),
      `Costs are for ${counted(whole.servers, "server")} and a year of ${YEAR_DAYS} days; recurring costs are extrapolated to the ` +
        "year, and one-time costs are counted once.",
      ...standingText(itemAt(parts, 0).scale),
      advice.startDay === undefined
        ? "Days are counted from a restart of all servers."
        : `Dates are counted from a restart of all servers on ${dateText(advice.startDay)}; where a date has passed, they may have run out already.`,
      ...unscheduledText(whole),
      `Prices in ${currency}: ${prices.map(({ name, amount, meaning }) => `${amount} for ${meaning} (${name})`).join(", ")}.`,
    ],
    byPart: parts.map((part) => partWords(part, currency, when)),
  };
}

function replicationsText({ posterior, replications }: Advice): string {
  const own = counted(replications, "replication");
  return posterior === undefined
    ? own
    : `${counted(posterior.replications, "replication")} of each world, and restart intervals in ${own} of one world`;
}

/** That a setting that counts servers counts simulated ones. */
function standingText(scale: number): string[] {
  if (scale === 1) return [];
  return [
    `Each simulated server stands for ${separated(scale).replace(/\.0+$/, "")} of the fleet, also in settings that count servers, such as the size of a wave.`,
  ];
}

/** Names the policies whose rates miss the restart at the end of an interval that the horizon cut off. */
function unscheduledText({ policies }: Verdict): string[] {
  const names = policies
    .filter(({ fates }) => fates.some((fate) => fate.isUnscheduled === true))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `The restarts of ${enumerated(names)} follow neither a calendar nor a number of leaks. The horizon cuts off the last interval of ` +
      "each server, so up to half a restart per server is missing from their costs. The longer the horizon, the less this matters.",
  ];
}

/** What a fix costs in later years, at its pace after the simulated days. */
function laterYears({ name, cost, seen }: PolicyCost, horizonDays: number, currency: string): string[] {
  if (cost.value === 0 || horizonDays >= YEAR_DAYS) return [];
  const again = (YEAR_DAYS * Math.max(0, cost.value - seen.value)) / (YEAR_DAYS - horizonDays);
  const first = `${sentence(name)} costs ${currency} ${money(cost.value)} in the first year`;
  if (again < ONCE * cost.value) return [`${first}, almost all of it once, and still works in later years.`];
  return [`${first}, and some ${money(again)} in each later year.`];
}

function changesOf({ prices, whole, horizonDays }: Advice, currency: string): string[] {
  const { breakEvens, policies, best } = whole;
  if (isFree(whole) || !itemAt(policies, best).isSound) return [];
  const fix = cheapestFix(policies);
  const lasting = fix === undefined || fix === itemAt(policies, best) ? [] : laterYears(fix, horizonDays, currency);
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
      const than = `${isAbove ? "more" : "less"} than ${currency} ${separated(at)}`;
      return `If ${meaning} costs ${than} (${price}), ${itemAt(policies, policy).name} would cost least.`;
    }),
  ];
}

function partWords(part: PartAdvice, currency: string, when: When): PartWords {
  return {
    name: part.name,
    intervals: intervalsTable(part, currency),
    restart: sentence(`${partPrefix(part.name)}${restartText(part, currency, when)}`),
    canaries: canaryTexts(part).map((text) => sentence(`${partPrefix(part.name)}${text}`)),
    worlds: worldsTable(part, currency, when),
    observation: sentence(`${partPrefix(part.name)}${observationText(part, currency)}`),
    unknown: unknownText(part.observation),
  };
}

function restartText(part: PartAdvice, currency: string, when: When): string {
  const { chosen, rows, isNoticed, isChanging, isKept } = part.restarts;
  if (isChanging === true) return "restart intervals are not compared, because the present policy changes servers.";
  if (isKept === true) {
    return "restart intervals are not compared, because restarts do not return all leaks, and the rest uses up a resource within the year.";
  }
  if (chosen === undefined) {
    return rows.length === 0
      ? "every restart interval is longer than the simulated days."
      : "no restart interval can be recommended: with each one simulated, the queue may keep growing.";
  }
  if (!isNoticed) {
    const none = noneNoticedText(part, when);
    return ownInterval(part) !== undefined || mayBeBetter(part)
      ? `${none} ${sentence(chosenIntervalText(part, chosen, currency))}`
      : none;
  }
  if (isFree(part)) return "no restart interval can be recommended at these prices.";
  return chosenIntervalText(part, chosen, currency);
}

/** How late a restart may be, if nothing ran out in the simulated days. */
function noneNoticedText(part: PartAdvice, when: When): string {
  const latest = firstOutOf(part);
  const none = "no server showed a symptom in the simulated days";
  if (isRefuted(part)) return `${none}.`;
  if (latest <= FAR_DAYS) {
    return `${none}. A restart before ${when.before}${when.text(latest)} is early enough${worldsText(part, true)}.`;
  }
  return latest === Infinity ? `${none}.` : `${none}, and at this rate none needs a restart.`;
}

/** Whether servers ran out of something before restarts at the chosen interval, if policies include it. */
function isRefuted({ policies, restarts: { chosen } }: PartAdvice): boolean {
  const own = policies.find(({ name }) => name === chosen?.policy);
  return own?.fates.some(({ ranOut }) => ranOut === "some" || ranOut === "all") === true;
}

function chosenIntervalText(part: PartAdvice, chosen: ChosenInterval, currency: string): string {
  const best = itemAt(part.policies, part.best).name;
  const notes = [
    ...(isRefuted(part) ? ["But with this interval, some simulated servers ran out of a resource."] : []),
    ...(chosen.isLongest ? ["No longer interval fits into the simulated days."] : []),
    ...tooLongTexts(part),
  ];
  const more = notes.map((text) => ` ${text}`).join("");
  const how =
    chosen.by === "formula"
      ? `chosen by the formula; up to this interval, it is within ${100 * NEAR} % of each simulated cost, or within that cost's confidence interval`
      : "the cheapest interval simulated";
  const every = `if you must wait, restart every ${hoursText(chosen.hours)}`;
  if (chosen.policy !== undefined) {
    const table = chosen.policy === best ? "the verdict" : "the table of costs";
    const as = ownInterval(part) === undefined ? `, as ${chosen.policy} does` : "";
    return `${every}${as} (${how}); ${table} gives its cost.${more}`;
  }
  const few = Number.isNaN(chosen.cost.halfWidth)
    ? " (few or none of the servers ran out of a resource, so no interval is known)"
    : "";
  const than = mayBeBetter(part) ? `. Whether that is more or less than ${best} costs is not known` : "";
  return `${every} (${how}). On fresh replications, this costs ${currency} ${costText(chosen.cost)} a year${few}${than}.${more}`;
}

function canaryTexts({
  canaries: { leak, rate, unfixedShare, isWeekSeen, quiet, rows, trial },
  observation,
  servers: all,
}: PartAdvice): string[] {
  const servers = Math.round(unfixedShare * all);
  const isPart = unfixedShare < 1;
  const [fleet, before] = isPart
    ? [
        `The part of this fleet without the fix, about ${counted(servers, "server")},`,
        ", none of which had the fix before,",
      ]
    : [`This fleet of ${counted(servers, "server")}`, ""];
  if (rows.length === 0) {
    const world = observation.name === "world" ? " in the world for which canaries are planned" : "";
    return [`no leak that a fix stops was simulated${world}, so canaries cannot prove a fix${world && " there"}.`];
  }
  const clusters = rate.dispersion > 1 ? `, in clusters (variance over mean ${separated(rate.dispersion)})` : "";
  const leaks = `Without the fix, a server leaks ${separated(rate.perDay)} ${labelOf(leak)} a day until a resource runs out${clusters}.`;
  const begins = isWeekSeen
    ? "A trial may begin at any time of the week."
    : "This assumes that other days are like those simulated, which are less than a week.";
  const from = isPart ? ", both from the servers that do not have it yet" : "";
  const compare = `to prove a fix, compare the leaks of servers that get it (canaries) with those of as many others (controls)${from}`;
  const proof =
    `${compare}${trialSizes(rows, servers, 2, fleet)} ${leaks} Canaries that do not leak at all prove it without ` +
    `controls${trialSizes(quiet, servers, 1, fleet)} ${begins}`;
  if (typeof trial === "string") return [proof, `no trial of canaries was simulated, because ${trial}.`];
  const { policy, days, canaries, canariesMin, trials, passed, placeboPassed } = trial;
  const placebo = placeboPassed === undefined ? "" : `, and ${placeboPassed} of ${trials} of a change without the fix`;
  const fewest = canaries === canariesMin ? " With fewer canaries, it can never pass a fix." : "";
  const more = 2 * canaries > servers ? ` ${fleet} is too small for it.` : "";
  return [
    proof,
    "an automatic roll-out goes on after its canaries only if the judge, a test that compares the ranks of the servers' leaks, passes " +
      `them. Simulated with ${canaries} canaries and ${canaries} controls${before} for ${counted(days, "day")}, it passed ${passed} of ${trials} ` +
      `roll-outs of ${policy}${placebo}.${fewest}${more}`,
  ];
}

/**
 * The end of a sentence: ": 5 of each for 3 days, or 2 of each for 7 days."; or that the fleet has too few servers.
 *
 * @param groups 2 for canaries and as many controls, 1 for canaries alone
 * @param fleet the servers to choose from, in words
 */
function trialSizes(rows: readonly CanaryRow[], servers: number, groups: 1 | 2, fleet: string): string {
  const text = ({ canaries, days }: CanaryRow) => {
    const who = groups === 2 ? "of each" : canaries === 1 ? "canary" : "canaries";
    return `${canaries} ${who} for ${counted(days, "day")}`;
  };
  const fitting = rows.filter(({ canaries }) => groups * canaries <= servers);
  if (fitting.length > 0) return `: ${fitting.map(text).join(", or ")}.`;
  return `. ${fleet} is too small for that: it takes at least ${text(itemAt(rows, rows.length - 1))}.`;
}

function observationText(part: PartAdvice, currency: string): string {
  const { observation, policies, scale, best } = part;
  const { name, perfect, week, waiting, drains, isSound } = observation;
  const isWorld = name === "world";
  if (isFree(part)) {
    return `what knowing ${isWorld ? "the true world" : name} is worth is not known, because no policy can be recommended.`;
  }
  if (!isSound) {
    const all = isWorld ? "in all of these worlds" : "for all of these values";
    return `what knowing ${isWorld ? "the true world" : name} is worth is not known, because no policy can be recommended ${all}.`;
  }
  if (!drains) {
    return (
      `what knowing ${isWorld ? "the true world" : name} is worth cannot be computed: with ${itemAt(policies, observation.best).name}, the cheapest ` +
      `policy on average over these ${isWorld ? "worlds" : "values"}, stuck jobs are never cleared.`
    );
  }
  const isWorth = week > waiting && money(week * scale) !== "0";
  const late = isWorth ? tooLateToObserve(part) : "";
  const isSame = observation.best === best;
  const differs = isSame || isWorld ? "" : ` ${differenceText(name, observation, policies, best)}`;
  const average = `; on average over these values, ${itemAt(policies, observation.best).name} costs least`;
  const now = `decide now${isSame && !isWorld ? average : ""}`;
  const known = isWorld ? "which of these worlds is the true one" : name;
  if (money(perfect * scale) === "0") {
    const nothing = isWorld ? "nothing beyond chance" : "nothing";
    return `knowing ${known} would save ${nothing} in the year, so ${now}.${differs}`;
  }
  return (
    `knowing ${known} would save ${currency} ${money(perfect * scale)} in the year, on average. Observing the leaks of a week first saves ` +
    `${currency} ${money(week * scale)} of that and costs ${currency} ${money(waiting * scale)}${late}, so ${isWorth && late === "" ? "observe first, if the servers have just been restarted" : now}.${differs}`
  );
}

/** Where something may run out before a policy that begins after a week has made its changes; "" for nowhere. */
function tooLateToObserve({ observation: { name, worlds }, policies, servers }: PartAdvice): string {
  const late = worlds.flatMap(({ value, best, outlook, lateDays }) => {
    const days = outlook === undefined || outlook.perDay === 0 ? Infinity : firstOutDay(outlook, servers);
    return lateDays !== undefined && days < lateDays ? [{ value, best, days, lateDays }] : [];
  });
  if (late.length === 0) return "";
  const first = late.reduce((a, b) => (b.days < a.days ? b : a));
  const where = name === "world" ? `in world ${first.value}` : `if ${name} is ${first.value}`;
  return (
    ` in that week, and an unknown sum later: ${where}, the first server may run out after ${daysText(first.days)}, and ` +
    `${itemAt(policies, first.best).name}, begun a week later, takes until day ${separated(first.lateDays)}`
  );
}

/** Why the verdict names another policy than the one that costs least over all values of the unknown parameter. */
function differenceText(
  name: string,
  { best, excluded }: ObservationAdvice,
  policies: readonly PolicyCost[],
  verdict: number,
): string {
  const [assumed, overAll] = [itemAt(policies, verdict).name, itemAt(policies, best).name];
  const why = excluded.includes(verdict)
    ? `with ${assumed} a resource runs out after the simulated days at another of these values, so it is left out here, and ${overAll} is the cheapest of the others`
    : `on average over these values, ${overAll} costs least`;
  return `The verdict names ${assumed}, because it is for the assumed ${name}; ${why}.`;
}
