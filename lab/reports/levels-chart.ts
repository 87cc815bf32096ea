/**
 * What the question is about, level by level, as bars: of many levels, as many curves over time cross each other and
 * cannot be distinguished, while bars are read at a glance.
 */
import type { ChartGroup, IntervalChart, IntervalPanel, Known } from "../../page/chart.ts";
import { primaryResponses } from "../analysis/primary-responses.ts";
import { isLevel } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import type { Layout } from "./chart-layout.ts";
import { boundNote } from "./chart-words.ts";
import { enumerated, labelOf, significant } from "./format.ts";
import { responsesOf } from "../experiment/plan.ts";
import type { Results, TimeSeries } from "./results-reader.ts";
import { scaleOf } from "./units.ts";

/** With more levels, curves are hard to distinguish. */
const CURVES_FEW = 5;

/** One panel per response of the question, each with its own scale; no chart if curves can show the levels. */
export function levelsGroup(results: Results, { panels, series }: Layout): ChartGroup {
  const primary = primaryResponses(results.plan);
  const atTheEnd = results.timeSeries
    .filter(({ response }) => primary.includes(response))
    .map(({ means, p50, ...one }) => ({ ...one, means: means.slice(-1), p50: p50.slice(-1) }));
  const group = {
    id: "levels",
    heading: "Level by level",
    note:
      "Bar: mean per server-day, or at the end where it says so. Line: 95 % interval." +
      narrowNote(results.plan, atTheEnd) +
      boundNote(results, primary),
  };
  const { compare } = results.plan.experiment;
  const [only] = panels;
  if (compare === undefined || only === undefined || panels.length > 1 || series.length <= CURVES_FEW)
    return { ...group, charts: [] };
  const drawn = primary.flatMap((response): IntervalPanel[] => {
    const rows = only.points.flatMap(({ point }) => {
      const own = results.timeSeries.find((one) => one.point === point && one.response === response);
      const last = own?.means.at(-1);
      if (last === undefined) return [];
      const days = isLevel(response) ? 1 : point.scenario.horizonDays;
      return [{ level: itemAt(point.levels, compare.factor), mean: last, days }];
    });
    const greatest = Math.max(0, ...rows.map(({ mean, days }) => Math.abs(mean.value) / days));
    if (greatest === 0) return [];
    const { size, unit } = scaleOf(response.unit, greatest);
    const per = isLevel(response) ? "per server at the end" : "per server-day";
    return [
      {
        name: labelOf(response),
        y: `${per}${unit === "1" ? "" : ` [${unit}]`}`,
        estimates: rows.map(({ level, mean, days }) => {
          const shown = (value: number): Known =>
            Number.isNaN(value) ? null : Number((value / days / size).toPrecision(6));
          return {
            series: 0,
            x: level,
            value: shown(mean.value) ?? 0,
            lower: shown(mean.lower),
            upper: shown(mean.upper),
            closedForm: null,
          };
        }),
      },
    ];
  });
  return { ...group, charts: drawn.length === 0 ? [] : [chartOf(compare.factor, drawn)] };
}

function chartOf(factor: string, panels: readonly IntervalPanel[]): IntervalChart {
  const texts = panels.map(({ name, y = "", estimates }) => {
    const each = estimates.map(({ x, value }) => `${x} ${significant(value)}`);
    return `${name}, ${y}: ${each.join("; ")}`;
  });
  return {
    kind: "intervals",
    id: "levels",
    title: `By ${factor}`,
    summary: `${texts.join(". ")}.`,
    x: factor,
    y: "",
    series: ["all"],
    bars: true,
    panels,
  };
}

/** The mean of amounts that few servers have exceeds the median by more than this factor. */
const FEW_HAVE_MOST = 1.5;

/**
 * Names the responses whose intervals are too narrow, because most servers have few or none. Intervals of leaks, and of
 * amounts held by leaks, count what leaked and hold for rare leaks, too.
 */
export function narrowNote(
  plan: Results["plan"],
  timeSeries: readonly Pick<TimeSeries, "response" | "means" | "p50">[],
): string {
  const held = responsesOf(plan).map(({ heldBy }) => heldBy);
  const narrow = timeSeries.filter(({ response: { name, role }, means, p50 }) => {
    const isOfFew = means.some(({ value }, sample) => value > FEW_HAVE_MOST * itemAt(p50, sample));
    return isOfFew && role !== "leak" && !held.includes(name);
  });
  const names = [...new Set(narrow.map(({ response }) => labelOf(response)))];
  return names.length === 0
    ? ""
    : ` The interval of ${enumerated(names)} is too narrow where most servers have few or none.`;
}
