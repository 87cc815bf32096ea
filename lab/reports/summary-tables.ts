/**
 * The results in small tables, for terminals and pages. Every cell is formatted text; numbers have their 95 %
 * intervals.
 */
import type { MeanValue } from "../analysis/leak-rates.ts";
import { fewestObservations } from "../analysis/observations.ts";
import type { LevelsTest } from "../analysis/survival.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { factorNames } from "../experiment/experiment.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { ClosedForm, closedFormHead, faultsLegend } from "./closed-form.ts";
import { comparedTable, othersOf } from "./comparison-tables.ts";
import { enumerated, labelOf, significant } from "./format.ts";
import { interval } from "./interval-text.ts";
import { differing, fleetTable, hasClosedForm, leakRateTable, mentionsClosedForm, shownLeaks } from "./leak-tables.ts";
import { operationalImpactTable } from "./operational-impact-table.ts";
import type { AnalyzedPlan, SummaryTable, TableChoice } from "./summary-table.ts";
import { betweenLegend, probabilityText } from "./table-legends.ts";
import { scaleOf } from "./units.ts";

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
  const isCompared = compared.size === plan.points.length;
  // The table of the comparison has the rates of compared levels, but not their closed forms.
  const leaks = shownLeaks(findings.leakRates).filter((leak) => !isCompared || mentionsClosedForm(leak));
  // Without leaks, all means are shown.
  const means = findings.meanValues.filter((row) => findings.leakRates.length === 0 || mentionsClosedForm(row));
  const exact = [...leaks, ...means.filter(({ ratio }) => !Number.isNaN(ratio.value))].filter(hasClosedForm);
  const known = new ClosedForm(fewestObservations(plan), exact.length);
  const reached = findings.levelsTests.filter(({ p }) => !Number.isNaN(p));
  return {
    ...(costs === undefined
      ? {}
      : { operationalImpact: costs, ...(itemAt(findings.operationalImpact, 0).isAttended ? { attended: costs } : {}) }),
    ...(leaks.length > 0 ? { leaks: leakRateTable(plan, leaks, known, !means.some(hasClosedForm), choice) } : {}),
    ...(compared.size > 0 ? { comparison: comparedTable({ plan, findings }, choice) } : {}),
    ...(findings.fleetRates.length > 0 ? { fleet: fleetTable(plan, shownLeaks(findings.fleetRates), choice) } : {}),
    ...(reached.length > 0 ? { eventTimes: eventTimesTable(plan, reached) } : {}),
    ...(means.length > 0 ? { means: meanTable(plan, means, known) } : {}),
  };
}

/** Larger p-values may well be chance. */
const P_CHANCE = 0.05;
/** Up to this many compared levels are named. */
const LEVELS_MAX = 6;

/** Tests whether the event has the same rate at the compared levels. */
function eventTimesTable(plan: Plan, tests: readonly LevelsTest[]): SummaryTable {
  const others = othersOf(plan);
  const { factor } = plan.experiment.compare!;
  const levels = [...new Set(tests.flatMap(({ points }) => points.map((one) => itemAt(one.levels, factor))))];
  let previous: PlannedPoint | undefined;
  const rows = tests.map(({ point, eventTime, servers, reached, chiSquare, degrees, p }) => {
    const where = others.map((name) => (previous === point ? "" : itemAt(point.levels, name)));
    previous = point;
    const counts = [servers, reached].map(String);
    const name = labelOf(responsesOf(plan).find((response) => response.name === eventTime)!);
    return [...where, name, ...counts, significant(chiSquare), String(degrees), probabilityText(p)];
  });
  return {
    head: [...others, "event", "servers compared", "had the event", "log-rank chi-square", "df", "p"],
    texts: others.length + 1,
    rows,
    marks: tests.map(({ p }) => (p > P_CHANCE ? "chance" : undefined)),
    legend: [
      `servers compared: those with ${factor} ${levels.length > LEVELS_MAX ? "at any of its levels" : enumerated(levels, "or")}`,
      "log-rank: tests whether they have the event at the same rate whatever their level, as if all were independent",
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
      scale.estimate(ratio),
      interval(ratio, scale),
      ...(isKnown ? known.cells(ratio, closedForm, scale.text) : []),
    ];
  });
  const head = [...factors, "mean", "simulated", "95 % interval", ...(isKnown ? closedFormHead : [])];
  const legend = [
    ...(isKnown ? known.legend() : []),
    ...faultsLegend(means.map((value) => [meanName(value.mean.name, value.mean.unit, ""), value])),
    ...betweenLegend(means.map(({ between }) => between)),
  ];
  return { head, texts: factors.length + 1, rows, marks: differing(rows), legend };
}

/** The name of a mean with its display unit if there is one: waitUsMean in s is "waitMean [s]". */
export function meanName(name: string, unit: string, shownUnit: string): string {
  return unit === "us" ? `${name.replace("Us", "")}${shownUnit === "" ? "" : ` [${shownUnit}]`}` : name;
}
