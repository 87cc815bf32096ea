/**
 * The values of chosen responses at the horizon or at every sample time, server by server, for a plan whose tables are
 * not written. They are in canonical order, whatever the order of arrival.
 */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Response } from "../../models/contract/responses.ts";
import { sum } from "../../statistics/estimate.ts";
import { RunCache, type CacheSpace } from "../execution/cache.ts";
import { type DesignPoint, resolvePoints } from "../experiment/design-point.ts";
import { Execution, type Machine } from "../execution/execution.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { sampleTimes, type RunResult } from "../execution/run.ts";
import { familiesOf, runsOf, serverRunsOf } from "../execution/partition.ts";
import { isCumulable, planResults, responsesOf, type Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";

export interface Executing extends Machine {
  readonly cache?: CacheSpace | undefined;
}

export class HorizonValues {
  private readonly plan: Plan;
  private readonly responses: readonly { readonly response: Response; readonly column: number }[];
  /** By design point, response, then sample time: the servers of all replications in order. */
  private readonly columns: readonly (readonly (readonly Float64Array[])[])[];

  private constructor(plan: Plan, names: readonly string[]) {
    this.plan = plan;
    const all = responsesOf(plan);
    this.responses = names.map((name) => {
      const column = all.findIndex((response) => response.name === name);
      return { response: itemAt(all, column), column };
    });
    this.columns = plan.points.map(({ scenario }) => {
      return names.map(() =>
        sampleTimes(scenario).map(() => new Float64Array(scenario.servers * plan.experiment.replications).fill(NaN)),
      );
    });
  }

  /** Executes the runs of the plan. @param names responses that its models have */
  static async of(plan: Plan, names: readonly string[], executing: Executing): Promise<HorizonValues> {
    const cache = executing.cache && (await RunCache.open(executing.cache, plan));
    const execution = new Execution(executing, cache, serverRunsOf(plan));
    // A runner of one's own may have the runs of a family executed anywhere.
    const runs = executing.runner === undefined ? familiesOf : runsOf;
    return HorizonValues.from(plan, names, execution.results(runs(plan, executing.sliceSize)));
  }

  /** @param results the results of all runs of the plan, in any order */
  static async from(plan: Plan, names: readonly string[], results: AsyncIterable<RunResult>): Promise<HorizonValues> {
    const values = new HorizonValues(plan, names);
    for await (const result of results) values.add(result);
    return values;
  }

  /** The sample times of the point [us]; the last is the horizon. */
  times(point: number): number[] {
    return sampleTimes(itemAt(this.plan.points, point).scenario);
  }

  /**
   * The values of every server of every replication at a sample time, by default the horizon; NaN for an event time
   * that has not occurred.
   */
  servers(point: number, name: string, sample = -1): Float64Array {
    return itemAt(
      itemAt(this.columns, point),
      this.responses.findIndex(({ response }) => response.name === name),
    ).at(sample)!;
  }

  /** The sum over the servers of each replication; for an event time, the number of servers that have had the event. */
  totals(point: number, name: string, sample = -1): Float64Array {
    const { servers } = itemAt(this.plan.points, point).scenario;
    const values = this.servers(point, name, sample);
    const { response } = this.responses.find((one) => one.response.name === name)!;
    return Float64Array.from({ length: this.plan.experiment.replications }, (_, replication) => {
      const own = values.subarray(replication * servers, (replication + 1) * servers);
      return isCumulable(response) ? sum(own) : own.filter((at) => at >= 0).length;
    });
  }

  /** The part of `totals` that came after a sample time, up to another or the horizon; all of it without one. */
  totalsSince(point: number, name: string, sample: number | undefined, until = -1): Float64Array {
    const all = this.totals(point, name, until);
    if (sample === undefined) return all;
    const before = this.totals(point, name, sample);
    return all.map((total, replication) => total - itemAt(before, replication));
  }

  /** The part of `totals` at the horizon that came until a sample time; none of it without one. */
  totalsUntil(point: number, name: string, sample: number | undefined): Float64Array {
    return sample === undefined ? this.totals(point, name).fill(0) : this.totals(point, name, sample);
  }

  /** The days from the start to a sample time; none without one. */
  daysUntil(point: number, sample: number | undefined): number {
    return sample === undefined ? 0 : itemAt(this.times(point), sample) / US_PER_DAY;
  }

  /** The days from a sample time to another or the horizon; from the start without one. */
  daysSince(point: number, sample: number | undefined, until = -1): number {
    return this.times(point).at(until)! / US_PER_DAY - this.daysUntil(point, sample);
  }

  private add(result: RunResult): void {
    const { servers } = itemAt(this.plan.points, result.point).scenario;
    const all = responsesOf(this.plan).length;
    for (const [i, { column: responseColumn }] of this.responses.entries()) {
      for (const [sample, column] of itemAt(itemAt(this.columns, result.point), i).entries()) {
        const at = (sample * all + responseColumn) * result.count;
        column.set(result.samples.subarray(at, at + result.count), result.replication * servers + result.first);
      }
    }
  }
}

/**
 * A plan of these points with as many replications as the experiment begins with.
 *
 * @param sampleHours the sampling interval of each point [h]; [default: only the horizon is sampled]
 */
export async function planAtHorizon(
  experiment: Experiment,
  points: readonly DesignPoint[],
  sampleHours: (index: number) => number = () => Infinity,
): Promise<Plan> {
  const { until: _, ...fixed } = experiment;
  const sampled = points.map((point, index): DesignPoint => {
    const sampleEveryHours = Math.min(sampleHours(index), point.scenario.horizonDays * 24);
    return { ...point, index, scenario: { ...point.scenario, sampleEveryHours } };
  });
  return planResults(fixed, await resolvePoints(sampled));
}
