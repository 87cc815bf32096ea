/**
 * The daily levels of a gauge: the lowest reading of each whole day, which is what is held when nobody prints. From
 * them follow the slope, with an interval that is valid for an accumulated leak, and the days left.
 *
 * A day is whole if there are readings in at least 18 of its hours, or in three quarters of its slots of the usual time
 * between two readings if that is longer than an hour. The days of a process that starts between 1 and 6 h are counted
 * from its start: its first change would otherwise be that of a day without the hours before the start. Only changes
 * from one whole day to the next within one process count, because a change at a restart or in a gap is not a leak.
 * These changes are joined into one walk, which ends at the present level. So restarts and gaps only reduce the number
 * of steps. A process that has no whole day yet has the level of its lowest reading so far. A process of a week or more
 * that ends within an hour of the end of a whole day, as with a scheduled restart, has the lowest reading of its last
 * hours as one more level. Otherwise a restart every Sunday would hide what leaks on Saturdays, and the other days
 * would count for more.
 *
 * Slope and days left come from the same days: the last whole weeks if there are at least two, because weekends leak
 * less, and otherwise all. The slope is the last level minus the first over the days between them (docs/statistics.md:
 * on a walk nothing is better). Its interval:
 *
 *   walk   levels rise and fall: driftInterval, Student's t of the daily changes. It is too wide if changes cancel
 *          because a gauge fluctuates with the load.
 *   leaks  most days change nothing and none falls: each change is a leak; Fay and Feuer's gamma interval.
 *   none   fewer than five changes, or no change at all: no method here is valid.
 *
 * There are days left only where this interval is above 0: what may not rise at all has no date. Nor has a rise that is
 * not steady, for one of three reasons: on half of the days or more it is below a third of the mean, as after a single
 * jump or while a cache fills; or the slope of the last week is outside the interval, and the slope of all weeks is
 * outside the 99 % interval of the last week; or there were restarts, and without the first days of processes (three)
 * the interval is not above 0, so that the rise may be nothing but their start-up. If it rises later, too, but these
 * days rise faster, slope and days left come from the other days.
 *
 * A leak that sleeps on most days, such as one of nightly batches, is steady by the week: at least four whole weeks
 * rise by about as much, so that the 99 % interval of Student's t of the weekly changes is above 0. One jump or two are
 * never that. Its steps are weeks, also for the interval of a walk and for the days left.
 */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import { compoundInterval } from "../../statistics/compound-poisson.ts";
import {
  compoundPoissonForecast,
  diffusionForecast,
  READINGS_MIN,
  timeByWhich,
  type Readings,
} from "../../statistics/days-left.ts";
import { meanEstimate, sum, type Interval } from "../../statistics/estimate.ts";
import { driftInterval, endPointSlope } from "../../statistics/slope.ts";
import { selectMedian } from "../../statistics/selection.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import type { Part } from "../imports/grid.ts";

/** A day counts as whole if at least this share of its slots have readings: 18 of 24 hours. */
const WHOLE_SHARE = 0.75;
/** Days are counted from midnight, or from a start that is at least one hour after it, and at most six. */
const EARLY_US = US_PER_HOUR;
const NIGHT_US = 6 * US_PER_HOUR;
/** A day counts as rising with this share of the mean rise: a leak of working days has all of them, a jump has one. */
const RISING_SHARE = 1 / 3;
/** With fewer whole weeks, nothing can be said about the change over a week. */
const WEEKS_MIN = 4;
/**
 * A process starts up until people print, which after a restart on Friday evening is on the third day. Of a process
 * with few days, half of the changes are taken for its start-up, and at least one.
 */
const START_UP_DAYS = 3;
/** 1 - 0.05 / 5. */
const FAMILY_OF_99 = 5;
/** The level of the end of a process is its lowest reading in this time. */
const END_US = 3 * US_PER_HOUR;

/** The lowest reading of a whole day, or of the present process if it has none. */
export interface DailyLevel {
  /** From 0. */
  readonly day: number;
  /** The index of the process that it belongs to. */
  readonly part: number;
  readonly level: number;
  /** Whether it is that of the last hours of a process. */
  readonly isEnd?: boolean;
}

/** The whole days of a gauge, in order, and the present level of a process that has none. */
export function dailyLevels(timesUs: Float64Array, values: Float64Array, parts: readonly Part[]): DailyLevel[] {
  const levels: DailyLevel[] = [];
  const slotUs = Math.max(US_PER_HOUR, usualStepOf(timesUs, values));
  let [day, part, slots, slot, least] = [-1, 0, 0, -1, Infinity];
  const enough = WHOLE_SHARE * Math.max(1, Math.floor(US_PER_DAY / slotUs));
  const starts = parts.map(startOfDayUs);
  const finish = () => {
    if (slots >= enough) levels.push({ day, part, level: least });
  };
  const finishPart = (next: number) => {
    const { untilUs } = parts[part]!;
    if (!endsWithWholeWeek(levels, part, untilUs - starts[part]!)) return;
    const end = lowestSince(untilUs - END_US, timesUs.subarray(0, next), values.subarray(0, next));
    if (end !== undefined) levels.push({ day: levels.at(-1)!.day + 1, part, level: end.level, isEnd: true });
  };
  for (let i = 0; i < timesUs.length; i++) {
    const [timeUs, value] = [timesUs[i]!, values[i]!];
    let own = part;
    while (own + 1 < parts.length && timeUs >= parts[own + 1]!.fromUs) own++;
    // A reading at midnight belongs to the day that ends.
    const dayOfReading = Math.ceil((timeUs - starts[own]!) / US_PER_DAY) - 1;
    if (dayOfReading !== day || own !== part) {
      finish();
      if (own !== part) finishPart(i);
      [day, part, slots, slot, least] = [dayOfReading, own, 0, -1, Infinity];
    }
    if (Number.isNaN(value)) continue;
    const slotOfReading = Math.ceil(timeUs / slotUs);
    if (slotOfReading !== slot) [slots, slot] = [slots + 1, slotOfReading];
    least = Math.min(least, value);
  }
  finish();
  const before = levels.at(-1);
  if (before === undefined || before.part === parts.length - 1) return levels;
  const present = lowestSince(parts.at(-1)!.fromUs, timesUs, values);
  return present === undefined ? levels : [...levels, { ...present, part: parts.length - 1 }];
}

/** The time of day at which the days of a process begin [us]. */
function startOfDayUs({ fromUs }: Part): number {
  const timeOfDayUs = fromUs % US_PER_DAY;
  // Its first reading belongs to the day that begins.
  return timeOfDayUs > EARLY_US && timeOfDayUs <= NIGHT_US ? timeOfDayUs - 1 : 0;
}

/** Whether the last seven days of a process are whole and end with it. @param endUs since the start of day 0 */
function endsWithWholeWeek(levels: readonly DailyLevel[], part: number, endUs: number): boolean {
  const [first, last] = [levels.at(-DAYS_PER_WEEK), levels.at(-1)];
  if (first?.part !== part || last?.part !== part || last.day - first.day !== DAYS_PER_WEEK - 1) return false;
  return Math.abs((last.day + 1) * US_PER_DAY - endUs) <= US_PER_HOUR;
}

function lowestSince(fromUs: number, timesUs: Float64Array, values: Float64Array) {
  let lowest: { readonly day: number; readonly level: number } | undefined;
  for (let i = timesUs.length - 1; i >= 0 && timesUs[i]! >= fromUs; i--) {
    const level = values[i]!;
    if (lowest === undefined ? !Number.isNaN(level) : level < lowest.level) {
      lowest = { day: Math.ceil(timesUs[i]! / US_PER_DAY) - 1, level };
    }
  }
  return lowest;
}

/** The median time between two readings [us]; 0 if there are not two. */
function usualStepOf(timesUs: Float64Array, values: Float64Array): number {
  const known = timesUs.filter((_, i) => !Number.isNaN(values[i]!));
  if (known.length < 2) return 0;
  return selectMedian(Float64Array.from({ length: known.length - 1 }, (_, i) => known[i + 1]! - known[i]!));
}

/** The levels of consecutive days, without the changes across restarts and gaps; the last level is unchanged. */
export function joined(levels: readonly DailyLevel[]): Float64Array {
  const walk: number[] = [];
  let last: DailyLevel | undefined;
  for (const level of levels) {
    if (last?.part === level.part && last.day + 1 === level.day) walk.push(walk.at(-1)! + level.level - last.level);
    else if (walk.length === 0) walk.push(level.level);
    last = level;
  }
  const shift = last === undefined ? 0 : last.level - walk.at(-1)!;
  return Float64Array.from(walk, (level) => level + shift);
}

/** The levels without those of the start-up of processes; the first process began before the readings. */
function withoutStartUp(levels: readonly DailyLevel[]): DailyLevel[] {
  return levels.filter(({ part }, i) => {
    const first = levels.findIndex((level) => level.part === part);
    const changes = levels.findLastIndex((level) => level.part === part) - first;
    return part === 0 || i - first >= Math.max(1, Math.min(START_UP_DAYS, Math.floor(changes / 2)));
  });
}

export interface Slope {
  /** Per day. */
  readonly value: number;
  /** The 95 % interval; NaN if there is none. */
  readonly interval: Interval;
  readonly method: "walk" | "leaks" | "none";
  /** The number of day-to-day changes. */
  readonly changes: number;
  /** How many of them are at least a third of the slope. */
  readonly rises: number;
  readonly isOfWholeWeeks: boolean;
  /** Whether it rises on half of the days or fewer, but by about as much in each of at least four weeks. */
  readonly isWeekly: boolean;
  /** The slope of the last week, if it contradicts that of all weeks. */
  readonly ofLastWeek?: number;
  /** Whether the rise may be nothing but the start-up of processes, or start-up is left out of it. */
  readonly startUp?: "may be all" | "left out";
}

/**
 * The walk of the levels of a gauge, and its slope. Start-up is left out if it rises faster than the rising days after
 * it (above their 99 % interval). Without a slope if there are fewer than two levels of consecutive days.
 */
export function riseOf(levels: readonly DailyLevel[]): { readonly walk: Float64Array; readonly slope?: Slope } {
  const all = joined(levels);
  const slope = slopeOf(all);
  const later = withoutStartUp(levels);
  if (slope === undefined) return { walk: all };
  if (later.length === levels.length) return { walk: all, slope };
  const isSettled = (slopeOf(joined(later.filter(({ isEnd }) => isEnd !== true)))?.interval.lower ?? NaN) > 0;
  const settled = endingAt(all.at(-1)!, joined(later));
  const steps = changesOf(settled);
  const first = (sum(changesOf(all)) - sum(steps)) / (all.length - 1 - steps.length);
  const rising = steps.filter((step) => step > 0 && step >= RISING_SHARE * slope.value);
  if (!isSettled) return { walk: all, slope: { ...slope, startUp: "may be all" } };
  const isFaster = first > meanEstimate(rising, 1, FAMILY_OF_99).upper;
  return isFaster ? { walk: settled, slope: { ...slopeOf(settled)!, startUp: "left out" } } : { walk: all, slope };
}

function endingAt(level: number, walk: Float64Array): Float64Array {
  const shift = level - (walk.at(-1) ?? level);
  return walk.map((one) => one + shift);
}

/** The levels that slope and days left come from: those of the last whole weeks if there are two, otherwise all. */
function lastWeeksOf(walk: Float64Array): { readonly used: Float64Array; readonly isOfWholeWeeks: boolean } {
  const weeks = Math.floor((walk.length - 1) / DAYS_PER_WEEK);
  const isOfWholeWeeks = weeks >= 2;
  return { used: isOfWholeWeeks ? walk.subarray(walk.length - 1 - DAYS_PER_WEEK * weeks) : walk, isOfWholeWeeks };
}

/** The levels at the ends of whole weeks. */
function byWeek(used: Float64Array): Float64Array {
  return used.filter((_, i) => i % DAYS_PER_WEEK === 0);
}

/** Whether whole weeks rise by about as much. */
function risesByTheWeek(used: Float64Array): boolean {
  const weeks = byWeek(used);
  return weeks.length > WEEKS_MIN && driftInterval(weeks, endPointSlope(weeks), "endPoint", 0.99).lower > 0;
}

/** Undefined with fewer than two levels. */
export function slopeOf(walk: Float64Array): Slope | undefined {
  if (walk.length < 2) return undefined;
  const { used, isOfWholeWeeks } = lastWeeksOf(walk);
  const value = endPointSlope(used);
  const steps = changesOf(used);
  const rises = steps.filter((step) => step > 0 && step >= RISING_SHARE * value).length;
  const isWeekly = isOfWholeWeeks && rises <= steps.length / 2 && risesByTheWeek(used);
  const about = { value, changes: steps.length, rises, isOfWholeWeeks, isWeekly };
  if (steps.length < READINGS_MIN || steps.every((step) => step === 0)) {
    return { ...about, interval: { lower: NaN, upper: NaN }, method: "none" };
  }
  const method = isOfLeaks(steps) ? "leaks" : "walk";
  const interval = isWeekly && method === "walk" ? intervalByWeek(used) : intervalOf(used, method, Math.max(...steps));
  const slope: Slope = { ...about, interval, method };
  if (!isOfWholeWeeks) return slope;
  const week = used.subarray(-DAYS_PER_WEEK - 1);
  const recent = endPointSlope(week);
  const ofWeek = intervalOf(week, method, Math.max(...steps), 0.99);
  const isLasting = isWithin(recent, interval) || isWithin(value, ofWeek);
  return isLasting ? slope : { ...slope, ofLastWeek: recent };
}

/** Whether most days rise, or all weeks alike, not only after restarts, and the last week does not contradict it. */
export function isSteady(slope: Slope): boolean {
  const isOften = risesOnMostDays(slope) || slope.isWeekly;
  return isOften && slope.ofLastWeek === undefined && slope.startUp !== "may be all";
}

export function risesOnMostDays({ rises, changes }: Slope): boolean {
  return rises > changes / 2;
}

/** A ramp of fractions has an interval whose width is rounding. */
function isWithin(value: number, { lower, upper }: Interval): boolean {
  const rounding = 1e-9 * Math.abs(value);
  return value >= lower - rounding && value <= upper + rounding;
}

/** The interval of the slope, per day. @param largest the largest leak, for a week without any */
function intervalOf(walk: Float64Array, method: "leaks" | "walk", largest: number, confidence = 0.95): Interval {
  if (method === "walk") return driftInterval(walk, endPointSlope(walk), "endPoint", confidence);
  const steps = changesOf(walk);
  const total = sum(steps);
  const squares = sum(steps.map((step) => step * step));
  const { lower, upper } = compoundInterval({ total, squares, largest }, confidence);
  return { lower: lower / steps.length, upper: upper / steps.length };
}

/** The interval of the slope, per day, from the changes over whole weeks. */
function intervalByWeek(used: Float64Array): Interval {
  const weeks = byWeek(used);
  const { lower, upper } = driftInterval(weeks, endPointSlope(weeks), "endPoint");
  return { lower: lower / DAYS_PER_WEEK, upper: upper / DAYS_PER_WEEK };
}

/** Days until a limit is reached: the median and a 90 % interval; Infinity if it may never be. */
export interface DaysLeft {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Undefined if nothing can be forecast: the interval of the slope is not above 0, the rise is not steady, the limit is
 * already reached, or most steps change nothing and some fall. Steps are days, or weeks if the rise is weekly.
 */
export function daysLeft(walk: Float64Array, limit: number, slope = slopeOf(walk)): DaysLeft | undefined {
  if (slope === undefined || !(slope.interval.lower > 0) || !isSteady(slope)) return undefined;
  const { used } = lastWeeksOf(walk);
  const levels = slope.isWeekly ? byWeek(used) : used;
  const step = slope.isWeekly ? DAYS_PER_WEEK : 1;
  const steps = changesOf(levels);
  if (steps.every((change) => change === slope.value * step)) {
    // Without variance there is no distribution, and every quantile is the same.
    const left = (limit - used.at(-1)!) / slope.value;
    return left > 0 ? { lower: left, median: left, upper: left } : undefined;
  }
  const readings: Readings = { readings: levels, step, limit };
  const neverFalls = steps.every((change) => change >= 0);
  const forecast = neverFalls ? compoundPoissonForecast(readings) : diffusionForecast(readings, "endPoint");
  if (forecast === undefined) return undefined;
  const [lower, median, upper] = [0.05, 0.5, 0.95].map((share) => timeByWhich(forecast, share)) as [
    number,
    number,
    number,
  ];
  return { lower, median, upper };
}

function changesOf(walk: Float64Array): number[] {
  return Array.from({ length: walk.length - 1 }, (_, i) => walk[i + 1]! - walk[i]!);
}

function isOfLeaks(steps: readonly number[]): boolean {
  const still = steps.filter((step) => step === 0).length;
  return still > steps.length / 2 && steps.every((step) => step >= 0);
}
