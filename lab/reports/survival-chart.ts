/** How soon events come: Kaplan-Meier curves of the servers that do not have them yet. */
import type { ChartGroup, Curve, CurveChart } from "../../page/chart.ts";
import { medianInterval, medianTime, survivalBands, type SurvivalBand } from "../../statistics/survival.ts";
import type { Response } from "../../models/contract/responses.ts";
import { areIndependent } from "../analysis/observations.ts";
import { primaryFirst } from "../analysis/primary-responses.ts";
import { verdictsOf } from "../analysis/operational-impact.ts";
import type { Layout } from "./chart-layout.ts";
import type { Results, Survival } from "./results-reader.ts";
import { observed, responsesOf } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { capital, days, daysBetween, labelOf, significant } from "./format.ts";
import { itemAt } from "../lists.ts";
import { weekOf, called, leftOut, listed, responseStem, rounded, shown } from "./chart-words.ts";

/** The most steps of a survival curve that are drawn. */
const STEPS_MAX = 300;

export function survivalGroup(results: Results, layout: Layout): ChartGroup {
  const { plan, survivals } = results;
  const ceilings = responsesOf(plan).flatMap(({ ceiling }) => ceiling ?? []);
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
  const drawn = order.filter((eventTime) => {
    return survivals.some(({ response, reached }) => response === eventTime && reached > 0);
  });
  const who = [...new Set(drawn.map(observed))].join(" or ");
  return {
    id: "survival",
    heading: "How soon events happen",
    note:
      `Line: the share of the ${who} of all replications that have not had the event yet (Kaplan-Meier; those without it ` +
      "at the end of the simulation are right-censored). Band: 95 % interval at each time (Greenwood's standard error, " +
      `symmetric in log(-log)).${leftOut(layout)}`,
    charts: drawn.map((eventTime) => {
      const own = survivals.filter(({ response }) => response === eventTime);
      return survivalChart(results, eventTime, own, layout);
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
    y: `${who} still without the event [%]`,
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
function whenText({ point, response, observations, steps }: Survival): string {
  const last = survivalBands(steps).at(-1);
  if (last === undefined) return "";
  const isIndependent = isOfIndependent(point, response);
  const median = medianTime(steps);
  if (!Number.isNaN(median)) {
    const values = Float64Array.from(steps, ({ time }) => time);
    const counts = Float64Array.from(steps, ({ events }) => events);
    const { lower, upper } = medianInterval({ values, counts }, observations);
    const ends = Number.isNaN(upper) ? `${days(lower)} to later than the end` : daysBetween(lower, upper);
    const between = isIndependent && !Number.isNaN(lower) ? ` (95 % interval ${ends})` : "";
    return `, half of them by ${days(median)}${between}`;
  }
  const [left, from, to] = [last.survival, last.lower, last.upper].map((share) => significant(100 * share));
  const between = isIndependent ? ` (95 % interval ${from} to ${to} %)` : "";
  return `, ${left} % still without it at the end${between}`;
}

/** Whether an event comes to units that are independent: servers, or the fleets of replications. */
function isOfIndependent(point: PlannedPoint, { ofFleet }: Response): boolean {
  return ofFleet === true || areIndependent(point);
}

/** No bound before the first step of the curve, nor where it is 0, nor of servers that depend on each other. */
function survivalCurve(series: number, { point, response, steps }: Survival): Curve {
  const every = Math.ceil(steps.length / STEPS_MAX);
  const drawn = survivalBands(steps).filter((_, i) => i % every === every - 1 || i === steps.length - 1);
  const last = drawn.at(-1);
  const end = { time: point.scenario.horizonDays, survival: 1, lower: NaN, upper: NaN };
  const all = [{ ...end, time: 0 }, ...drawn.flatMap(bandToItsEnd), { ...end, ...last, time: end.time }];
  const share = (of: (at: typeof end) => number) => all.map((at) => shown(100 * of(at)));
  const curve = { series, x: all.map(({ time }) => rounded(time)), y: share(({ survival }) => survival) };
  if (last === undefined || !isOfIndependent(point, response)) return curve;
  return { ...curve, lower: share(({ lower }) => lower), upper: share(({ upper }) => upper) };
}

/** The step; where the curve reaches 0, the band ends with its last known value. */
function bandToItsEnd(step: SurvivalBand, i: number, drawn: readonly SurvivalBand[]): SurvivalBand[] {
  return step.survival === 0 && i > 0 ? [{ ...itemAt(drawn, i - 1), time: step.time }, step] : [step];
}
