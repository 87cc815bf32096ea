/**
 * The Mann-Kendall test for a trend: do later values tend to be larger than earlier ones?
 *
 * S is the number of rising pairs minus the number of falling pairs. If the values are independent and identically
 * distributed, every order is equally likely, S has mean 0 and a variance that depends only on ties, and S is nearly
 * normal for 10 values or more.
 *
 * When it is wrong: whenever values depend on each other. Two readings within a busy hour, a daily cycle, and above all
 * an accumulated leak (each value contains all earlier ones) make S vary far more than the formula says: of random
 * walks of 100 values without drift, 86 % are "significant" at 5 %. kendall-variance.ts computes the error;
 * serial-dependence.ts and seasonal-kendall.ts have corrections.
 *
 * Missing values (NaN) are left out. Cost: O(n log n).
 */
import { normalCdf } from "./special-functions.ts";

type Numbers = ArrayLike<number>;

export interface TrendTest {
  /** The number of values compared. */
  readonly count: number;
  /** Rising pairs minus falling pairs. */
  readonly s: number;
  /** The variance of s if there is no trend. */
  readonly variance: number;
  /** (s - sign s) / sqrt(variance): standard normal if there is no trend. */
  readonly z: number;
  /** The two-sided p-value. */
  readonly p: number;
  /** The p-value of a rising trend (one-sided), which is what matters for a leak. */
  readonly pRising: number;
  /** s over the number of pairs: Kendall's tau-a of value and time. */
  readonly tau: number;
}

/**
 * S, its variance with the correction for ties n(n-1)(2n+5) - sum t(t-1)(2t+5) over 18, and the normal approximation
 * with the correction for continuity (Mann 1945; Kendall, Rank Correlation Methods, 4th edition 1970, chapter 4).
 * Assumes independent values of one distribution. All values equal: z is 0 and p is 1.
 */
export function mannKendall(series: Numbers): TrendTest {
  const values = known(series);
  const { s, variance, pairs } = kendallScore(values);
  return trendTest(values.length, s, variance, pairs);
}

/** What the normal approximation says of a score, its variance and the number of pairs that it counts. */
export function trendTest(count: number, s: number, variance: number, pairs: number): TrendTest {
  return { count, s, variance, tau: s / pairs, ...normalTest(s - Math.sign(s), variance) };
}

/** z and p of a score of mean 0; a score of 0 has z 0 and p 1, and a variance that is not positive gives NaN. */
export function normalTest(s: number, variance: number): Pick<TrendTest, "z" | "p" | "pRising"> {
  if (s === 0) return { z: 0, p: 1, pRising: 0.5 };
  const z = variance > 0 ? s / Math.sqrt(variance) : NaN;
  return { z, p: 2 * normalCdf(-Math.abs(z)), pRising: normalCdf(-z) };
}

export interface KendallScore {
  readonly s: number;
  readonly variance: number;
  readonly pairs: number;
}

/**
 * S of values that are all known, and its variance when they are independent. A stable merge sort counts the falling
 * pairs, the sorted values the tied ones; the rest rise.
 */
export function kendallScore(values: Float64Array): KendallScore {
  const n = values.length;
  const sorted = Float64Array.from(values);
  const falling = sortCounting(sorted);
  let tiedPairs = 0;
  let tieTerms = 0;
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && sorted[to] === sorted[from]) to++;
    const t = to - from;
    tiedPairs += (t * (t - 1)) / 2;
    tieTerms += t * (t - 1) * (2 * t + 5);
    from = to;
  }
  const pairs = (n * (n - 1)) / 2;
  return { s: pairs - tiedPairs - 2 * falling + 0, variance: (n * (n - 1) * (2 * n + 5) - tieTerms) / 18, pairs };
}

/** The values that are not NaN, in their order. */
export function known(series: Numbers): Float64Array {
  return Float64Array.from(series).filter((value) => !Number.isNaN(value));
}

/** Sorts in place, ascending, and counts the pairs of which the earlier was the greater. */
function sortCounting(values: Float64Array): number {
  const n = values.length;
  const merged = new Float64Array(n);
  let falling = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width) {
      const middle = Math.min(low + width, n);
      const high = Math.min(low + 2 * width, n);
      let left = low;
      let right = middle;
      for (let at = low; at < high; at++) {
        if (left < middle && (right >= high || values[left] <= values[right])) merged[at] = values[left++];
        else {
          falling += middle - left;
          merged[at] = values[right++];
        }
      }
    }
    values.set(merged);
  }
  return falling;
}
