/**
 * How long until a rising level reaches its limit, forecast from its readings so far.
 *
 * A forecast is a distribution: the probability that the limit has not been reached after a given time. It accounts for
 * three sources of uncertainty: the drift (from one walk, with the variance that slope.ts gives its estimator), the
 * variance of the walk (estimated from n increments, so Student's t replaces the normal), and the future.
 *
 *   diffusion         a walk that fluctuates about its drift: the time to the limit is inverse Gaussian, with a normal
 *                     drift about its estimate. The limit may never be reached; then the probabilities do not add up
 *                     to 1.
 *   compound Poisson  separate leaks that are never given back: the time until the room is used up, over the time
 *                     observed, is a ratio of two gamma variates. All shapes are those of leaks of equal size, given by
 *                     the dispersion of the increments (their variance over their mean, E[B^2] / E[B]).
 *   regression        the usual practice: the textbook error of the least-squares slope, as if readings scattered about
 *                     their line. It is here to be shown wrong.
 *   predict_linear    when the line that Prometheus fits reaches the limit: a time without an interval.
 *
 * When they are wrong: if increments depend on each other or on the hour (use one reading a day at the same hour, over
 * whole weeks; otherwise the drift is that of the observed days, and the variance includes the difference between
 * Mondays and Sundays); if a gauge fluctuates with the load (its increments cancel, so the variance is too large and
 * the intervals are too wide); if a restart gave back what had leaked (the history before it belongs to another
 * process, so start after it); and if the future rate is different, which no interval can know.
 *
 * There is no forecast from fewer than READINGS_MIN readings, from increments that do not vary, or at the limit.
 */
import { betaCdf } from "./beta.ts";
import { mean, variance } from "./estimate.ts";
import { inverseGaussianSurvival } from "./exhaustion.ts";
import { chiSquareQuantile } from "./gamma.ts";
import { driftVarianceFactor, endPointSlope, leastSquares, theilSenSlope, type SlopeEstimator } from "./slope.ts";
import { studentTCdf } from "./special-functions.ts";

/** With fewer readings, the variance of their increments is practically unknown. */
export const READINGS_MIN = 5;

/** The number of equally likely variances over which a forecast averages if its variance was estimated. */
const VARIANCES = 32;

/** The relative error of a quantile. */
const QUANTILE_ERROR = 1e-6;
const TIME_MAX = 1e12;

/** A level up to now. */
export interface Readings {
  /** At equally spaced times; the last one is now. */
  readonly readings: Float64Array;
  /** The time between two readings, in the unit of time of the forecast. */
  readonly step: number;
  /** The level that must not be reached. */
  readonly limit: number;
}

export interface Forecast {
  /** The probability that the limit is not reached within this time from now: 1 at 0, never increasing. */
  readonly survival: (time: number) => number;
}

const slopes: Readonly<Record<SlopeEstimator, (readings: Float64Array) => number>> = {
  endPoint: endPointSlope,
  leastSquares: (readings) => leastSquares(readings).slope,
  theilSen: theilSenSlope,
};

/**
 * The limit as a barrier of a walk whose drift is estimated. With room w, drift N(m, v) and variance s^2 per unit of
 * time, the probability of passing it by t has a closed form (exhaustion.ts). Here v = factor s^2 / (observed time),
 * and s^2 is averaged over its distribution given the increments.
 *
 * Undefined if most increments are 0: a few isolated leaks are not a walk, and a 95 % interval would cover 78 to 84 %.
 * Use compoundPoissonForecast, or fewer readings at longer steps.
 */
export function diffusionForecast(observed: Readings, estimator: SlopeEstimator): Forecast | undefined {
  const seen = seenOf(observed);
  if (seen === undefined) return undefined;
  const { readings, step } = observed;
  const still = readings.filter((reading, i) => i > 0 && reading === readings[i - 1]).length;
  if (still > seen.increments / 2) return undefined;
  const drift = slopes[estimator](readings) / step;
  const driftError = driftVarianceFactor(estimator, readings.length) / seen.time;
  const variances = variancesAround(seen.variance / step, seen.increments - 1);
  return averaged(variances, (variance, time) => {
    return inverseGaussianSurvival(seen.room, drift, variance, time, driftError * variance);
  });
}

/**
 * The limit as a number of leaks. Leaks of one size d occur at an unknown rate: the rise so far was rise / d leaks, and
 * the room is room / d. Given n leaks in the observed time, the rate is a gamma variate of shape n + 1/2 divided by
 * that time (Jeffreys), and m more leaks take a gamma variate of shape m divided by the rate. Half a leak is also added
 * to the room, which is the mean overshoot of the last leak. Leaks of several sizes are replaced by leaks of one size
 * with the same dispersion, as in the gamma interval of compound-poisson.ts. The fewer leaks an increment has, the less
 * precise that dispersion is: with k leaks per increment on average, the excess kurtosis of 1 / k leaves 1 / (1 + 1 /
 * 2k) of the degrees of freedom.
 *
 * Undefined if the level has not risen.
 */
export function compoundPoissonForecast(observed: Readings): Forecast | undefined {
  const seen = seenOf(observed);
  if (seen === undefined || !(seen.rise > 0)) return undefined;
  const dispersion = seen.variance / (seen.rise / seen.increments);
  const leaksOfIncrement = seen.rise / dispersion / seen.increments;
  const dispersions = variancesAround(dispersion, (seen.increments - 1) / (1 + 0.5 / leaksOfIncrement));
  return averaged(dispersions, (size, time) => {
    return betaCdf(seen.time / (seen.time + time), seen.rise / size + 0.5, seen.room / size + 0.5);
  });
}

/** Room divided by slope, with the textbook interval for the slope of a regression with independent errors. */
export function regressionForecast(observed: Readings): Forecast | undefined {
  const seen = seenOf(observed);
  if (seen === undefined) return undefined;
  const { readings, step } = observed;
  const { slope, intercept } = leastSquares(readings);
  const middle = (readings.length - 1) / 2;
  let [residuals, squares] = [0, 0];
  for (let i = 0; i < readings.length; i++) {
    const residual = readings[i] - intercept - slope * i;
    residuals += residual * residual;
    squares += (i - middle) * (i - middle);
  }
  const degrees = readings.length - 2;
  const error = Math.sqrt(residuals / degrees / squares) / step;
  return {
    survival: (time) => (time > 0 ? studentTCdf((seen.room / time - slope / step) / error, degrees) : 1),
  };
}

/**
 * When the least-squares line reaches the limit: Prometheus' predict_linear(series[window], t), the value of the line t
 * after now, solved for t. It is one time, so its distribution is a step, and no interval has a width.
 */
export function predictLinear(observed: Readings): Forecast | undefined {
  if (seenOf(observed) === undefined) return undefined;
  const { readings, step, limit } = observed;
  const { slope, intercept } = leastSquares(readings);
  const now = intercept + slope * (readings.length - 1);
  const left = slope > 0 ? Math.max(0, ((limit - now) / slope) * step) : Infinity;
  return { survival: (time) => (time === 0 || time < left ? 1 : 0) };
}

/** The time by which the limit is reached with this probability; Infinity if it never becomes so probable. */
export function timeByWhich({ survival }: Forecast, probability: number): number {
  const isReached = (time: number) => 1 - survival(time) >= probability;
  let high = 1;
  while (!isReached(high)) {
    high *= 2;
    if (high > TIME_MAX) return Infinity;
  }
  let low = high / 2;
  while (isReached(low)) {
    high = low;
    low /= 2;
    if (low < 1 / TIME_MAX) return 0;
  }
  while (high > low * (1 + QUANTILE_ERROR)) {
    const middle = Math.sqrt(low * high);
    if (isReached(middle)) high = middle;
    else low = middle;
  }
  return high;
}

interface Seen {
  /** The distance from the last reading to the limit: > 0. */
  readonly room: number;
  /** From the first reading to the last. */
  readonly rise: number;
  /** The time from the first reading to the last. */
  readonly time: number;
  readonly increments: number;
  /** The variance of an increment: > 0. */
  readonly variance: number;
}

/** Undefined if there is nothing to forecast from. */
function seenOf({ readings, step, limit }: Readings): Seen | undefined {
  const increments = readings.length - 1;
  const last = readings[increments];
  if (readings.length < READINGS_MIN || !(last < limit)) return undefined;
  const steps = Float64Array.from({ length: increments }, (_, i) => readings[i + 1] - readings[i]);
  const spread = variance(steps);
  if (!(spread > 0)) return undefined;
  return { room: limit - last, rise: last - readings[0], time: increments * step, increments, variance: spread };
}

/**
 * Equally probable values of a variance that was estimated with the given degrees of freedom: the estimate times
 * degrees divided by a chi-square variate, at the midpoints of its quantiles. A normal distribution averaged over them
 * is Student's.
 */
function variancesAround(estimate: number, degrees: number): Float64Array {
  return Float64Array.from({ length: VARIANCES }, (_, i) => {
    return (estimate * degrees) / chiSquareQuantile((i + 0.5) / VARIANCES, degrees);
  });
}

function averaged(variances: Float64Array, survival: (variance: number, time: number) => number): Forecast {
  return {
    survival: (time) => (time > 0 ? mean(variances.map((variance) => survival(variance, time))) : 1),
  };
}
