/** Operational impact per design point, as a table for people: what its columns mean is in its legend. */
import type { Estimate } from "../../statistics/estimate.ts";
import { impactsOf, type OperationalImpact } from "../analysis/operational-impact.ts";
import { isLevel, observed, responsesOf, type Plan } from "../experiment/plan.ts";
import { factorNames } from "../experiment/experiment.ts";
import { significant } from "./format.ts";

/** The table that is told, or none; columns that are 0 everywhere are left out. */
export function operationalImpactTable(plan: Plan, rows: readonly OperationalImpact[]) {
  if (rows.length === 0) return undefined;
  const factors = factorNames(plan.experiment);
  const impacts = impactsOf(plan);
  const rates = impacts.rates.map((_, i) => i).filter((i) => rows.some((row) => row.rates[i].value > 0));
  const moments = impacts.moments.map((_, i) => i).filter((i) => rows.some((row) => row.moments[i].reached > 0));
  const isLevelAt = (i: number) => isLevel(responsesOf(plan).find(({ name }) => name === impacts.rates[i].response)!);
  const rateHeads = rates.map((i) => impacts.rates[i].heading);
  const namesOf = (columns: readonly number[]) =>
    columns.map((i) => impacts.rates[i].heading.replace(/ \[.*/, "")).join(", ");
  const momentHeads = moments.map((i) => impacts.moments[i].heading);
  const headsOf = (who: string) =>
    moments
      .filter((i) => observed(rows[0].moments[i].moment) === who)
      .map((i) => impacts.moments[i].heading)
      .join(", ");
  const legend = [
    [namesOf(rates.filter((i) => !isLevelAt(i))), "per server-day, ± the half-width of a 95 % interval"],
    [namesOf(rates.filter(isLevelAt)), "per server at the end, likewise"],
    [headsOf("servers"), "servers of all replications on which it ever came"],
    [headsOf("fleets"), "fleets, of which each replication is one"],
  ];
  return {
    head: [...factors, ...rateHeads, ...momentHeads],
    texts: factors.length,
    rows: rows.map(({ point, rates: values, moments: came }) => [
      ...factors.map((factor) => point.levels[factor]),
      ...rates.map((i) => told(values[i])),
      ...moments.map((i) => `${came[i].reached} of ${came[i].observations}`),
    ]),
    legend: legend.filter(([heads]) => heads !== "").map(([heads, what]) => `${heads}: ${what}`),
  };
}

function told({ value, halfWidth }: Estimate): string {
  const text = significant(value) || "0";
  return halfWidth > 0 ? `${text} ± ${significant(halfWidth)}` : text;
}
