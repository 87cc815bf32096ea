/**
 * Forecast times compared with what happened: are the forecasts too early or too late, by how much, and do their
 * intervals cover as often as stated?
 *
 * Some times are right-censored: the event had not happened when observation ended. Without them only early events
 * would remain, and every forecast would look late. So, with all times observed until the same instant:
 *
 * - Errors are counted up to that instant: min(predicted, until) - min(actual, until), which is always known. A
 *   forecast of 500 days and one of 50 days are equally good while 30 are observed.
 * - An interval covered, missed (also if its upper end has passed), or is undecided. The interval
 *   for the coverage combines Wilson's lower end for the worst case and upper end for the best case, so it is valid
 *   whatever the undecided ones turn out to be.
 * - The coverage is estimated from the probabilities F(T) that forecasts gave to the actual times, which are uniform if
 *   the forecasts are right (Dawid 1984). Times that were not observed are right-censored at F(until), and the share
 *   within an interval is a difference of the Kaplan-Meier curve. If the forecasts are right, the censoring is not
 *   informative. If they are wrong, it may be, and only the interval can be trusted. There is no estimate if the curve
 *   does not reach the end of the interval.
 */
import { Distribution } from "./distribution.ts";
import { mean, meanEstimate, type Estimate } from "./estimate.ts";
import { wilsonInterval } from "./proportion.ts";
import { kaplanMeier, type SurvivalStep } from "./survival.ts";

/** The maximum number of distinct probabilities. */
const CHANCES_MAX = 65_536;

/** A forecast time, and what happened. */
export interface ForecastResult {
  /** The median of the forecast; Infinity if the event will probably never happen. */
  readonly predicted: number;
  /** The time of the event, or of right-censoring. */
  readonly time: number;
  readonly happened: boolean;
  /** The forecast probability that the event happens within `time`. */
  readonly chance: number;
}

/** How often the intervals of one level contained the time. */
export interface Coverage {
  readonly level: number;
  readonly held: number;
  readonly failed: number;
  /** Right-censored before the end of the interval. */
  readonly unknown: number;
  /** NaN if it cannot be estimated. */
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Calibration {
  readonly forecasts: number;
  /** How many of them were observed to happen. */
  readonly happened: number;
  /** Predicted minus actual time, up to the end of observation, with its 95 % interval. */
  readonly bias: Estimate;
  /** The mean of the absolute errors. */
  readonly absoluteError: number;
  readonly coverages: readonly Coverage[];
}

/**
 * @param forecasts independent of each other, as those of different servers are
 * @param until how long all of them were observed; right-censored times are at least this long
 * @param levels of two-sided intervals with equal tails, in (0, 1)
 */
export function calibration(
  forecasts: readonly ForecastResult[],
  until: number,
  levels: readonly number[],
): Calibration {
  const upTo = (time: number) => Math.min(time, until);
  const errors = Float64Array.from(forecasts, ({ predicted, time }) => upTo(predicted) - upTo(time));
  const chancesOf = (happened: boolean) => {
    const chances = new Distribution(CHANCES_MAX);
    chances.add(
      Float64Array.from(
        forecasts.filter((one) => one.happened === happened),
        ({ chance }) => chance,
      ),
    );
    return chances.cells();
  };
  const [events, censored] = [chancesOf(true), chancesOf(false)];
  const steps = kaplanMeier(events, censored);
  const seenUpTo = steps.at(-1)?.survival === 0 ? 1 : (censored.values.at(-1) ?? 0);
  return {
    forecasts: forecasts.length,
    happened: forecasts.filter(({ happened }) => happened).length,
    bias: meanEstimate(errors),
    absoluteError: mean(errors.map(Math.abs)),
    coverages: levels.map((level) => coverageOf(forecasts, level, steps, seenUpTo)),
  };
}

function coverageOf(
  forecasts: readonly ForecastResult[],
  level: number,
  steps: readonly SurvivalStep[],
  seenUpTo: number,
): Coverage {
  const tail = (1 - level) / 2;
  const isBelow = ({ chance }: ForecastResult) => chance < tail;
  const isAbove = ({ chance }: ForecastResult) => chance > 1 - tail;
  const failed = forecasts.filter((one) => isAbove(one) || (one.happened && isBelow(one))).length;
  const held = forecasts.filter((one) => one.happened && !isBelow(one) && !isAbove(one)).length;
  const unknown = forecasts.length - held - failed;
  const before = steps.findLast(({ time }) => time < tail)?.survival ?? 1;
  const after = steps.findLast(({ time }) => time <= 1 - tail)?.survival ?? 1;
  const estimated = seenUpTo >= 1 - tail ? before - after : NaN;
  return {
    level,
    held,
    failed,
    unknown,
    share: unknown === 0 ? held / forecasts.length : estimated,
    lower: wilsonInterval(held, forecasts.length).lower,
    upper: wilsonInterval(held + unknown, forecasts.length).upper,
  };
}
