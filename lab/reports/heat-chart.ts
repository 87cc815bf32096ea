/** What individual servers did, a row each. */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import type { ChartGroup, HeatChart, HeatPanel } from "../../page/chart.ts";
import type { Response } from "../../models/contract/responses.ts";
import type { RunCache } from "../execution/cache.ts";
import { historiesOf, historyBudget, type Histories } from "./server-histories.ts";
import { levelName } from "./chart-layout.ts";
import { SERVERS_KEPT, type Results } from "./results-reader.ts";
import { capital, counted, labelOf, significant } from "./format.ts";
import { scaleOf } from "./units.ts";
import { itemAt } from "../lists.ts";
import { weekOf, bracketed, listed, greatestOf, rounded } from "./chart-words.ts";

/** The most panels of the heat map, and columns in each. */
const HEAT_PANELS_MAX = 6;
const HEAT_COLUMNS_MAX = 60;

export async function heatGroup(results: Results, signal?: AbortSignal, cache?: RunCache): Promise<ChartGroup> {
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
  const millions = significant(historyBudget(results) / 1e6).replace(/\.?0+$/, "");
  const hours = histories.map(({ times }) => itemAt(times, columnsOf(times)[0]!) / US_PER_HOUR);
  const within = [...new Set(hours)].map((width) => `${significant(width).replace(/\.0+$/, "")} h`).join(" or ");
  return {
    ...group,
    note:
      `Each panel is a design point at which not all values are 0; at most ${HEAT_PANELS_MAX} are drawn. Each row is a server. A panel shows ` +
      `the first ${SERVERS_KEPT} servers; it shows fewer if all panels together would otherwise have more than ${millions} million events. Each column is ${within} ` +
      "wide, and its colour is the rate in this time, expressed per day; it can be far above the server's mean. All panels share one colour scale.",
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
    return `up to ${significant(Math.max(...values.flat()))} on one of ${counted(values.length, "server")}${bracketed([panel])}`;
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
