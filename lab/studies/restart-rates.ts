/** The daily rates of servers whose restarts follow no calendar, and whether enough restarts are known. */
import type { Upkeep } from "../../models/contract/operations.ts";
import { mean, sum, variance } from "../../statistics/estimate.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import { isCumulable, responsesOf, type Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";
import { lastChanges } from "./policy-changes.ts";
import { calendarOf } from "./restart-calendar.ts";
import { wholeWeeksFrom } from "./whole-weeks.ts";

/** Intervals are alike if the squared coefficient of variation of their leaks is at most this. */
const ALIKE = 1 / 3;
/** This many restarts that follow no calendar are enough to estimate how often they happen. */
const RESTARTS_MIN = 10;

/** Whether servers are restarted, by no calendar, and too few times for a confidence interval of how often. */
export function restartsAreFew(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep): boolean {
  if (calendarOf(plan, values, pointIndex, upkeep) !== undefined) return false;
  const restarts = restartsOf(values, pointIndex, upkeep);
  return restarts > 0 && restarts < RESTARTS_MIN;
}

/** Whether restarts may have later consequences by chance, and too few had some for an interval of their costs. */
export function relapsesAreFew(plan: Plan, values: HorizonValues, pointIndex: number, { restart }: Upkeep): boolean {
  const relapses = restart.relapses?.(itemAt(plan.points, pointIndex).resolved.values);
  if (relapses === undefined) return false;
  const [count, restarts] = [relapses, restart.response].map((name) => sum(values.servers(pointIndex, name)));
  return count! < RESTARTS_MIN && 2 * count! < restarts!;
}

/** The number of restarts that no change needed, nor its repair or undoing, over all servers and replications. */
export function restartsOf(values: HorizonValues, pointIndex: number, { restart, canaries }: Upkeep): number {
  const forChanges = values.servers(pointIndex, restart.forChanges ?? canaries.made);
  return sum(values.servers(pointIndex, restart.response)) - sum(forChanges);
}

/**
 * The daily rates of servers whose restarts follow no calendar, from their finished intervals: what these took, divided
 * by their leaks, times the leaks per day of all intervals. So an unfinished interval counts as the share that its
 * leaks are of a finished one, and not as nothing. This is the ratio of the renewal-reward theorem (Ross, Stochastic
 * Processes, 2nd edition 1996, section 3.6) with leaks as the clock: an interval ends after some number of leaks,
 * whatever time they take. The values of the replications have the mean and, to first order, the standard error of
 * this ratio (Cochran, Sampling Techniques, 3rd edition 1977, chapter 6).
 *
 * Where servers are changed, these are the intervals and leaks after the changes, the last of which restarts a server.
 *
 * Undefined with a calendar, and without leaks in finished intervals or with very different numbers of them: then leaks
 * are no clock.
 */
export function restartedRates(plan: Plan, values: HorizonValues, pointIndex: number, upkeep: Upkeep) {
  const { restart, leak } = upkeep;
  if (calendarOf(plan, values, pointIndex, upkeep) !== undefined) return undefined;
  const times = values.times(pointIndex);
  const samples = (name: string) => times.map((_, sample) => values.servers(pointIndex, name, sample));
  const [restarts, leaks] = [samples(restart.response), samples(leak)];
  const at = (columns: readonly Float64Array[], sample: number, server: number) =>
    sample < 0 ? 0 : itemAt(itemAt(columns, sample), server);
  // A restart falls between two samples.
  const leaksBy = (sample: number, server: number) => (at(leaks, sample - 1, server) + at(leaks, sample, server)) / 2;
  const changes = lastChanges(plan, values, pointIndex, upkeep);
  const perInterval: number[] = [];
  const lingers = restart.lingers?.(itemAt(plan.points, pointIndex).resolved.values) === true;
  // By server: the first sample after its last restart, -1 for none, and the leaks of its finished intervals.
  const lasts = new Int32Array(changes.length).fill(-1);
  const leaked = new Float64Array(changes.length);
  for (const [server, changed] of changes.entries()) {
    let count = at(restarts, changed, server);
    for (let sample = changed + 1; sample < times.length; sample++) {
      const more = at(restarts, sample, server) - count;
      if (more === 0) continue;
      const until = leaksBy(sample, server) - leaksBy(changed, server);
      // Soon after another restart, one may be a consequence of it: it ends no interval of its own.
      if (!lingers) perInterval.push((until - itemAt(leaked, server)) / more);
      else if (itemAt(lasts, server) < 0 || itemAt(lasts, server) < sample - 1) {
        perInterval.push(until - itemAt(leaked, server));
      }
      count += more;
      lasts[server] = sample;
      leaked[server] = until;
    }
  }
  if (variance(perInterval) > ALIKE * mean(perInterval) * mean(perInterval)) return undefined;
  const { servers } = itemAt(plan.points, pointIndex).scenario;
  const sums = (of: (last: number, server: number) => number) => {
    const all = new Float64Array(lasts.length / servers);
    for (const [server, last] of lasts.entries()) all[Math.floor(server / servers)]! += of(last, server);
    return all;
  };
  const finished = sums((_, server) => itemAt(leaked, server));
  if (mean(finished) === 0) return undefined;
  const from = wholeWeeksFrom(Math.max(...changes), times.length - 1, times);
  const every = sums((_, server) => at(leaks, times.length - 1, server) - at(leaks, from, server));
  const days = values.daysSince(pointIndex, from < 0 ? undefined : from);
  const scale = mean(every) / mean(finished);
  return {
    perDay(response: string): Float64Array {
      const columns = samples(response);
      const isTotal = isCumulable(responsesOf(plan).find(({ name }) => name === response)!);
      const paidBy = (sample: number, server: number) => {
        const value = at(columns, sample, server);
        return isTotal || sample < 0 ? value : Number(value >= 0);
      };
      const paid = sums((last, server) =>
        last < 0 ? 0 : paidBy(last, server) - paidBy(itemAt(changes, server), server),
      );
      const perLeak = mean(paid) / mean(finished);
      return paid.map((own, i) => {
        const offRatio = scale * (own - perLeak * itemAt(finished, i)) + perLeak * (itemAt(every, i) - mean(every));
        return (perLeak * mean(every) + offRatio) / days;
      });
    },
  };
}
