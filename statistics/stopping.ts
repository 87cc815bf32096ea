/**
 * When to stop replicating: rules that look at the replications so far, in their canonical order.
 *
 * A rule that is asked after every replication stops a little early: it stops when the interval happens to be narrow,
 * and then covers the mean a little less often than it says. The minimum keeps it from stopping by accident.
 */
import { meanEstimate } from "./estimate.ts";

/**
 * Whether the mean is known closely enough: the half-width of its 95 % t interval is at most gamma' |mean|, gamma' =
 * gamma / (1 + gamma), so that the error relative to the true mean, not to the estimated one, is at most gamma.
 * Values that all agree are known exactly, zeros included.
 *
 * @param relativeHalfWidth gamma: > 0
 * @param minimum fewer values are never enough: whole, >= 2
 */
export function enough(values: ArrayLike<number>, relativeHalfWidth: number, minimum: number): boolean {
  if (values.length < Math.max(2, minimum)) return false;
  const { value, halfWidth } = meanEstimate(values);
  return halfWidth <= (relativeHalfWidth / (1 + relativeHalfWidth)) * Math.abs(value);
}
