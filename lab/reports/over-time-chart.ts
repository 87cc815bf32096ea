/**
 * Curves over time: what leaks, what is summed, and what is held now, with ceilings, restarts and when servers ran
 * out.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { FEW_SAMPLES, type ChartGroup, type Curve, type CurveChart, type CurvePanel } from "../../page/chart.ts";
import { mostOf, type Response } from "../../models/contract/responses.ts";
import { betweenOf, fewestObservations } from "../analysis/observations.ts";
import { primaryResponses } from "../analysis/primary-responses.ts";
import type { Layout, Panel } from "./chart-layout.ts";
import { TIMES_MAX, type TimeSeries, type Results } from "./results-reader.ts";
import { responsesOf } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { capital, counted, labelOf, significant } from "./format.ts";
import { narrowNote } from "./levels-chart.ts";
import { aheadOf, longTime } from "./answers.ts";
import { afterNumber, scaleOf, type Scale } from "./units.ts";
import { itemAt } from "../lists.ts";
import { weekOf, unitWords, called, leftOut, listed, greatestOf, rounded, shown } from "./chart-words.ts";

/** What runs out later than after so many horizons is not what the curves are about. */
const LOOKED_AHEAD = 2;

export function seriesGroup(results: Results, layout: Layout): ChartGroup {
  const { plan, timeSeries } = results;
  const { replications } = plan.experiment;
  const between = [...new Set(plan.points.map(betweenOf))].join(" or ");
  const band =
    fewestObservations(plan) < 2
      ? ""
      : ` Band: 95 % interval of this mean, with ${between} as independent observations.${narrowNote(plan, timeSeries)}`;
  const samples = timeSeries[0]?.times.length === TIMES_MAX ? ` At most ${TIMES_MAX} sample times are drawn.` : "";
  const isRestarted = timeSeries.some(({ point, response }) => restartsOf(point, response).length > 0);
  const restarted = isRestarted ? " Short ticks on the axis: restarts by the calendar." : "";
  const isRestartedElsewhen = timeSeries.some(({ point, response }) => {
    return restartsOf(point, response).length === 0 && hasGivenBack(results, response, point);
  });
  const elsewhen = isRestartedElsewhen
    ? " Restarts that wait for a symptom or a threshold come at different times on each server, so they have no tick."
    : "";
  const isSparse = timeSeries.some(({ times }) => times.length < FEW_SAMPLES);
  const dots = isSparse ? " Dots: the samples; the lines only connect them." : "";
  return {
    id: "courses",
    heading: "Over time",
    note: `Line: mean per server, over ${counted(replications, "replication")}.${dots}${band}${restarted}${elsewhen}${leftOut(layout)}${samples}`,
    charts: drawnFirst(results).flatMap((response) => {
      const own = timeSeries.filter((series) => series.response === response);
      const greatest = greatestOf(own.flatMap(({ means }) => means.map(({ value }) => value)));
      if (greatest === 0 || itemAt(own, 0).times.length + Number(startsAtNothing(response)) < 2) return [];
      return [seriesChart(results, response, own, layout)];
    }),
  };
}

/** The responses over time: those of the question, or what runs out first, and then the amounts held by leaks. */
function drawnFirst(results: Results): Response[] {
  const drawn = [...new Set(results.timeSeries.map(({ response }) => response))];
  const primary = primaryResponses(results.plan);
  const first = results.plan.points
    .flatMap((point) => {
      const exhaustion = exhaustionOf(results, point);
      const isNear = exhaustion?.isSeen || (exhaustion?.days ?? Infinity) <= LOOKED_AHEAD * point.scenario.horizonDays;
      return exhaustion !== undefined && isNear ? [exhaustion] : [];
    })
    .reduce<Exhaustion | undefined>((a, b) => (a === undefined || b.days < a.days ? b : a), undefined);
  const rank = (response: Response) => {
    if (primary.includes(response)) return 0;
    if (response.name === first?.response) return 1;
    return heldOf(results, response) === undefined ? 3 : 2;
  };
  return [0, 1, 2, 3].flatMap((wanted) => drawn.filter((response) => rank(response) === wanted));
}

/** The leak whose currently held amount this response is, if restarts have given some of it back. */
function heldOf(results: Results, response: Response): Response | undefined {
  return results.plan.points.some((point) => hasGivenBack(results, response, point))
    ? leakHeldBy(results, response)
    : undefined;
}

function leakHeldBy({ plan }: Results, { name }: Response): Response | undefined {
  return responsesOf(plan).find(({ heldBy }) => heldBy === name);
}

/** Whether less of a leak is held at a point than has leaked there, because restarts have given some of it back. */
function hasGivenBack(results: Results, response: Response, point: PlannedPoint): boolean {
  const leak = leakHeldBy(results, response);
  if (leak === undefined) return false;
  const last = (of: string) =>
    results.timeSeries.find((series) => series.point === point && series.response.name === of)?.means.at(-1)?.value;
  return last(response.name) !== last(leak.name);
}

/** What a design point runs out of first, and when. */
interface Exhaustion {
  /** The response that reaches its limit. */
  readonly response: string;
  readonly days: number;
  /** Whether it happened in the simulation; otherwise it is a projection. */
  readonly isSeen: boolean;
}

function exhaustionOf(results: Results, point: PlannedPoint): Exhaustion | undefined {
  const { model, values } = point.resolved;
  const own = results.findings.leakRates.filter((row) => row.point.index === point.index);
  const seen = (model.limits?.(values) ?? []).flatMap(({ response, eventTime }): Exhaustion[] => {
    const reached = own.filter((row) => row.response.ceiling === eventTime && !Number.isNaN(row.ceilingDaysMedian));
    return reached.map(({ ceilingDaysMedian }) => ({ response, days: ceilingDaysMedian, isSeen: true }));
  });
  const ahead = aheadOf(results, point);
  const looked = ahead === undefined ? [] : [{ response: ahead.resource.name, days: ahead.days, isSeen: false }];
  return [...seen, ...looked].sort((a, b) => a.days - b.days)[0];
}

function seriesChart(
  results: Results,
  response: Response,
  timeSeries: readonly TimeSeries[],
  layout: Layout,
): CurveChart {
  const leak = heldOf(results, response);
  const leaked = results.timeSeries.filter((series) => series.response === leak);
  const all = [...timeSeries, ...leaked].flatMap(({ means }) => means.map(({ value }) => value));
  const scale = scaleOf(response.unit, greatestOf(all));
  const name = leak === undefined ? labelOf(response) : `${labelOf(response)} now, and leaked so far`;
  const unit = scale.unit === "1" ? "" : ` [${scale.unit}]`;
  const curveOf = (own: readonly TimeSeries[], { series, point }: Panel["points"][number]) => {
    return seriesCurve(series, own.find((curve) => curve.point === point)!, scale.size);
  };
  const panels = layout.panels.map((panel): CurvePanel => {
    const marks = marksOf(results, response, panel);
    return {
      name: panel.name,
      curves: [
        ...panel.points.map((one) => curveOf(timeSeries, one)),
        ...(leak === undefined ? [] : panel.points).map((one) => {
          const { series, x, y } = curveOf(leaked, one);
          return { series, x, y, beside: "leaked so far" };
        }),
      ],
      ceilings: ceilingsOf(results, response, panel, scale),
      ...(marks.length === 0 ? {} : { marks }),
    };
  });
  const isOfCeilings = layout.panels.some(({ points }) => {
    return points.some(({ point }) => exhaustionOf(results, point)?.response === response.name);
  });
  const ceilings = [...new Set(panels.flatMap((panel) => (panel.ceilings ?? []).map(({ y }) => String(y))))];
  const ceiling = ceilings.length === 0 ? "" : ` The ceiling is ${ceilings.join(" or ")}${afterNumber(scale.unit)}.`;
  const ends = layout.panels.flatMap((panel) =>
    panel.points.map(({ series, point }) => {
      const last = timeSeries.find((curve) => curve.point === point)!.means.at(-1)!;
      return `${scale.text(last.value)}${called(layout, panel.name, series)}`;
    }),
  );
  return {
    kind: "curves",
    shape: "line",
    id: `over-time-${response.name}`,
    title: response.role === "leak" ? `${name} leaked` : name,
    summary: `${capital(response.meaning)}. At the end, per server${unit}: ${listed(ends)}.${ceiling}`,
    ...weekOf(results),
    x: "days since the start",
    y: `${name}${response.role === "leak" ? " leaked" : ""} per server${unit}`,
    unit: unitWords(response, scale),
    ...(isOfCeilings ? { isOfCeilings: true } : {}),
    series: layout.series,
    panels,
  };
}

/** When the calendar restarted the servers of a point [d], for responses that a restart gives back. */
function restartsOf({ resolved, scenario }: PlannedPoint, { role }: Response): number[] {
  if (role !== "gauge") return [];
  const times = resolved.model.upkeep?.restart.times(resolved.values, scenario.horizonDays * US_PER_DAY) ?? [];
  return times.map((time) => rounded(time / US_PER_DAY));
}

/** When the servers of a panel ran out of the response, by the median. */
function marksOf(results: Results, response: Response, { points }: Panel): NonNullable<CurvePanel["marks"]> {
  return points.flatMap(({ point }) => {
    const exhaustion = exhaustionOf(results, point);
    if (exhaustion?.response !== response.name || !exhaustion.isSeen) return [];
    return [
      { x: rounded(exhaustion.days), label: `half of the servers\nran out by day ${significant(exhaustion.days)}` },
    ];
  });
}

/** The levels at which a response runs out at the points of a panel, without repetitions. */
function ceilingsOf(
  results: Results,
  response: Response,
  { points }: Panel,
  scale: Scale,
): NonNullable<CurvePanel["ceilings"]> {
  const ahead = points.flatMap(({ point }) => {
    const projection = aheadOf(results, point);
    return projection?.resource.name === response.name ? [longTime(projection).about] : [];
  });
  const when = ahead.length === 0 ? "" : `, in about ${[...new Set(ahead)].join(" or ")}`;
  const limits = points.flatMap(({ point: { resolved } }) =>
    (resolved.model.limits?.(resolved.values) ?? []).filter((limit) => limit.response === response.name),
  );
  return [...new Set(limits.map(mostOf))].map((most) => {
    const y = most / scale.size;
    // A limit is known exactly, unlike an estimate.
    return { y: shown(y)!, label: `ceiling ${rounded(y)}${when}` };
  });
}

/** A leak is a running total, and is 0 at the start. */
function startsAtNothing({ role }: Response): boolean {
  return role === "leak" || role === "total";
}

/** The level of a gauge before the first job, if its limit gives it. */
function baseOf({ resolved: { model, values } }: PlannedPoint, { name }: Response): number | undefined {
  return model.limits?.(values).find(({ response }) => response === name)?.base;
}

/** In fewer servers, the nearest rank of the 90 % quantile is the greatest of them, and that of the median too low. */
const QUANTILE_SERVERS_MIN = 10;

function seriesCurve(series: number, { point, response, times, means, p50, p90 }: TimeSeries, size: number): Curve {
  const first = startsAtNothing(response) ? 0 : baseOf(point, response);
  const start = first === undefined ? [] : [first];
  const scaled = (values: readonly number[]) => [...start, ...values].map((value) => shown(value / size));
  const x = [...start.map(() => 0), ...times].map((time) => rounded(time / US_PER_DAY));
  const more =
    point.scenario.servers >= QUANTILE_SERVERS_MIN
      ? {
          more: [
            { name: "median server", y: scaled(p50) },
            { name: "90 % of servers below", y: scaled(p90) },
          ],
        }
      : {};
  const restarts = restartsOf(point, response);
  const ticks = restarts.length === 0 ? {} : { restarts };
  const curve = { series, x, y: scaled(means.map(({ value }) => value)), ...more, ...ticks };
  if (Number.isNaN(itemAt(means, 0).lower)) return curve;
  return { ...curve, lower: scaled(means.map(({ lower }) => lower)), upper: scaled(means.map(({ upper }) => upper)) };
}
