/**
 * The answer of an experiment while its runs are under way: the number in which it is told, with its interval, at the
 * newest design point that has any; the difference from what it is compared with, as soon as that is known, too.
 *
 * Results arrive in any order. A replication counts when it is whole and so are those before it, so what is said of k
 * replications is what an experiment of k replications says, to the bit; and at the end what the tables say.
 * Cost: a sum for each replication and number; an estimate is computed when it is asked for.
 */
import type { Mean, Response } from "../../models/model.ts";
import { meanEstimate, ratioEstimate, type Estimate } from "../../statistics/estimate.ts";
import { ExactSum } from "../../statistics/exact-sum.ts";
import { differenceOf, pairName } from "../analysis/comparison.ts";
import { pairs, type Pair } from "../experiment/design.ts";
import { hasClosedForm } from "../analysis/leak-rates.ts";
import type { RunResult } from "../execution/run.ts";
import { mainResponse } from "./answers.ts";
import { primaryResponses } from "../analysis/primary-responses.ts";
import { horizonAt, isCumulable, responsesOf, type Plan } from "../analysis/tables.ts";
import { meanName } from "./summary-tables.ts";
import { resourceName, scaleOf } from "./format.ts";

export interface RunningEstimate {
  /** The pair or design point that it is of; "" where there is one alone. */
  readonly where: string;
  /** A difference per server, a rate per server-day, or a mean, as in the tables. */
  readonly estimate: Estimate;
  readonly replications: number;
  /** The number with its interval and unit, as people are told it. */
  readonly text: string;
}

export class RunningAnswer {
  private readonly plan: Plan;
  /** The responses that are summed: one, or the two whose ratio the mean is; none where nothing is answered. */
  private readonly summed: readonly Response[];
  private readonly mean: Mean | undefined;
  private readonly pairs: readonly Pair[];
  private readonly courses: readonly Course[];
  /** Replications beyond these do not count. */
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
        ? means.find(({ name }) => plan.points.some((point) => hasClosedForm(point, name)))
        : undefined;
    this.summed =
      this.mean !== undefined
        ? [...named(this.mean.of), ...named(this.mean.per)]
        : compare !== undefined
          ? [primaryResponses(plan).find(isCumulable) ?? mainResponse(all.filter(isCumulable)) ?? []].flat()
          : all.filter(({ role }) => role === "leak").slice(0, 1);
    this.most = Infinity;
    this.courses = plan.points.map(({ scenario }) => new Course(scenario.servers, this.summed.length));
  }

  add(result: RunResult): void {
    const all = responsesOf(this.plan);
    const columns = this.summed.map((response) => {
      const at = horizonAt(result, all.length, all.indexOf(response));
      return result.samples.subarray(at, at + result.count);
    });
    this.courses[result.point].add(result.replication, columns, result.count);
  }

  /** Says that the experiment has stopped at so many replications. */
  stopAt(replications: number): void {
    this.most = replications;
  }

  /** Undefined while no replication is whole, and where nothing is answered with a number. */
  estimate(): RunningEstimate | undefined {
    if (this.summed.length === 0) return undefined;
    const whole = this.courses.map((course) => Math.min(course.whole, this.most));
    // Where replications are simulated one by one, those of all design points are whole before one counts.
    const counted = this.plan.experiment.until === undefined ? whole : whole.map(() => Math.min(...whole));
    const newest = counted.findLastIndex((count) => count > 0);
    if (newest === -1) return undefined;
    const both = ([baseline, against]: Pair) => Math.min(counted[baseline.index], counted[against.index]);
    const pair = this.pairs.find((one) => one.some(({ index }) => index === newest) && both(one) > 0);
    return pair === undefined ? this.alone(newest, counted[newest]) : this.difference(pair, both(pair));
  }

  private difference([baseline, other]: Pair, replications: number): RunningEstimate {
    const { factor } = this.plan.experiment.compare!;
    const [point, against] = [baseline, other].map(({ index }) => this.plan.points[index]);
    const [[x], [y]] = [point, against].map(({ index }) => this.courses[index].totals(replications));
    const { difference } = differenceOf(point, against, x, y);
    const { [factor]: _, ...others } = point.levels;
    const where = [...Object.values(others), pairName({ point, against }, factor)].join(", ");
    return { where, estimate: difference, replications, text: this.rateText(difference, point.scenario.horizonDays) };
  }

  private alone(index: number, replications: number): RunningEstimate {
    const {
      levels,
      scenario: { servers, horizonDays },
    } = this.plan.points[index];
    const where = Object.values(levels).join(", ");
    const [tops, bottoms] = this.courses[index].totals(replications);
    if (this.mean !== undefined) {
      const estimate = ratioEstimate(tops, bottoms);
      const scale = scaleOf(this.mean.unit, estimate.value);
      const text = `${meanName(this.mean.name, this.mean.unit, scale.unit)} ${known(estimate, scale.text)}`;
      return { where, estimate, replications, text };
    }
    const estimate = meanEstimate(tops, servers * horizonDays);
    return { where, estimate, replications, text: this.rateText(estimate, 1) };
  }

  private rateText({ value, halfWidth }: Estimate, days: number): string {
    const [{ name, unit }] = this.summed;
    const scale = scaleOf(unit, value / days);
    const amount = known({ value: value / days, halfWidth: halfWidth / days }, scale.text);
    return `${amount} ${resourceName(name, scale.unit)} per server-day`;
  }
}

function known({ value, halfWidth }: Pick<Estimate, "value" | "halfWidth">, text: (value: number) => string): string {
  return Number.isNaN(halfWidth) ? text(value) : `${text(value)} ± ${text(halfWidth)}`;
}

/** What the replications of a design point came to. */
class Course {
  /** As many replications, from the first, are whole. */
  whole: number;
  private readonly servers: number;
  private readonly sums: number;
  /** By replication: its sums so far, and how many servers are in them. */
  private readonly replications: { readonly sums: readonly ExactSum[]; servers: number }[];

  constructor(servers: number, sums: number) {
    this.whole = 0;
    this.servers = servers;
    this.sums = sums;
    this.replications = [];
  }

  add(number: number, columns: readonly Float64Array[], count: number): void {
    const { replications } = this;
    const replication = (replications[number] ??= {
      sums: Array.from({ length: this.sums }, () => new ExactSum()),
      servers: 0,
    });
    columns.forEach((column, i) => replication.sums[i].add(column));
    replication.servers += count;
    while (replications[this.whole]?.servers === this.servers) this.whole++;
  }

  /** By sum, the totals of so many replications. */
  totals(count: number): Float64Array[] {
    const own = this.replications.slice(0, count);
    return Array.from({ length: this.sums }, (_, i) => Float64Array.from(own, ({ sums }) => sums[i].value));
  }
}
