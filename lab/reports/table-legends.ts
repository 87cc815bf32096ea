/** What the summary tables have in common: names of amounts, heads and legends of intervals, marks of rows. */
import { P_LEAST } from "../analysis/survival.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { Comparison } from "../analysis/comparison.ts";
import type { LeakRate } from "../analysis/leak-rates.ts";
import type { Between } from "../analysis/observations.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { isLevel, type Plan } from "../experiment/plan.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { counted, ends, valueBetweenEnds, labelOf, resourceName, significant } from "./format.ts";
import { RAN_OUT } from "./interval-text.ts";
import type { TableChoice } from "./summary-table.ts";

/** The divisor of a mean per server for display: the days for a rate, 1 for a level. */
export function daysOf({ point, response }: Pick<Comparison, "point" | "response">): number {
  return isLevel(response) ? 1 : point.scenario.horizonDays;
}

/** Levels are shown as they are at the horizon; everything else is a rate. */
export function amountName(response: Response, unit: string): string {
  const name = resourceName(response, unit);
  return isLevel(response) ? `${name}, at the end` : name;
}

/** The number of intervals that hold simultaneously: all of the table, or one. */
export function familyOf(count: number, { simultaneous = false }: TableChoice): number {
  return simultaneous ? count : 1;
}

export function intervalHead({ simultaneous = false }: TableChoice): string {
  return simultaneous ? "simultaneous 95 % interval" : "95 % interval";
}

/** How many intervals of a table fail by chance, and their unit of observation if it is not servers. */
export function intervalsLegend(
  intervals: readonly Estimate[],
  between: readonly Between[],
  { simultaneous = false }: TableChoice,
): string[] {
  // Where no leak was seen, nothing shows whether leaks come in bunches (statistics/counts.ts).
  const isUnseen = intervals.some(({ value, lower, upper }) => value === 0 && lower === 0 && upper > 0);
  const unseen = isUnseen ? ["a rate of 0: the end of its interval assumes that leaks do not come in bunches"] : [];
  if (simultaneous) return [togetherLegend(intervals.length), ...unseen, ...betweenLegend(between)];
  // What cannot happen has an interval of 0 to 0, which is certain.
  const count = intervals.filter(({ lower, upper }) => lower < upper).length;
  const failing = significant(0.05 * count).replace(/\.?0+$/, "");
  const all =
    count < 5
      ? []
      : [`intervals: 95 % each, so about ${failing} of ${count} such intervals miss the true value on average`];
  return [...all, ...unseen, ...betweenLegend(between)];
}

/** The legend of a table whose intervals hold simultaneously. */
export function togetherLegend(count: number): string {
  const all = `all ${counted(count, "interval")} of this table hold`;
  return `simultaneous 95 % interval: with a probability of 95 %, ${all} (Bonferroni)`;
}

/** The independent observations of a table, if they are not servers in all rows. */
export function betweenLegend(between: readonly Between[]): string[] {
  if (between.every((one) => one === "servers")) return [];
  const isMixed = between.includes("servers");
  const what = isMixed ? "in some rows with replications instead of servers" : "with replications, not servers,";
  return [`intervals: ${what} as independent observations`];
}

/** Says of rates that other days may have others, if a model has days of the week and simulates no whole weeks. */
export function daysLegend({ points }: Plan): string[] {
  const isCutOff = points.some(({ scenario, resolved }) => {
    return resolved.model.startsOnMonday === true && scenario.horizonDays % DAYS_PER_WEEK !== 0;
  });
  return isCutOff
    ? ["rates: those of the simulated days, which begin on a Monday; over whole weeks they may be different"]
    : [];
}

export function boundMark(isLowerBound: boolean): string {
  return isLowerBound ? ` ${RAN_OUT}` : "";
}

/** Whether the ceiling of a leak means that users notice it; any other ceiling is an exhausted resource. */
export function isNoticed({ resolved }: PlannedPoint, { ceiling }: Response): boolean {
  return resolved.model.responses.some(({ name, symptom }) => name === ceiling && symptom === true);
}

/** The head of the column of ceilingTimeText. */
export const EXHAUSTION_HEAD = "median time to exhaustion";

/** Its meaning; `baseline` is the level that it describes. @param isFull whether each row has a time */
export function feltLegend({ points: [point] }: Plan, baseline: string, isFull: boolean): string {
  const noticed = point.resolved.model.responses.filter((response) => isNoticed(point, response)).map(labelOf);
  const notice = noticed.length === 0 ? "" : `; for ${noticed.join(", ")}, until users notice`;
  return (
    `${EXHAUSTION_HEAD}: days until half of the servers with ${baseline} have run out of the resource${notice}` +
    (isFull ? "" : "; empty where the model records no such time")
  );
}

/** When the leak reaches its ceiling: the median over servers, or that most reached the horizon first. */
export function ceilingTimeText({
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
    return `${valueBetweenEnds({ value: ceilingDaysMedian, lower, upper })} d${known}`;
  }
  const few = ceilingReached === 0 ? "" : `, but ${counted(ceilingReached, "server")}`;
  return `> ${horizon} d${few}`;
}

/** The interval of a median time [d]; its upper end may be beyond the horizon. */
function timesText(lower: number, upper: number, horizon: string): string {
  return Number.isNaN(upper) ? `${significant(lower)} .. > ${horizon}` : ends(lower, upper).join(" .. ");
}

/** A p-value; one too small to compute is given as a bound. */
export function probabilityText(p: number): string {
  return p < P_LEAST ? `< ${P_LEAST}` : significant(p);
}
