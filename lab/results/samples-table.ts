/**
 * samples.csv: a row for each sample time of each replication: sum, mean, standard deviation, quantiles and maximum of
 * every response over the servers.
 *
 * A sum over servers is rounded only once, so that no order and no slicing changes it. A quantile is the value of one
 * of the servers (nearest rank, the inverse of the empirical distribution function). In fleets with thousands of
 * different values it is rounded (statistics/distribution.ts).
 */
import type { Response } from "../../models/contract/responses.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { integer, number, table, type Column, type Table } from "./csv.ts";
import { factorColumns } from "./factor-columns.ts";
import { responseColumn } from "./response-columns.ts";
import { itemAt } from "../lists.ts";

/** A row of samples.csv: the fleet at a sample time, with every response except event times. */
export interface SampleRow {
  readonly point: PlannedPoint;
  readonly replication: number;
  readonly timeUs: number;
  readonly spreads: readonly Spread[];
}

/** The distribution of a response over the servers of the fleet. */
export interface Spread {
  readonly sum: number;
  readonly mean: number;
  /** The standard deviation; NaN for a single server. */
  readonly sd: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export function samplesTable(plan: Plan): Table<SampleRow> {
  return table("samples", "the fleet of a replication of a design point at a sample time", [
    ...factorColumns(plan),
    integer("replication", "1", "number of the replication, from 0", (row) => row.replication),
    integer("timeUs", "us", "time since the start", (row) => row.timeUs),
    ...responsesOf(plan)
      .filter(isCumulable)
      .flatMap((response, i) => spreadColumns(response, i)),
  ]);
}

function spreadColumns(response: Response, i: number): Column<SampleRow>[] {
  const { name, unit, meaning } = response;
  const of = (key: keyof Spread, what: string) =>
    responseColumn<SampleRow>(
      response,
      `${name}_${key}`,
      `${meaning}: ${what}`,
      ({ spreads }) => itemAt(spreads, i)[key],
    );
  return [
    of("sum", "sum over the servers"),
    number(`${name}_mean`, unit, `${meaning}: mean over the servers`, ({ spreads }) => itemAt(spreads, i).mean),
    number(
      `${name}_sd`,
      unit,
      `${meaning}: standard deviation over the servers; empty for a single server`,
      ({ spreads }) => itemAt(spreads, i).sd,
    ),
    of("p50", "median over the servers, by nearest rank"),
    of("p90", "90 % quantile over the servers, by nearest rank"),
    of("p99", "99 % quantile over the servers, by nearest rank"),
    of("max", "maximum over the servers"),
  ];
}
