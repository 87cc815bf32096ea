/**
 * Corrections of the Mann-Kendall test for values that depend on their neighbours.
 *
 * - hamedRao increases the variance of S according to the autocorrelation of the ranks;
 * - prewhitened removes the lag-one autocorrelation from the values;
 * - trendFreePrewhitened does the same to the detrended values, and adds the trend back;
 * - blockMeans averages blocks that are long enough to be nearly independent, and blockMinima takes the lowest value of
 *   each block, when nobody works.
 *
 * All assume stationary noise about a trend, so none is valid for an accumulated leak, which is a random walk with
 * drift. All are about a single series: what a whole site does on Mondays looks to them like a trend and not like
 * noise.
 *
 * Values are equally spaced and complete; NaN throws, because leaving a value out would shift the times.
 */
import { normalQuantile } from "../sim/math.ts";
import { mean } from "./estimate.ts";
import { kendallScore, mannKendall, trendTest, type TrendTest } from "./mann-kendall.ts";
import { midranks } from "./seasonal-kendall.ts";
import { theilSenSlope } from "./slope.ts";

type Numbers = ArrayLike<number>;

/**
 * The default lags of Hamed and Rao's variance: the first three. More lags add noise of their own estimates: at n = 100
 * and independent values, all lags reject 11 % instead of 5 %.
 */
export const HAMED_RAO_LAGS = 3;

/** The probability below the bound of a significant autocorrelation (two-sided, 5 %). */
const SIGNIFICANT_UPPER = 0.975;

/**
 * The autocorrelations at the lags 0 to `lags`: sum (x_t - m)(x_t+k - m) over sum (x_t - m)^2, the biased estimate. Of
 * values that are all equal those at lags >= 1 are 0.
 */
export function autocorrelations(series: Numbers, lags: number): Float64Array {
  const center = mean(series);
  const deviations = Float64Array.from(series, (value) => value - center);
  const products = Float64Array.from({ length: Math.min(lags, series.length - 1) + 1 }, (_, lag) => {
    let product = 0;
    for (let t = lag; t < deviations.length; t++) product += deviations[t] * deviations[t - lag];
    return product;
  });
  const square = products[0];
  return products.map((product, lag) => (square > 0 ? product / square : lag === 0 ? 1 : 0));
}

/**
 * Mann and Kendall's test with the variance of Hamed and Rao (1998): Var S times 1 + 2 / (n (n-1) (n-2)) sum over lags
 * k of (n-k)(n-k-1)(n-k-2) r_k, where r_k are autocorrelations of the ranks of the values less their trend, and only
 * those beyond +-1.96 / sqrt n count.
 *
 * The lag rule matters more than the formula. Three lags are stated here; all of them (lags: Infinity, as widely used
 * programs do by default) is known to be unsafe: with a cycle the sum shrinks the variance to almost nothing. With
 * either rule it can fall below 0, which is reported as z = NaN: no verdict. Take a cycle out first.
 *
 * @param slope of the trend to take out, per step; Theil and Sen's unless said
 */
export function hamedRao(series: Numbers, lags = HAMED_RAO_LAGS, slope = theilSenSlope(series)): TrendTest {
  checkKnown(series);
  const n = series.length;
  const values = Float64Array.from(series);
  const { s, variance, pairs } = kendallScore(values);
  const correlations = autocorrelations(midranks(withoutTrend(values, slope)), lags);
  const bound = normalQuantile(SIGNIFICANT_UPPER) / Math.sqrt(n);
  let sum = 0;
  for (let k = 1; k < correlations.length; k++) {
    if (Math.abs(correlations[k]) > bound) sum += (n - k) * (n - k - 1) * (n - k - 2) * correlations[k];
  }
  return trendTest(n, s, variance * (1 + (2 / (n * (n - 1) * (n - 2))) * sum), pairs);
}

/**
 * The test of x_t - r x_(t-1), with r the lag-one autocorrelation (von Storch 1995; Kulkarni and von Storch). Assumes
 * noise of the first order. Loses power: a trend raises r, and is then taken out with it.
 */
export function prewhitened(series: Numbers): TrendTest {
  checkKnown(series);
  return mannKendall(whitened(Float64Array.from(series)));
}

/**
 * The same about the trend (Yue, Pilon, Phinney and Cavadias 2002): detrend, prewhiten, put the trend back. Keeps the
 * power, and pays with false positives: a slope found in noise is put back as if it were true. At n = 100 and an
 * autocorrelation of 0.6 it rejects 42 % instead of 5 %, more than the plain test.
 *
 * @param slope of the trend, per step; Theil and Sen's unless said
 */
export function trendFreePrewhitened(series: Numbers, slope = theilSenSlope(series)): TrendTest {
  checkKnown(series);
  const noise = whitened(withoutTrend(Float64Array.from(series), slope));
  return mannKendall(noise.map((value, i) => value + slope * (i + 1)));
}

/**
 * The means of whole blocks, in order; what is left over at the end is dropped. Blocks much longer than the memory of
 * the noise are nearly independent, and a block of one period has no cycle. Few blocks have little power: of four, even
 * a perfect trend has p = 0.09 (two-sided).
 * @param size values of a block: whole, >= 1
 */
export function blockMeans(series: Numbers, size: number): Float64Array {
  return Float64Array.from(blocks(series, size), (block) => mean(block));
}

/**
 * The smallest value of each whole block: for a gauge that varies with the load, its level without load. A leak raises
 * it and a busy day does not, if every block has a reading in a quiet moment. If the load never stops, it is only a
 * noisier mean. Missing values (NaN) are skipped; a block without values is NaN.
 * @param size values per block: whole, >= 1
 */
export function blockMinima(series: Numbers, size: number): Float64Array {
  return Float64Array.from(blocks(series, size), (block) => {
    let least = NaN;
    for (const value of block) if (!(value >= least) && !Number.isNaN(value)) least = value;
    return least;
  });
}

function blocks(series: Numbers, size: number): Float64Array[] {
  if (!(Number.isInteger(size) && size >= 1)) throw new Error(`size is ${size}; a block has a whole number of values`);
  const values = Float64Array.from(series);
  return Array.from({ length: Math.floor(values.length / size) }, (_, block) => {
    return values.subarray(block * size, (block + 1) * size);
  });
}

function checkKnown(series: Numbers): void {
  for (let i = 0; i < series.length; i++) {
    if (Number.isNaN(series[i])) throw new Error(`value ${i} is NaN; a series without gaps is needed`);
  }
}

function withoutTrend(values: Float64Array, slope: number): Float64Array {
  return values.map((value, i) => value - slope * (i + 1));
}

function whitened(values: Float64Array): Float64Array {
  const [, r = 0] = autocorrelations(values, 1);
  return Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, i) => values[i + 1] - r * values[i]);
}
