/** The tables of leaks: a row for each design point and leak, and for whole fleets. */
import type { Exact, LeakRate } from "../analysis/leak-rates.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { factorNames } from "../experiment/experiment.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { type ClosedForm, DIFFERS, closedFormHead, faultsLegend } from "./closed-form.ts";
import { labelOf, resourceName } from "./format.ts";
import { interval, legendOf } from "./interval-text.ts";
import type { RowMark, SummaryTable, TableChoice } from "./summary-table.ts";
import {
  EXHAUSTION_HEAD,
  boundMark,
  daysLegend,
  ceilingTimeText,
  familyOf,
  intervalHead,
  intervalsLegend,
} from "./table-legends.ts";
import { scaleOf } from "./units.ts";

/** The rows of what leaked; for a design point without leaks, the row of the model's first leak. */
export function shownLeaks(leakRates: readonly LeakRate[]): LeakRate[] {
  const leaking = new Set(leakRates.filter(({ leaked }) => leaked > 0).map(({ point }) => point));
  const first = leakRates[0]?.response;
  return leakRates.filter(
    ({ point, response, leaked }) => leaked > 0 || (response.name === first?.name && !leaking.has(point)),
  );
}

/** The name of the model's first leak, which its answers are about. */
export function firstLeakOf(plan: Plan): string | undefined {
  return responsesOf(plan).find(({ role }) => role === "leak")?.name;
}

/** @param explains whether no other table explains z and verdict */
export function leakRateTable(
  plan: Plan,
  leaks: readonly LeakRate[],
  known: ClosedForm,
  explains: boolean,
  choice: TableChoice,
): SummaryTable {
  const factors = factorNames(plan.experiment);
  const rows: string[][] = [];
  const rates = leaks.map((leak) => leak.rateWithin(familyOf(leaks.length, choice)));
  const isKnown = leaks.some(hasClosedForm);
  const isFelt = leaks.some(({ response }) => response.ceiling !== undefined);
  let previous: PlannedPoint | undefined;
  for (const [i, leak] of leaks.entries()) {
    const { point, response } = leak;
    const rate = itemAt(rates, i);
    const scale = scaleOf(response.unit, rate.value);
    rows.push([
      ...factors.map((name) => (previous === point ? "" : itemAt(point.levels, name))),
      resourceName(response, scale.unit),
      scale.estimate(rate),
      interval(rate, scale) + boundMark(leak.isLowerBound),
      ...(isKnown ? known.cells(rate, leak.closedForm, scale.text) : []),
      ...(isFelt ? [ceilingTimeText(leak)] : []),
    ]);
    previous = point;
  }
  const head = [...factors, "leaked per server-day", "rate", intervalHead(choice)];
  return {
    head: [...head, ...(isKnown ? closedFormHead : []), ...(isFelt ? [EXHAUSTION_HEAD] : [])],
    texts: factors.length + 1,
    rows,
    marks: differing(rows),
    legend: [
      ...intervalsLegend(
        rates,
        leaks.map(({ between }) => between),
        choice,
      ),
      ...daysLegend(plan),
      ...(isKnown && explains ? known.legend() : []),
      ...faultsLegend(leaks.map((leak) => [labelOf(leak.response), leak])),
      ...legendOf(rows),
    ],
  };
}

/** The leaks of all parts of a fleet together. */
export function fleetTable({ experiment }: Plan, leaks: readonly LeakRate[], choice: TableChoice): SummaryTable {
  const factors = factorNames(experiment).filter((name) => name !== experiment.fleet);
  let previous: PlannedPoint | undefined;
  const rates = leaks.map(({ rateWithin }) => rateWithin(familyOf(leaks.length, choice)));
  const rows = leaks.map(({ point, response, betweenServers, isLowerBound }, i) => {
    const rate = itemAt(rates, i);
    const scale = scaleOf(response.unit, rate.value);
    const levels = factors.map((name) => (previous === point ? "" : itemAt(point.levels, name)));
    previous = point;
    const numbers = [scale.estimate(rate), interval(rate, scale) + boundMark(isLowerBound), scale.text(betweenServers)];
    return [...levels, resourceName(response, scale.unit), ...numbers];
  });
  return {
    head: [...factors, "leaked per server-day", "rate", intervalHead(choice), "between servers"],
    texts: factors.length + 1,
    rows,
    legend: [
      `the whole fleet: the simulated servers of every ${experiment.fleet} together`,
      "between servers: standard deviation of the rates of individual servers",
      ...intervalsLegend(rates, ["replications"], choice),
      ...legendOf(rows),
    ],
  };
}

/** The rows whose estimate differs from the closed form. */
export function differing(rows: readonly (readonly string[])[]): (RowMark | undefined)[] {
  return rows.map((row) => (row.includes(DIFFERS) ? "differs" : undefined));
}

export function hasClosedForm({ closedForm }: Exact): boolean {
  return !Number.isNaN(closedForm);
}

/** Whether a table gives the closed form, or says why it does not hold. */
export function mentionsClosedForm(row: Exact): boolean {
  return hasClosedForm(row) || row.closedFormFault !== "";
}
