/** Estimates as functions of a factor, with closed forms beside them: leak rates, and means. */
import type { ChartGroup, IntervalChart } from "../../page/chart.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import type { Parameter } from "../../models/contract/parameters.ts";
import type { Mean } from "../../models/contract/responses.ts";
import type { LeakRate, MeanValue } from "../analysis/leak-rates.ts";
import { axisLayout, levelName } from "./chart-layout.ts";
import type { Results } from "./results-reader.ts";
import { responsesOf } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { capital, labelOf, significant } from "./format.ts";
import { scaleOf, type Scale } from "./units.ts";
import { itemAt } from "../lists.ts";
import { boundNote, called, listed, greatestOf, intervalOf, shown } from "./chart-words.ts";

export function ratesGroup(results: Results): ChartGroup {
  const { plan, findings } = results;
  const isDrawn = plan.points.length > 1;
  return {
    id: "rates",
    heading: "Leak rates",
    note:
      "Point: leak rate per server-day. Bar: 95 % interval. Diamond: closed form, where there is one." +
      boundNote(results, responsesOf(plan)),
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

export function meansGroup(results: Results): ChartGroup {
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
