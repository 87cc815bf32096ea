/**
 * The leak detectors of detector-study.ts: from the readings of a gauge so far to an alarm or none.
 *
 * A detector sees what an administrator sees, and nothing of the ledger. It raises an alarm when a rise is significant
 * at a one-sided level; CUSUM, when its sum has ever exceeded the threshold for that level. Detectors draw no random
 * numbers: the same readings give the same result.
 *
 * Readings are equally spaced and start one step after a midnight. Missing readings are NaN, and some detectors cannot
 * be used then. With too few readings a detector has no verdict.
 */
import { Cusum, cusumThreshold, pettitt, sequentialScores } from "../../statistics/change-point.ts";
import { known, mannKendall, type TrendTest } from "../../statistics/mann-kendall.ts";
import { seasonalKendall } from "../../statistics/seasonal-kendall.ts";
import {
  blockMeans,
  blockMinima,
  hamedRao,
  prewhitened,
  trendFreePrewhitened,
} from "../../statistics/serial-dependence.ts";
import { senInterval } from "../../statistics/slope.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";

/** What is known of a server at a time. */
export interface Watch {
  /** The readings so far. */
  readonly readings: Float64Array;
  /** Readings of the same server at the same times, with the same jobs and a spooler that does not leak. */
  readonly twin?: Float64Array | undefined;
  /** Readings of another server, with its own jobs and a spooler that does not leak. */
  readonly peer?: Float64Array | undefined;
  /** Readings per day; below 1 if they are more than a day apart. */
  readonly readingsPerDay: number;
  /** The level of the one-sided test. */
  readonly level: number;
}

export interface Detector {
  readonly name: string;
  /** What it tests, in a few words. */
  readonly meaning: string;
  /** Whether it compares the server with another whose leaks are known. */
  readonly needsOther?: true;
  /** Whether it can be applied to readings of this kind. */
  readonly applies: (watch: Watch) => boolean;
  /** Undefined when there are too few readings to decide. */
  readonly alarms: (watch: Watch) => boolean | undefined;
}

/** With fewer values there is no test: the normal approximations need 8 to 10 or more. */
const VALUES_MIN = 8;
/**
 * The number of values for which CUSUM holds its level, whether tested once or after each value; with more values, for
 * all of them.
 */
const CUSUM_VALUES = 28;

/** The detectors, in the order of reports. */
export const detectors: readonly Detector[] = [
  detector("mann-kendall", "all readings, as if they were independent", always, (watch) => {
    return rises(watch, watch.readings, mannKendall);
  }),
  detector(
    "seasonal-day",
    "compares each hour with the same hour of other days",
    ({ readingsPerDay }) => readingsPerDay > 1,
    (watch) => risesWithin(watch, watch.readingsPerDay),
  ),
  detector(
    "seasonal-week",
    "compares each hour with the same hour of other weeks",
    (watch) => perWeek(watch) > 1,
    (watch) => risesWithin(watch, perWeek(watch)),
  ),
  detector(
    "hamed-rao",
    "all readings, with a variance that allows for the autocorrelation of three lags",
    isGapless,
    (watch) => {
      return rises(watch, watch.readings, (values) => hamedRao(values));
    },
  ),
  detector("hamed-rao-all", "the same with all lags, known to be unsafe", isGapless, (watch) => {
    return rises(watch, watch.readings, (values) => hamedRao(values, Infinity));
  }),
  detector("prewhitened", "readings minus what the previous reading explains", isGapless, (watch) => {
    return rises(watch, watch.readings, prewhitened);
  }),
  detector(
    "trend-free-prewhitened",
    "the same, with the trend removed first and added back afterwards",
    isGapless,
    (watch) => {
      return rises(watch, watch.readings, (values) => trendFreePrewhitened(values));
    },
  ),
  detector("sen-interval", "Sen's interval of the slope lies above 0", always, ({ readings, level }) => {
    return isEnough(readings) ? senInterval(readings, 1 - 2 * level).lower > 0 : undefined;
  }),
  detector("pettitt", "one step up, at an unknown time", always, ({ readings, level }) => {
    return isEnough(readings) ? pettitt(readings).pRising <= level : undefined;
  }),
  detector(
    "cusum",
    "CUSUM of the ranks of daily means among all earlier ones; its level holds for four weeks",
    always,
    cusumAlarms,
  ),
  detector("day-means", "Mann-Kendall of the daily means", isSeveralADay, (watch) => {
    return rises(watch, blockMeans(watch.readings, watch.readingsPerDay), mannKendall);
  }),
  detector("day-minima", "Mann-Kendall of the lowest reading of each day", isSeveralADay, (watch) => {
    return rises(watch, blockMinima(watch.readings, watch.readingsPerDay), mannKendall);
  }),
  withOther(
    "less-peer",
    "day means minus those of a fixed server",
    ({ peer }) => peer !== undefined,
    (watch) => {
      return rises(watch, differenceOf(watch, watch.peer!), mannKendall);
    },
  ),
  withOther(
    "less-twin",
    "day means minus those of a fixed server with the same jobs",
    ({ twin }) => twin !== undefined,
    (watch) => rises(watch, differenceOf(watch, watch.twin!), mannKendall),
  ),
];

function detector(name: string, meaning: string, applies: Detector["applies"], alarms: Detector["alarms"]): Detector {
  return { name, meaning, applies, alarms };
}

function withOther(...about: Parameters<typeof detector>): Detector {
  return { ...detector(...about), needsOther: true };
}

function always(): boolean {
  return true;
}

function isGapless({ readings }: Watch): boolean {
  return !readings.some(Number.isNaN);
}

function isSeveralADay({ readingsPerDay }: Watch): boolean {
  return readingsPerDay > 1;
}

/** Readings per week; 0 if this is not a whole number. */
function perWeek({ readingsPerDay }: Watch): number {
  const readings = Math.round(DAYS_PER_WEEK * readingsPerDay * 1e6) / 1e6;
  return Number.isInteger(readings) ? readings : 0;
}

function isEnough(values: Float64Array): boolean {
  return known(values).length >= VALUES_MIN;
}

/** Whether the values rise significantly; undefined if there are too few. A test without a p-value raises no alarm. */
function rises({ level }: Watch, values: Float64Array, test: (values: Float64Array) => TrendTest): boolean | undefined {
  return isEnough(values) ? test(values).pRising <= level : undefined;
}

/** Whether the readings rise from one period to the next; undefined with less than two whole periods. */
function risesWithin(watch: Watch, period: number): boolean | undefined {
  if (watch.readings.length < 2 * period) return undefined;
  return rises(watch, watch.readings, (values) => seasonalKendall(values, period));
}

/** Readings minus those of another server, as daily means if there are several a day; this removes the weekly cycle. */
function differenceOf({ readings, readingsPerDay }: Watch, other: Float64Array): Float64Array {
  const difference = readings.map((reading, i) => reading - itemAt(other, i));
  return readingsPerDay > 1 ? blockMeans(difference, readingsPerDay) : difference;
}

/** The first values only serve as the reference for ranks. */
function cusumAlarms({ readings, readingsPerDay, level }: Watch): boolean | undefined {
  const values = known(readingsPerDay > 1 ? blockMeans(readings, readingsPerDay) : readings);
  if (!isEnough(values)) return undefined;
  const threshold = cusumThreshold(Math.max(CUSUM_VALUES, values.length), level);
  const cusum = new Cusum(threshold);
  return sequentialScores(values, VALUES_MIN - 1).some((score) => cusum.add(score));
}
