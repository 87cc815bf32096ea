/** The page of a posterior: what was learned, what was not, and whether the worlds look like the observation. */
import type { Chart, ChartGroup, Known } from "../../page/chart.ts";
import { figure, notes, verdict, type Section } from "../../page/components.ts";
import { html } from "../../page/html.ts";
import { itemAt } from "../lists.ts";
import { significant } from "../reports/format.ts";
import type { Page } from "../reports/standalone-page.ts";
import type { CalibrationResult, Draw, Learned } from "./calibrate.ts";
import type { Prediction } from "./prediction.ts";
import { settingOf } from "./unknowns.ts";

const BINS = 12;
const PAIR_BINS = 8;
/** Pairs of more parameters than these nobody reads. */
const PAIRED_MAX = 4;

export function posteriorPage(result: CalibrationResult, predictions: readonly Prediction[]): Page {
  const { hypotheses, shares, observation, learned, draws } = result;
  const best = shares.indexOf(Math.max(...shares));
  const { name, meaning } = itemAt(hypotheses, best);
  const own = learned.filter(({ hypothesis }) => hypothesis === best);
  const of = draws.filter(({ hypothesis }) => hypothesis === best);
  const known = own.filter(({ isLearned }) => isLearned);
  const unknown = own.filter(({ isLearned }) => !isLearned);
  const likely =
    hypotheses.length === 1
      ? `The readings narrow ${known.length} of ${own.length} parameters.`
      : `The likeliest reading is ${name}, with ${percent(itemAt(shares, best))} %: ${meaning}.`;
  const sentences = [
    ...known.map(learnedText),
    ...(unknown.length === 0
      ? []
      : [`Not learned, as wide as before: ${unknown.map((one) => one.unknown.name).join(", ")}.`]),
  ];
  const parts: Section[] = [];
  if (hypotheses.length > 1) {
    parts.push({
      id: "readings",
      heading: "Readings compared",
      body: [figure(readingsFigure(result)), notes([CAVEAT])],
    });
  }
  if (own.length > 1) parts.push({ id: "pairs", heading: "Parameters in pairs", body: figure(pairsFigure(own, of)) });
  parts.push({ id: "check", heading: "Do the worlds look like it?", body: figure(checkFigure(predictions)) });
  return {
    kind: `spoolsim, calibration of ${observation.point.resolved.model.name}`,
    title: "What do the readings say of the parameters?",
    lead: html`${verdict(likely, sentences)}
${own.length === 0 ? undefined : figure(marginalsFigure(own, of))}`,
    sections: parts,
    footer: `From ${observation.source}; ${result.generations.at(-1)?.worlds ?? 0} simulated worlds, seed ${result.seed}.`,
    model: observation.point.resolved.model,
  };
}

const CAVEAT =
  "Probabilities of readings rest on the summaries, which are not sufficient: take large odds seriously, and no digits " +
  "(Robert et al. 2011, Lack of confidence in approximate Bayesian computation model choice).";

function learnedText({ unknown, quantiles, contraction }: Learned): string {
  const unit = unknown.unit === "1" ? "" : ` ${unknown.unit}`;
  const [low, , middle, , high] = quantiles.map((value) => significant(value));
  const by = percent(Math.max(0, contraction));
  return `${unknown.name}: ${middle}${unit} (90 % interval ${low} to ${high}); its variance shrank by ${by} %.`;
}

function marginalsFigure(learned: readonly Learned[], draws: readonly Draw[]): ChartGroup {
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
      id: `marginal-${unknown.name}`,
      title: unknown.name,
      summary: `Probability of ${unknown.name} in twelve equal parts of its range, after and before the readings.`,
      x: `${unknown.name}${unknown.unit === "1" ? "" : ` [${unknown.unit}]`}, middle of each part of its range`,
      y: "probability [%]",
      unit: "%",
      series: ["after the readings"],
      panels: [{ name: "", estimates: merged(estimates) }],
    };
  });
  const note =
    "Bars: after the readings. Marks: before, all parts alike. Where the bars follow the marks nothing was learned.";
  return { id: "marginals", heading: "Each parameter", note, charts };
}

type Bin = {
  readonly series: number;
  readonly x: string;
  readonly value: number;
  readonly closedForm: number;
  readonly lower: null;
  readonly upper: null;
};

/** Parts of a whole range that hold the same number are one. */
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
  const places = [...learned.keys()]
    .sort((a, b) => itemAt(learned, b).contraction - itemAt(learned, a).contraction || a - b)
    .slice(0, PAIRED_MAX)
    .sort((a, b) => a - b);
  const pairs = places.flatMap((a, i) => places.slice(i + 1).map((b) => [a, b] as const));
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
  const note = "A ridge says that the readings know a product of two parameters, and neither alone.";
  return { id: "pairs", heading: "Pairs", note, charts };
}

function readingsFigure({ hypotheses, shares }: CalibrationResult): ChartGroup {
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
    id: "readings",
    title: "readings",
    summary: "Probability of each reading of the trouble, after and before the readings of the counters.",
    x: "reading of the trouble",
    y: "probability [%]",
    unit: "%",
    series: ["after"],
    panels: [{ name: "", estimates }],
  };
  return { id: "readings-chart", heading: "Readings", note: "Bars: after. Marks: before.", charts: [chart] };
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
  const note = "Band: 90 % of worlds that were simulated anew. What lies outside of it the model does not explain.";
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
