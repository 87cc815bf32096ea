/**
 * When to stop replicating: rules that look at the replications so far, in their canonical order.
 *
 * A rule that is asked after every replication stops a little early: it stops when the interval happens to be narrow,
 * and then covers the mean a little less often than it says. The minimum keeps it from stopping by accident. The
 * anytime rule covers it as often as it says however often it is asked, and pays for that with replications.
 *
 * A rule sees a prefix of the values alone, so where it stops is the same for any workers and any order of arrival, and
 * values beyond it change nothing.
 */
import { anytimeEstimate } from "./anytime.ts";
import { meanEstimate } from "./estimate.ts";

/**
 * Whether the mean is known closely enough: the half-width of its 95 % t interval is at most gamma' |mean|, gamma' =
 * gamma / (1 + gamma), so that the error relative to the true mean, not to the estimated one, is at most gamma.
 * Values that all agree are known exactly, zeros included.
 *
 * @param relativeHalfWidth gamma: > 0
 * @param minimum fewer values are never enough: whole, >= 2
 * @param isAnytime whether the interval is one that holds at all numbers of values at once (statistics/anytime.ts)
 */
export function enough(
  values: ArrayLike<number>,
  relativeHalfWidth: number,
  minimum: number,
  isAnytime = false,
): boolean {
  if (values.length < Math.max(2, minimum)) return false;
  const { value, halfWidth } = isAnytime ? anytimeEstimate(values) : meanEstimate(values);
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
  isAnytime = false,
): number {
  const all = Float64Array.from(values);
  for (let n = Math.max(2, minimum); n <= all.length; n++) {
    if (enough(all.subarray(0, n), relativeHalfWidth, minimum, isAnytime)) return n;
  }
  return Infinity;
}
