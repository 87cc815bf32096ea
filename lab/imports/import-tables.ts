/** The tables of an import: their rows, and their columns with units. */
import type { Response } from "../../models/contract/responses.ts";
import { integer, table, text, type Table } from "../results/csv.ts";
import { responseColumn } from "../results/response-columns.ts";
import type { Unreadable } from "./collector.ts";
import type { Incident } from "./incidents.ts";

/** A server at a time. */
export interface Reading {
  readonly server: string;
  /** Since the import's first Monday, local time [us]. */
  readonly timeUs: number;
  /** By response of the table; NaN where there is no reading. */
  readonly values: ArrayLike<number>;
}

export interface ServerJob {
  readonly server: string;
  readonly timeUs: number;
  readonly bytes: number;
  readonly pages: number;
  readonly type: string;
}

export interface ServerIncident extends Incident {
  readonly server: string;
}

/** A summary of a server. */
export interface ServerSummary {
  readonly server: string;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly readings: number;
  /** The median time between two readings [us]. */
  readonly stepUs: number;
  readonly incidents: Readonly<Record<Incident["kind"], number>>;
  readonly jobs: number;
}

const SINCE = "time since the import's Monday, 0:00 local time";

export function seriesTable(responses: readonly Response[]): Table<Reading> {
  return table("series", "a server at an instant; ordered by server and time", [
    text("server", "name of the computer", ({ server }) => server),
    integer("timeUs", "us", SINCE, ({ timeUs }) => timeUs),
    ...responses.map((response, r) =>
      // Logged means over an interval may have fractions even if the model's values are whole.
      responseColumn<Reading>(
        { ...response, fractional: true, role: "gauge" },
        response.name,
        response.meaning,
        (row) => row.values[r]!,
      ),
    ),
  ]);
}

export const jobsTable: Table<ServerJob> = table("jobs", "a job that was printed; ordered by server and time", [
  text("server", "name of the computer", ({ server }) => server),
  integer("timeUs", "us", SINCE, ({ timeUs }) => timeUs),
  integer("bytes", "B", "size of the job", ({ bytes }) => bytes),
  integer("pages", "1", "pages of the job", ({ pages }) => pages),
  text("type", "data type, as it was logged", ({ type }) => type),
]);

export const incidentsTable: Table<ServerIncident> = table("incidents", "something that happened to a server", [
  text("server", "name of the computer", ({ server }) => server),
  integer("timeUs", "us", `${SINCE}, of the first reading behind it`, ({ timeUs }) => timeUs),
  integer("sinceUs", "us", "the same of the last reading before it", ({ sinceUs }) => sinceUs),
  text(
    "kind",
    "restart of the process; gap: nobody read it; wrap of a counter of 32 bits; reset of a running total; clock put back",
    ({ kind }) => kind,
  ),
  text("response", "what wrapped, began anew, or fell most", ({ response }) => response),
  responseColumn(
    { name: "before", unit: "see response", role: "gauge", meaning: "" },
    "before",
    "that reading before",
    (row) => row.before,
  ),
  responseColumn(
    { name: "after", unit: "see response", role: "gauge", meaning: "" },
    "after",
    "and behind",
    (row) => row.after,
  ),
]);

export const serversTable: Table<ServerSummary> = table("servers", "a server", [
  text("server", "name of the computer", ({ server }) => server),
  integer("firstUs", "us", `${SINCE}, of the first reading`, ({ firstUs }) => firstUs),
  integer("lastUs", "us", "the same of the last reading", ({ lastUs }) => lastUs),
  integer("readings", "1", "times at which something was read", ({ readings }) => readings),
  integer("stepUs", "us", "usual time between two readings: the median", ({ stepUs }) => stepUs),
  integer("restarts", "1", "restarts of the process", ({ incidents }) => incidents.restart),
  integer("gaps", "1", "gaps: more than two readings in a row are missing", ({ incidents }) => incidents.gap),
  integer("wraps", "1", "wraps of counters", ({ incidents }) => incidents.wrap),
  integer("resets", "1", "running totals that began anew", ({ incidents }) => incidents.reset),
  integer("clockChanges", "1", "times the clock was put back", ({ incidents }) => incidents.clock),
  integer("jobs", "1", "jobs", ({ jobs }) => jobs),
]);

export const faultsTable: Table<Unreadable> = table("faults", "a line, or a value of it, that is left out", [
  text("file", "as it was given", ({ file }) => file),
  integer("line", "1", "number of the line, from 1", ({ line }) => line),
  text("value", "what stands there", ({ value }) => value),
  text("rule", "what it breaks", ({ rule }) => rule),
]);
