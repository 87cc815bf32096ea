/**
 * Kendall's test within seasons: Mondays at nine are compared only with other Mondays at nine.
 *
 * The scores of the seasons are added (Hirsch, Slack and Smith 1982), so anything that repeats exactly with the period
 * can neither cause nor hide a trend. Two forms differ in the variance of the sum. The plain form assumes independent
 * seasons. The form of Hirsch and Slack (1984) estimates their covariances (after Dietz and Killeen 1981), for which it
 * needs about ten periods.
 *
 * When it is wrong: if neighbouring seasons depend on each other (plain form), as after a leak, which raises all later
 * seasons; if the period is not that of the series; and if seasons have opposite trends, whose scores cancel. Few
 * periods give few pairs: with four weeks, each hour of the week has six.
 *
 * Values are equally spaced in time and start with the first season; missing ones (NaN) are left out.
 */
import { kendallScore, known, normalTest, trendTest, type TrendTest } from "./mann-kendall.ts";

type Numbers = ArrayLike<number>;

/** The sum of the seasons' scores, their variances added, as if seasons were independent. @param period whole, >= 1 */
export function seasonalKendall(series: Numbers, period: number): TrendTest {
  checkPeriod(period);
  let [count, s, variance, pairs] = [0, 0, 0, 0];
  for (let season = 0; season < period; season++) {
    const values = known(everyFrom(series, season, period));
    const score = kendallScore(values);
    count += values.length;
    s += score.s;
    variance += score.variance;
    pairs += score.pairs;
  }
  return trendTest(count, s, variance, pairs);
}

/**
 * The same with the estimated covariances of the seasons' scores: cov(S_g, S_h) = (K + 4 sum R_g R_h - n (n + 1)^2) /
 * 3, where K sums sgn((x_jg - x_ig)(x_jh - x_ih)) over the pairs of periods i < j and R are ranks, ties shared. Without
 * a correction for continuity. Periods in which a value is missing are left out, the last, unfinished one among them.
 * Cost: O(seasons^2 periods^2).
 */
export function correlatedSeasonalKendall(series: Numbers, period: number): TrendTest {
  checkPeriod(period);
  const rows: Float64Array[] = [];
  for (let from = 0; from + period <= series.length; from += period) {
    const row = Float64Array.from({ length: period }, (_, season) => series[from + season]);
    if (!row.some(Number.isNaN)) rows.push(row);
  }
  const n = rows.length;
  const columns = Array.from({ length: period }, (_, season) => Float64Array.from(rows, (row) => row[season]));
  const ranks = columns.map(midranks);
  const pairs = (period * n * (n - 1)) / 2;
  let [s, variance] = [0, 0];
  for (let g = 0; g < period; g++) {
    const score = kendallScore(columns[g]);
    s += score.s;
    variance += score.variance;
    for (let h = 0; h < g; h++) variance += 2 * covariance(columns[g], columns[h], ranks[g], ranks[h]);
  }
  return { count: period * n, s, variance, tau: s / pairs, ...normalTest(s, variance) };
}

/** The ranks of values, from 1; equal values share the mean of theirs. Cost: O(n log n). */
export function midranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

function checkPeriod(period: number): void {
  if (!(Number.isInteger(period) && period >= 1)) throw new Error(`period is ${period}; a period is whole and >= 1`);
}

function everyFrom(series: Numbers, first: number, period: number): Float64Array {
  const length = Math.max(0, Math.ceil((series.length - first) / period));
  return Float64Array.from({ length }, (_, i) => series[first + i * period]);
}

function covariance(x: Float64Array, y: Float64Array, ranksX: Float64Array, ranksY: Float64Array): number {
  const n = x.length;
  let concordance = 0;
  let products = 0;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) concordance += Math.sign(x[j] - x[i]) * Math.sign(y[j] - y[i]);
    products += ranksX[j] * ranksY[j];
  }
  return (concordance + 4 * products - n * (n + 1) * (n + 1)) / 3;
}
