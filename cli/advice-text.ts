/** Advice in words: the verdict first, then what it rests on, so that it can be forwarded as it is. */
import type { Advice, PartAdvice, Verdict } from "../lab/studies/advice.ts";
import type { Outlook } from "../lab/studies/outlook.ts";
import { cheapestFix, YEAR_DAYS, type Fate, type PolicyCost } from "../lab/studies/policy-costs.ts";
import { counted, labelOf, significant } from "../lab/reports/format.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { tableOf } from "./table.ts";
import { terminalOf, wrapped } from "./terminal.ts";
import { itemAt } from "../lab/lists.ts";

const DAYS_OF_YEAR = 365.25;
/** A half-width that is so small beside its value is what rounding left. */
const DUST = 1e-9;

/** @param currency what amounts are in, such as EUR */
export function adviceText(advice: Advice, currency: string): string {
  const { whole, parts, prices, horizonDays, replications } = advice;
  const isMixed = parts.length > 1;
  const assumed = prices.map(({ name, amount }) => `${name} ${amount}`).join(", ");
  const simulated = sumOf(parts.map(({ servers, scale }) => servers / scale));
  const basis =
    `Simulated: ${counted(simulated, "server")} of ${counted(horizonDays, "day")}, ${counted(replications, "replication")}; ` +
    "all policies meet the same random numbers. Sums are " +
    `for ${counted(whole.servers, "server")} and a year of ${YEAR_DAYS} days; what goes on is extended to the year, what is done once is paid once.`;
  return [
    verdictText(advice, whole, currency),
    ...(isMixed ? [partsTable(advice, currency)] : []),
    costTable(whole, currency),
    paragraph(
      "A year of the fleet, with its 95 % interval; the last but one column is how much more than the best of the others " +
        "it costs: all of these intervals hold at once with 95 % (Hsu).",
    ),
    quantityTable(advice, whole),
    paragraph(`Per server-day of the simulated days. ${basis}`),
    paragraph(`Prices in ${currency}: ${assumed}; another one: --price name=amount, --currency EUR.`),
    breakEvenText(whole, currency).map(sentence).join("\n"),
    ...parts.flatMap((part) => [
      ...(isMixed ? [paragraph(`${part.name}:`)] : []),
      ...restartText(part, currency),
      canaryText(part).map(sentence).join("\n"),
      observationTable(part, currency),
      sentence(observationText(part, currency)),
    ]),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function verdictText({ experiment, at, horizonDays }: Advice, verdict: Verdict, currency: string): string {
  const { policies, best, asIs, servers, judged } = verdict;
  const chosen = itemAt(policies, best);
  const where = at === "" ? experiment : `${experiment} at ${at}`;
  if (policies.every(({ cost }) => cost.value === 0)) {
    return paragraph(
      `${where}: nothing that has a price happened in ${counted(horizonDays, "day")}, with any policy. ` +
        outlookText(itemAt(policies, asIs).fates),
    );
  }
  const rivals = policies.filter(({ above, isSound }, i) => isSound && above.isCandidate && i !== best);
  const cost = `A year of it costs ${amountText(judged.cost, currency)} for ${counted(servers, "server")}`;
  const others =
    rivals.length === 0
      ? "Every other policy that may be advised very likely costs more."
      : `It cannot be told from ${rivals.map(({ name }) => name).join(", ")}.`;
  const lines = [
    `${where}: ${best === asIs ? `${chosen.name}, as things are` : chosen.name}.`,
    best === asIs ? `${cost}.` : `${cost}; ${savedText(judged.saved, itemAt(policies, asIs), horizonDays, currency)}.`,
    "(Both sums are from fresh replications, which did not choose it.)",
    others,
    outlookText(itemAt(policies, asIs).fates),
    ...policies.filter(({ isSound }) => !isSound).map((one) => putOffText(one, horizonDays)),
  ];
  if (chosen.fates.some(({ kind }) => kind === "lasts")) lines.push("Ask again before that.");
  return paragraph(lines.filter((line) => line !== "").join(" "));
}

function savedText(saved: Estimate, asIs: PolicyCost, horizonDays: number, currency: string): string {
  if (!asIs.isSound)
    return `what ${asIs.name} costs once something has run out was not simulated in ${horizonDays} days`;
  const more = amountText(saved, currency);
  return saved.value >= 0 ? `that is ${more} less than ${asIs.name}` : `no less than ${asIs.name} (${more})`;
}

/** Why a policy that cost little is no advice. */
function putOffText({ name, fates }: PolicyCost, horizonDays: number): string {
  const { outlook } = fates.find(({ kind }) => kind === "runs-out")!;
  return (
    `${name} is no advice for a year: it runs out of something after the ${counted(horizonDays, "day")} that were simulated, ` +
    `so its costs are not all here. At most it puts the decision off until day ${dayText(outlook!.between.lower)}.`
  );
}

/** What runs out as things are. */
function outlookText(fates: readonly Fate[]): string {
  const outlooks = fates.flatMap(({ outlook }) => (outlook === undefined ? [] : [outlook]));
  if (outlooks.length === 0) return "";
  const first = outlooks.reduce((a, b) => (b.between.lower < a.between.lower ? b : a));
  return `As things are, without a restart, ${runsOutText(first)}.`;
}

function runsOutText(outlook: Outlook): string {
  const { resource, perDay, level, days, between } = outlook;
  const what = labelOf(resource);
  if (perDay === 0) {
    return between.lower === Infinity
      ? "nothing leaks"
      : `nothing leaked, and ${what} last for ${daysText(between.lower)} at least`;
  }
  const upper = between.upper === Infinity ? "or later" : `to ${dayText(between.upper)}`;
  return (
    `the first thing to run out is ${what} (limit ${significant(level)}): at ${significant(perDay)} a day, on about day ` +
    `${dayText(days)}${days > 2 * DAYS_OF_YEAR ? `, in ${significant(days / DAYS_OF_YEAR)} years` : ""} (95 % of servers: day ${dayText(between.lower)} ${upper})`
  );
}

function fateText(fates: readonly Fate[]): string {
  const texts = fates.map(({ kind, outlook, harmed }) => {
    const harm = harmed === 0 ? "" : ", harm done";
    if (kind === "fixed") return `fixed${harm}`;
    if (kind === "restarted") return `restarted${harm}`;
    if (outlook === undefined) return "";
    if (outlook.perDay === 0) return `not before day ${dayText(outlook.between.lower)}${harm}`;
    const { days, between } = outlook;
    return `${labelOf(outlook.resource)}, day ${dayText(days)} (${dayText(between.lower)} .. ${dayText(between.upper)})${harm}`;
  });
  return [...new Set(texts)].join("; ");
}

function costTable({ policies, asIs, best }: Verdict, currency: string): string {
  return tableOf(
    ["policy", `${currency} a year`, "above the best", "runs out of"],
    policies.map(({ name, cost, above, fates, isSound }, i) => [
      `${name}${i === asIs ? " (as is)" : ""}${i === best ? " *" : ""}`,
      isSound ? estimateText(cost) : `at least ${money(cost.value)}`,
      isSound ? `${money(above.lower)} .. ${money(above.upper)}` : "",
      fateText(fates),
    ]),
  );
}

function partsTable({ parts }: Advice, currency: string): string {
  return tableOf(
    ["part", "servers", "policy", `${currency} a year`, "saved"],
    parts.map(({ name, servers, policies, best, judged }) => [
      name,
      String(servers),
      itemAt(policies, best).name,
      estimateText(judged.cost),
      estimateText(judged.saved),
    ]),
  );
}

/** What is paid for, but for what no policy takes. */
function quantityTable({ prices }: Advice, { policies }: Verdict): string {
  const taken = prices.flatMap(({ name }, k) =>
    policies.some((one) => itemAt(one.perServerDay, k) > 0) ? [{ name, k }] : [],
  );
  return tableOf(
    ["policy", ...taken.map(({ name }) => name)],
    policies.map(({ name, perServerDay }) => [name, ...taken.map(({ k }) => significant(itemAt(perServerDay, k)))]),
  );
}

function breakEvenText({ breakEvens, policies, best }: Verdict, currency: string): string[] {
  const fix = cheapestFix(policies);
  const lasting =
    fix === undefined || fix === policies[best]
      ? []
      : [
          `${fix.name} is done once and costs ${money(fix.cost.value)} ${currency} in the first year; it goes on next year.`,
        ];
  if (breakEvens.length === 0) {
    return [...lasting, "No single price, a twentieth to twenty times what it is, makes another policy the cheapest."];
  }
  return [
    ...lasting,
    ...breakEvens.map(
      ({ price, at, isAbove, policy }) =>
        `With ${price} ${isAbove ? "above" : "below"} ${significant(at)}, ${itemAt(policies, policy).name} would cost least.`,
    ),
  ];
}

function restartText(
  { restarts: { rows, chosen, outlook, isNoticed }, servers }: PartAdvice,
  currency: string,
): string[] {
  const yearly = (perServerDay: number) => perServerDay * servers * YEAR_DAYS;
  if (chosen === undefined) return [sentence("No interval of restarts is shorter than the simulated days.")];
  const hasFormula = rows.some(({ formula }) => !Number.isNaN(formula));
  const table = tableOf(
    ["restart every", `${currency} a year`, ...(hasFormula ? ["by formula"] : [])],
    rows.map(({ hours, cost, formula }) => [
      hoursText(hours),
      estimateText({ ...cost, value: yearly(cost.value), halfWidth: yearly(cost.halfWidth) }),
      ...(hasFormula ? [money(yearly(formula))] : []),
    ]),
  );
  const { hours, value, lower, upper, by } = chosen;
  const range = `${money(yearly(value))} ${currency} a year (95 %: ${money(yearly(lower))} .. ${money(yearly(upper))})`;
  const how =
    by === "formula" ? "by the formula, which agrees with the simulated intervals" : "the cheapest simulated one";
  if (!isNoticed) {
    const latest = outlook === undefined ? Infinity : outlook.between.lower;
    const before = latest === Infinity ? "" : ` A restart before day ${dayText(latest)} is early enough.`;
    return [
      table,
      sentence(`Nobody noticed anything in the simulated days, so no restart is needed in them.${before}`),
    ];
  }
  return [
    table,
    sentence(`If you must wait, restart every ${hoursText(hours)} (${how}): on fresh replications ${range}.`),
  ];
}

function canaryText({ canaries }: PartAdvice): string[] {
  const { rate, quietServerDays, rows, trial } = canaries;
  if (rows.length === 0) return ["Nothing leaked, so no canary can prove a fix."];
  const sizes = rows.map((row) => `${row.canaries} for ${row.days} d`).join(", ");
  const leaks = `${significant(rate.perDay)} leaks per server-day before anything runs out, dispersion ${significant(rate.dispersion)}`;
  const proof =
    `To prove a fix, as many canaries, and controls beside them, as ${sizes} (${leaks}); ` +
    `or ${significant(quietServerDays)} server-days without a leak.`;
  if (typeof trial === "string") return [proof, `This was not tried by simulation: ${trial}.`];
  const { policy, days, canariesMin, trials, passed, placeboPassed } = trial;
  const placebo = placeboPassed === undefined ? "" : `, and of a change without the fix in ${placeboPassed}`;
  const fewest = trial.canaries === canariesMin ? ", the fewest that its judge can be sure of" : "";
  return [
    proof,
    `With ${trial.canaries} for ${days} d${fewest}, a roll-out of ${policy} passed in ${passed} of ${trials} fresh trials` +
      `${placebo}.`,
  ];
}

function observationTable({ observation: { name, worlds }, policies, scale }: PartAdvice, currency: string): string {
  return tableOf(
    [name, "weight", "leaks in week 1", "as things are runs out of", "cheapest", `${currency} a year`],
    worlds.map(({ value, weight, leaks, outlook, best, cost }) => [
      String(value),
      significant(weight),
      significant(leaks * scale),
      outlook === undefined ? "" : fateText([{ kind: "lasts", outlook, fixed: 0, harmed: 0 }]),
      itemAt(policies, best).name,
      money(cost * scale),
    ]),
  );
}

function observationText({ observation, policies, scale, best }: PartAdvice, currency: string): string {
  const { name, perfect, week, waiting } = observation;
  const average = `over all these values ${itemAt(policies, observation.best).name} costs least`;
  const verdict = week > waiting ? "observe first" : `decide now; ${average}`;
  const differs = observation.best === best ? "" : ` (as assumed it is ${itemAt(policies, best).name})`;
  return (
    `To know ${name} would be worth ${money(perfect * scale)} ${currency} in the year; to see a week's leaks first is ` +
    `worth ${money(week * scale)} and costs ${money(waiting * scale)}: ${verdict}${differs}.`
  );
}

/** "6 h", "7 d". */
function hoursText(hours: number): string {
  return hours >= 72 && hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`;
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

/** Three significant digits, in thousands. */
function money(amount: number): string {
  if (Number.isNaN(amount)) return "";
  const rounded = Number(amount.toPrecision(3));
  if (Math.abs(rounded) < 0.005) return "0";
  const plain = Math.abs(rounded) < 1000 ? String(Number(rounded.toFixed(2))) : rounded.toFixed(0);
  return plain.replace(/\B(?<!\.\d*)(?=(\d{3})+$)/g, ",");
}

function sumOf(values: readonly number[]): number {
  return Math.round(values.reduce((a, b) => a + b, 0));
}

/** An entry of a list: its further lines are indented where the terminal makes there be any. */
function sentence(text: string): string {
  const [first, ...more] = wrapped(text, terminalOf().columns - 2).split("\n");
  return [`- ${first}`, ...more.map((line) => `  ${line}`)].join("\n");
}

function paragraph(text: string): string {
  return wrapped(text, terminalOf().columns);
}
