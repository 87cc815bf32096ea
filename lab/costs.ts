/**
 * What the leak and its remedies cost those who print and those who administer: downtime, jobs refused, lost, printed
 * again or starved, and restarts. Costs that nobody has are not told, nor are those that a model does not know.
 */
import { meanEstimate } from "../statistics/estimate.ts";
import { factorNames } from "./experiment.ts";
import type { Results } from "./results-reader.ts";
import { responsesOf } from "./tables.ts";
import type { ToldTable } from "./told.ts";
import { plainName, significant } from "./words.ts";

/** Responses that are costs, and what they are called; times are told in minutes. */
const costs: Readonly<Record<string, string>> = {
  downtimeUs: "downtime [min]",
  jobsRefused: "jobs refused",
  jobsLost: "jobs lost",
  jobsReprinted: "jobs printed again",
  jobsStarved: "jobs starved",
  jobsParked: "jobs parked at the end",
  serviceStarts: "restarts",
  startFailures: "failed starts",
};

const US_PER_MINUTE = 60e6;

/** A row for each design point; undefined when there is nothing to tell. */
export function costsTable({ plan, replications }: Results): ToldTable | undefined {
  const { replications: count } = plan.experiment;
  const factors = factorNames(plan.experiment);
  const told = responsesOf(plan).flatMap((response, r) => {
    const isCost = Object.hasOwn(costs, response.name) && replications.some(({ totals }) => totals[r] !== 0);
    return isCost ? [{ response, r }] : [];
  });
  if (told.length === 0) return undefined;
  const rows = plan.points.map((point) => {
    const own = replications.slice(point.index * count, (point.index + 1) * count);
    const cells = told.map(({ response, r }) => {
      const perDay = response.name === "jobsParked" ? 1 : point.scenario.horizonDays;
      const size = response.unit === "us" ? US_PER_MINUTE : 1;
      const exposure = point.scenario.servers * perDay * size;
      const { value, halfWidth } = meanEstimate(own.map(({ totals }) => totals[r]), exposure);
      const half = value === 0 || Number.isNaN(halfWidth) ? "" : ` ± ${significant(halfWidth)}`;
      return `${significant(value)}${half}`;
    });
    return [...factors.map((name) => point.levels[name]), ...cells];
  });
  const names = told.map(({ response: { name } }) => costs[name] ?? plainName(name));
  return {
    head: [...factors, ...names],
    texts: factors.length,
    rows,
    legend: ["per server-day, with the half-width of the 95 % interval between replications; parked jobs per server"],
  };
}
