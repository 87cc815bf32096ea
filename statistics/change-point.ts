/**
 * Did the level of a series change, and when? Pettitt's test looks back at a whole series; Page's CUSUM watches one as
 * it comes.
 */
import { exp } from "../sim/math.ts";
import { midranks } from "./seasonal-kendall.ts";
import { known } from "./mann-kendall.ts";

type Numbers = ArrayLike<number>;

export interface ChangePoint {
  /** Values before the most likely change, from 1 to n - 1. */
  readonly after: number;
  /** max |U|: how far the ranks before and after are apart. */
  readonly k: number;
  /** Two-sided. */
  readonly p: number;
  /** The greatest U of a change upwards, and its one-sided probability. */
  readonly kRising: number;
  readonly pRising: number;
}

/**
 * Pettitt's test of one change of level (Applied Statistics 28, 1979, 126-135): with U_t = 2 sum of the first t ranks -
 * t (n + 1), K = max |U_t| and p = 2 exp(-6 K^2 / (n^3 + n^2)), at most 1; one-sided, half of it with K of that side.
 * Assumes independent values of one distribution before, and of one after. The approximation of p is good below 0.5.
 *
 * When it lies: when values depend on each other, as Mann and Kendall's test does, and worse; and it calls a steady
 * rise a change in the middle: that it is significant does not say that something happened there.
 *
 * NaN is left out. Cost: O(n log n).
 */
export function pettitt(series: Numbers): ChangePoint {
  const ranks = midranks(known(series));
  const n = ranks.length;
  let [u, k, kRising, after] = [0, 0, 0, 0];
  for (let t = 1; t < n; t++) {
    u += 2 * ranks[t - 1] - (n + 1);
    if (Math.abs(u) > k) [k, after] = [Math.abs(u), t];
    kRising = Math.max(kRising, -u);
  }
  const pOf = (size: number) => exp((-6 * size * size) / (n * n * n + n * n));
  return { after, k, p: Math.min(1, 2 * pOf(k)), kRising, pRising: pOf(kRising) };
}

/**
 * Page's cumulative sum for a rise (Biometrika 41, 1954): C_t = max(0, C_(t-1) + (x_t - m) / s - k), an alarm when C
 * exceeds h. It is tuned to a shift of 2 k; k = 1/2 and h = 5 are usual.
 *
 * It has no level: in the long run it gives a false alarm for certain, after averageRunLength values on the average.
 * That holds for independent normal values of known m and s. With m and s estimated from a week, with autocorrelation,
 * or with a cycle it does not hold, and the alarms come sooner by orders of magnitude.
 */
export class Cusum {
  /** C after the values so far. */
  sum: number;
  private readonly center: number;
  private readonly spread: number;
  private readonly allowance: number;
  private readonly threshold: number;

  /** @param allowance k; @param threshold h; both in standard deviations */
  constructor(center: number, spread: number, allowance = 0.5, threshold = 5) {
    this.sum = 0;
    this.center = center;
    this.spread = spread;
    this.allowance = allowance;
    this.threshold = threshold;
  }

  /** Takes the next value, and says whether the sum is beyond its threshold. A spread of 0 alarms at any rise. */
  add(value: number): boolean {
    const rise = value - this.center;
    const standardized = this.spread > 0 ? rise / this.spread : rise > 0 ? Infinity : 0;
    this.sum = Math.max(0, this.sum + standardized - this.allowance);
    return this.sum > this.threshold;
  }
}

/**
 * How many independent normal values the one-sided sum takes on the average to its alarm, when their mean lies `shift`
 * standard deviations above m: (e^(-2 d b) + 2 d b - 1) / (2 d^2) with d = shift - k and b = h + 1.166 (Siegmund,
 * Sequential Analysis, 1985), b^2 at d = 0. Within some percent of the exact value.
 */
export function averageRunLength(shift: number, allowance = 0.5, threshold = 5): number {
  const d = shift - allowance;
  const b = threshold + 1.166;
  return d === 0 ? b * b : (exp(-2 * d * b) + 2 * d * b - 1) / (2 * d * d);
}
