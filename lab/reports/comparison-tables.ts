/** The tables of a comparison: of two levels, with a row for each response; of more, with a row for each pair. */
import type { Estimate } from "../../statistics/estimate.ts";
import { pairName, RATIO_MIN, type Comparison } from "../analysis/comparison.ts";
import type { Findings } from "../analysis/findings.ts";
import { leakRateOf } from "../analysis/leak-rates.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { factorNames } from "../experiment/experiment.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { levelWords } from "./chart-layout.ts";
import { counted, days, significant } from "./format.ts";
import { interval, legendOf, mayBeChance, RAN_OUT } from "./interval-text.ts";
import { firstLeakOf } from "./leak-tables.ts";
import type { AnalyzedPlan, RowMark, SummaryTable, TableChoice } from "./summary-table.ts";
import {
  amountName,
  betweenLegend,
  daysLegend,
  boundMark,
  ceilingTimeText,
  daysOf,
  familyOf,
  EXHAUSTION_HEAD,
  feltLegend,
  intervalHead,
  intervalsLegend,
  togetherLegend,
  probabilityText,
} from "./table-legends.ts";
import { scaleOf, type Scale } from "./units.ts";

export function comparedTable(results: AnalyzedPlan, choice: TableChoice): SummaryTable {
  return isOnePair(results) ? comparisonTable(results, choice) : pairsTable(results, choice);
}

/** Whether exactly two levels are compared. */
export function isOnePair({ plan, findings }: AnalyzedPlan): boolean {
  const { factor } = plan.experiment.compare!;
  return new Set(findings.comparisons.map((row) => pairName(row, factor))).size === 1;
}

/** The factors that are not compared. */
export function othersOf({ experiment }: Plan): string[] {
  return factorNames(experiment).filter((name) => name !== experiment.compare!.factor);
}

const VARIANCE_RATIO = "variance ratio";
/** Common random numbers pay from this variance ratio on; the ratio is 1 if one side never varies. */
const RATIO_TELLING = 2;

function ratioText(varianceRatio: number): string {
  return varianceRatio === Infinity ? "exact" : significant(varianceRatio);
}

/** The table without variance ratios if none of them is notable; comparison.csv has them all. */
function withNotableRatios(table: SummaryTable, rows: readonly Comparison[]): SummaryTable {
  if (!rows.some(({ varianceRatio }) => varianceRatio >= RATIO_TELLING)) {
    const at = table.head.indexOf(VARIANCE_RATIO);
    const without = (cells: readonly string[]) => cells.filter((_, c) => c !== at);
    return { ...table, head: without(table.head), rows: table.rows.map(without) };
  }
  const legend =
    `${VARIANCE_RATIO}: variance of the difference with independent random numbers, over that with common ones ` +
    `(exact: the differences do not vary; empty below ${RATIO_MIN} observations)`;
  return { ...table, legend: [...table.legend, legend] };
}

function comparisonTable({ plan, findings }: AnalyzedPlan, choice: TableChoice): SummaryTable {
  const { factor } = plan.experiment.compare!;
  const [baseline, against] = levelsOf(itemAt(findings.comparisons, 0), factor);
  const others = othersOf(plan);
  const rows: string[][] = [];
  const shown = shownComparisons({ plan, findings });
  const differences = shown.map((row) => row.differenceWithin(familyOf(shown.length, choice)));
  let previous: PlannedPoint | undefined;
  for (const [i, comparison] of shown.entries()) {
    const { point, response, varianceRatio } = comparison;
    const difference = itemAt(differences, i);
    const { baselineMean, againstMean } = comparison;
    const perDay = 1 / daysOf(comparison);
    const greatest = Math.max(...[baselineMean, againstMean, difference.value].map(Math.abs)) || difference.halfWidth;
    const scale = scaleOf(response.unit, greatest * perDay);
    const leak = leakRateOf(findings.leakRates, point, response);
    rows.push([
      ...others.map((name) => (previous === point ? "" : itemAt(point.levels, name))),
      amountName(response, scale.unit),
      scale.text(baselineMean * perDay),
      scale.text(againstMean * perDay),
      ...differenceCells(comparison, difference, scale, findings),
      ratioText(varianceRatio),
      leak === undefined ? "" : ceilingTimeText(leak),
    ]);
    previous = point;
  }
  const table: SummaryTable = {
    head: [
      ...others,
      "per server-day",
      baseline,
      against,
      "difference",
      intervalHead(choice),
      VARIANCE_RATIO,
      EXHAUSTION_HEAD,
    ],
    texts: others.length + 1,
    rows,
    marks: shown.map((row, i) => chanceMark(row, itemAt(differences, i), findings)),
    legend: [
      `difference: ${baseline} - ${against}, on the same random numbers`,
      ...exposureLegend(shown, factor),
      ...daysLegend(plan),
      ...intervalsLegend(
        differences.filter((_, i) => !isBoundedTwice(itemAt(shown, i), findings)),
        shown.map(({ between }) => between),
        choice,
      ),
      feltLegend(
        plan,
        levelWords(itemAt(shown, 0).point, factor),
        rows.every((row) => row.at(-1) !== ""),
      ),
      ...legendOf(rows),
      ...boundedTwiceLegend(shown, findings),
    ],
  };
  return withNotableRatios(table, shown);
}

/** Differences between compared levels besides the factor's settings: their fleets and horizons, if they differ. */
function exposureLegend(rows: readonly Comparison[], factor: string): string[] {
  const extentOf = ({ scenario: { servers, horizonDays } }: PlannedPoint) =>
    `${counted(servers, "server")} for ${days(horizonDays)}`;
  if (!rows.some(({ point, against }) => extentOf(point) !== extentOf(against))) return [];
  const points = rows.flatMap(({ point, against }) => [point, against]);
  const all = [...new Set(points.map((point) => `${point.levels[factor]} ${extentOf(point)}`))].join(", ");
  return [`exposure: ${all}; each level is divided by its own server-days. Rates over different horizons may differ.`];
}

function chanceMark(row: Comparison, difference: Estimate, findings: Findings): RowMark | undefined {
  return mayBeChance(difference) && !isBoundedTwice(row, findings) ? "chance" : undefined;
}

/** A difference and its interval; the mark alone if both rates are lower bounds, whose difference says nothing. */
function differenceCells(
  row: Comparison,
  difference: Estimate,
  scale: Scale,
  findings: Findings,
): [value: string, interval: string] {
  if (isBoundedTwice(row, findings)) return ["", RAN_OUT];
  const days = daysOf(row);
  const range = interval(difference, scale, days) + boundMark(boundedSides(row, findings).length > 0);
  return [scale.estimate(difference, days), range];
}

function boundedTwiceLegend(rows: readonly Comparison[], findings: Findings): string[] {
  if (!rows.some((row) => isBoundedTwice(row, findings))) return [];
  return [`${RAN_OUT} alone: both leak rates are lower bounds, so the difference of the rates is unknown`];
}

/** Whether both leak rates are lower bounds. */
export function isBoundedTwice(row: Comparison, findings: Findings): boolean {
  return boundedSides(row, findings).length === 2;
}

/** The compared design points, baseline first, whose leak rate is a lower bound. */
export function boundedSides({ point, against, response }: Comparison, { leakRates }: Findings): PlannedPoint[] {
  return [point, against].filter((side) => leakRateOf(leakRates, side, response)?.isLowerBound === true);
}

export function levelsOf({ point, against }: Comparison, factor: string): [baseline: string, against: string] {
  return [itemAt(point.levels, factor), itemAt(against.levels, factor)];
}

/** Several pairs: the leaks by pair, with simultaneous intervals. */
function pairsTable({ plan, findings }: AnalyzedPlan, choice: TableChoice): SummaryTable {
  const { factor } = plan.experiment.compare!;
  const others = othersOf(plan);
  const whereOf = ({ point }: Comparison) => others.map((name) => itemAt(point.levels, name));
  const families = new Map<string, Comparison[]>();
  const shown = shownComparisons({ plan, findings });
  const simultaneous = new Map(
    shown.map((row) => [row, choice.simultaneous ? row.differenceWithin(shown.length) : row.simultaneous]),
  );
  for (const row of shown) {
    const family = [...whereOf(row), row.response.name].join("\n");
    families.set(family, [...(families.get(family) ?? []), row]);
  }
  let previous = "";
  const rows = [...families.values()].flatMap((family) => {
    const { response } = itemAt(family, 0);
    const perDay = 1 / daysOf(itemAt(family, 0));
    const greatest =
      Math.max(...family.map(({ difference }) => Math.abs(difference.value))) || itemAt(family, 0).difference.halfWidth;
    const scale = scaleOf(response.unit, greatest * perDay);
    return family.map((row, i) => {
      const where = whereOf(row);
      const isSame = where.join("\n") === previous;
      previous = where.join("\n");
      return [
        ...where.map((level) => (isSame ? "" : level)),
        i === 0 ? amountName(response, scale.unit) : "",
        pairName(row, factor),
        ...differenceCells(row, simultaneous.get(row)!, scale, findings),
        isBoundedTwice(row, findings) ? "" : probabilityText(row.pHolm),
        ratioText(row.varianceRatio),
      ];
    });
  });
  const table: SummaryTable = {
    head: [...others, "per server-day", factor, "difference", "simultaneous 95 % interval", "p", VARIANCE_RATIO],
    texts: others.length + 2,
    rows,
    marks: [...families.values()].flat().map((row) => chanceMark(row, simultaneous.get(row)!, findings)),
    legend: [
      "difference: on the same random numbers",
      ...exposureLegend([...families.values()].flat(), factor),
      ...daysLegend(plan),
      ...betweenLegend(shown.map(({ between }) => between)),
      choice.simultaneous
        ? `${togetherLegend(shown.length)}; p is adjusted over the pairs of a resource (Holm)`
        : "simultaneous 95 % interval: the intervals of all pairs of a resource hold at once (Bonferroni); p is adjusted (Holm)",
      ...legendOf(rows),
      ...boundedTwiceLegend(shown, findings),
    ],
  };
  return withNotableRatios(table, shown);
}

/** The comparisons to show, for each pair with those of the question first; all if none is a leak or a headline. */
export function shownComparisons({ plan, findings }: AnalyzedPlan): Comparison[] {
  const primary = plan.experiment.compare!.responses ?? [];
  const first = firstLeakOf(plan);
  const pairs = new Map<string, Comparison[]>();
  for (const row of findings.comparisons) {
    const pair = `${row.point.index} ${row.against.index}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), row]);
  }
  const shown = [...pairs.values()].flatMap((rows) => [
    ...primaryRows(rows, primary),
    ...rows.filter((row) => !primary.includes(row.response.name) && isShown(row, rows, first)),
  ]);
  return shown.length > 0 ? shown : [...findings.comparisons];
}

function primaryRows(rows: readonly Comparison[], primary: readonly string[]): Comparison[] {
  return primary.flatMap((name) => rows.filter(({ response }) => response.name === name));
}

/**
 * Whether to show a comparison of a pair: the first leak, what leaks anywhere, amounts held by leaks where they are
 * smaller, and what the model declares as a headline.
 */
function isShown(
  { response, baselineMean, againstMean, difference }: Comparison,
  pair: readonly Comparison[],
  first: string | undefined,
): boolean {
  const { name, role, headline } = response;
  if (name === first) return true;
  if (role === "leak" || headline === "when-it-happened") return baselineMean !== 0 || againstMean !== 0;
  if (headline === "when-levels-differ") return difference.value !== 0;
  const leak = pair.find(({ response: { heldBy } }) => heldBy === name);
  return leak !== undefined && (leak.baselineMean !== baselineMean || leak.againstMean !== againstMean);
}
