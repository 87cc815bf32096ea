/** What compared levels differ by, observation by observation. */
import type { ChartGroup, CurveChart, CurvePanel } from "../../page/chart.ts";
import type { Response } from "../../models/contract/responses.ts";
import { betweenOf, blocksOf, fewestObservations } from "../analysis/observations.ts";
import { primaryFirst, primaryResponses } from "../analysis/primary-responses.ts";
import { pairName, type Comparison } from "../analysis/comparison.ts";
import { isBoundedTwice } from "./comparison-tables.ts";
import { levelName, PANELS_MAX } from "./chart-layout.ts";
import type { Results } from "./results-reader.ts";
import { isLevel, type Plan } from "../experiment/plan.ts";
import { capital, ends, labelOf, significant } from "./format.ts";
import { scaleOf } from "./units.ts";
import { itemAt } from "../lists.ts";
import { boundNote, unitWords, bracketed, listed, greatestOf, intervalOf, shown } from "./chart-words.ts";

/** The most differences that are drawn. */
const POINTS_MAX = 512;

export function pairsGroup(results: Results): ChartGroup {
  const { plan, findings } = results;
  const isEnough = fewestObservations(plan) > 1;
  const names = isEnough ? [...new Set(findings.comparisons.map(({ response }) => response))] : [];
  const isHeadline = ({ role, headline }: Response) => role === "leak" || headline === "when-levels-differ";
  const primary = primaryResponses(plan);
  const charted =
    primary.length > 0
      ? primaryFirst(
          plan,
          names.filter((response) => primary.includes(response) || isHeadline(response)),
        )
      : names.some(isHeadline)
        ? leaksFirst(names.filter(isHeadline))
        : names;
  const most = Math.max(0, ...findings.comparisons.map(({ differences }) => differences().length));
  return {
    id: "pairs",
    heading: "Differences server by server",
    note:
      `Each point is ${observedUnits(plan)}: one level minus the other, on the same random numbers. Line and band: the ` +
      `mean of the points and its 95 % interval.${most > POINTS_MAX ? ` The first ${POINTS_MAX} points are drawn.` : ""}` +
      boundNote(results, charted) +
      (findings.comparisons.some((row) => charted.includes(row.response) && isBoundedTwice(row, findings))
        ? " A difference of two lower bounds is not drawn."
        : ""),
    charts: charted.flatMap((response) => {
      const differ = ({ response: of, difference }: Comparison) => of === response && difference.value !== 0;
      // A scatter plot of a single position shows nothing.
      const varies = ({ difference }: Comparison) => difference.halfWidth > 0;
      const isDrawn = (row: Comparison) => differ(row) && varies(row) && !isBoundedTwice(row, findings);
      const own = findings.comparisons.filter(isDrawn).slice(0, PANELS_MAX);
      return own.length === 0 ? [] : [pairsChart(results, response, own)];
    }),
  };
}

/** The units between which the intervals are. */
function observedUnits({ points }: Plan): string {
  const units = points.map((point) => {
    if (betweenOf(point) === "replications") return "a replication";
    return blocksOf(point) === point.scenario.servers ? "a server" : "a block of servers";
  });
  return [...new Set(units)].join(" or ");
}

function pairsChart({ plan }: Results, response: Response, comparisons: readonly Comparison[]): CurveChart {
  const { factor } = plan.experiment.compare!;
  const pairs = [...new Set(comparisons.map((one) => pairName(one, factor)))];
  const what = pairs.length === 1 ? itemAt(pairs, 0) : "difference";
  const perDay = ({ point }: Comparison) => (isLevel(response) ? 1 : 1 / point.scenario.horizonDays);
  const per = isLevel(response) ? "per server at the end" : "per server-day";
  const scale = scaleOf(response.unit, greatestOf(comparisons.map((one) => one.difference.value * perDay(one))));
  const unit = scale.unit === "1" ? "" : ` [${scale.unit}]`;
  const name = labelOf(response);
  const panels = comparisons.map((comparison): CurvePanel => {
    const { point, difference } = comparison;
    const factorOf = perDay(comparison) / scale.size;
    const y = [...comparison.differences().subarray(0, POINTS_MAX)].map((value) => shown(value * factorOf));
    const where = Object.entries(point.levels).filter(([one]) => one !== factor);
    const words = where.map(([one, level]) => levelName(one, level));
    return {
      name: (pairs.length === 1 ? words : [...words, pairName(comparison, factor)]).join(", "),
      curves: [{ series: 0, x: [...y.keys()], y, level: intervalOf(difference, factorOf) }],
    };
  });
  const texts = panels.flatMap(({ name: panel, curves }) =>
    curves.map(({ level }) => {
      const { value, lower, upper } = level!;
      const interval = lower === null || upper === null ? "" : ` (${ends(lower, upper).join(" to ")})`;
      return `${significant(value)}${interval}${bracketed([panel])}`;
    }),
  );
  return {
    kind: "curves",
    shape: "points",
    wholeX: true,
    id: `pairs-${response.name}`,
    title: `${name}, ${what}`,
    summary: `${capital(name)} ${per}${unit}, ${what}: ${listed(texts)}.`,
    x: `${observedUnits(plan).replace(/^a /, "")} (of all replications)`,
    y: `${name} ${per}${unit}, ${what}`,
    unit: unitWords(response, scale),
    series: [what],
    panels,
  };
}

function leaksFirst(responses: readonly Response[]): Response[] {
  const isLeak = ({ role }: Response) => role === "leak";
  return [...responses.filter(isLeak), ...responses.filter((response) => !isLeak(response))];
}
