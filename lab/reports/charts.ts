/**
 * The charts of an experiment's results: leaks over time, when users notice, differences between compared levels,
 * estimates as functions of a factor, and histories of individual servers; each kind has a file of its own.
 *
 * A chart that would show nothing is omitted, and so is a group without charts, so every model has the charts that its
 * responses allow.
 */
import type { ChartGroup } from "../../page/chart.ts";
import type { RunCache } from "../execution/cache.ts";
import { curveLayout } from "./chart-layout.ts";
import { meansGroup, ratesGroup } from "./estimates-chart.ts";
import { heatGroup } from "./heat-chart.ts";
import { levelsGroup } from "./levels-chart.ts";
import { seriesGroup } from "./over-time-chart.ts";
import { pairsGroup } from "./pairs-chart.ts";
import type { Results } from "./results-reader.ts";
import { survivalGroup } from "./survival-chart.ts";

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
