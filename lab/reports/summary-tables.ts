/**
 * The results in small tables, for terminals and pages. Every cell is formatted text; numbers have their 95 %
 * intervals.
 */
import { interval, legendOf, mayBeChance, RAN_OUT } from "./interval-text.ts";
import { operationalImpactTable } from "./operational-impact-table.ts";
import { pairName, type Comparison } from "../analysis/comparison.ts";
import { leakRateOf, type LeakRate, type MeanValue } from "../analysis/leak-rates.ts";
import { factorNames } from "../experiment/experiment.ts";
import type { Findings } from "../analysis/findings.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { fewestObservations, type Between } from "../analysis/observations.ts";
import { P_LEAST, type LevelsTest } from "../analysis/survival.ts";
import { isLevel, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { DIFFERS, ClosedForm, closedFormHead } from "./closed-form.ts";
import { counted, days, ends, labelOf, resourceName, significant } from "./format.ts";
import { scaleOf } from "./units.ts";
import { itemAt } from "../lists.ts";

/** A plan with its findings. */
export interface AnalyzedPlan {
  readonly plan: Plan;
  readonly findings: Findings;
}

/** Choices about the tables. */
export interface TableChoice {
  /** Whether the intervals in a table of leaks or comparisons hold simultaneously with 95 % confidence. */
  readonly simultaneous?: boolean;
}

/** The marking of a row: a difference that may be chance, or a difference from a closed form. */
export type RowMark = "chance" | "differs";

export interface SummaryTable {
  readonly head: readonly string[];
  /** The number of text columns, from the left; the others are numbers. */
  readonly texts: number;
  readonly rows: readonly (readonly string[])[];
  /** By row; undefined if no row is marked. */
  readonly marks?: readonly (RowMark | undefined)[];
  /** The meanings of the columns. */
  readonly legend: readonly string[];
}

export interface SummaryTables {
  /** Operational impact: costs and consequences. */
  readonly operationalImpact?: SummaryTable;
  /** The same, if the fleets are attended. */
  readonly attended?: SummaryTable;
  readonly leaks?: SummaryTable;
  readonly comparison?: SummaryTable;
  readonly fleet?: SummaryTable;
  readonly eventTimes?: SummaryTable;
  readonly means?: SummaryTable;
}

/** The tables of the results: operational impact, leaks, differences of levels, whole fleets, events, closed forms. */
export function summaryTables({ plan, findings }: AnalyzedPlan, choice: TableChoice = {}): SummaryTables {
  const costs = operationalImpactTable(plan, findings.operationalImpact);
  const compared = new Set(findings.comparisons.flatMap(({ point, against }) => [point.index, against.index]));
  const leaks = compared.size < plan.points.length ? shownLeaks(findings.leakRates) : [];
  const withClosedForm = findings.meanValues.filter(hasClosedForm);
  const known = new ClosedForm(fewestObservations(plan), leaks.filter(hasClosedForm).length + withClosedForm.length);
  // Without leaks, the means are shown.
  const means = findings.leakRates.length === 0 ? findings.meanValues : withClosedForm;
  const reached = findings.levelsTests.filter(({ p }) => !Number.isNaN(p));
  return {
    ...(costs === undefined
      ? {}
      : { operationalImpact: costs, ...(itemAt(findings.operationalImpact, 0).isAttended ? { attended: costs } : {}) }),
    ...(compared.size < plan.points.length && findings.leakRates.length > 0
      ? { leaks: leakRateTable(plan, leaks, known, withClosedForm.length === 0, choice) }
      : {}),
    ...(compared.size > 0 ? { comparison: comparedTable({ plan, findings }, choice) } : {}),
    ...(findings.fleetRates.length > 0 ? { fleet: fleetTable(plan, shownLeaks(findings.fleetRates), choice) } : {}),
    ...(reached.length > 0 ? { eventTimes: eventTimesTable(plan, reached) } : {}),
    ...(means.length > 0 ? { means: meanTable(plan, means, known) } : {}),
  };
}

export function hasClosedForm({ closedForm }: { readonly closedForm: number }): boolean {
  return !Number.isNaN(closedForm);
}

/** The rows of what leaked; for a design point without leaks, the row of the model's first leak. */
function shownLeaks(leakRates: readonly LeakRate[]): LeakRate[] {
  const leaking = new Set(leakRates.filter(({ leaked }) => leaked > 0).map(({ point }) => point));
  const first = leakRates[0]?.response;
  return leakRates.filter(
    ({ point, response, leaked }) => leaked > 0 || (response.name === first?.name && !leaking.has(point)),
  );
}

/** The name of the model's first leak, which its answers are about. */
function firstLeakOf(plan: Plan): string | undefined {
  return responsesOf(plan).find(({ role }) => role === "leak")?.name;
}

/** Whether the ceiling of a leak means that users notice it; any other ceiling is an exhausted resource. */
export function isNoticed({ resolved }: PlannedPoint, { ceiling }: Response): boolean {
  return resolved.model.responses.some(({ name, symptom }) => name === ceiling && symptom === true);
}

/** The meaning of "median time"; `baseline` is the level that it describes. */
function feltLegend({ points: [point] }: Plan, baseline: string): string {
  const noticed = point.resolved.model.responses.filter((response) => isNoticed(point, response)).map(labelOf);
  const notice = noticed.length === 0 ? "" : `; for ${noticed.join(", ")}, until users notice`;
  return `median time: days until half of the servers with ${baseline} have run out of the resource${notice}`;
}

function comparedTable(results: AnalyzedPlan, choice: TableChoice): SummaryTable {
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
  const legend = `${VARIANCE_RATIO}: how many times as many replications independent random numbers would need for the same interval`;
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
      scale.text(difference.value * perDay),
      interval(difference, scale, daysOf(comparison)) + boundMark(boundedSides(comparison, findings).length > 0),
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
      "median time",
    ],
    texts: others.length + 1,
    rows,
    marks: differences.map(chanceMark),
    legend: [
      `difference: ${baseline} - ${against}, on the same random numbers`,
      ...exposureLegend(shown, factor),
      ...intervalsLegend(rows.length, itemAt(shown, 0).between, choice),
      feltLegend(plan, `${factor} ${baseline}`),
      ...legendOf(rows),
    ],
  };
  return withNotableRatios(table, shown);
}

/** The divisor of a mean per server for display: the days for a rate, 1 for a level. */
export function daysOf({ point, response }: Pick<Comparison, "point" | "response">): number {
  return isLevel(response) ? 1 : point.scenario.horizonDays;
}

/** Levels are shown as they are at the horizon; everything else is a rate. */
function amountName(response: Response, unit: string): string {
  const name = resourceName(response, unit);
  return isLevel(response) ? `${name}, at the end` : name;
}

/** Differences between compared levels besides the factor's settings: their fleets and horizons, if they differ. */
function exposureLegend(rows: readonly Comparison[], factor: string): string[] {
  const points = [...new Set(rows.flatMap(({ point, against }) => [point, against]))];
  const extents = points.map(({ levels, scenario: { servers, horizonDays } }) => {
    return { level: levels[factor], text: `${counted(servers, "server")} for ${days(horizonDays)}` };
  });
  if (new Set(extents.map(({ text }) => text)).size < 2) return [];
  const all = [...new Set(extents.map(({ level, text }) => `${level} ${text}`))].join(", ");
  return [`exposure: ${all}; each level is divided by its own server-days. Rates over different horizons may differ.`];
}

/** The number of intervals that hold simultaneously: all of the table, or one. */
function familyOf(count: number, { simultaneous = false }: TableChoice): number {
  return simultaneous ? count : 1;
}

function intervalHead({ simultaneous = false }: TableChoice): string {
  return simultaneous ? "simultaneous 95 % interval" : "95 % interval";
}

/** How many intervals of a table fail by chance, and their unit of observation if it is not servers. */
function intervalsLegend(count: number, between: Between, { simultaneous = false }: TableChoice): string[] {
  if (simultaneous) return [togetherLegend(count), ...betweenLegend(between)];
  const failing = significant(0.05 * count).replace(/\.?0+$/, "");
  const all =
    count < 5 ? [] : [`intervals: 95 % each, so on average ${failing} of ${count} such intervals miss the true value`];
  return [...all, ...betweenLegend(between)];
}

/** The legend of a table whose intervals hold simultaneously. */
export const HOLD_TOGETHER = "of this table hold (Bonferroni)";

function togetherLegend(count: number): string {
  return `simultaneous 95 % interval: with a probability of 95 %, all ${counted(count, "interval")} ${HOLD_TOGETHER}`;
}

function betweenLegend(between: Between): string[] {
  return between === "servers" ? [] : ["intervals are between replications, whose servers are not independent"];
}

function chanceMark(difference: Estimate): RowMark | undefined {
  return mayBeChance(difference) ? "chance" : undefined;
}

/** The compared design points, baseline first, whose leak rate is a lower bound. */
export function boundedSides({ point, against, response }: Comparison, { leakRates }: Findings): PlannedPoint[] {
  return [point, against].filter((side) => leakRateOf(leakRates, side, response)?.isLowerBound === true);
}

function boundMark(isLowerBound: boolean): string {
  return isLowerBound ? ` ${RAN_OUT}` : "";
}

export function levelsOf({ point, against }: Comparison, factor: string): [baseline: string, against: string] {
  return [itemAt(point.levels, factor), itemAt(against.levels, factor)];
}

/** The leaks of all parts of a fleet together. */
function fleetTable({ experiment }: Plan, leaks: readonly LeakRate[], choice: TableChoice): SummaryTable {
  const factors = factorNames(experiment);
  let previous: PlannedPoint | undefined;
  const rows = leaks.map(({ point, response, rateWithin, betweenServers, isLowerBound }) => {
    const rate = rateWithin(familyOf(leaks.length, choice));
    const scale = scaleOf(response.unit, rate.value);
    const levels = factors.map((name) => (previous === point ? "" : itemAt(point.levels, name)));
    previous = point;
    const numbers = [
      scale.text(rate.value),
      interval(rate, scale) + boundMark(isLowerBound),
      scale.text(betweenServers),
    ];
    return [...levels, resourceName(response, scale.unit), ...numbers];
  });
  return {
    head: [...factors, "leaked per server-day", "rate", intervalHead(choice), "between servers"],
    texts: factors.length + 1,
    rows,
    legend: [
      `all: the whole fleet, with as many servers of each ${experiment.fleet} as were simulated`,
      "between servers: standard deviation of the rates of single servers",
      ...intervalsLegend(rows.length, "replications", choice),
      ...legendOf(rows),
    ],
  };
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
        scale.text(row.difference.value * perDay),
        interval(simultaneous.get(row)!, scale, daysOf(row)) + boundMark(boundedSides(row, findings).length > 0),
        probabilityText(row.pHolm),
        ratioText(row.varianceRatio),
      ];
    });
  });
  const table: SummaryTable = {
    head: [...others, "per server-day", factor, "difference", "simultaneous 95 % interval", "p", VARIANCE_RATIO],
    texts: others.length + 2,
    rows,
    marks: [...families.values()].flat().map((row) => chanceMark(simultaneous.get(row)!)),
    legend: [
      "difference: on the same random numbers",
      ...exposureLegend([...families.values()].flat(), factor),
      ...betweenLegend(itemAt(shown, 0).between),
      choice.simultaneous
        ? `${togetherLegend(shown.length)}; p is adjusted over the pairs of a resource (Holm)`
        : "simultaneous 95 % interval: the intervals of all pairs of a resource hold at once (Bonferroni); p is adjusted (Holm)",
      ...legendOf(rows),
    ],
  };
  return withNotableRatios(table, shown);
}

/** Larger p-values may well be chance. */
const P_CHANCE = 0.05;

/** Tests whether the event has the same rate at the compared levels. */
function eventTimesTable(plan: Plan, tests: readonly LevelsTest[]): SummaryTable {
  const others = othersOf(plan);
  let previous: PlannedPoint | undefined;
  const rows = tests.map(({ point, eventTime, servers, reached, chiSquare, degrees, p }) => {
    const where = others.map((name) => (previous === point ? "" : itemAt(point.levels, name)));
    previous = point;
    const counts = [servers, reached].map(String);
    const name = labelOf(responsesOf(plan).find((response) => response.name === eventTime)!);
    return [...where, name, ...counts, significant(chiSquare), String(degrees), probabilityText(p)];
  });
  return {
    head: [...others, "event", "servers", "with event", "log-rank chi-square", "df", "p"],
    texts: others.length + 1,
    rows,
    marks: tests.map(({ p }) => (p > P_CHANCE ? "chance" : undefined)),
    legend: [
      "log-rank: tests whether the event occurs at the same rate at the compared levels, treating them as independent",
    ],
  };
}

/** A p-value; one too small to compute is given as a bound. */
function probabilityText(p: number): string {
  return p < P_LEAST ? `< ${P_LEAST}` : significant(p);
}

/** The comparisons to show, for each pair with those of the question first. */
export function shownComparisons({ plan, findings }: AnalyzedPlan): Comparison[] {
  const primary = plan.experiment.compare!.responses ?? [];
  const first = firstLeakOf(plan);
  const pairs = new Map<string, Comparison[]>();
  for (const row of findings.comparisons) {
    const pair = `${row.point.index} ${row.against.index}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), row]);
  }
  return [...pairs.values()].flatMap((rows) => [
    ...primaryRows(rows, primary),
    ...rows.filter((row) => !primary.includes(row.response.name) && isShown(row, rows, first)),
  ]);
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

/** @param explains whether no other table explains z and verdict */
function leakRateTable(
  { experiment }: Plan,
  leaks: readonly LeakRate[],
  known: ClosedForm,
  explains: boolean,
  choice: TableChoice,
): SummaryTable {
  const factors = factorNames(experiment);
  const rows: string[][] = [];
  const isKnown = leaks.some(hasClosedForm);
  const isFelt = leaks.some(({ response }) => response.ceiling !== undefined);
  let previous: PlannedPoint | undefined;
  for (const leak of leaks) {
    const { point, response } = leak;
    const rate = leak.rateWithin(familyOf(leaks.length, choice));
    const scale = scaleOf(response.unit, rate.value);
    rows.push([
      ...factors.map((name) => (previous === point ? "" : itemAt(point.levels, name))),
      resourceName(response, scale.unit),
      scale.text(rate.value),
      interval(rate, scale) + boundMark(leak.isLowerBound),
      ...(isKnown ? known.cells(rate, leak.closedForm, scale.text) : []),
      ...(isFelt ? [ceilingTimeText(leak)] : []),
    ]);
    previous = point;
  }
  const head = [...factors, "leaked per server-day", "rate", intervalHead(choice)];
  return {
    head: [...head, ...(isKnown ? closedFormHead : []), ...(isFelt ? ["median time"] : [])],
    texts: factors.length + 1,
    rows,
    marks: differing(rows),
    legend: [
      ...intervalsLegend(rows.length, leaks[0]?.between ?? "servers", choice),
      ...(isKnown && explains ? known.legend() : []),
      ...legendOf(rows),
    ],
  };
}

function meanTable({ experiment }: Plan, means: readonly MeanValue[], known: ClosedForm): SummaryTable {
  const factors = factorNames(experiment);
  const isKnown = means.some(hasClosedForm);
  const rows = means.map((value) => {
    const { point, mean, ratio, closedForm } = value;
    const scale = scaleOf(mean.unit, hasClosedForm(value) ? closedForm : ratio.value);
    return [
      ...factors.map((name) => itemAt(point.levels, name)),
      meanName(mean.name, mean.unit, scale.unit),
      scale.text(ratio.value),
      interval(ratio, scale),
      ...(isKnown ? known.cells(ratio, closedForm, scale.text) : []),
    ];
  });
  const head = [...factors, "mean", "simulated", "95 % interval", ...(isKnown ? closedFormHead : [])];
  const legend = [...(isKnown ? known.legend() : []), ...betweenLegend(means[0]?.between ?? "servers")];
  return { head, texts: factors.length + 1, rows, marks: differing(rows), legend };
}

/** The rows whose estimate differs from the closed form. */
function differing(rows: readonly (readonly string[])[]): (RowMark | undefined)[] {
  return rows.map((row) => (row.includes(DIFFERS) ? "differs" : undefined));
}

/** The name of a mean in its display unit: waitUsMean in s is "waitMean [s]". */
export function meanName(name: string, unit: string, shownUnit: string): string {
  return unit === "us" ? `${name.replace("Us", "")} [${shownUnit}]` : name;
}

/** When the leak reaches its ceiling: the median over servers, or that most reached the horizon first. */
function ceilingTimeText({
  point,
  ceilingReached,
  ceilingDaysMedian,
  ceilingDaysInterval,
  response,
}: LeakRate): string {
  if (response.ceiling === undefined) return "";
  const horizon = significant(point.scenario.horizonDays).replace(/\.0+$/, "");
  if (!Number.isNaN(ceilingDaysMedian)) {
    const { lower, upper } = ceilingDaysInterval;
    const known = Number.isNaN(lower) ? "" : ` (${timesText(lower, upper, horizon)})`;
    return `${significant(ceilingDaysMedian)} d${known}`;
  }
  const few = ceilingReached === 0 ? "" : `, but ${counted(ceilingReached, "server")}`;
  return `> ${horizon} d${few}`;
}

/** The interval of a median time [d]; its upper end may be beyond the horizon. */
function timesText(lower: number, upper: number, horizon: string): string {
  return Number.isNaN(upper) ? `${significant(lower)} .. > ${horizon}` : ends(lower, upper).join(" .. ");
}
