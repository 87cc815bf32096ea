/**
 * comparison.csv: what the compared levels differ by, pair by pair and response by response.
 *
 * Compared levels meet the same random numbers, so they are subtracted replication by replication, and a replication is
 * one observation. Beside the paired t interval stands a bootstrap interval, which supposes no law; where several pairs
 * are compared, an interval that holds together with those of the other pairs, and Holm's p-value. A family is the
 * pairs of one response at one combination of the other factors.
 *
 * The bootstrap draws from a stream of the experiment's seed and a purpose of its own. Every row of as many
 * replications is resampled alike, so a row that is added changes no other.
 */
import { Stream } from "../../sim/streams.ts";
import { bootstrapInterval, resampledRows, type Interval } from "../../statistics/bootstrap.ts";
import {
  mean,
  meanEstimate,
  pairedEstimate,
  pValue,
  type Estimate,
  type PairedEstimate,
} from "../../statistics/estimate.ts";
import { holm } from "../../statistics/multiplicity.ts";
import type { Response } from "../../models/model.ts";
import { checkPrimaryResponses } from "./primary-responses.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { families } from "../experiment/design.ts";
import type { Compare } from "../experiment/experiment.ts";
import {
  factorColumns,
  levelColumn,
  isCumulable,
  replicationsOf,
  responsesOf,
  totals,
  type Plan,
  type PlannedPoint,
  type Replication,
} from "./tables.ts";

/** A row: a response at two design points, replication by replication on the same random numbers. */
export interface Comparison extends PairedEstimate {
  /** The baseline of the pair; `against` differs from it in the compared factor only. */
  readonly point: PlannedPoint;
  readonly against: PlannedPoint;
  readonly response: Response;
  readonly replications: number;
  /** Means per server, in the response's unit; difference = baseline - against. */
  readonly baselineMean: number;
  readonly againstMean: number;
  readonly bootstrap: Interval;
  /** The difference with an interval that holds at once with those of its family. */
  readonly simultaneous: Estimate;
  /** Of the paired t test, and adjusted for its family; NaN when the differences do not vary. */
  readonly p: number;
  readonly pHolm: number;
}

export function comparisons(plan: Plan, compare: Compare, replications: readonly Replication[]): Comparison[] {
  const { seed, replications: n } = plan.experiment;
  const stream = new Stream(seed, "bootstrap", 0, 0, 1);
  const places = resampledRows(n, () => stream.draw(0));
  return families(plan.points, compare).flatMap((family) => {
    const rows = responsesOf(plan).flatMap((response, r) => {
      if (!isCumulable(response)) return [];
      const compared = family.map((pair) => {
        const [point, against] = pair.map(({ index }) => plan.points[index]);
        const [x, y] = [point, against].map((one) => totals(replicationsOf(one, plan, replications), r));
        return comparison(point, against, response, [x, y], family.length, places);
      });
      const adjusted = holm(compared.map(({ p }) => p));
      return [compared.map((row, i) => ({ ...row, pHolm: adjusted[i] }))];
    });
    return family.flatMap((_, i) => rows.map((ofResponse) => ofResponse[i]));
  });
}

/** @param totals of the replications at both points */
function comparison(
  point: PlannedPoint,
  against: PlannedPoint,
  response: Response,
  [x, said]: readonly Float64Array[],
  family: number,
  places: Uint32Array,
): Omit<Comparison, "pHolm"> {
  const { servers } = point.scenario;
  const y = fleetTotals(point, against, said);
  const differences = x.map((total, i) => total - y[i]);
  const paired = differenceOf(point, against, x, said);
  const { lower, upper } = bootstrapInterval(differences, places);
  return {
    ...paired,
    point,
    against,
    response,
    replications: x.length,
    baselineMean: mean(x) / servers,
    againstMean: mean(y) / servers,
    bootstrap: { lower: lower / servers, upper: upper / servers },
    simultaneous: meanEstimate(differences, servers, family),
    p: pValue(paired.difference, x.length),
  };
}

/** What the totals of the replications at both points differ by, per server. */
export function differenceOf(
  point: PlannedPoint,
  against: PlannedPoint,
  x: Float64Array,
  said: Float64Array,
): PairedEstimate {
  return pairedEstimate(x, fleetTotals(point, against, said), point.scenario.servers);
}

/** Totals at the other point as if its fleet had as many servers; of fleets of one size they stay whole. */
function fleetTotals(point: PlannedPoint, against: PlannedPoint, said: Float64Array): Float64Array {
  const scale = point.scenario.servers / against.scenario.servers;
  return said.map((total) => total * scale);
}

/** How a pair is called: "buggy - fixed". */
export function pairName({ point, against }: Pick<Comparison, "point" | "against">, factor: string): string {
  return `${point.levels[factor]} - ${against.levels[factor]}`;
}

const SEE_UNIT = "see the column unit";

/** @throws Fault when the question is about what is no response */
export function comparisonTable(plan: Plan, { factor }: Compare): Table<Comparison> {
  checkPrimaryResponses(plan);
  const row = `a response at one level of ${factor} less the same at another, on the same random numbers`;
  return table("comparison", row, [
    ...factorColumns<Comparison>(plan, factor),
    levelColumn(plan, factor, "baseline", `a level of ${factor}`, ({ point }) => point.levels[factor]),
    levelColumn(plan, factor, "against", "the level that is compared with it", ({ against }) => against.levels[factor]),
    text("response", "name of the response", (row) => row.response.name),
    text("unit", "its unit", (row) => row.response.unit),
    number("baselineMean", SEE_UNIT, "mean per server at the level baseline", (row) => row.baselineMean),
    number("againstMean", SEE_UNIT, "mean per server at the level against", (row) => row.againstMean),
    number("difference", SEE_UNIT, "baseline less against, per server", (row) => row.difference.value),
    number(
      "halfWidth",
      SEE_UNIT,
      "half the width of its 95 % interval (paired t, between replications)",
      (row) => row.difference.halfWidth,
    ),
    number("lower", SEE_UNIT, "lower end of the interval", (row) => row.difference.lower),
    number("upper", SEE_UNIT, "upper end of the interval", (row) => row.difference.upper),
    number(
      "bootstrapLower",
      SEE_UNIT,
      "lower end of its 95 % bootstrap interval (BCa, of replications)",
      (row) => row.bootstrap.lower,
    ),
    number("bootstrapUpper", SEE_UNIT, "upper end of that", (row) => row.bootstrap.upper),
    number(
      "simultaneousLower",
      SEE_UNIT,
      "lower end of the interval that holds, 95 % of the time, together with those " +
        "of all pairs of this response and these other levels (Bonferroni t)",
      (row) => row.simultaneous.lower,
    ),
    number("simultaneousUpper", SEE_UNIT, "upper end of that", (row) => row.simultaneous.upper),
    number("p", "1", "two-sided p-value of the paired t test; empty when the differences do not vary", (row) => row.p),
    number("pHolm", "1", "the same adjusted for all those pairs (Holm)", (row) => row.pHolm),
    number(
      "varianceRatio",
      "1",
      "how many times as many replications independent random numbers would have cost; " +
        "empty when the differences do not vary, which is infinitely many if independentHalfWidth is not 0",
      ({ varianceRatio }) => (varianceRatio === Infinity ? NaN : varianceRatio),
    ),
    number(
      "independentHalfWidth",
      SEE_UNIT,
      "what halfWidth would be with independent random numbers, measured " + "between different replications",
      (row) => row.independentHalfWidth,
    ),
    integer("replications", "1", "number of pairs of replications", (row) => row.replications),
  ]);
}
