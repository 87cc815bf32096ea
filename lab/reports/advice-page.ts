/**
 * The page of advice, to be forwarded to the person who decides: the verdict, the cost of each policy, when each
 * resource runs out without action, what would change the verdict, and how it was made. Printed, it is one sheet;
 * tables and details for those who carry it out are folded.
 */
import type { ChartGroup, CurveChart, CurvePanel, IntervalChart } from "../../page/chart.ts";
import { facts, figure, fold, list, notes, table, verdict, type Section } from "../../page/components.ts";
import { html } from "../../page/html.ts";
import type { Model } from "../../models/model.ts";
import type { Advice, PartAdvice } from "../studies/advice.ts";
import type { Verdict } from "../studies/verdict.ts";
import type { Outlook } from "../studies/outlook.ts";
import { money, separated, whenOf } from "./advice-format.ts";
import { adviceWords, type AdviceWords, type PartWords } from "./advice-words.ts";
import { DAYS_PER_CENTURY, dateText, mondayBefore, mondaysFrom } from "../calendar.ts";
import { labelOf } from "./format.ts";
import type { Page } from "./standalone-page.ts";

export interface AdvicePage {
  /** The question of the experiment. */
  readonly question: string;
  /** The currency of amounts, such as EUR. */
  readonly currency: string;
  /** The command that makes the page again. */
  readonly command: string;
  readonly model: Pick<Model, "terms">;
}

export function advicePage(advice: Advice, { question, currency, command, model }: AdvicePage): Page {
  const words = adviceWords(advice, currency);
  const costs = costsGroup(advice.whole, currency);
  return {
    kind: `spoolsim, advice on ${advice.experiment}`,
    title: question.trim().replace(/\s+/g, " "),
    lead: html`${verdict(words.verdict, words.reasons)}
${costs === undefined ? undefined : figure(costs)}`,
    sections: sectionsOf(advice, words, { currency, command }),
    isSheet: true,
    footer: 'All costs are for the whole fleet and one year, at the prices listed under "How it was made".',
    model,
  };
}

function sectionsOf(
  advice: Advice,
  words: AdviceWords,
  { currency, command }: { currency: string; command: string },
): Section[] {
  const { whole, parts } = advice;
  const ahead = outlookGroup(parts, whole.asIs, advice);
  return [
    ...(words.parts === undefined
      ? []
      : [{ id: "parts", heading: "Each part of the fleet", body: table(words.parts, "Each part of the fleet") }]),
    ...(ahead === undefined ? [] : [{ id: "ahead", heading: "Without action", body: figure(ahead) }]),
    {
      id: "changes",
      heading: "What would change this",
      body: list([
        ...words.changes,
        ...words.byPart.map(({ observation }) => observation),
        ...new Set(words.byPart.flatMap(({ unknown }) => (unknown === "" ? [] : [`${unknown}.`]))),
      ]),
    },
    {
      id: "costs",
      heading: "What the policies cost",
      body: fold(`A year of each policy, in ${currency}`, [
        table(words.costs, "A year of each policy"),
        ...(words.quantities === undefined ? [] : [table(words.quantities, "Quantities that are paid for")]),
      ]),
    },
    {
      id: "plan",
      heading: "For those who carry it out",
      body: words.byPart.map((part) => fold(part.name === "" ? "Restarts and canaries" : part.name, planOf(part))),
    },
    {
      id: "making",
      heading: "How it was made",
      body: [notes(words.basis), facts([["Command", html`<code>${command}</code>`]])],
    },
  ];
}

function planOf({ name, intervals, restart, canaries, worlds }: PartWords) {
  const of = name === "" ? "" : `, ${name}`;
  return [
    list([restart, ...canaries]),
    ...(intervals === undefined ? [] : [table(intervals, `Intervals of restarts${of}`)]),
    table(worlds, `The unknown${of}`),
  ];
}

/** A bar for each policy whose year has a sum; the others are described below the chart. */
function costsGroup({ policies, asIs, best }: Verdict, currency: string): ChartGroup | undefined {
  const shown = policies.filter(({ isSound, drains }) => isSound && drains);
  if (shown.length === 0 || shown.every(({ cost }) => cost.value === 0)) return undefined;
  const left = policies.filter((policy) => !shown.includes(policy)).map(({ name }) => name);
  const nameOf = (policy: Verdict["policies"][number]) => {
    const i = policies.indexOf(policy);
    return `${policy.name}${i === asIs ? " (present)" : ""}${i === best && policy.isSound ? " *" : ""}`;
  };
  const y = `${currency} a year, for the whole fleet`;
  const chart: IntervalChart = {
    kind: "intervals",
    bars: true,
    id: "advice-costs",
    title: "What a year costs",
    summary: `${y}: ${shown.map((policy) => `${nameOf(policy)} ${money(policy.cost.value)}`).join("; ")}.`,
    x: "policy",
    y,
    series: ["all"],
    panels: [
      {
        name: "",
        estimates: [...shown]
          .sort((a, b) => a.cost.value - b.cost.value)
          .map((policy) => {
            const { value, lower, upper } = policy.cost;
            return { series: 0, x: nameOf(policy), value, lower: Math.max(0, lower), upper, closedForm: null };
          }),
      },
    ],
  };
  const more = left.length === 0 ? "" : ` Not drawn, because the cost of a year is not known: ${left.join(", ")}.`;
  return {
    id: "advice-costs",
    heading: "What a year costs",
    note: `Bar: a year of the whole fleet. Line: 95 % interval. *: the cheapest policy that can be recommended.${more}`,
    charts: [chart],
  };
}

/** The resource that fills first under the present policy, by part, up to its ceiling. */
function outlookGroup(
  parts: readonly PartAdvice[],
  asIs: number,
  dated: Pick<Advice, "startDay">,
): ChartGroup | undefined {
  const when = whenOf(dated);
  const known = parts.flatMap(({ name, policies }) => {
    const outlook = policies[asIs]?.fates[0]?.outlook;
    return outlook === undefined || outlook.perDay === 0 || outlook.days > DAYS_PER_CENTURY ? [] : [{ name, outlook }];
  });
  const [first] = known;
  if (first === undefined) return undefined;
  const isOne = known.length === 1;
  const resources = [...new Set(known.map(({ outlook }) => labelOf(outlook.resource)))];
  const texts = known.map(({ name, outlook }) => {
    const { days, between } = outlook;
    const latest = between.upper === Infinity ? "later" : `${when.before}${when.text(between.upper)}`;
    const where = isOne ? "" : ` (${name})`;
    return `${labelOf(outlook.resource)} on about ${when.before}${when.text(days)}, between ${when.before}${when.text(between.lower)} and ${latest}${where}`;
  });
  const chart: CurveChart = {
    kind: "curves",
    shape: "line",
    id: "advice-ahead",
    title: resources.join(", "),
    summary: `Under the present policy, without a restart, servers run out of ${texts.join("; ")}.`,
    ...calendarOf(dated.startDay, known),
    y: `${resources.join(", ")} in use`,
    series: ["the present policy"],
    panels: known.map(({ name, outlook }) => outlookPanel(isOne ? "" : name, outlook, sinceMonday(dated.startDay))),
  };
  return {
    id: "advice-ahead",
    heading: "Without action",
    note:
      "Line: what a server uses if it leaks at the estimated rate and is not restarted. Band: 95 % of servers reach the " +
      "ceiling between its ends.",
    charts: [chart],
  };
}

/** The days from the Monday before a fresh start until then. */
function sinceMonday(startDay: number | undefined): number {
  return startDay === undefined ? 0 : startDay - mondayBefore(startDay);
}

/** Days since a fresh start; from the Monday before it, with dates, if it is known. */
function calendarOf(startDay: number | undefined, known: readonly { readonly outlook: Outlook }[]) {
  if (startDay === undefined) return { x: "days since a fresh start" };
  const monday = mondayBefore(startDay);
  const end = Math.max(...known.map(({ outlook }) => endOf(outlook)));
  return {
    startsOnMonday: true as const,
    mondays: mondaysFrom(monday, sinceMonday(startDay) + end),
    x: `days since Monday, ${dateText(monday)}; the fresh start was on ${dateText(startDay)}`,
  };
}

/** The end of the curve of an outlook [d]. */
function endOf({ days, between }: Outlook): number {
  return Math.min(between.upper, 2 * days);
}

/** From the level without leaks to the ceiling. @param fromDay the x of the fresh start */
function outlookPanel(name: string, outlook: Outlook, fromDay: number): CurvePanel {
  const { level, perDay, days, between } = outlook;
  const base = level - perDay * days;
  const end = endOf(outlook);
  const x = [0, between.lower, days, end];
  const heldBy = (day: number, until: number) =>
    Number(Math.min(level, base + ((level - base) * day) / until).toPrecision(6));
  return {
    name,
    curves: [
      {
        series: 0,
        x: x.map((day) => Number((fromDay + day).toPrecision(6))),
        y: x.map((day) => heldBy(day, days)),
        lower: x.map((day) => heldBy(day, between.upper)),
        upper: x.map((day) => heldBy(day, between.lower)),
      },
    ],
    ceilings: [{ y: level, label: `ceiling: ${separated(level).replace(/\.0+$/, "")}` }],
  };
}
