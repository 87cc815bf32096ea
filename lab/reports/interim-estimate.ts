/**
 * The interim answer of an experiment while it runs: the main number with its interval, at the newest design point that
 * has one, and the difference from the baseline as soon as that is known. A leak rate of servers that ran out of a
 * resource is a lower bound, and the text says so.
 *
 * Results arrive in any order. A replication counts when it and all before it are complete, so an interim answer for k
 * replications is, to the bit, that of an experiment with k replications; the last one agrees with the tables. Cost: a
 * sum for each replication and number. Estimates are computed only when they are requested.
 */
import type { Mean, Response } from "../../models/contract/responses.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { pairName, Sides } from "../analysis/comparison.ts";
import { pairs, type Pair } from "../experiment/design.ts";
import { exactOf, leaksLessLater, meanOf, rateEstimate } from "../analysis/leak-rates.ts";
import { blocksOf, BlockSums, joined } from "../analysis/observations.ts";
import { type RunResult, horizonAt } from "../execution/run.ts";
import { mainResponses } from "./answers.ts";
import { primaryResponses } from "../analysis/primary-responses.ts";
import { isCumulable, isLevel, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { meanName } from "./summary-tables.ts";
import { resourceName } from "./format.ts";
import { scaleOf, type Scale } from "./units.ts";
import { itemAt, mapEach } from "../lists.ts";

export interface RunningEstimate {
  /** The pair or design point; "" if there is only one. */
  readonly where: string;
  /** A difference per server, a rate per server-day, or a mean, as in the tables. */
  readonly estimate: Estimate;
  readonly replications: number;
  /** The number with interval and unit, as text. */
  readonly text: string;
}

export class RunningAnswer {
  private readonly plan: Plan;
  /**
   * The responses that are summed: that of the question; or all leaks, of which the first one observed is reported; or
   * the two whose ratio is the mean. Empty if there is no answer.
   */
  private readonly summed: readonly Response[];
  private readonly mean: Mean | undefined;
  private readonly pairs: readonly Pair[];
  /** The indexes of the responses that say when a resource ran out. */
  private readonly ceilings: readonly number[];
  private readonly points: readonly PointEstimates[];
  /** Replications beyond this number are ignored. */
  private most: number;

  constructor(plan: Plan) {
    const { compare } = plan.experiment;
    const all = responsesOf(plan);
    const named = (name: string | undefined) => all.filter((response) => response.name === name);
    const means = plan.points[0].resolved.model.means ?? [];
    this.plan = plan;
    this.pairs = compare === undefined ? [] : pairs(plan.points, compare);
    this.mean =
      compare === undefined
        ? means.find(({ name }) => plan.points.some((point) => !Number.isNaN(exactOf(point, name).closedForm)))
        : undefined;
    this.summed =
      this.mean !== undefined
        ? [...named(this.mean.of), ...named(this.mean.per)]
        : compare !== undefined
          ? [primaryResponses(plan).find(isCumulable) ?? mainResponses(all.filter(isCumulable))].flat()
          : all.filter(({ role }) => role === "leak");
    this.ceilings = all.flatMap(({ ceiling }) => all.findIndex(({ name }) => name === ceiling)).filter((i) => i !== -1);
    this.most = Infinity;
    this.points = plan.points.map((point) => new PointEstimates(point, this.summed.length));
  }

  add(result: RunResult): void {
    const all = responsesOf(this.plan);
    const columnAt = (index: number) => {
      const at = horizonAt(result, all.length, index);
      return result.samples.subarray(at, at + result.count);
    };
    const columns = this.summed.map((response) => columnAt(all.indexOf(response)));
    const ranOut = this.ceilings.some((index) => columnAt(index).some((time) => !Number.isNaN(time)));
    itemAt(this.points, result.point).add(result.replication, columns, result, ranOut);
  }

  /** The experiment has stopped at so many replications. */
  stopAt(replications: number): void {
    this.most = replications;
  }

  /** Undefined until a replication is complete, and if the answer is not a number. */
  estimate(): RunningEstimate | undefined {
    if (this.summed.length === 0) return undefined;
    const whole = this.points.map((point) => Math.min(point.whole, this.most));
    // With a stopping rule, a replication counts only when it is complete at all design points.
    const counted = this.plan.experiment.until === undefined ? whole : whole.map(() => Math.min(...whole));
    const newest = counted.findLastIndex((count) => count > 0);
    if (newest === -1) return undefined;
    const both = ([baseline, against]: Pair) =>
      Math.min(itemAt(counted, baseline.index), itemAt(counted, against.index));
    const pair = this.pairs.find((one) => one.some(({ index }) => index === newest) && both(one) > 0);
    return pair === undefined ? this.alone(newest, itemAt(counted, newest)) : this.difference(pair, both(pair));
  }

  private difference([baseline, other]: Pair, replications: number): RunningEstimate {
    const { factor } = this.plan.experiment.compare!;
    const [point, against] = mapEach([baseline, other], ({ index }) => itemAt(this.plan.points, index));
    const sides = mapEach([point, against], ({ index }) => itemAt(this.points, index).observations(replications));
    const r = this.responseOf(...sides);
    const response = itemAt(this.summed, r);
    const [x, y] = mapEach(sides, (side) => itemAt(side, r));
    const { difference } = new Sides(response, point, against, x, y, replications).estimate();
    const { [factor]: _, ...others } = point.levels;
    const where = [...Object.values(others), pairName({ point, against }, factor)].join(", ");
    const days = isLevel(response) ? 1 : point.scenario.horizonDays;
    const [mine, theirs] = [
      this.isLowerBound(response, point, x, replications),
      this.isLowerBound(response, against, y, replications),
    ];
    const side = mine ? "at least " : theirs ? "at most " : "";
    const text =
      mine && theirs
        ? `unknown ${resourceName(response, scaleOf(response.unit, 0).unit)} per server-day (both rates are lower bounds)`
        : side + rateText(response, difference, days);
    return { where, estimate: difference, replications, text };
  }

  private alone(index: number, replications: number): RunningEstimate {
    const point = itemAt(this.plan.points, index);
    const where = Object.values(point.levels).join(", ");
    const all = itemAt(this.points, index).observations(replications);
    if (this.mean !== undefined) {
      const estimate = meanOf(point, this.mean, itemAt(all, 0), itemAt(all, 1));
      const scale = scaleOf(this.mean.unit, estimate.value);
      const text = `${meanName(this.mean.name, this.mean.unit, scale.unit)} ${known(estimate, scale)}`;
      return { where, estimate, replications, text };
    }
    const r = this.responseOf(all);
    const [response, observations] = [itemAt(this.summed, r), itemAt(all, r)];
    const estimate = rateEstimate(point, response, observations, replications);
    const least = this.isLowerBound(response, point, observations, replications) ? "at least " : "";
    return { where, estimate, replications, text: least + rateText(response, estimate, 1) };
  }

  /** Whether the leak rate at a design point is a lower bound. */
  private isLowerBound(
    response: Response,
    point: PlannedPoint,
    observations: Float64Array,
    replications: number,
  ): boolean {
    const ranOut = itemAt(this.points, point.index).ranOut(replications);
    const isLess = response.role === "leak" && ranOut && leaksLessLater(point, response);
    return isLess && observations.some((total) => total > 0);
  }

  /** The response to report: the first with anything observed. */
  private responseOf(...sides: readonly (readonly Float64Array[])[]): number {
    return Math.max(
      0,
      this.summed.findIndex((_, r) => sides.some((side) => itemAt(side, r).some((total) => total !== 0))),
    );
  }
}

function rateText(response: Response, estimate: Estimate, days: number): string {
  const scale = scaleOf(response.unit, estimate.value / days);
  const per = isLevel(response) ? "per server" : "per server-day";
  const { lower, upper } = estimate;
  const between = Number.isNaN(lower) ? "" : ` (${scale.ends(lower / days, upper / days).join(" .. ")})`;
  return `${scale.estimate(estimate, days)}${between} ${resourceName(response, scale.unit)} ${per}`;
}

function known(estimate: Estimate, scale: Scale): string {
  const value = scale.estimate(estimate);
  return Number.isNaN(estimate.halfWidth) ? value : `${value} ± ${scale.text(estimate.halfWidth)}`;
}

/** The estimates of a design point. */
class PointEstimates {
  /** The number of complete replications, counted from the first. */
  whole: number;
  private readonly servers: number;
  private readonly blocks: number;
  private readonly sums: number;
  /** By replication: its sums so far, and the number of servers in them. */
  private readonly replications: { readonly sums: readonly BlockSums[]; servers: number; ranOut: boolean }[];

  constructor(point: PlannedPoint, sums: number) {
    this.whole = 0;
    this.servers = point.scenario.servers;
    this.blocks = blocksOf(point);
    this.sums = sums;
    this.replications = [];
  }

  /**
   * @param columns of so many servers from `first` on
   * @param ranOut whether one of them ran out of a resource
   */
  add(
    number: number,
    columns: readonly Float64Array[],
    { first, count }: Pick<RunResult, "first" | "count">,
    ranOut: boolean,
  ): void {
    const { replications } = this;
    const replication = (replications[number] ??= {
      sums: Array.from({ length: this.sums }, () => new BlockSums(this.servers, this.blocks)),
      servers: 0,
      ranOut: false,
    });
    columns.forEach((column, i) => itemAt(replication.sums, i).add(first, column));
    replication.servers += count;
    replication.ranOut ||= ranOut;
    while (replications[this.whole]?.servers === this.servers) this.whole++;
  }

  /** Whether a server of so many replications ran out of a resource. */
  ranOut(count: number): boolean {
    return this.replications.slice(0, count).some((replication) => replication.ranOut);
  }

  /** By sum: the observations of so many replications. */
  observations(count: number): Float64Array[] {
    const own = this.replications.slice(0, count);
    return Array.from({ length: this.sums }, (_, i) => joined(own.map(({ sums }) => itemAt(sums, i).values())));
  }
}
