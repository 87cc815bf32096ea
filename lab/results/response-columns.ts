/** The column of a response: its type and unit. */
import type { Response } from "../../models/contract/responses.ts";
import { integer, number, type Column } from "./csv.ts";

/** Counts, event times, microseconds and bytes are whole numbers unless the response says otherwise. */
export function responseColumn<Row>(
  { role, unit, fractional }: Response,
  name: string,
  description: string,
  cell: (row: Row) => number,
): Column<Row> {
  const isWhole = fractional !== true && (role === "count" || unit === "us" || unit === "B");
  return (isWhole ? integer : number)(name, unit, description, cell);
}
