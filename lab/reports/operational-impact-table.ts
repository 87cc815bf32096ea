/** Operational impact per design point, as a table for people, with a legend that explains its columns. */
import { impactsOf, type OperationalImpact } from "../analysis/operational-impact.ts";
import type { Reached } from "../analysis/primary-responses.ts";
import { betweenOf } from "../analysis/observations.ts";
import { isLevel, observed, responsesOf, type Plan } from "../experiment/plan.ts";
import { factorNames } from "../experiment/experiment.ts";
import { legendOf, valueText } from "./interval-text.ts";
import { itemAt } from "../lists.ts";

/** The table, if there is one, without columns that are 0 everywhere. */
export function operationalImpactTable(plan: Plan, rows: readonly OperationalImpact[]) {
  if (rows.length === 0) return undefined;
  const factors = factorNames(plan.experiment);
  const impacts = impactsOf(plan);
  const rates = impacts.rates
    .map(({ heading, response }, i) => {
      const summed = responsesOf(plan).find(({ name }) => name === response)!;
      const isAtEnd = isLevel(summed);
      return {
        heading: isAtEnd ? `${heading} at the end` : heading,
        isLevel: isAtEnd,
        values: rows.map((row) => itemAt(row.rates, i)),
      };
    })
    .filter(({ values }) => values.some(({ value }) => value > 0));
  const eventTimes = impacts.eventTimes
    .map(({ heading }, i) => ({ heading, values: rows.map((row) => itemAt(row.eventTimes, i)) }))
    .filter(({ values }) => values.some(({ reached }) => reached > 0));
  const ratesThat = (areLevels: boolean) =>
    rates
      .filter((rate) => rate.isLevel === areLevels)
      .map(({ heading }) => heading.replace(/ \[.*/, ""))
      .join(", ");
  const headsOf = (who: string) =>
    eventTimes
      .filter(({ values }) => values.every(({ eventTime }) => observed(eventTime) === who))
      .map(({ heading }) => heading)
      .join(", ");
  const isBetweenServers = plan.points.every((point) => betweenOf(point) === "servers");
  const between = isBetweenServers ? "" : ", of roll-outs between replications";
  const cells = rows.map(({ point }, row) => [
    ...factors.map((factor) => itemAt(point.levels, factor)),
    ...rates.map(({ values }) => valueText(itemAt(values, row))),
    ...eventTimes.map(({ values }) => shareText(itemAt(values, row))),
  ]);
  const hasBounds = cells.some((row) => row.some((cell) => cell.includes(" .. ")));
  const bounds = hasBounds ? ", or (from .. to) where that would reach below 0" : "";
  const legend = [
    [ratesThat(false), `per server-day, ± half the width of a 95 % interval${bounds}${between}`],
    [ratesThat(true), "per server, with the same interval"],
    [headsOf("servers"), "servers of all replications that had the event"],
    [headsOf("fleets"), "fleets; each replication is one"],
  ];
  return {
    head: [...factors, ...rates.map(({ heading }) => heading), ...eventTimes.map(({ heading }) => heading)],
    texts: factors.length,
    rows: cells,
    legend: [
      ...legend.filter(([heads]) => heads !== "").map(([heads, what]) => `${heads}: ${what}`),
      ...legendOf(cells),
    ],
  };
}

function shareText({ reached, observations }: Reached): string {
  return `${reached} of ${observations}`;
}
