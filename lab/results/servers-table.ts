/**
 * servers.csv: a row for each server of each replication, at the horizon. Its columns are the factors, the replication,
 * the server, the number of its events, the model's responses, and the digest of its events. Rows are ordered by design
 * point, replication and server.
 */
import { digestText } from "../../sim/digest.ts";
import { horizonAt, type RunResult } from "../execution/run.ts";
import { responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { integer, table, text, type Table } from "./csv.ts";
import { factorColumns } from "./factor-columns.ts";
import { responseColumn } from "./response-columns.ts";
import { itemAt } from "../lists.ts";

/** A row of servers.csv: a server of a result. */
export interface ServerRow {
  readonly point: PlannedPoint;
  readonly result: RunResult;
  readonly index: number;
}

export function serversTable(plan: Plan): Table<ServerRow> {
  const responses = responsesOf(plan);
  return table("servers", "a server of a replication of a design point, at the horizon", [
    ...factorColumns(plan),
    integer("replication", "1", "number of the replication, from 0", ({ result }) => result.replication),
    integer("server", "1", "number of the server in its fleet, from 0", ({ result, index }) => result.first + index),
    integer("events", "1", "events handled", ({ result, index }) => itemAt(result.eventCounts, index)),
    ...responses.map((response, r) =>
      responseColumn<ServerRow>(response, response.name, response.meaning, ({ result, index }) =>
        itemAt(result.samples, horizonAt(result, responses.length, r) + index),
      ),
    ),
    text("digest", "fingerprint of its events, x and 16 hexadecimal digits", ({ result, index }) =>
      digestText(itemAt(result.digestLow, index), itemAt(result.digestHigh, index)),
    ),
  ]);
}
