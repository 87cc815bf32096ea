/**
 * The slope of a series by three estimators, and their variances on an accumulated leak.
 *
 * An accumulated leak is the sum of everything before: a compound Poisson process, and so a random walk with drift. It
 * does not scatter about its line, it wanders. The textbook standard error of a regression is then far too small (and
 * decreases with finer sampling, although nothing new is learned), and the best estimator of the drift is the simplest
 * one: the last value minus the first, divided by the time between them. With a variance of s^2 per unit of time,
 * observed for a time T, the variances are:
 *
 *   end points  s^2 / T          uses all the information
 *   OLS         1.2 s^2 / T      gives the middle of the walk too much weight
 *   Theil-Sen   1.228 s^2 / T    similar; robust against outliers but not against wandering
 *
 * When they are wrong: end points depend on two single readings, for example one at noon and one at midnight. OLS and
 * Theil-Sen assume noise about a line, and their usual errors are wrong on a walk unless driftInterval supplies the
 * interval. Sen's own interval inverts the Mann-Kendall test and has all of its assumptions.
 *
 * Values are equally spaced, one step apart; slopes are per step. NaN marks a missing value and keeps its place.
 */
import { normalQuantile } from "../sim/math.ts";
import { mean, type Interval } from "./estimate.ts";
import { kendallScore, known } from "./mann-kendall.ts";
import { select, selectMedian } from "./selection.ts";
import { studentTQuantile } from "./special-functions.ts";

type Numbers = ArrayLike<number>;

export interface Line {
  /** Per step. */
  readonly slope: number;
  /** At step 0. */
  readonly intercept: number;
}

/** The last known value less the first, over the steps between; NaN of fewer than two known values. */
export function endPointSlope(series: Numbers): number {
  const { values, steps } = points(series);
  const last = values.length - 1;
  return last < 1 ? NaN : (values[last] - values[0]) / (steps[last] - steps[0]);
}

/** The least-squares line. Assumes scatter about a line; see driftInterval for an interval on a walk. */
export function leastSquares(series: Numbers): Line {
  const { values, steps } = points(series);
  const [center, middle] = [mean(values), mean(steps)];
  let [products, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    products += (steps[i] - middle) * (values[i] - center);
    squares += (steps[i] - middle) * (steps[i] - middle);
  }
  const slope = products / squares;
  return { slope, intercept: center - slope * middle };
}

/**
 * Theil and Sen's line: the median of the slopes of all pairs (Theil 1950, Sen 1968), through the medians of values and
 * steps (Conover 1980). Cost and memory: O(n^2).
 */
export function theilSen(series: Numbers): Line {
  const { values, steps } = points(series);
  const slope = selectMedian(pairSlopes(values, steps));
  return { slope, intercept: selectMedian(values) - slope * selectMedian(steps) };
}

export function theilSenSlope(series: Numbers): number {
  const { values, steps } = points(series);
  return selectMedian(pairSlopes(values, steps));
}

/** The median of the slopes of all pairs within a season, per period (Hirsch, Slack and Smith 1982). */
export function seasonalSlope(series: Numbers, period: number): number {
  const slopes: Float64Array[] = [];
  for (let season = 0; season < period; season++) {
    const length = Math.max(0, Math.ceil((series.length - season) / period));
    const { values, steps } = points(Float64Array.from({ length }, (_, i) => series[season + i * period]));
    slopes.push(pairSlopes(values, steps));
  }
  const all = new Float64Array(slopes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of slopes) {
    all.set(part, at);
    at += part.length;
  }
  return selectMedian(all);
}

/**
 * Sen's two-sided interval of his slope: with C = z sqrt(Var S) and N sorted slopes, it lies between ranks (N - C) / 2
 * and (N + C) / 2 + 1, interpolated (Sen 1968; Gilbert 1987, section 16.4.2). NaN if there are too few values for a
 * rank. It assumes independent scatter about a line, like the Mann-Kendall test; for an accumulated leak it is far too
 * narrow.
 */
export function senInterval(series: Numbers, confidence = 0.95): Interval {
  const { values, steps } = points(series);
  const slopes = pairSlopes(values, steps);
  const spread = normalQuantile(0.5 + confidence / 2) * Math.sqrt(kendallScore(values).variance);
  return {
    lower: atRank(slopes, (slopes.length - spread) / 2),
    upper: atRank(slopes, (slopes.length + spread) / 2 + 1),
  };
}

/** The variance of the Theil-Sen slope of a walk divided by that of the least-squares slope. */
const THEIL_SEN_OVER_LEAST_SQUARES = 1.0235;

/** An estimator of the drift of a walk. */
export type SlopeEstimator = "endPoint" | "leastSquares" | "theilSen";

/**
 * The variance of an estimator of the drift divided by that of the end points, s^2 / T, for a walk read at n + 1
 * equally spaced times. For least squares it is exact: 6/5 (n^2 + 2n + 2) / ((n + 1) (n + 2)), from the weights of the
 * increments. For Theil and Sen's slope no closed form is known: 1.0235 times that of least squares, by simulation of
 * 25,000 walks of 101 and 301 readings (standard error 0.001), so 1.228 for many readings.
 */
export function driftVarianceFactor(estimator: SlopeEstimator, readings: number): number {
  if (estimator === "endPoint") return 1;
  const n = readings - 1;
  const leastSquares = (1.2 * (n * n + 2 * n + 2)) / ((n + 1) * (n + 2));
  return estimator === "theilSen" ? THEIL_SEN_OVER_LEAST_SQUARES * leastSquares : leastSquares;
}

/**
 * An interval for the drift of an accumulated series, per step, around an estimate of it: estimate +- t sqrt(factor
 * v / length), where v is the variance of the n increments per step and t has n - 1 degrees of freedom.
 *
 * Assumes increments that are independent, of one mean and one variance, with no noise in the reading: true of a ledger
 * of leaks read once a day or a week, when days or weeks are alike; not of a gauge that also breathes with the load,
 * whose increments undo each other, which makes it too wide; not of hourly increments of a leak that sleeps at night,
 * whose mean moves: take steps of a period. Few large leaks make the increments skew and t optimistic; the ledger's own
 * interval (compound-poisson.ts) needs no such luck.
 */
export function driftInterval(
  series: Numbers,
  estimate: number,
  estimator: SlopeEstimator,
  confidence = 0.95,
): Interval {
  const { values, steps } = points(series);
  const n = values.length - 1;
  if (n < 2) return { lower: NaN, upper: NaN };
  const length = steps[n] - steps[0];
  const drift = (values[n] - values[0]) / length;
  // An increment over several steps has the variance of all of them.
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const [change, over] = [values[i + 1] - values[i], steps[i + 1] - steps[i]];
    squares += ((change - over * drift) * (change - over * drift)) / over;
  }
  const error = Math.sqrt((driftVarianceFactor(estimator, values.length) * (squares / (n - 1))) / length);
  const half = studentTQuantile(0.5 + confidence / 2, n - 1) * error;
  return { lower: estimate - half, upper: estimate + half };
}

/** The values that are known, and their steps from 0. */
function points(series: Numbers): { values: Float64Array; steps: Float64Array } {
  const steps = Float64Array.from(series, (_, step) => step).filter((step) => !Number.isNaN(series[step]));
  return { values: known(series), steps };
}

function pairSlopes(values: Float64Array, steps: Float64Array): Float64Array {
  const slopes = new Float64Array((values.length * (values.length - 1)) / 2);
  let at = 0;
  for (let j = 1; j < values.length; j++) {
    for (let i = 0; i < j; i++) slopes[at++] = (values[j] - values[i]) / (steps[j] - steps[i]);
  }
  return slopes;
}

/** The value of a rank from 1, between two by proportion; NaN outside. Leaves the values in another order. */
function atRank(values: Float64Array, rank: number): number {
  if (!(rank >= 1 && rank <= values.length)) return NaN;
  const whole = Math.floor(rank);
  const lower = select(values, whole - 1);
  return rank === whole ? lower : lower + (rank - whole) * (select(values, whole) - lower);
}
