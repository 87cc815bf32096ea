/** The tables of advice: parts of the fleet, costs, quantities, restart intervals, possible worlds. */
import type { Estimate } from "../../statistics/estimate.ts";
import type { Level } from "../experiment/experiment.ts";
import { hoursText } from "../calendar.ts";
import { itemAt } from "../lists.ts";
import type { Advice, PartAdvice } from "../studies/advice.ts";
import type { ObservationAdvice } from "../studies/observation-advice.ts";
import { earliestOf, firstOutDay } from "../studies/outlook.ts";
import type { Fate } from "../studies/policy-fate.ts";
import type { PolicyCost } from "../studies/policy-costs.ts";
import { betterForNow, isFree, leastOf } from "../studies/verdict.ts";
import {
  costText,
  daysText,
  estimateText,
  FAR_DAYS,
  isExact,
  money,
  moneyEnds,
  partPrefix,
  separated,
  type When,
} from "./advice-format.ts";
import { counted, labelOf, significant } from "./format.ts";
import { TOO_FEW } from "./interval-text.ts";
import type { SummaryTable } from "./summary-table.ts";

export function partsTable(parts: readonly PartAdvice[], currency: string): SummaryTable {
  const rows = parts.map((part) => {
    const { name, servers, policies, best, asIs, judged } = part;
    const { drains, isSound } = itemAt(policies, asIs);
    const chosen = itemAt(policies, best);
    const isKnown = chosen.isSound && chosen.drains;
    const cost = isKnown ? costText(judged.cost) : moreThan(judged.seen);
    const saved = best === asIs || !isKnown || !drains || !isSound ? "" : estimateText(judged.saved);
    return [name, String(servers), chosen.isSound && !isFree(part) ? chosen.name : "none yet", cost, saved];
  });
  return {
    head: ["part", "servers", "policy", `${currency} a year`, "saved"],
    texts: 1,
    rows,
    legend: [
      "saved: compared with the present policy; empty if that is the policy, or if the cost of a year is not known for one of them",
      ...(rows.flat().some((cell) => cell.includes(TOO_FEW)) ? [RARE] : []),
    ],
  };
}

export function costTable(
  { whole, harm, horizonDays, levels }: Advice,
  parts: readonly Named[],
  currency: string,
  when: When,
): SummaryTable {
  const { policies, asIs, best } = whole;
  const hasBest = itemAt(policies, best).isSound && betterForNow(policies, best).length === 0 && !isFree(whole);
  const hasLeast = policies.some(({ isSound, drains }) => !isSound || !drains);
  return {
    head: ["policy", `${currency} a year`, "against the cheapest other", "runs out of"],
    texts: 1,
    rows: policies.map((policy, i) => [
      `${policy.name}${i === asIs ? " (present)" : ""}${i === best && hasBest ? " *" : ""}`,
      yearText(policy, horizonDays),
      aboveText(policy, itemAt(policies, best)),
      fateText(policy.fates, parts, when, policy.drains),
    ]),
    legend: [
      ...policiesLegend(levels),
      `${currency} a year: for the whole fleet, ± half the width of the 95 % interval of this row, or (from .. to) where that ` +
        "would reach below 0",
      ...(hasBest
        ? [
            "*: the cheapest policy that can be recommended; the verdict gives its cost in fresh replications, and this table its cost in the " +
              "replications from which it was chosen",
          ]
        : []),
      ...(policies.some(({ cost, isSound, drains }) => isSound && drains && cost.value > 0 && isExact(cost))
        ? ["a cost without ± is the same in every replication"]
        : []),
      "against the cheapest other: how much more or less than the cheapest of the other policies; an interval that holds with 95 % " +
        "confidence for all rows at once (Hsu), so it is wide where the cost of any policy varies much",
      ...fateLegend(policies, harm, parts.length > 1),
      ...(policies.some(({ isRare }) => isRare) ? [RARE] : []),
      ...(hasLeast
        ? [
            "not known, or more than an amount: stuck jobs are never cleared, or the simulated days " +
              "show too little of the year; the amount is the cost of the simulated days alone or, " +
              'after "more than", the lower end of its 95 % interval',
          ]
        : []),
    ],
  };
}

/** What the names of the policies stand for. */
function policiesLegend(levels: readonly Level[]): string[] {
  if (levels.length === 0) return [];
  const texts = levels.map(({ name, settings }) => {
    const set = Object.entries(settings).map(([path, setting]) => `${path.replace(/^parameters\./, "")} ${setting}`);
    return `${name} (${set.join(", ")})`;
  });
  return [`policy: what it sets is in brackets, and spoolsim describe explains each setting: ${texts.join(", ")}`];
}

/** Sums that only rank the policies have no distance. */
function aboveText({ above, isRare, drains }: PolicyCost, best: PolicyCost): string {
  if (Number.isNaN(above.value) || !drains || !best.drains || !best.isSound) return "";
  if (isRare || best.isRare) return TOO_FEW;
  const [lower, upper] = moneyEnds(above.lower, above.upper);
  const less = lower.replace("-", "");
  if (lower === "0") return upper === "0" ? "equal" : `more, by up to ${upper}`;
  return upper === "0" ? `less, by up to ${less}` : `${less} less to ${upper} more`;
}

function yearText({ cost, seen, isSound, drains }: PolicyCost, horizonDays: number): string {
  if (isSound && drains) return costText(cost);
  const text = moreThan(seen);
  // With few replications, even a great cost has an interval that begins at 0.
  return text === NOT_KNOWN && seen.value > 0
    ? `${text}; ${money(seen.value)} in ${counted(horizonDays, "day")}`
    : text;
}

/** The quantities that are paid for, without those that are 0 for every policy. */
export function quantityTable({ prices, whole: { policies } }: Advice): SummaryTable | undefined {
  const taken = prices.flatMap(({ name }, k) =>
    policies.some((one) => itemAt(one.perServerDay, k) > 0) ? [{ name, k }] : [],
  );
  if (taken.length === 0) return undefined;
  return {
    head: ["policy", ...taken.map(({ name }) => name)],
    texts: 1,
    rows: policies.map(({ name, perServerDay }) => [name, ...taken.map(({ k }) => separated(itemAt(perServerDay, k)))]),
    legend: ["all columns: amounts, not costs, per simulated server-day; below is what one unit of each costs"],
  };
}

export function intervalsTable({ restarts: { rows } }: PartAdvice, currency: string): SummaryTable | undefined {
  if (rows.length === 0) return undefined;
  const hasFormula = rows.some(({ formula }) => !Number.isNaN(formula));
  return {
    head: ["restart every", `${currency} a year`, ...(hasFormula ? ["by formula"] : [])],
    texts: 1,
    rows: rows.map(({ hours, cost, formula, drains }) => [
      hoursText(hours),
      drains ? costText(cost) : "its queue may keep growing",
      ...(hasFormula ? [drains ? money(formula) : ""] : []),
    ]),
    legend: [
      `${currency} a year: of the present policy with restarts at this interval, with the 95 % interval of this row`,
      ...(hasFormula
        ? [
            "by formula: the expected cost, computed from the leak rate and the costs after users notice, without regard to nights and " +
              "weekends; the other column is simulated",
          ]
        : []),
      ...(rows.some(({ cost }) => Number.isNaN(cost.halfWidth)) ? [RARE] : []),
    ],
  };
}

/** What the unknown parameter means; "" if worlds differ in several. */
export function unknownText({ name, meaning }: Pick<ObservationAdvice, "name" | "meaning">): string {
  return meaning === "" ? "" : `${name}: ${meaning}`;
}

export function worldsTable(part: PartAdvice, currency: string, when: When): SummaryTable {
  const { policies, best: verdict, scale, servers } = part;
  const { name, meaning, worlds } = part.observation;
  const isTied = isFree(part);
  const unknown = unknownText({ name, meaning });
  const thing = name === "world" ? name : `value of ${name}`;
  return {
    head: [name, "weight", "leaks in week 1", "the present policy runs out of", "cheapest", `${currency} a year`],
    texts: 1,
    rows: worlds.map(({ value, weight, leaks, outlook, best, cost, isSound, drains, seen }) => [
      String(value),
      significant(weight),
      separated(leaks * scale),
      outlook === undefined
        ? ""
        : fateText([{ kind: "lasts", outlook, fixed: 0, harmed: 0 }], [{ name: "", servers }], when),
      isTied || !isSound ? "" : itemAt(policies, best).name,
      isSound && drains ? money(cost * scale) : moreThan(seen, "", scale),
    ]),
    legend: [
      ...(unknown === "" ? [] : [unknown]),
      `weight: the assumed probability of this ${thing}; leaks: of the whole fleet, of the most frequent kind`,
      ...(isTied || worlds.every(({ best, isSound }) => best === verdict || !isSound)
        ? []
        : [
            `cheapest: if this ${thing} is the true one; the verdict is for ${name === "world" ? "all worlds together" : "the assumed value"}`,
          ]),
      ...(worlds.every(({ isSound }) => isSound)
        ? []
        : [`no cheapest policy: with this ${thing}, the simulated days show too little of the year of each policy`]),
    ],
  };
}

const RARE =
  `${TOO_FEW} few or none of the simulated servers ran out of a resource or had to be restarted (again), so no interval is known; ` +
  "more servers, days or replications give one";

const NOT_KNOWN = "not known";

/** The cost of the simulated days, a lower bound of that of a year. */
export function moreThan(seen: Estimate, currency = "", scale = 1): string {
  if (leastOf(seen) === 0) return NOT_KNOWN;
  return `more than ${currency === "" ? "" : `${currency} `}${money(leastOf(seen) * scale)}`;
}

/** A part of the fleet; a part without a name is the whole fleet. */
type Named = Pick<PartAdvice, "name" | "servers">;

/**
 * The fates of the parts of a fleet; of several that fill up, the first.
 *
 * @param parts the parts, by name; a part without a name is the whole fleet
 */
function fateText(fates: readonly Fate[], parts: readonly Named[], when: When, drains = true): string {
  const isFilling = ({ kind, unseen, outlook }: Fate) =>
    kind !== "fixed" &&
    kind !== "restarted" &&
    (kind !== "unseen" || unseen === "consequences") &&
    outlook !== undefined;
  const firstDay = Math.min(...fates.filter(isFilling).map(({ outlook }) => outlook!.between.lower));
  const first = fates.findIndex((fate) => isFilling(fate) && fate.outlook!.between.lower === firstDay);
  const texts = fates.map((fate, i) => {
    const { kind, outlook, harmed } = fate;
    const { name, servers } = itemAt(parts, i);
    const harm = harmed === 0 ? "" : ", harm done";
    if (isFilling(fate) && i !== first) return harm.replace(", ", "");
    if (kind === "fixed" || kind === "restarted")
      return `${partPrefix(before(fate) && name)}${kind}${before(fate)}${harm}`;
    if (kind === "unseen" && !isFilling(fate))
      return `too few ${fate.unseen === "in-turn" ? "servers" : "days"} simulated${harm}`;
    if (outlook === undefined) return "";
    const { resource, perDay } = earliestOf(outlook);
    if (perDay === 0) return `${partPrefix(name)}${notBefore(firstOutDay(outlook, servers), when)}${harm}`;
    const { days, between } = outlook;
    const isSeldom = outlook.perDay === 0;
    const what = `${labelOf(isSeldom ? resource : outlook.resource)}, ${isSeldom ? "in some worlds" : `${when.before}${when.text(days)}`}`;
    return `${partPrefix(name)}${what} (${when.text(between.lower)} .. ${when.text(between.upper)})${harm}`;
  });
  const where = fates.some(({ outlook }) => outlook?.worlds !== undefined) ? "in some worlds, " : "";
  const piles = drains ? [] : [`${where}the queue may keep growing`];
  return [...new Set([...texts, ...piles])].filter((text) => text !== "").join("; ");
}

/** Of servers that are restarted or fixed: what runs out before that. */
function before({ ranOut, outlook }: Fate): string {
  const what = outlook === undefined ? "a resource" : labelOf(earliestOf(outlook).resource);
  if (ranOut === "all") return ` after running out of ${what}`;
  if (ranOut === "may") return `; servers may run out of ${what} before`;
  return ranOut === "some" ? `; some servers run out of ${what} before` : "";
}

/** "not before day 470"; a day many years away is given in years. */
function notBefore(days: number, when: When): string {
  return days > FAR_DAYS ? `not within ${daysText(days)}` : `not before ${when.before}${when.text(days)}`;
}

/** The words of the column of fates that occur in it. */
function fateLegend(policies: readonly PolicyCost[], harm: string, isMixed: boolean): string[] {
  const fates = policies.flatMap((policy) => policy.fates);
  const of = (kind: Fate["kind"]) => fates.some((fate) => fate.kind === kind);
  const nothing = (kind: Fate["kind"], why: string) => {
    const late = fates.filter((fate) => fate.kind === kind && fate.ranOut !== undefined).length;
    if (late === fates.filter((fate) => fate.kind === kind).length) return [];
    return [`${kind}: nothing runs out${late > 0 ? ", unless the cell says so" : ""}, because ${why}`];
  };
  const isFilling = of("runs-out") || of("ran-out") || of("lasts");
  const words = [
    ...(isFilling
      ? [
          `the resource, the expected day and the days between which 95 % of servers run out${isMixed ? ", for the part where it is first" : ""}`,
        ]
      : []),
    ...nothing("restarted", "restarts return what leaked"),
    ...nothing("fixed", "every server gets the fix"),
    ...(fates.some(({ harmed }) => harmed > 0)
      ? [`harm done: on some servers, ${harm.replace(/ for the first time$/, "")}`]
      : []),
  ];
  return words.length === 0 ? [] : [`runs out of: ${words.join("; ")}`];
}
