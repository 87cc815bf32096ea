/** The numbers of a chart as a table. */
import type { Chart } from "./chart.ts";
import { fourDigits } from "./plotting.ts";

/** The numbers of a chart as a table: panel, series, x and values; of a heat map, its last column alone. */
export function tableOf(chart: Chart): { head: string[]; rows: string[][] } {
  switch (chart.kind) {
    case "curves":
      return {
        head: ["panel", "series", chart.x, chart.y, "lower", "upper"],
        rows: chart.panels.flatMap(({ name, curves }) =>
          curves.flatMap(({ series, x, y, lower, upper }) => {
            return x.map((at, i) => [
              name,
              chart.series[series],
              ...[at, y[i], lower?.[i] ?? null, upper?.[i] ?? null].map(fourDigits),
            ]);
          }),
        ),
      };
    case "intervals":
      return {
        head: ["panel", "series", chart.x, chart.y || "value", "lower", "upper", "closed form"],
        rows: chart.panels.flatMap(({ name, estimates }) =>
          estimates.map((one) => [
            name,
            chart.series[one.series],
            String(one.x),
            ...[one.value, one.lower, one.upper, one.closedForm].map(fourDigits),
          ]),
        ),
      };
    case "heat":
      return {
        head: ["panel", "row", `${chart.colour} at the end`],
        rows: chart.panels.flatMap(({ name, rows, values }) => {
          return rows.map((row, i) => [name, row, fourDigits(values[i][values[i].length - 1])]);
        }),
      };
    case "timeline":
      return {
        head: ["panel", "what", "from [s]", "to [s]", "is"],
        rows: chart.panels.flatMap(({ name, lanes }) =>
          lanes.flatMap((lane) =>
            lane.spans.map(({ from, to, label }) => [name, lane.name, fourDigits(from), fourDigits(to), label]),
          ),
        ),
      };
  }
}
