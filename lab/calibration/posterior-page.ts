/** The page of a posterior: what was learned, what was not, and whether the worlds look like the observation. */
import type { Chart, ChartGroup, Known } from "../../page/chart.ts";
import { figure, notes, table, verdict, type Section } from "../../page/components.ts";
import { html, type Html } from "../../page/html.ts";
import { itemAt } from "../lists.ts";
import { enumerated, significant } from "../reports/format.ts";
import type { Page } from "../reports/standalone-page.ts";
import { afterNumber } from "../reports/units.ts";
import {
  MEASURED,
  possible,
  SIZE_ENOUGH,
  SIZE_MIN,
  unlikeness,
  unseenMost,
  type CalibrationResult,
  type Draw,
  type Learned,
} from "./calibrate.ts";
import type { Prediction } from "./prediction.ts";
import { settingOf } from "./unknowns.ts";
import { workloadTables } from "./workload-tables.ts";

const BINS = 12;
const PAIR_BINS = 8;
/** A pairs plot of more parameters would be unreadable. */
const PAIRED_MAX = 4;

/** A warning, if the nearest worlds do not look like the observation. */
export function misfitText(result: CalibrationResult): string | undefined {
  const unlike = unlikeness(result).join("; ");
  if (unlike === "") return undefined;
  return `Do not rely on this yet: even the nearest of ${worldsOf(result)} worlds do not show the observed ${unlike}.`;
}

function worldsOf({ generations }: CalibrationResult): number {
  return generations.at(-1)?.worlds ?? 0;
}

export function posteriorPage(result: CalibrationResult, predictions: readonly Prediction[]): Page {
  const { hypotheses, observation, learned } = result;
  const [best, ...others] = possible(result);
  const isAlone = hypotheses.length === 1;
  const parts: Section[] = [];
  if (!isAlone) {
    parts.push({
      id: "explanations",
      heading: "Explanations compared",
      body: [figure(explanationsFigure(result)), notes([oddsText(result), CAVEAT])],
    });
  }
  const pairs = best === undefined ? undefined : pairsOf(result, best);
  if (pairs !== undefined) parts.push({ id: "pairs", heading: "Parameters in pairs", body: figure(pairs) });
  for (const h of others) {
    const { name } = itemAt(hypotheses, h);
    const body = [notes(sentencesOf(result, h)), marginalsOf(result, h)];
    parts.push({ id: `if-${name}`, heading: `If ${name} is right`, body });
  }
  const work = workloadTables(observation);
  if (work !== undefined) {
    const tables = [work.parameters, work.fits].filter(({ rows }) => rows.length > 0);
    const body = [notes([work.sentence]), ...tables.map((one) => table(one, "The workload"))];
    parts.push({ id: "workload", heading: "The workload", body });
  }
  parts.push({ id: "check", heading: "Do the worlds match the counters?", body: figure(checkFigure(predictions)) });
  const own = learned.filter(({ hypothesis }) => hypothesis === best);
  const known = own.filter(({ verdict: of }) => of === "learned");
  const misfit = misfitText(result);
  const found = isAlone
    ? `The counters narrow ${known.length} of ${own.length} parameters.`
    : explanationText(
        result,
        [best, ...others].filter((h) => h !== undefined),
      );
  const answer = misfit ?? found;
  const sentences = [
    ...(misfit === undefined ? [] : [found]),
    ...(best === undefined ? [] : sentencesOf(result, best)),
  ];
  return {
    kind: `spoolsim, calibration of ${observation.point.resolved.model.name}`,
    title: "What do the counters say about the parameters?",
    lead: html`${verdict(answer, [...sentences, ...(known.length === 0 || misfit !== undefined ? [] : [MEASURED])])}
${best === undefined ? undefined : marginalsOf(result, best)}`,
    sections: parts,
    footer: `From ${observation.source}; ${worldsOf(result)} simulated worlds, seed ${result.seed}.`,
    model: observation.point.resolved.model,
  };
}

/** The explanations that remain possible, or the most probable one. */
export function explanationText({ hypotheses, shares }: CalibrationResult, left: readonly number[]): string {
  const [best] = left.map((h) => itemAt(hypotheses, h));
  if (left.length === 1) return `One explanation stays possible, ${best!.name}: ${best!.meaning}.`;
  const names = left.map((h) => `${itemAt(hypotheses, h).name} (${percent(itemAt(shares, h))} %)`);
  return `${left.length} explanations stay possible: ${enumerated(names)}.`;
}

/** What was learned about the parameters under a hypothesis, and what was not. */
function sentencesOf({ hypotheses, learned, sizes }: CalibrationResult, h: number): string[] {
  const { name, meaning } = itemAt(hypotheses, h);
  const own = learned.filter(({ hypothesis }) => hypothesis === h);
  const namesOf = (of: Learned["verdict"]) =>
    own.filter((one) => one.verdict === of).map(({ unknown }) => unknown.name);
  const not = namesOf("not learned");
  const few = namesOf("too few worlds");
  return [
    ...(hypotheses.length === 1 ? [] : [`If ${name} is right: ${meaning}.`]),
    ...own.filter(({ verdict: of }) => of === "learned").map(learnedText),
    ...(not.length === 0
      ? []
      : [`Not learned, because the worlds differ from the assumed range by no more than chance: ${not.join(", ")}.`]),
    ...(few.length === 0 ? [] : [`Too few worlds to say anything about ${few.join(", ")}.`]),
    ...(own.length === 0 ? [] : [sizeText(itemAt(sizes, h))]),
  ];
}

function marginalsOf({ hypotheses, learned, draws }: CalibrationResult, h: number): Html | undefined {
  const own = learned.filter(({ hypothesis }) => hypothesis === h);
  if (own.length === 0) return undefined;
  return figure(
    marginalsFigure(
      itemAt(hypotheses, h).name,
      own,
      draws.filter(({ hypothesis }) => hypothesis === h),
    ),
  );
}

function pairsOf({ learned, draws }: CalibrationResult, h: number): ChartGroup | undefined {
  const own = learned.filter(({ hypothesis }) => hypothesis === h);
  return own.length < 2
    ? undefined
    : pairsFigure(
        own,
        draws.filter(({ hypothesis }) => hypothesis === h),
      );
}

/** What the draws of an explanation are worth, and whether that suffices. */
export function sizeText(size: number): string {
  const worth = `The weighted worlds of this explanation are worth ${significant(size)} of equal weight (effective sample size)`;
  if (size >= SIZE_ENOUGH) return `${worth}, enough for 90 % intervals.`;
  const ends = size < SIZE_MIN ? `and below ${SIZE_MIN} there are none` : "so their ends are rough";
  return `${worth}; 90 % intervals need ${SIZE_ENOUGH}, ${ends}. A search of more worlds continues from these.`;
}

const CAVEAT =
  "The worlds are judged by a few summary statistics, so a probability can be wrong even where parameters are right (Robert et al. " +
  "2011, Lack of confidence in approximate Bayesian computation model choice).";

/** How the probabilities of explanations are to be read. */
export function oddsText({ comparedSize }: Pick<CalibrationResult, "comparedSize">): string {
  const most = Math.round(100 * unseenMost(comparedSize));
  return (
    "A probability is an explanation's share of the worlds whose counters are nearest to yours. They are worth " +
    `${significant(comparedSize)} of equal weight (effective sample size), so an explanation of 0 % may still have up to ${most} %, and ` +
    "90 % against 10 % may be chance."
  );
}

function learnedText({ unknown, quantiles, contraction }: Learned): string {
  const [low, , middle, , high] = quantiles.map((value) => significant(value));
  const by = percent(Math.max(0, contraction));
  return `${unknown.name}: ${middle}${afterNumber(unknown.unit)} (90 % interval ${low} to ${high}); its variance shrank by ${by} %.`;
}

function marginalsFigure(of: string, learned: readonly Learned[], draws: readonly Draw[]): ChartGroup {
  const charts = learned.map(({ unknown }, i): Chart => {
    const estimates = Array.from({ length: BINS }, (_, bin) => {
      const inside = draws.filter(({ point }) => Math.min(BINS - 1, Math.floor(BINS * itemAt(point, i))) === bin);
      const share = 100 * inside.reduce((sum, { weight }) => sum + weight, 0);
      const x = significant(settingOf(unknown, (bin + 0.5) / BINS));
      return { series: 0, x, value: share / total(draws), lower: null, upper: null, closedForm: 100 / BINS };
    });
    return {
      kind: "intervals",
      bars: true,
      id: `marginal-${of}-${unknown.name}`,
      title: unknown.name,
      summary: `Probability of ${unknown.name} in twelve equal parts of its range, after and before the counters were read.`,
      x: `${unknown.name}${unknown.unit === "1" ? "" : ` [${unknown.unit}]`}, middle of each part of its range`,
      y: "probability [%]",
      unit: "%",
      series: ["after the counters were read"],
      panels: [{ name: "", estimates: merged(estimates) }],
    };
  });
  const note =
    "Bars: posterior, after reading the counters. Marks: prior, all parts equal. Where the bars match the marks, the counters say nothing about the parameter.";
  return { id: `marginals-${of}`, heading: "Each parameter", note, charts };
}

type Bin = {
  readonly series: number;
  readonly x: string;
  readonly value: number;
  readonly closedForm: number;
  readonly lower: null;
  readonly upper: null;
};

/** Merges adjacent bins that contain the same whole number. */
function merged(bins: readonly Bin[]): Bin[] {
  const names = [...new Set(bins.map(({ x }) => x))];
  return names.map((x) => {
    const same = bins.filter((bin) => bin.x === x);
    const sum = (of: (bin: Bin) => number) => same.reduce((all, bin) => all + of(bin), 0);
    return {
      series: 0,
      x,
      value: sum(({ value }) => value),
      closedForm: sum(({ closedForm }) => closedForm),
      lower: null,
      upper: null,
    };
  });
}

function pairsFigure(learned: readonly Learned[], draws: readonly Draw[]): ChartGroup {
  const chosen = [...learned.keys()]
    .sort((a, b) => itemAt(learned, b).contraction - itemAt(learned, a).contraction || a - b)
    .slice(0, PAIRED_MAX)
    .sort((a, b) => a - b);
  const pairs = chosen.flatMap((a, i) => chosen.slice(i + 1).map((b) => [a, b] as const));
  const charts = pairs.map(([a, b]): Chart => {
    const [over, up] = [itemAt(learned, a).unknown, itemAt(learned, b).unknown];
    const binOf = (u: number) => Math.min(PAIR_BINS - 1, Math.floor(PAIR_BINS * u));
    const middles = Array.from({ length: PAIR_BINS }, (_, bin) => (bin + 0.5) / PAIR_BINS).reverse();
    const values = middles.map((middle) => {
      return Array.from({ length: PAIR_BINS }, (_, column) => {
        const inside = draws.filter(
          ({ point }) => binOf(itemAt(point, a)) === column && binOf(itemAt(point, b)) === binOf(middle),
        );
        return (100 * inside.reduce((sum, { weight }) => sum + weight, 0)) / total(draws);
      });
    });
    return {
      kind: "heat",
      id: `pair-${over.name}-${up.name}`,
      title: `${over.name} and ${up.name}`,
      summary: `Probability of ${over.name} and ${up.name} together, in ${PAIR_BINS} by ${PAIR_BINS} equal parts of their ranges.`,
      x: `${over.name}, share of its range${over.range.scale === "logarithmic" ? " (logarithmic)" : ""} [%]`,
      y: `${up.name}${up.unit === "1" ? "" : ` [${up.unit}]`}`,
      colour: "probability [%]",
      panels: [
        {
          name: "",
          rows: middles.map((middle) => significant(settingOf(up, middle))),
          edges: Array.from({ length: PAIR_BINS + 1 }, (_, edge) => (100 * edge) / PAIR_BINS),
          values,
        },
      ],
    };
  });
  const note =
    "A ridge means that the counters determine a combination of two parameters, such as their product, and neither alone.";
  return { id: "pairs", heading: "Pairs", note, charts };
}

function explanationsFigure({ hypotheses, shares }: CalibrationResult): ChartGroup {
  const estimates = hypotheses.map(({ name }, h) => {
    return {
      series: 0,
      x: name,
      value: 100 * itemAt(shares, h),
      lower: null,
      upper: null,
      closedForm: 100 / hypotheses.length,
    };
  });
  const chart: Chart = {
    kind: "intervals",
    bars: true,
    id: "explanations",
    title: "explanations",
    summary: "Probability of each explanation, after and before the counters were read.",
    x: "explanation",
    y: "probability [%]",
    unit: "%",
    series: ["after"],
    panels: [{ name: "", estimates }],
  };
  return { id: "explanations-chart", heading: "Explanations", note: "Bars: after. Marks: before.", charts: [chart] };
}

function checkFigure(predictions: readonly Prediction[]): ChartGroup {
  const charts = predictions.map(({ response, days, observed, quantiles }): Chart => {
    const at = (q: number) => quantiles.map((row) => known(itemAt(row, q)));
    return {
      kind: "curves",
      shape: "line",
      id: `check-${response.name}`,
      title: response.name,
      summary: `Lowest ${response.name} of each day, mean over servers: observed, and in simulated worlds of the posterior.`,
      x: "day",
      y: `${response.name} [${response.unit}]`,
      series: ["observed", "worlds of the posterior"],
      panels: [
        {
          name: "",
          curves: [
            { series: 0, x: days, y: observed.map(known) },
            { series: 1, x: days, y: at(1), lower: at(0), upper: at(2) },
          ],
        },
      ],
    };
  });
  const note = "Band: 90 % of newly simulated worlds. The model does not explain what lies outside it.";
  return { id: "check-chart", heading: "Observed and simulated", note, charts };
}

function known(value: number): Known {
  return Number.isNaN(value) ? null : value;
}

function total(draws: readonly Draw[]): number {
  return draws.reduce((sum, { weight }) => sum + weight, 0);
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}
