/** runs.csv: a row for each replication, at the horizon: totals over its servers, and the command that replays it. */
import type { Response } from "../../models/contract/responses.ts";
import { digestText } from "../../sim/digest.ts";
import { replayCommand } from "../experiment/design-point.ts";
import type { Replication } from "../analysis/replication.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import { integer, table, text, type Column, type Table } from "./csv.ts";
import { factorColumns } from "./factor-columns.ts";
import { responseColumn } from "./response-columns.ts";
import { itemAt } from "../lists.ts";

export function runsTable(plan: Plan): Table<Replication> {
  return table("runs", "a replication of a design point, at the horizon", [
    ...factorColumns(plan),
    integer("replication", "1", "number of the replication, from 0", (row) => row.replication),
    integer("servers", "1", "servers of the fleet", (row) => row.point.scenario.servers),
    integer("events", "1", "events handled", (row) => row.events),
    text("digest", "sum of the digests of its servers, x and 16 hexadecimal digits", (row) =>
      digestText(row.digestLow, row.digestHigh),
    ),
    ...responsesOf(plan).map((response, r) => totalColumn(response, (row) => itemAt(row.totals, r))),
    text("replay", "the command that replays it", (row) => replayCommand(row.point, row.replication)),
  ]);
}

function totalColumn(response: Response, cell: (row: Replication) => number): Column<Replication> {
  const { name, meaning } = response;
  return isCumulable(response)
    ? responseColumn(response, name, `${meaning}: sum over the servers`, cell)
    : integer(`${name.replace(/Us$/, "")}Servers`, "1", `servers on which this has happened: ${meaning}`, cell);
}
