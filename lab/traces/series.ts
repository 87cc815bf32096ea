/**
 * Series of gauges with the truth beside them: one long table for detectors and forecasters.
 *
 * A row is a server of a design point at an instant. Beside the chosen columns are what has leaked so far of everything
 * that can leak, when the first leak comes and of which resource, and when the server next runs out of a resource for
 * the first time and of which; these are empty if it does not happen by the horizon. A model records only when a
 * resource ran out first, so a server that is restarted may run out again at a time that no row tells.
 *
 * Servers are simulated one after another and written when they are complete, in the order of design points,
 * replications and servers: memory holds the readings of one server. The servers of a coordinated fleet are simulated
 * together.
 */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import type { Limit, Response } from "../../models/contract/responses.ts";
import { execute, sampleTimes, type RunResult } from "../execution/run.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import { SAMPLES_MAX } from "../experiment/scenario.ts";
import { itemAt } from "../lists.ts";
import { integer, table, text, type Table } from "../results/csv.ts";
import { factorColumns } from "../results/factor-columns.ts";
import { responseColumn } from "../results/response-columns.ts";
import { suggest } from "../suggest.ts";
import { argument, UserError } from "../user-error.ts";

export interface SeriesSelection {
  /** The servers of each replication, ascending. */
  readonly servers: readonly number[];
  readonly replications: readonly number[];
  /** The time between two rows of a server [us]; there is also a row at the horizon. */
  readonly everyUs: number;
  /** The names of responses; if empty, the gauges that can be read. */
  readonly columns: readonly string[];
}

/** A server at a time. */
export interface SeriesRow {
  readonly point: PlannedPoint;
  readonly replication: number;
  readonly server: number;
  readonly timeUs: number;
  /** By response index of the model. */
  readonly value: (response: number) => number;
  readonly truth: Truth;
}

/** What the gauges do not show. */
interface Truth {
  /** NaN if nothing leaks by the horizon. */
  readonly onsetUs: number;
  /** The first leak; "" if there is none. */
  readonly cause: string;
  /** The times at which something runs out, in order, with their event times. */
  readonly exhaustions: readonly { readonly timeUs: number; readonly eventTime: string }[];
}

/** Names of event times of a first leak, in models that record one. */
const FIRST_LEAK = /^first\w*LeakUs$/;

/** The table of a selection. @throws UserError when a column is not a response */
export function seriesTable(plan: Plan, { columns }: Pick<SeriesSelection, "columns">): Table<SeriesRow> {
  const responses = responsesOf(plan);
  const names = responses.map(({ name }) => name);
  const unknown = columns.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      argument("columns"),
      ` has ${unknown}, which is not a response of the model${suggest(unknown, names)}`,
    );
  }
  const gauges = responses.filter(({ role, unseen }) => role === "gauge" && unseen !== true).map(({ name }) => name);
  const chosen = columns.length > 0 ? columns : gauges;
  const leaks = responses.filter(({ name, role }) => role === "leak" && !chosen.includes(name) && canLeak(plan, name));
  const column = (response: Response, meaning: string) =>
    responseColumn<SeriesRow>(response, response.name, meaning, ({ value }) => value(names.indexOf(response.name)));
  return table("series", "a server of a replication of a design point at an instant", [
    ...factorColumns<SeriesRow>(plan),
    integer("replication", "1", "number of the replication, from 0", (row) => row.replication),
    integer("server", "1", "number of the server in its fleet, from 0", (row) => row.server),
    integer("timeUs", "us", "time since the start", (row) => row.timeUs),
    ...chosen.map((name) => {
      const response = itemAt(responses, names.indexOf(name));
      return column(response, response.meaning);
    }),
    ...leaks.map((response) => column(response, `truth: ${response.meaning}, so far`)),
    integer(
      "onsetUs",
      "us",
      "truth: time of the first leak, be it yet to come; of the first reading that shows it, where the model does not record " +
        "the time; empty without one by the horizon",
      (row) => {
        return row.truth.onsetUs;
      },
    ),
    text("cause", "truth: the leak that came first; empty without one by the horizon", ({ truth }) => truth.cause),
    integer(
      "nextExhaustionUs",
      "us",
      "truth: time at which something is used up for the first time, from now on; empty without one by the horizon. What is " +
        "used up again after a restart counts only once",
      (row) => nextOf(row)?.timeUs ?? NaN,
    ),
    text("nextExhausted", "truth: the response that tells that time", (row) => nextOf(row)?.eventTime ?? ""),
  ]);
}

function canLeak({ points }: Plan, name: string): boolean {
  return points.some(({ resolved: { model, values } }) => model.canLeak?.(values, name) ?? true);
}

function nextOf({ timeUs, truth }: SeriesRow): Truth["exhaustions"][number] | undefined {
  return truth.exhaustions.find((one) => one.timeUs > timeUs);
}

/**
 * Simulates the servers and yields the rows of one server at a time.
 *
 * @throws UserError when there is no such replication or server, or a server would have too many rows
 */
export async function* seriesRows(
  plan: Plan,
  { servers, replications, everyUs }: SeriesSelection,
  signal?: AbortSignal,
): AsyncIterable<readonly SeriesRow[]> {
  refuseBeyond("replication", replications, plan.experiment.replications);
  for (const { scenario } of plan.points) {
    const rows = Math.ceil((scenario.horizonDays * US_PER_DAY) / everyUs);
    if (rows > SAMPLES_MAX)
      throw new UserError(argument("every"), ` makes ${rows} rows for each server; at most ${SAMPLES_MAX} are allowed`);
    refuseBeyond("server", servers, scenario.servers);
  }
  for (const point of plan.points) {
    const { model, values } = point.resolved;
    const scenario = { ...point.scenario, sampleEveryHours: everyUs / US_PER_HOUR };
    const isFleet = model.isCoordinated?.(values) === true;
    for (const replication of replications) {
      const about = { point: point.index, replication, seed: plan.experiment.seed, scenario, sliceSize: 1 };
      const runs = isFleet
        ? [{ ...about, first: 0, count: scenario.servers }]
        : servers.map((server) => ({ ...about, first: server, count: 1 }));
      for (const run of runs) {
        const result = await execute(run, signal);
        for (const server of isFleet ? servers : [run.first]) {
          yield rowsOf(point, result, server, sampleTimes(scenario), model.limits?.(values) ?? []);
        }
      }
    }
  }
}

/** @throws UserError when one of the numbers is beyond the last of so many */
function refuseBeyond(name: "replication" | "server", numbers: readonly number[], count: number): void {
  const beyond = numbers.find((number) => number >= count);
  if (beyond === undefined) return;
  throw new UserError(argument(name), ` has ${beyond}; the ${name}s are 0 to ${count - 1}`);
}

function rowsOf(
  point: PlannedPoint,
  result: RunResult,
  server: number,
  times: readonly number[],
  limits: readonly Limit[],
): SeriesRow[] {
  const { samples, count, replication, first } = result;
  const { responses } = point.resolved.model;
  const at = (sample: number, response: number) =>
    itemAt(samples, (sample * responses.length + response) * count + server - first);
  const truth = truthOf(responses, limits, times, at);
  return times.map((timeUs, sample) => {
    return { point, replication, server, timeUs, value: (response) => at(sample, response), truth };
  });
}

function truthOf(
  responses: readonly Response[],
  limits: readonly Limit[],
  times: readonly number[],
  at: (sample: number, response: number) => number,
): Truth {
  const last = times.length - 1;
  let [onsetUs, cause] = [Infinity, ""];
  for (const [r, { name, role }] of responses.entries()) {
    if (role !== "leak" || !(at(last, r) > 0)) continue;
    const timeUs = itemAt(
      times,
      times.findIndex((_, sample) => at(sample, r) > 0),
    );
    if (timeUs < onsetUs) [onsetUs, cause] = [timeUs, name];
  }
  // Some models record the exact time; otherwise it is the first sample that shows the leak.
  for (const [r, { name }] of responses.entries()) {
    if (FIRST_LEAK.test(name)) onsetUs = Math.min(onsetUs, Number.isNaN(at(last, r)) ? Infinity : at(last, r));
  }
  const exhaustions = limits
    .map(({ eventTime }) => {
      const response = responses.findIndex(({ name }) => name === eventTime);
      return { eventTime, timeUs: response === -1 ? NaN : at(last, response) };
    })
    .filter(({ timeUs }) => !Number.isNaN(timeUs))
    .sort((a, b) => a.timeUs - b.timeUs);
  return { onsetUs: onsetUs === Infinity ? NaN : onsetUs, cause, exhaustions };
}
