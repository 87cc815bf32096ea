/**
 * How wrong the Mann-Kendall test is for dependent values: the exact variance of S for a stationary Gaussian series,
 * and the resulting share of false positives.
 *
 * S depends only on the signs of differences, and the mean product of the signs of two normal variates with correlation
 * r is 2/pi arcsin r. So Var S is a sum of arcsines over pairs of pairs. For n = 100 and a lag-one correlation of 0.4,
 * it is 2.2 times the value under independence, and a nominal level of 5 % is really 19 %.
 *
 * When it is wrong: it holds for series that a monotone transformation makes Gaussian (S depends on ranks only), and a
 * gauge need not be one. It does not apply to an accumulated leak, which is not stationary; no correction helps there.
 */
import { normalQuantile, pow } from "../sim/math.ts";
import { arcsine } from "./arcsine.ts";
import { normalCdf } from "./special-functions.ts";

const TWO_OVER_PI = 0.6366197723675814;

/**
 * Var S of n equally spaced values of a stationary Gaussian process:
 * sum over i < j, k < l of 2/pi arcsin((r(j-l) - r(i-l) - r(j-k) + r(i-k)) / sqrt((2 - 2 r(j-i)) (2 - 2 r(l-k)))).
 * A term depends on j - i, l - k and k - i only, which makes it a sum over three lags. Cost: O(n^3), 50 ms at n = 100.
 * @param correlation at a lag >= 1, in [-1, 1); that of lag 0 is 1
 */
export function kendallVariance(n: number, correlation: (lag: number) => number): number {
  const r = Float64Array.from({ length: n }, (_, lag) => (lag === 0 ? 1 : correlation(lag)));
  const at = (lag: number) => r[Math.abs(lag)];
  let total = 0;
  for (let a = 1; a < n; a++) {
    for (let b = 1; b <= a; b++) {
      // Pairs (i, i + a) and (i + d, i + d + b); swapping the two gives the same sum.
      const times = b === a ? 1 : 2;
      const scale = Math.sqrt((2 - 2 * r[a]) * (2 - 2 * r[b]));
      for (let d = 1 - n + b; d < n - b; d++) {
        const overlap = Math.min(n - a, n - b - d) - Math.max(0, -d);
        if (overlap <= 0) continue;
        const cosine = (at(a - d - b) - at(d + b) - at(a - d) + at(d)) / scale;
        total += times * overlap * arcsine(Math.max(-1, Math.min(1, cosine)));
      }
    }
  }
  return TWO_OVER_PI * total;
}

/** Var S of n independent values without ties: n (n - 1) (2n + 5) / 18. */
export function independentVariance(n: number): number {
  return (n * (n - 1) * (2 * n + 5)) / 18;
}

/**
 * How often the two-sided test of n values of a Gaussian first-order autoregression rejects although there is no trend.
 */
export function falsePositiveRate(n: number, autocorrelation: number, level: number): number {
  const inflation = kendallVariance(n, (lag) => pow(autocorrelation, lag)) / independentVariance(n);
  return 2 * normalCdf(normalQuantile(level / 2) / Math.sqrt(inflation));
}
