/** The curves of a response over time from the results so far: a line for each compared level. */
import { US_PER_DAY } from "../sim/time-units.ts";
import { sparseEstimate } from "../statistics/sparse.ts";
import type { Chart, Curve, CurvePanel } from "../page/chart.ts";
import { mostOf, type Response } from "../models/contract/responses.ts";
import { sampleTimes, type RunResult } from "../lab/execution/run.ts";
import type { PlannedPoint } from "../lab/experiment/design-point.ts";
import { isCumulable, responsesOf, type Plan } from "../lab/experiment/plan.ts";
import { labelOf } from "../lab/reports/format.ts";
import { curveLayout } from "../lab/reports/chart-layout.ts";
import { scaleOf } from "../lab/reports/units.ts";

/** The responses to draw, leaks first; event times have no curves. */
export function drawnResponses(plan: Plan): Response[] {
  const all = responsesOf(plan).filter(isCumulable);
  const leaks = all.filter(({ role }) => role === "leak");
  return [...leaks, ...all.filter(({ role }) => role !== "leak")];
}

/** @param results of complete replications */
export function curvesOf(plan: Plan, results: readonly RunResult[], response: Response): Chart {
  const layout = curveLayout(plan);
  const index = responsesOf(plan).indexOf(response);
  const means = plan.points.map((point) => meansOf(plan, point, results, index));
  const greatest = Math.max(0, ...means.flatMap((times) => times.map(({ value }) => Math.abs(value) || 0)));
  const scale = scaleOf(response.unit, greatest);
  const name = titleOf(response);
  const y = `${name} per server${scale.unit === "1" ? "" : ` [${scale.unit}]`}`;
  const panels = layout.panels.map(
    ({ name: panel, points }): CurvePanel => ({
      name: panel,
      curves: points.map(({ series, point }) => curveOf(series, point, response, means[point.index]!, scale.size)),
      ceilings: [...new Set(points.flatMap(({ point }) => ceilingsOf(point, response)))].map((level) => {
        return { y: level / scale.size, label: `ceiling: ${scale.text(level)}` };
      }),
    }),
  );
  const isWeek = plan.points[0].resolved.model.startsOnMonday === true;
  const { replications } = plan.experiment;
  return {
    kind: "curves",
    shape: "line",
    id: response.name,
    title: name,
    summary:
      replications === 0
        ? "The curves begin with the first whole replication."
        : `Mean per server over ${replications} ${replications === 1 ? "replication" : "replications"}; the band is its 95 % interval.`,
    x: "days since the start",
    y,
    series: layout.series,
    panels,
    ...(isWeek ? { startsOnMonday: true as const } : {}),
  };
}

/** A short title of the curves. */
export function titleOf(response: Response): string {
  return response.role === "leak" ? `${labelOf(response)} leaked` : labelOf(response);
}

function ceilingsOf({ resolved: { model, values } }: PlannedPoint, response: Response): number[] {
  const limits = model.limits?.(values) ?? [];
  return limits.filter((limit) => limit.response === response.name).map(mostOf);
}

/** The mean over servers at each sample time, with its interval. */
function meansOf(plan: Plan, { index }: PlannedPoint, results: readonly RunResult[], response: number) {
  const own = results.filter(({ point }) => point === index);
  const responses = responsesOf(plan).length;
  return sampleTimes(plan.points[index]!.scenario).map((_, sample) => {
    const values = own.flatMap(({ samples, count }) => {
      const at = (sample * responses + response) * count;
      return [...samples.subarray(at, at + count)];
    });
    return sparseEstimate(values);
  });
}

function curveOf(
  series: number,
  point: PlannedPoint,
  { role }: Response,
  means: ReturnType<typeof meansOf>,
  size: number,
): Curve {
  // A running total is 0 at the start.
  const start = role === "leak" || role === "total" ? [0] : [];
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  const x = [...start, ...sampleTimes(point.scenario).map((time) => time / US_PER_DAY)];
  const ends = (of: "value" | "lower" | "upper") => [...start, ...means.map((estimate) => known(estimate[of] / size))];
  const curve = { series, x, y: ends("value") };
  return Number.isNaN(means[0]?.lower) ? curve : { ...curve, lower: ends("lower"), upper: ends("upper") };
}
