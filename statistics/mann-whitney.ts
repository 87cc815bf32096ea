/**
 * The Mann-Whitney test as an interval: by how much one sample is shifted relative to another.
 *
 * The estimate is that of Hodges and Lehmann, the median of all differences between a value of one sample and a value
 * of the other. The interval ends at differences whose ranks are quantiles of the Mann-Whitney U statistic: exact up to
 * 50 values per sample without ties, otherwise by the normal approximation with the correction for ties (Hollander and
 * Wolfe, Nonparametric Statistical Methods, 2nd edition 1999, section 4.3). Use one value per server: values within the
 * series of a server depend on each other, which the test would ignore.
 */
import { normalQuantile } from "../sim/math.ts";

const EXACT_MAX = 50;

export interface Shift {
  /** Hodges and Lehmann's estimate of x - y. */
  readonly value: number;
  /** -Infinity to Infinity if there are too few values for the confidence. */
  readonly lower: number;
  readonly upper: number;
}

/** The shift of x against y. @param confidence in (0, 1) */
export function shiftOf(x: readonly number[], y: readonly number[], confidence: number): Shift {
  if (x.length === 0 || y.length === 0) throw new Error(`${x.length} and ${y.length} values; each side has at least 1`);
  const differences = Float64Array.from(x.flatMap((a) => y.map((b) => a - b))).sort();
  const count = differences.length;
  const value = (differences[Math.floor((count - 1) / 2)] + differences[Math.floor(count / 2)]) / 2;
  const rank = lowerRank(x, y, (1 - confidence) / 2);
  if (rank < 1) return { value, lower: -Infinity, upper: Infinity };
  return { value, lower: differences[rank - 1], upper: differences[count - rank] };
}

/** The smallest number of values per side, equal on both, for which an interval of this confidence is bounded. */
export function fewestValues(confidence: number): number {
  // All orders are equally likely, and one of them has all of x above all of y.
  let orders = 2;
  for (let n = 1; ; n++) {
    if (1 / orders <= (1 - confidence) / 2) return n;
    orders = (orders * (2 * n + 1) * 2) / (n + 1);
  }
}

/** The rank of the difference at which the interval begins, from 1; 0 if there is none. */
function lowerRank(x: readonly number[], y: readonly number[], tail: number): number {
  const pooled = [...x, ...y];
  const hasTies = new Set(pooled).size < pooled.length;
  if (hasTies || x.length > EXACT_MAX || y.length > EXACT_MAX) return approximateRank(x.length, y.length, pooled, tail);
  return exactRank(x.length, y.length, tail);
}

/** The smallest u with P(U <= u) >= tail; 0 if already P(U = 0) > tail. */
function exactRank(m: number, n: number, tail: number): number {
  const counts = ordersByU(m, n);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let u = 0; u < counts.length; u++) {
    below += counts[u] / total;
    if (below >= tail) return u;
  }
  return 0;
}

/** How many orders of m and n values have U = 0, 1, ..., m n: the coefficients of the Gaussian binomial. */
function ordersByU(m: number, n: number): Float64Array {
  const counts = new Float64Array(m * n + 1);
  counts[0] = 1;
  for (let i = 1; i <= m; i++) {
    // Multiplied by (1 - q^(n + i)) and divided by (1 - q^i): exact while the counts are below 2^53, and to 1e-13
    // beyond.
    for (let u = m * n; u >= n + i; u--) counts[u] -= counts[u - n - i];
    for (let u = i; u <= m * n; u++) counts[u] += counts[u - i];
  }
  return counts;
}

function approximateRank(m: number, n: number, pooled: readonly number[], tail: number): number {
  const sizes = new Map<number, number>();
  for (const value of pooled) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  let ties = 0;
  for (const size of sizes.values()) ties += size * (size * size - 1);
  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  const rank = Math.floor((m * n) / 2 + normalQuantile(tail) * Math.sqrt(variance));
  return Math.max(0, rank);
}
