/**
 * A response as a function of settings: many scenarios, each simulated once, with its own replication.
 *
 * The output is the total of the response at the horizon per server-day. With a second design point, it is the
 * difference on the same random numbers. An evaluation is a pure function; results are in the order of the requests.
 */
import type { Settings } from "../../models/contract/parameters.ts";
import { sum } from "../../statistics/estimate.ts";
import type { Execution } from "../execution/execution.ts";
import { type RunResult, horizonAt } from "../execution/run.ts";
import { wholeRun } from "../execution/partition.ts";
import { planResults, type Plan } from "../experiment/plan.ts";
import { leaksLessLater } from "../analysis/leak-rates.ts";
import { changed, resolvePoints, type PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** The settings to evaluate. */
export interface Question {
  readonly settings: Settings;
  readonly replication: number;
}

export interface Evaluation extends Question {
  /** The response per server-day. */
  readonly output: number;
  /** The number of servers of the first design point that reached the response's ceiling. */
  readonly atCeiling: number;
  /** Whether a leak rate in the output is a lower bound, because a resource of its design point ran out. */
  readonly isLowerBound: boolean;
}

export class Evaluator {
  private readonly plan: Plan;
  private readonly sides: readonly PlannedPoint[];
  private readonly response: number;
  private readonly ceiling: number;
  /** The ceilings of all leaks; empty if the response is no leak. */
  private readonly ceilings: readonly number[];
  private readonly sliceSize: number;
  private readonly execution: (plan: Plan) => Promise<Execution>;

  /** @param sides one design point, or a baseline and the point that it is compared with */
  constructor(
    plan: Plan,
    sides: readonly PlannedPoint[],
    response: string,
    sliceSize: number,
    execution: (plan: Plan) => Promise<Execution>,
  ) {
    const { responses } = itemAt(sides, 0).resolved.model;
    const indexOf = (name: string | undefined) => responses.findIndex((one) => one.name === name);
    this.plan = plan;
    this.sides = sides;
    this.response = indexOf(response);
    this.ceiling = indexOf(itemAt(responses, this.response).ceiling);
    const leaks =
      itemAt(responses, this.response).role === "leak" ? responses.filter(({ role }) => role === "leak") : [];
    this.ceilings = leaks.flatMap(({ ceiling }) => (ceiling === undefined ? [] : [indexOf(ceiling)]));
    this.sliceSize = sliceSize;
    this.execution = execution;
  }

  /** @throws UserError when settings contradict each other */
  async evaluate(questions: readonly Question[]): Promise<Evaluation[]> {
    if (questions.length === 0) return [];
    const { sides, sliceSize } = this;
    const points = questions.flatMap(({ settings }, question) =>
      sides.map((side, i) => {
        const atHorizon = { sampleEveryHours: side.scenario.horizonDays * 24 };
        return { ...changed(side, settings, atHorizon), index: question * sides.length + i };
      }),
    );
    const plan = planResults(this.plan.experiment, await resolvePoints(points));
    const totals = new Float64Array(points.length);
    const atCeiling = new Float64Array(points.length);
    const isLowerBound = points.map(() => false);
    function* runs() {
      for (const point of plan.points) {
        const { replication } = itemAt(questions, Math.floor(point.index / sides.length));
        // One run per fleet, so that the sum is in server order.
        yield wholeRun(plan.experiment, point, replication, sliceSize);
      }
    }
    const response = itemAt(itemAt(sides, 0).resolved.model.responses, this.response);
    const execution = await this.execution(plan);
    for await (const result of execution.results(runs())) {
      totals[result.point] = sum(this.horizon(result, this.response));
      if (this.ceiling !== -1) atCeiling[result.point] = this.reached(result, this.ceiling);
      const ranOut = this.ceilings.some((ceiling) => this.reached(result, ceiling) > 0);
      const isLess = ranOut && leaksLessLater(itemAt(plan.points, result.point), response);
      isLowerBound[result.point] = isLess && itemAt(totals, result.point) > 0;
    }
    const perServerDay = (index: number) => {
      const { servers, horizonDays } = itemAt(plan.points, index).scenario;
      return itemAt(totals, index) / (servers * horizonDays);
    };
    return questions.map((question, i) => {
      const first = i * sides.length;
      const output = sides.length === 1 ? perServerDay(first) : perServerDay(first) - perServerDay(first + 1);
      return {
        ...question,
        output,
        atCeiling: itemAt(atCeiling, first),
        isLowerBound: sides.some((_, side) => isLowerBound[first + side]),
      };
    });
  }

  /** How many servers reached a ceiling by the horizon. */
  private reached(result: RunResult, ceiling: number): number {
    return this.horizon(result, ceiling).filter((at) => at >= 0).length;
  }

  private horizon(result: RunResult, response: number): Float64Array {
    const at = horizonAt(result, itemAt(this.sides, 0).resolved.model.responses.length, response);
    return result.samples.subarray(at, at + result.count);
  }
}
