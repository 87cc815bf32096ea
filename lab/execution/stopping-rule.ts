/**
 * How many replications are enough: as many as it takes to estimate the mean of a response with the required precision
 * at every design point.
 *
 * The whole experiment stops at once. So all design points have the same number of replications, compared levels are
 * paired throughout, and every table has the bytes of an experiment with that fixed number. The price is that the least
 * precise design point decides for all. The rule is evaluated after each replication of all design points, in the order
 * of their numbers, so workers, arrival and slices do not affect it. Replications that were started beyond the stopping
 * point are discarded.
 *
 * A leak that was never observed is not known precisely, unless it cannot happen. Leaks that can be counted are assumed
 * to vary at least as much as a Poisson count.
 *
 * The rule is evaluated repeatedly. An anytime interval allows for that; its price is reported, as the number of
 * replications at which the t interval would have stopped.
 */
import { sum } from "../../statistics/estimate.ts";
import { enough } from "../../statistics/stopping.ts";
import { withPosition, type Until } from "../experiment/experiment.ts";
import { type Run, type RunResult, horizonAt } from "./run.ts";
import { runsOfRound } from "./partition.ts";
import { oneOf, wrong } from "../experiment/settings.ts";
import { canLeak, leakSizeOf } from "../analysis/leak-rates.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import type { PlannedPoint } from "../experiment/design-point.ts";
import { itemAt } from "../lists.ts";

/** Why an experiment ended after so many replications. */
export interface Stopped {
  readonly replications: number;
  /**
   * The design points whose mean is not yet precise enough; empty unless the maximum number of replications was
   * reached.
   */
  readonly unsettled: readonly PlannedPoint[];
  /** With an anytime rule: the number of replications at which the t interval would have stopped, if it would have. */
  readonly byT?: number | undefined;
}

/** @throws UserError when the model has no such response, or the response has no mean */
export function checkUntil(plan: Plan, { response }: Until): void {
  const names = responsesOf(plan)
    .filter(isCumulable)
    .map(({ name }) => name);
  if (names.includes(response)) return;
  throw withPosition(wrong("replications.until.response", response, oneOf(response, names)), plan.experiment.positions);
}

/** @param results returns the results of runs, in any order; it is not called again once there are enough */
export async function replicationsThatSuffice(
  plan: Plan,
  until: Until,
  sliceSize: number,
  results: (runs: Iterable<Run>) => AsyncIterable<RunResult>,
): Promise<Stopped> {
  const { min, max, relativeHalfWidth, anytime = false } = until;
  /** By design point: the totals of the complete replications. */
  const totals = plan.points.map((): number[] => []);
  const response = responsesOf(plan).find(({ name }) => name === until.response)!;
  const isSettled = (point: PlannedPoint, isAnytime: boolean) => {
    const own = itemAt(totals, point.index);
    if (response.role !== "leak") return enough(own, relativeHalfWidth, min, { isAnytime });
    if (!canLeak(point, response) && sum(own) === 0) return own.length >= min;
    return enough(own, relativeHalfWidth, min, { isAnytime, eventSize: leakSizeOf(point, response) || 0 });
  };
  const unsettledBy = (isAnytime: boolean) => plan.points.filter((point) => !isSettled(point, isAnytime));
  const rounds = new Map<number, Round>();
  let replications = 0;
  let byT: number | undefined;
  for await (const result of results(runsUpTo(plan, max, sliceSize))) {
    const round = rounds.get(result.replication) ?? new Round(plan, until.response);
    rounds.set(result.replication, round);
    round.add(result);
    for (let next = rounds.get(replications); next?.isWhole(); next = rounds.get(replications)) {
      rounds.delete(replications++);
      next.totals().forEach((total, index) => itemAt(totals, index).push(total));
      if (replications < min) continue;
      if (anytime && byT === undefined && unsettledBy(false).length === 0) byT = replications;
      if (unsettledBy(anytime).length === 0) return { replications, unsettled: [], byT };
    }
  }
  return { replications, unsettled: unsettledBy(anytime), byT };
}

function* runsUpTo(plan: Plan, max: number, sliceSize: number): Iterable<Run> {
  for (let replication = 0; replication < max; replication++) yield* runsOfRound(plan, replication, sliceSize);
}

/** One replication of all design points: the value of a response at the horizon on every server. */
class Round {
  private readonly values: readonly Float64Array[];
  private readonly responses: number;
  private readonly response: number;
  private missing: number;

  constructor(plan: Plan, response: string) {
    const names = responsesOf(plan).map(({ name }) => name);
    this.values = plan.points.map(({ scenario }) => new Float64Array(scenario.servers));
    this.responses = names.length;
    this.response = names.indexOf(response);
    this.missing = plan.points.reduce((servers, { scenario }) => servers + scenario.servers, 0);
  }

  add(result: RunResult): void {
    const { point, first, count, samples } = result;
    const at = horizonAt(result, this.responses, this.response);
    itemAt(this.values, point).set(samples.subarray(at, at + count), first);
    this.missing -= count;
  }

  isWhole(): boolean {
    return this.missing === 0;
  }

  /** Totals by design point, summed in the order of the servers, as in runs.csv. */
  totals(): number[] {
    return this.values.map(sum);
  }
}
