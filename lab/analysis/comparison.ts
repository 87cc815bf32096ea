/**
 * comparison.csv: the differences between compared levels, pair by pair and response by response.
 *
 * Compared levels use the same random numbers, so differences are taken observation by observation (observations.ts):
 * server by server if servers are independent, otherwise replication by replication. The interval is that of paired
 * counts where leaks can be counted (statistics/counts.ts). Elsewhere it is a paired t interval, or that of sparse
 * differences if some are 0 (statistics/sparse.ts); it is empty if neither level had any. Beside it are a bootstrap
 * interval, which assumes no distribution, and, if several pairs are compared, a simultaneous interval and Holm's
 * p-value. A family is the pairs of one response at one combination of the other factors.
 *
 * Each level is divided by its own exposure. All means are per server and, unless the response is a level, over the
 * horizon of the baseline: the totals of another level are converted to the same number of server-days.
 *
 * The bootstrap draws from a stream with the experiment's seed and its own purpose. All rows with the same number of
 * replications are resampled alike, so an additional row changes no other.
 */
import { Stream } from "../../sim/streams.ts";
import { bootstrapInterval, resampledRows } from "../../statistics/bootstrap.ts";
import { countDifference, countDifferencePValue, type Compared } from "../../statistics/counts.ts";
import {
  mean,
  neverNegative,
  opposite,
  pairedEstimate,
  sum,
  withoutInterval,
  type Interval,
  type Estimate,
  type PairedEstimate,
} from "../../statistics/estimate.ts";
import { sparseEstimate, sparsePValue } from "../../statistics/sparse.ts";
import { holm } from "../../statistics/multiplicity.ts";
import type { Response } from "../../models/contract/responses.ts";
import { canLeak, countsOf, knownApart, leakSizeOf } from "./leak-rates.ts";
import { betweenColumn, betweenOf, byReplication, observations, type Between } from "./observations.ts";
import { P_LEAST } from "./survival.ts";
import { checkPrimaryResponses } from "./primary-responses.ts";
import { integer, number, table, text, type Table } from "../results/csv.ts";
import { families } from "../experiment/design.ts";
import type { Compare } from "../experiment/experiment.ts";
import { factorColumns, levelColumn } from "../results/factor-columns.ts";
import { isCumulable, isLevel, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { replicationsOf, type Replication } from "./replication.ts";
import { itemAt, mapEach } from "../lists.ts";

/** A row: a response at two design points, paired by observation on the same random numbers. */
export interface Comparison extends PairedEstimate {
  /** The baseline of the pair; `against` differs from it only in the compared factor. */
  readonly point: PlannedPoint;
  readonly against: PlannedPoint;
  readonly response: Response;
  readonly replications: number;
  /** The observations that the interval is based on. */
  readonly between: Between;
  /** Means per server over the baseline's horizon, in the response's unit; difference = baseline - against. */
  readonly baselineMean: number;
  readonly againstMean: number;
  readonly bootstrap: Interval;
  /** The difference with an interval that holds simultaneously with those of its family. */
  readonly simultaneous: Estimate;
  /** The difference with an interval that holds simultaneously with others. @param family how many hold at once */
  readonly differenceWithin: (family: number) => Estimate;
  /** The differences of the observations, per server over the baseline's horizon. */
  readonly differences: () => Float64Array;
  /** The p-value that belongs to the interval, unadjusted and adjusted for its family; NaN where there is none. */
  readonly p: number;
  readonly pHolm: number;
}

/** With fewer nonzero differences there is no bootstrap interval, because it would be far too narrow. */
const BOOTSTRAP_MIN = 40;
/** With more observations, the interval is between replications. */
const BOOTSTRAP_MAX = 512;
/**
 * With fewer observations there is no variance ratio. It is a ratio of two sample variances: in 95 % of cases it is off
 * by a factor of at most 5 with 8 observations, and of 15 with 4 (F distribution of 7 and 7, and of 3 and 3 degrees of
 * freedom).
 */
export const RATIO_MIN = 8;

export function comparisons(plan: Plan, compare: Compare, replications: readonly Replication[]): Comparison[] {
  const resamples = new Map<number, Uint32Array>();
  const resamplesOf = (n: number): Uint32Array => {
    const stream = new Stream(plan.experiment.seed, "bootstrap", 0, 0, 1);
    const drawn = resamples.get(n) ?? resampledRows(n, () => stream.draw(0));
    resamples.set(n, drawn);
    return drawn;
  };
  return families(plan.points, compare).flatMap((family) => {
    const rows = responsesOf(plan).flatMap((response, r) => {
      if (!isCumulable(response)) return [];
      const compared = family.map((pair) => {
        const [point, against] = mapEach(pair, ({ index }) => itemAt(plan.points, index));
        const sidesOf = () => {
          const [x, y] = mapEach([point, against], (one) => observations(replicationsOf(one, plan, replications), r));
          return new Sides(response, point, against, x, y, plan.experiment.replications);
        };
        // The observations are rebuilt when needed, because keeping those of all rows would take much memory.
        const differenceWithin = (family: number) => sidesOf().estimate(family).difference;
        const row = comparison(sidesOf(), plan.experiment.replications, family.length, resamplesOf);
        const differences = () => {
          const sides = sidesOf();
          return sides.differences().map((value) => value / sides.divisors[0]);
        };
        return { ...row, differenceWithin, differences };
      });
      const adjusted = holm(compared.map(({ p }) => p));
      return [compared.map((row, i) => ({ ...row, pHolm: itemAt(adjusted, i) }))];
    });
    return family.flatMap((_, i) => rows.map((ofResponse) => itemAt(ofResponse, i)));
  });
}

function comparison(
  sides: Sides,
  replications: number,
  family: number,
  resamplesOf: (n: number) => Uint32Array,
): Omit<Comparison, "pHolm" | "differenceWithin" | "differences"> {
  const { point, against, response, between, x, y } = sides;
  const paired = sides.estimate();
  const { difference } = paired;
  return {
    ...paired,
    point,
    against,
    response,
    replications,
    between,
    baselineMean: mean(x) / sides.divisors[0],
    againstMean: mean(y) / sides.divisors[1],
    bootstrap: bootstrapOf(sides, replications, resamplesOf),
    simultaneous: family === 1 ? difference : sides.estimate(family).difference,
    p: sides.pValue(difference),
  };
}

function bootstrapOf(sides: Sides, replications: number, resamplesOf: (n: number) => Uint32Array): Interval {
  const all = sides.differences();
  const values = all.length > BOOTSTRAP_MAX ? byReplication(all, replications) : all;
  if (values.filter((value) => value !== 0).length < BOOTSTRAP_MIN) return { lower: NaN, upper: NaN };
  const divisor = (sides.divisors[0] * all.length) / values.length;
  const { lower, upper } = bootstrapInterval(values, resamplesOf(values.length));
  return { lower: lower / divisor, upper: upper / divisor };
}

/** The observations of a response at both levels of a pair, and their divisors. */
export class Sides {
  readonly point: PlannedPoint;
  readonly against: PlannedPoint;
  readonly response: Response;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly between: Between;
  /** Divide means of x and y to give means per server over the baseline's horizon. */
  readonly divisors: readonly [x: number, y: number];

  /** @param x observations of both levels, by replication; fleets of different size are paired by replication */
  constructor(
    response: Response,
    point: PlannedPoint,
    against: PlannedPoint,
    x: Float64Array,
    y: Float64Array,
    replications: number,
  ) {
    const isAlike = x.length === y.length && point.scenario.servers === against.scenario.servers;
    this.response = response;
    this.point = point;
    this.against = against;
    this.x = isAlike ? x : byReplication(x, replications);
    this.y = isAlike ? y : byReplication(y, replications);
    this.between = isAlike ? betweenOf(point) : "replications";
    const days = isLevel(response) ? 1 : against.scenario.horizonDays / point.scenario.horizonDays;
    const perObservation = (servers: number): number => (servers * replications) / this.x.length;
    this.divisors = [perObservation(point.scenario.servers), perObservation(against.scenario.servers) * days];
  }

  /** Whether zeros on a side are certain, because nothing can leak there. @param side 0: baseline, 1: against */
  isImpossible(side: 0 | 1): boolean {
    const [point, values] = side === 0 ? [this.point, this.x] : [this.against, this.y];
    return this.response.role === "leak" && !canLeak(point, this.response) && sum(values) === 0;
  }

  /** x minus y, both scaled to the exposure of x; with equal exposures, whole numbers stay whole. */
  differences(): Float64Array {
    return this.x.map((value, i) => value - this.scaled(i));
  }

  /** @param family how many intervals hold at once, 95 % of the time */
  estimate(family = 1): PairedEstimate {
    const difference = this.difference(family);
    const [divisor] = this.divisors;
    const scaled = this.y.map((_, i) => this.scaled(i));
    const { varianceRatio, independentHalfWidth } = pairedEstimate(this.x, scaled, divisor);
    if (this.x.length < RATIO_MIN || independentHalfWidth === 0) {
      return { difference, varianceRatio: NaN, independentHalfWidth: NaN };
    }
    return { difference, varianceRatio, independentHalfWidth };
  }

  private difference(family: number): Estimate {
    if (this.response.role === "leak") return this.leakDifference(family);
    const estimate = sparseEstimate(this.differences(), this.divisors[0], family);
    const isUnseen = [this.x, this.y].every((values) => values.every((value) => value === 0));
    return isUnseen ? withoutInterval(estimate) : estimate;
  }

  /**
   * The p-value that belongs to the interval. NaN where there is no interval, and where a level cannot leak, because
   * then one leak is proof.
   */
  pValue(difference: Estimate): number {
    if (Number.isNaN(difference.halfWidth) || this.isImpossible(0) !== this.isImpossible(1)) return NaN;
    if (this.isCounted) return countDifferencePValue(...this.countedSides());
    return sparsePValue(this.differences(), this.divisors[0]);
  }

  /** Whether the interval is that of leak counts; a leak then has a known size at every level where it can occur. */
  private get isCounted(): boolean {
    return this.response.role === "leak" && !this.sizes.some(Number.isNaN);
  }

  /** The size of a leak on each side; 1 where there can be none. */
  private get sizes(): readonly number[] {
    const sizeOf = (point: PlannedPoint, side: 0 | 1) => {
      return this.isImpossible(side) ? 1 : leakSizeOf(point, this.response);
    };
    return [sizeOf(this.point, 0), sizeOf(this.against, 1)];
  }

  private leakDifference(family: number): Estimate {
    if (this.isCounted) return countDifference(...this.countedSides(), family);
    const estimate = knownApart(sparseEstimate(this.differences(), this.divisors[0], family));
    if (this.isImpossible(1)) return neverNegative(estimate);
    return this.isImpossible(0) ? opposite(neverNegative(opposite(estimate))) : estimate;
  }

  private countedSides(): [x: Compared, y: Compared] {
    const { x, y, sizes, divisors } = this;
    const sideOf = (values: Float64Array, i: 0 | 1): Compared => ({
      counts: countsOf(values, itemAt(sizes, i)),
      divisor: divisors[i] / itemAt(sizes, i),
      isImpossible: this.isImpossible(i),
    });
    return [sideOf(x, 0), sideOf(y, 1)];
  }

  private scaled(i: number): number {
    const [ofX, ofY] = this.divisors;
    return ofX === ofY ? itemAt(this.y, i) : itemAt(this.y, i) * (ofX / ofY);
  }
}

/** The label of a pair: "buggy - fixed". */
export function pairName({ point, against }: Pick<Comparison, "point" | "against">, factor: string): string {
  return `${point.levels[factor]} - ${against.levels[factor]}`;
}

const SEE_UNIT = "see the column unit";

/** @throws Fault when the question names something that is not a response */
export function comparisonTable(plan: Plan, { factor }: Compare): Table<Comparison> {
  checkPrimaryResponses(plan);
  const row = `a response at one level of ${factor} less the same at another, on the same random numbers`;
  return table("comparison", row, [
    ...factorColumns<Comparison>(plan, factor),
    levelColumn(plan, factor, "baseline", `a level of ${factor}`, ({ point }) => itemAt(point.levels, factor)),
    levelColumn(plan, factor, "against", "the level that is compared with it", ({ against }) =>
      itemAt(against.levels, factor),
    ),
    text("response", "name of the response", (row) => row.response.name),
    text("unit", "its unit", (row) => row.response.unit),
    number(
      "baselineMean",
      SEE_UNIT,
      "mean per server at the level baseline, over its horizon",
      (row) => row.baselineMean,
    ),
    number(
      "againstMean",
      SEE_UNIT,
      "mean per server at the level against, over the same number of days unless the horizon is the compared factor",
      (row) => row.againstMean,
    ),
    number("difference", SEE_UNIT, "baseline minus against, per server", (row) => row.difference.value),
    number(
      "halfWidth",
      SEE_UNIT,
      "longer half of the 95 % interval of the difference: paired t; for leaks at least that of their counts; if some " +
        "differences are 0, the share of the others times their mean; empty if only one is not 0, or if the response is " +
        "0 at both levels",
      (row) => row.difference.halfWidth,
    ),
    number("lower", SEE_UNIT, "lower end of the interval", (row) => row.difference.lower),
    number("upper", SEE_UNIT, "upper end of the interval", (row) => row.difference.upper),
    betweenColumn<Comparison>(),
    number(
      "bootstrapLower",
      SEE_UNIT,
      `lower end of its 95 % bootstrap interval (BCa); empty for fewer than ${BOOTSTRAP_MIN} differences that are not 0`,
      (row) => row.bootstrap.lower,
    ),
    number("bootstrapUpper", SEE_UNIT, "upper end of that interval", (row) => row.bootstrap.upper),
    number(
      "simultaneousLower",
      SEE_UNIT,
      "lower end of the interval that holds, with 95 % confidence, at once with those of all pairs of this response and " +
        "these other levels (Bonferroni)",
      (row) => row.simultaneous.lower,
    ),
    number("simultaneousUpper", SEE_UNIT, "upper end of that interval", (row) => row.simultaneous.upper),
    number(
      "p",
      "1",
      "two-sided p-value: for leaks, the smallest level at which the interval excludes 0; otherwise that of the paired t " +
        "test of the differences that are not 0, empty if they do not vary; also empty if one level cannot leak, because " +
        "then one leak is proof; " +
        `${P_LEAST} means at most ${P_LEAST}`,
      (row) => Math.max(P_LEAST, row.p),
    ),
    number("pHolm", "1", "p, adjusted for all those pairs (Holm)", (row) => Math.max(P_LEAST, row.pHolm)),
    number(
      "varianceRatio",
      "1",
      "variance of the mean difference with independent random numbers, divided by that with common ones; empty for fewer " +
        `than ${RATIO_MIN} observations, if neither level varies, and if the differences do not vary (the ratio is then ` +
        "infinite if independentHalfWidth is not empty)",
      ({ varianceRatio }) => (varianceRatio === Infinity ? NaN : varianceRatio),
    ),
    number(
      "independentHalfWidth",
      SEE_UNIT,
      "half-width of the t interval that independent random numbers would give; compare it with that of paired t, which " +
        `for leaks is not halfWidth; empty for fewer than ${RATIO_MIN} observations, and if neither level varies`,
      (row) => row.independentHalfWidth,
    ),
    integer("replications", "1", "number of pairs of replications", (row) => row.replications),
  ]);
}
