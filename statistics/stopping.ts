/**
 * Stopping rules: when to stop replicating, from the replications so far in their canonical order.
 *
 * A rule that is applied after every replication tends to stop when the interval happens to be narrow, so the interval
 * covers the mean slightly less often than stated. The minimum number of replications prevents an accidental stop. The
 * anytime rule covers as often as stated, however often it is applied, but needs more replications.
 *
 * A rule reads only a prefix of the values. So the stopping point does not depend on workers or on the order of
 * arrival, and later values do not change it.
 */
import { anytimeQuantile } from "./anytime.ts";
import { mean, sum, variance } from "./estimate.ts";
import { studentTQuantile } from "./special-functions.ts";

/** How a rule evaluates its values. */
export interface Looking {
  /** Whether the interval is one that holds at all numbers of values at once (statistics/anytime.ts). */
  readonly isAnytime?: boolean;
  /** For totals of events: the amount per event. The standard error is then at least that of a Poisson distribution. */
  readonly eventSize?: number;
}

/**
 * Whether the mean is known closely enough: the half-width of its 95 % t interval is at most gamma' |mean|, gamma' =
 * gamma / (1 + gamma), so that the error relative to the true mean, not to the estimated one, is at most gamma.
 * Values that all agree are known exactly, unless they count events; zeros are not known at all, for nothing is near a
 * mean of 0 relative to it.
 *
 * @param relativeHalfWidth gamma: > 0
 * @param minimum fewer values are never enough: whole, >= 2
 */
export function enough(
  values: ArrayLike<number>,
  relativeHalfWidth: number,
  minimum: number,
  { isAnytime = false, eventSize = 0 }: Looking = {},
): boolean {
  const n = values.length;
  if (n < Math.max(2, minimum)) return false;
  const value = mean(values);
  if (value === 0) return false;
  const ofEvents = Math.sqrt(eventSize * Math.abs(sum(values))) / n;
  const standardError = Math.max(Math.sqrt(variance(values) / n), ofEvents);
  if (standardError === 0) return true;
  const halfWidth = (isAnytime ? anytimeQuantile(n) : studentTQuantile(0.975, n - 1)) * standardError;
  return halfWidth <= (relativeHalfWidth / (1 + relativeHalfWidth)) * Math.abs(value);
}

/**
 * How many of the values the rule takes: the least prefix that is enough, or Infinity when none is.
 * Cost: quadratic in where it stops, which is some tens or hundreds.
 */
export function stoppingPoint(
  values: ArrayLike<number>,
  relativeHalfWidth: number,
  minimum: number,
  looking: Looking = {},
): number {
  const all = Float64Array.from(values);
  for (let n = Math.max(2, minimum); n <= all.length; n++) {
    if (enough(all.subarray(0, n), relativeHalfWidth, minimum, looking)) return n;
  }
  return Infinity;
}
