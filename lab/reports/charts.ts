/**
 * The charts of an experiment's results: leaks over time, when users notice, differences between compared levels,
 * estimates as functions of a factor, and histories of single servers.
 *
 * A chart that would show nothing is omitted, and so is a group without charts, so every model has the charts that its
 * responses allow. Numbers are in display units with six digits, more than a picture can show.
 */
import type {
  ChartGroup,
  Curve,
  CurveChart,
  CurvePanel,
  HeatChart,
  HeatPanel,
  Interval,
  IntervalChart,
  Known,
} from "../../page/chart.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { medianInterval, medianTime, survivalBands, type SurvivalBand } from "../../statistics/survival.ts";
import type { Parameter } from "../../models/contract/parameters.ts";
import type { Mean, Response } from "../../models/contract/responses.ts";
import { betweenOf, blocksOf, fewestObservations } from "../analysis/observations.ts";
import { primaryFirst, primaryResponses } from "../analysis/primary-responses.ts";
import { verdictsOf } from "../analysis/operational-impact.ts";
import { pairName, type Comparison } from "../analysis/comparison.ts";
import type { LeakRate, MeanValue } from "../analysis/leak-rates.ts";
import type { RunCache } from "../execution/cache.ts";
import { historiesOf, historyBudget, type Histories } from "./server-histories.ts";
import { axisLayout, curveLayout, levelName, PANELS_MAX, type Layout, type Panel } from "./chart-layout.ts";
import { SERVERS_KEPT, TIMES_MAX, type TimeSeries, type Results, type Survival } from "./results-reader.ts";
import { isLevel, observed, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { days, labelOf, significant } from "./format.ts";
import { levelsGroup, narrowNote } from "./levels-chart.ts";
import { aheadOf, longTime } from "./answers.ts";
import { scaleOf, type Scale } from "./units.ts";
import { itemAt } from "../lists.ts";

const US_PER_DAY = 86400e6;
/** The most steps of a survival curve that are drawn. */
const STEPS_MAX = 300;
/** The most differences that are drawn. */
const POINTS_MAX = 512;
/** The most panels of the heat map, and columns in each. */
const HEAT_PANELS_MAX = 6;
const HEAT_COLUMNS_MAX = 60;

/** All charts of the results, by group, in reading order. */
export async function chartsOf(results: Results, signal?: AbortSignal, cache?: RunCache): Promise<ChartGroup[]> {
  const layout = curveLayout(results.plan);
  const means = meansGroup(results);
  const isOfClosedForms = results.plan.experiment.compare === undefined && hasClosedForms(means);
  const groups = [
    levelsGroup(results, layout),
    ...(isOfClosedForms ? [means] : []),
    seriesGroup(results, layout),
    survivalGroup(results, layout),
    pairsGroup(results),
    ratesGroup(results),
    ...(isOfClosedForms ? [] : [means]),
    await heatGroup(results, signal, cache),
  ];
  return groups.filter(({ charts }) => charts.length > 0);
}

function hasClosedForms({ charts }: ChartGroup): boolean {
  return charts.some((chart) => {
    return (
      chart.kind === "intervals" &&
      chart.panels.some(({ estimates }) => estimates.some(({ closedForm }) => closedForm !== null))
    );
  });
}

// What leaks, or is summed, over time.

function seriesGroup(results: Results, layout: Layout): ChartGroup {
  const { plan, timeSeries } = results;
  const { replications } = plan.experiment;
  const between = [...new Set(plan.points.map(betweenOf))].join(" or ");
  const band =
    fewestObservations(plan) < 2 ? "" : ` Band: 95 % interval between ${between}.${narrowNote(plan, timeSeries)}`;
  const samples = timeSeries[0]?.times.length === TIMES_MAX ? ` At most ${TIMES_MAX} sample times are drawn.` : "";
  const isRestarted = timeSeries.some(({ point, response }) => restartsOf(point, response).length > 0);
  const restarted = isRestarted ? " Short ticks on the axis: restarts by the calendar." : "";
  return {
    id: "courses",
    heading: "Over time",
    note: `Line: mean per server, over ${replications} replications.${band}${restarted}${leftOut(layout)}${samples}`,
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
    .flatMap((point) => exhaustionOf(results, point) ?? [])
    .reduce<Exhaustion | undefined>((a, b) => (a === undefined || b.days < a.days ? b : a), undefined);
  const rank = (response: Response) => {
    if (primary.includes(response)) return 0;
    if (response.name === first?.response) return 1;
    return heldOf(results, response) === undefined ? 3 : 2;
  };
  return [0, 1, 2, 3].flatMap((wanted) => drawn.filter((response) => rank(response) === wanted));
}

/** The leak whose currently held amount this response is, if restarts have given some of it back. */
function heldOf({ plan, timeSeries }: Results, { name }: Response): Response | undefined {
  const leak = responsesOf(plan).find(({ heldBy }) => heldBy === name);
  if (leak === undefined) return undefined;
  const last = (of: string, point: PlannedPoint) =>
    timeSeries.find((series) => series.point === point && series.response.name === of)?.means.at(-1)?.value;
  return plan.points.some((point) => last(name, point) !== last(leak.name, point)) ? leak : undefined;
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
  const ceilings = [...new Set(panels.flatMap((panel) => (panel.ceilings ?? []).map(({ y }) => significant(y))))];
  const ceiling = ceilings.length === 0 ? "" : ` The ceiling is ${ceilings.join(" or ")}.`;
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
    summary: `At the end, ${response.meaning}, per server${unit}: ${listed(ends)}.${ceiling}`,
    ...weekOf(results),
    x: "days since the start",
    y: `${name}${response.role === "leak" ? " leaked" : ""} per server${unit}`,
    unit: unitWords(response, scale),
    ...(isOfCeilings ? { isOfCeilings: true } : {}),
    series: layout.series,
    panels,
  };
}

/** Whether days have names. */
function weekOf({ plan }: Results): { startsOnMonday?: true } {
  return plan.points[0].resolved.model.startsOnMonday === true ? { startsOnMonday: true } : {};
}

/** When the calendar restarted the servers of a point [d], for responses that a restart gives back. */
function restartsOf({ resolved, scenario }: PlannedPoint, { role }: Response): number[] {
  if (role !== "gauge") return [];
  const times = resolved.model.upkeep?.restart.times(resolved.values, scenario.horizonDays * US_PER_DAY) ?? [];
  return times.map((time) => rounded(time / US_PER_DAY));
}

/** The unit after a number that stands alone, or the thing counted. */
function unitWords(response: Response, { unit }: Scale): string {
  return unit === "1" ? labelOf(response) : unit;
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
  const levels = points.flatMap(({ point: { resolved } }) =>
    (resolved.model.limits?.(resolved.values) ?? []).filter((limit) => limit.response === response.name),
  );
  return [...new Set(levels.map(({ level }) => level))].map((level) => {
    const y = level / scale.size;
    return { y: shown(y)!, label: `ceiling ${significant(y)}${when}` };
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

function seriesCurve(series: number, { point, response, times, means, p50, p90 }: TimeSeries, size: number): Curve {
  const first = startsAtNothing(response) ? 0 : baseOf(point, response);
  const start = first === undefined ? [] : [first];
  const scaled = (values: readonly number[]) => [...start, ...values].map((value) => shown(value / size));
  const x = [...start.map(() => 0), ...times].map((time) => rounded(time / US_PER_DAY));
  const more =
    point.scenario.servers > 1
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

// When it is felt.

function survivalGroup(results: Results, layout: Layout): ChartGroup {
  const { plan, survivals } = results;
  const ceilings = responsesOf(plan).flatMap(({ ceiling }) => ceiling ?? []);
  const isFelt = ({ name }: Response) => ceilings.includes(name);
  const eventTimes = responsesOf(plan).filter(({ role }) => role === "eventTime");
  const isFirst = ({ name }: Response) => name === ceilings[0];
  const verdicts = verdictsOf(plan);
  const order = primaryFirst(plan, [
    ...new Set([
      ...eventTimes.filter(({ name }) => verdicts.includes(name)),
      ...eventTimes.filter(isFirst),
      ...eventTimes,
    ]),
  ]);
  return {
    id: "survival",
    heading: eventTimes.some(isFelt) ? "Time to symptom" : "Time to event",
    note:
      "Kaplan-Meier estimate of the share of servers without the event, over all replications; servers without it at " +
      "the horizon are right-censored. For events of a whole fleet, the share of fleets. Band: pointwise 95 % interval " +
      `(Greenwood, log(-log)).${leftOut(layout)}`,
    charts: order.flatMap((eventTime) => {
      const own = survivals.filter(({ response }) => response === eventTime);
      return own.every(({ reached }) => reached === 0) ? [] : [survivalChart(results, eventTime, own, layout)];
    }),
  };
}

function survivalChart(
  results: Results,
  eventTime: Response,
  survivals: readonly Survival[],
  layout: Layout,
): CurveChart {
  const of = (point: PlannedPoint) => survivals.find((survival) => survival.point === point)!;
  const who = observed(eventTime);
  const happens = layout.panels.filter(({ points }) => points.some(({ point }) => of(point).reached > 0));
  const never = layout.panels.filter((panel) => !happens.includes(panel)).map(({ name }) => name);
  const texts = happens.flatMap((panel) =>
    panel.points.map(({ series, point }) => {
      const { reached, observations } = of(point);
      return `${reached} of ${observations} ${who}${whenText(of(point))}${called(layout, panel.name, series)}`;
    }),
  );
  const nowhere = never.length === 0 ? "" : ` On no ${who.slice(0, -1)}: ${listed(never)}.`;
  return {
    kind: "curves",
    shape: "step",
    id: `survival-${responseStem(eventTime)}`,
    title: labelOf(eventTime),
    summary: `${capital(eventTime.meaning)}: ${listed(texts)}.${nowhere}`,
    ...weekOf(results),
    x: "days since the start",
    y: `${who} without it [%]`,
    unit: "%",
    yMax: 100,
    series: layout.series,
    panels: happens.map((panel) => ({
      name: panel.name,
      curves: panel.points.map(({ series, point }) => survivalCurve(series, of(point))),
    })),
  };
}

/** When half of the servers have it or, if fewer do, the share without it at the horizon; with intervals. */
function whenText({ point, observations, steps }: Survival): string {
  const last = survivalBands(steps).at(-1);
  if (last === undefined) return "";
  const isIndependent = betweenOf(point) === "servers";
  const median = medianTime(steps);
  if (!Number.isNaN(median)) {
    const values = Float64Array.from(steps, ({ time }) => time);
    const counts = Float64Array.from(steps, ({ events }) => events);
    const { lower, upper } = medianInterval({ values, counts }, observations);
    const to = Number.isNaN(upper) ? "later than the horizon" : days(upper);
    const between = isIndependent && !Number.isNaN(lower) ? ` (95 % interval ${days(lower)} to ${to})` : "";
    return `, half of them by ${days(median)}${between}`;
  }
  const [left, from, to] = [last.survival, last.lower, last.upper].map((share) => significant(100 * share));
  const between = isIndependent ? ` (95 % interval ${from} to ${to} %)` : "";
  return `, ${left} % without it at the horizon${between}`;
}

/** There is no bound before the first step of the curve, nor where it is 0. */
function survivalCurve(series: number, { point, steps }: Survival): Curve {
  const every = Math.ceil(steps.length / STEPS_MAX);
  const drawn = survivalBands(steps).filter((_, i) => i % every === every - 1 || i === steps.length - 1);
  const last = drawn.at(-1);
  const end = { time: point.scenario.horizonDays, survival: 1, lower: NaN, upper: NaN };
  const all = [{ ...end, time: 0 }, ...drawn.flatMap(bandToItsEnd), { ...end, ...last, time: end.time }];
  const share = (of: (at: typeof end) => number) => all.map((at) => shown(100 * of(at)));
  const curve = { series, x: all.map(({ time }) => rounded(time)), y: share(({ survival }) => survival) };
  if (last === undefined) return curve;
  return { ...curve, lower: share(({ lower }) => lower), upper: share(({ upper }) => upper) };
}

/** The step; where the curve reaches 0, the band ends with its last known value. */
function bandToItsEnd(step: SurvivalBand, i: number, drawn: readonly SurvivalBand[]): SurvivalBand[] {
  return step.survival === 0 && i > 0 ? [{ ...itemAt(drawn, i - 1), time: step.time }, step] : [step];
}

// What the compared levels differ by, observation by observation.

function pairsGroup(results: Results): ChartGroup {
  const { plan, findings } = results;
  const isDrawn = fewestObservations(plan) > 1;
  const names = isDrawn ? [...new Set(findings.comparisons.map(({ response }) => response))] : [];
  const isHeadline = ({ role, headline }: Response) => role === "leak" || headline === "when-levels-differ";
  const primary = primaryResponses(plan);
  const charted =
    primary.length > 0
      ? primaryFirst(
          plan,
          names.filter((response) => primary.includes(response) || isHeadline(response)),
        )
      : names.some(isHeadline)
        ? leaksFirst(names.filter(isHeadline))
        : names;
  const most = Math.max(0, ...findings.comparisons.map(({ differences }) => differences().length));
  return {
    id: "pairs",
    heading: "Difference by difference",
    note:
      `Each point is ${observedUnits(plan)}: one level minus the other, on the same random numbers. Line and band: the ` +
      `mean of the points and its 95 % interval.${most > POINTS_MAX ? ` The first ${POINTS_MAX} points are drawn.` : ""}`,
    charts: charted.flatMap((response) => {
      const differ = ({ response: of, difference }: Comparison) => of === response && difference.value !== 0;
      // A scatter plot of a single position shows nothing.
      const varies = ({ difference }: Comparison) => difference.halfWidth > 0;
      const own = findings.comparisons.filter((row) => differ(row) && varies(row)).slice(0, PANELS_MAX);
      return own.length === 0 ? [] : [pairsChart(results, response, own)];
    }),
  };
}

/** The units between which the intervals are. */
function observedUnits({ points }: Plan): string {
  const units = points.map((point) => {
    if (betweenOf(point) === "replications") return "a replication";
    return blocksOf(point) === point.scenario.servers ? "a server" : "a block of servers";
  });
  return [...new Set(units)].join(" or ");
}

function pairsChart({ plan }: Results, response: Response, comparisons: readonly Comparison[]): CurveChart {
  const { factor } = plan.experiment.compare!;
  const pairs = [...new Set(comparisons.map((one) => pairName(one, factor)))];
  const what = pairs.length === 1 ? itemAt(pairs, 0) : "difference";
  const perDay = ({ point }: Comparison) => (isLevel(response) ? 1 : 1 / point.scenario.horizonDays);
  const per = isLevel(response) ? "per server at the end" : "per server-day";
  const scale = scaleOf(response.unit, greatestOf(comparisons.map((one) => one.difference.value * perDay(one))));
  const unit = scale.unit === "1" ? "" : ` [${scale.unit}]`;
  const name = labelOf(response);
  const panels = comparisons.map((comparison): CurvePanel => {
    const { point, difference } = comparison;
    const factorOf = perDay(comparison) / scale.size;
    const y = [...comparison.differences().subarray(0, POINTS_MAX)].map((value) => shown(value * factorOf));
    const where = Object.entries(point.levels).filter(([one]) => one !== factor);
    const words = where.map(([one, level]) => levelName(one, level));
    return {
      name: (pairs.length === 1 ? words : [...words, pairName(comparison, factor)]).join(", "),
      curves: [{ series: 0, x: [...y.keys()], y, level: intervalOf(difference, factorOf) }],
    };
  });
  const texts = panels.flatMap(({ name: panel, curves }) =>
    curves.map(({ level }) => {
      const { value, lower, upper } = level!;
      const interval = lower === null || upper === null ? "" : ` (${significant(lower)} to ${significant(upper)})`;
      return `${significant(value)}${interval}${bracketed([panel])}`;
    }),
  );
  return {
    kind: "curves",
    shape: "points",
    wholeX: true,
    id: `pairs-${response.name}`,
    title: `${name}, ${what}`,
    summary: `${capital(name)} ${per}${unit}, ${what}: ${listed(texts)}.`,
    x: `${observedUnits(plan).replace(/^a /, "")} (of all replications)`,
    y: `${name} ${per}${unit}, ${what}`,
    unit: unitWords(response, scale),
    series: [what],
    panels,
  };
}

function leaksFirst(responses: readonly Response[]): Response[] {
  const isLeak = ({ role }: Response) => role === "leak";
  return [...responses.filter(isLeak), ...responses.filter((response) => !isLeak(response))];
}

// How estimates depend on a factor.

function ratesGroup(results: Results): ChartGroup {
  const { plan, findings } = results;
  const isDrawn = plan.points.length > 1;
  return {
    id: "rates",
    heading: "Leak rates",
    note: "Point: leak rate per server-day. Bar: 95 % interval. Diamond: closed form, where there is one.",
    charts: responsesOf(plan).flatMap((response) => {
      const own = findings.leakRates.filter((rate) => rate.response === response);
      const greatest = greatestOf(own.map(({ rate }) => rate.value));
      if (!isDrawn || own.length === 0 || greatest === 0) return [];
      const scale = scaleOf(response.unit, greatest);
      const unit = scale.unit === "1" ? "" : ` [${scale.unit}]`;
      const name = labelOf(response);
      const estimates = own.map(({ point, rate, closedForm }: LeakRate) => ({ point, estimate: rate, closedForm }));
      const title = `${name} leaked per server-day`;
      const of = { id: `rates-${response.name}`, title, y: `${title}${unit}` };
      return [intervalChart(results, of, estimates, scale)];
    }),
  };
}

function meansGroup(results: Results): ChartGroup {
  const { plan, findings } = results;
  const means = [...new Set(findings.meanValues.map(({ mean: one }) => one))];
  return {
    id: "means",
    heading: "Means and closed forms",
    note: "Point: simulated. Bar: 95 % interval. Diamond: closed form, where there is one.",
    charts: means.flatMap((one: Mean) => {
      const own = findings.meanValues.filter((value) => value.mean === one && !Number.isNaN(value.ratio.value));
      const greatest = greatestOf(own.map(({ ratio }) => ratio.value));
      if (plan.points.length < 2 || own.length === 0 || greatest === 0) return [];
      const scale = scaleOf(one.unit, greatest);
      const unit = scale.unit === "1" ? "" : ` [${scale.unit}]`;
      const estimates = own.map(({ point, ratio, closedForm }: MeanValue) => ({ point, estimate: ratio, closedForm }));
      const of = { id: `means-${one.name}`, title: itemAt(one.meaning.split(";"), 0), y: `${one.meaning}${unit}` };
      return [intervalChart(results, of, estimates, scale)];
    }),
  };
}

interface PointEstimate {
  readonly point: PlannedPoint;
  readonly estimate: Estimate;
  readonly closedForm: number;
}

/** The parameter with the name of the factor, if there is one. */
function parameterOf({ plan }: Results, factor: string): Parameter | undefined {
  return plan.points[0].resolved.model.parameters[factor.replace(/^parameters\./, "")];
}

/** Whether 0 means never for the parameter, which has no place on a numeric axis. */
function zeroMeansNever(results: Results, factor: string): boolean {
  return /\b0 for never\b/.test(parameterOf(results, factor)?.meaning ?? "");
}

/** The name of a factor, with the unit of the parameter of the same name. */
function axisName(results: Results, factor: string): string {
  const parameter = parameterOf(results, factor);
  return parameter?.kind !== "number" || parameter.unit === "1" ? factor : `${factor} [${parameter.unit}]`;
}

function intervalChart(
  results: Results,
  { id, title, y }: { id: string; title: string; y: string },
  all: readonly PointEstimate[],
  scale: Scale,
): IntervalChart {
  const layout = axisLayout(results.plan);
  const { axis } = layout;
  const isNever = axis!.levels.includes("0") && zeroMeansNever(results, axis!.name);
  const isOfNumbers = axis!.isOfNumbers && !isNever;
  const panels = layout.panels.map(({ name, points }) => ({
    name,
    estimates: points.flatMap(({ series, point }) => {
      const own = all.find((one) => one.point === point);
      if (own === undefined) return [];
      const level = itemAt(point.levels, axis!.name);
      const closedForm = shown(own.closedForm / scale.size);
      const x = isOfNumbers ? Number(level) : isNever && level === "0" ? "never" : level;
      return [{ series, x, ...intervalOf(own.estimate, 1 / scale.size), closedForm }];
    }),
  }));
  const texts = panels.flatMap((panel) =>
    panel.estimates.map(({ series, x, value, closedForm }) => {
      const known = closedForm === null ? "" : `, closed form ${significant(closedForm)}`;
      return `${significant(value)}${known}${called(layout, panel.name, series, levelName(axis!.name, String(x)))}`;
    }),
  );
  return {
    kind: "intervals",
    id,
    title,
    summary: `${capital(y)}: ${listed(texts)}.`,
    x: axisName(results, axis!.name),
    y,
    series: layout.series,
    panels: panels.filter(({ estimates }) => estimates.length > 0),
  };
}

// What single servers did.

async function heatGroup(results: Results, signal?: AbortSignal, cache?: RunCache): Promise<ChartGroup> {
  const { timeSeries } = results;
  const drawn = [...new Set(timeSeries.map(({ response }) => response))];
  const response = drawn.find(({ role }) => role === "leak") ?? drawn.find(({ role }) => role === "total");
  const group = { id: "servers", heading: "Server by server" };
  const busy = timeSeries.filter(({ response: of, means, times }) => {
    return of === response && times.length > 1 && means.some(({ value }) => value !== 0);
  });
  const points = busy.map(({ point }) => point).slice(0, HEAT_PANELS_MAX);
  if (response === undefined || points.length === 0) return { ...group, note: "", charts: [] };
  const histories = await historiesOf(results, points, response.name, signal, cache);
  if (histories === undefined || histories.length === 0) return { ...group, note: "", charts: [] };
  const millions = historyBudget(results) / 1e6;
  const budget = `up to ${SERVERS_KEPT} servers per design point and ${significant(millions)} million events in all`;
  return {
    ...group,
    note: `Each row is a server: ${budget}. All panels have one colour scale.`,
    charts: [{ ...heatChart(response, histories), ...weekOf(results) }],
  };
}

function heatChart(response: Response, histories: readonly Histories[]): HeatChart {
  const rates = histories.map(ratesPerDay);
  const scale = scaleOf(response.unit, greatestOf(rates.flat(2)));
  const name = response.role === "leak" ? `${labelOf(response)} leaked` : labelOf(response);
  const what = `${name} per day${scale.unit === "1" ? "" : ` [${scale.unit}]`}`;
  const isOfOne = histories.every(({ servers }) => servers.every(({ server }) => server.replication === 0));
  const panels = histories.map(
    ({ point, times, servers }, i): HeatPanel => ({
      name: Object.entries(point.levels)
        .map(([factor, level]) => levelName(factor, level))
        .join(", "),
      rows: servers.map(({ server: { replication, server } }) => (isOfOne ? `${server}` : `${replication}:${server}`)),
      edges: [0, ...columnsOf(times).map((column) => rounded(itemAt(times, column) / US_PER_DAY))],
      values: itemAt(rates, i).map((row) => row.map((rate) => rounded(rate / scale.size))),
    }),
  );
  const texts = panels.map(({ name: panel, values }) => {
    return `up to ${significant(Math.max(...values.flat()))} on ${values.length} servers${bracketed([panel])}`;
  });
  return {
    kind: "heat",
    id: `servers-${response.name}`,
    title: what,
    summary: `${capital(what)}: ${listed(texts)}.`,
    x: "days since the start",
    y: isOfOne ? "server" : "replication:server",
    colour: what,
    panels,
  };
}

/** The increase of a running total from column to column, per day, by server. */
function ratesPerDay({ times, servers }: Histories): number[][] {
  const columns = columnsOf(times);
  return servers.map(({ values }) =>
    columns.map((column, i) => {
      const previous = columns[i - 1];
      const [before, since] = previous === undefined ? [0, 0] : [itemAt(values, previous), itemAt(times, previous)];
      return ((itemAt(values, column) - before) / (itemAt(times, column) - since)) * US_PER_DAY;
    }),
  );
}

/** The sample times at which columns end: at most HEAT_COLUMNS_MAX, including the horizon. */
function columnsOf(times: readonly number[]): number[] {
  const every = Math.ceil(times.length / HEAT_COLUMNS_MAX);
  return times.flatMap((_, i) => (i % every === every - 1 || i === times.length - 1 ? [i] : []));
}

// Words and numbers.

/** Distinguishes one of several curves, in brackets; empty if there is only one. */
function called({ series, panels }: Layout, panel: string, index: number, level = ""): string {
  return bracketed([panels.length === 1 ? "" : panel, level, series.length === 1 ? "" : itemAt(series, index)]);
}

function bracketed(words: readonly string[]): string {
  const known = words.filter((word) => word !== "");
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

function leftOut({ left, levelsLeft }: Layout): string {
  const levels = levelsLeft === 0 ? [] : [`${levelsLeft} more levels`];
  const what = [...levels, ...(left === 0 ? [] : [`${left} more panels`])];
  return what.length === 0 ? "" : ` ${what.join(" and ")} are not drawn; their numbers are in the tables.`;
}

/** The first twelve items of a list. */
function listed(texts: readonly string[]): string {
  const more = texts.length > 12 ? [`${texts.length - 12} more`] : [];
  return [...texts.slice(0, 12), ...more].map((text) => text.trim()).join("; ");
}

/** The name of a response without the unit of times. */
function responseStem({ name, unit }: Response): string {
  return unit === "us" ? name.replace(/Us$/, "") : name;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function greatestOf(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
}

function intervalOf({ value, lower, upper }: Estimate, factor: number): Interval {
  return { value: rounded(value * factor), lower: shown(lower * factor), upper: shown(upper * factor) };
}

/** Rounds to six digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function shown(value: number): Known {
  return Number.isNaN(value) ? null : rounded(value);
}
