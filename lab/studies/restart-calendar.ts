/** The calendar of restarts of a policy, and the whole intervals of it in the simulated days. */
import { US_PER_DAY } from "../../sim/time-units.ts";
import type { Upkeep } from "../../models/contract/operations.ts";
import type { HorizonValues } from "../analysis/horizon-values.ts";
import type { Plan } from "../experiment/plan.ts";
import { itemAt } from "../lists.ts";

export const YEAR_DAYS = 365;
/** Simulations of policies continue for so long after the horizon, with the restart that is due then. */
export const AFTER_HORIZON_DAYS = 1 / 96;
/** A restart interval counts as whole if the sampled one differs from it by at most this share. */
const WHOLE = 0.05;
/** The number of samples per week: as many as allowed, so that leaks before exhaustion can be measured. */
const SAMPLES_OF_WEEK = [28, 14, 7, 2, 1];
const SAMPLES_MAX = 64;

/** The restart intervals that are tried, as far as the simulated days contain them: these, weeks, and the longest. */
const HOURS_TRIED = [6, 12, 24, 48, 96];
const WEEK_HOURS = 168;
/** Longer ones are tried only if the longest of the others is the cheapest. */
const HOURS_AT_FIRST = 2 * WEEK_HOURS;

/** The restart intervals to simulate that fit the calendar, and longer ones to try after them, all ascending [h]. */
export function restartHoursOf(
  horizonDays: number,
  stepHours: number,
): { readonly hours: readonly number[]; readonly longerHours: readonly number[] } {
  const tried = [...HOURS_TRIED, WEEK_HOURS];
  for (let every = 2 * WEEK_HOURS; every <= horizonDays * 24; every *= 2) tried.push(every, 1.5 * every);
  const kept = [...new Set(tried.map((hours) => Math.ceil(hours / stepHours) * stepHours))];
  const longest = Math.floor((horizonDays * 24) / stepHours) * stepHours;
  const hours = kept.filter((every) => every <= Math.min(longest, HOURS_AT_FIRST));
  const more = [...kept.filter((every) => every < longest), longest];
  return { hours, longerHours: more.filter((every) => every > (hours.at(-1) ?? Infinity)) };
}

/** The sampling interval of the runs of policies [h]. */
export function sampleHoursOf(horizonDays: number): number {
  return 168 / (SAMPLES_OF_WEEK.find((samples) => (samples * horizonDays) / 7 <= SAMPLES_MAX) ?? 1);
}

/** Whole intervals of the restart calendar up to the horizon, each with its restart. */
export interface WholeIntervals {
  /** The sample time at which they begin; undefined for the start. */
  readonly since: number | undefined;
  /** The sample time at which they end; undefined for the horizon. */
  readonly until?: number;
}

/** Whole intervals up to the horizon since this time [us]; undefined if there are none. */
export function wholeIntervalsSince(
  calendar: Calendar,
  sinceUs: number,
  times: readonly number[],
): WholeIntervals | undefined {
  const earliest = sinceUs === 0 ? undefined : times.findIndex((time) => time >= sinceUs);
  return earliest === -1 ? undefined : wholeIntervalsIn(times, calendar, earliest);
}

/** A time, or the next restart if the interval between is shorter than others: a week may begin on a Friday. */
export function afterShort({ restarts }: Calendar, sinceUs: number): number {
  const first = restarts.find((restart) => restart > sinceUs) ?? sinceUs;
  const longest = Math.max(...restarts.map((restart, i) => restart - (restarts[i - 1] ?? restart)));
  return first - sinceUs < (1 - WHOLE) * longest ? first : sinceUs;
}

/** The fewest days beyond the horizon that contain whole intervals since this time; undefined if two years do not. */
export function daysNeededFor(calendar: Calendar, sinceUs: number, horizonDays: number): number | undefined {
  for (let days = Math.floor(horizonDays) + 1; days < horizonDays + 2 * YEAR_DAYS; days++) {
    const sampleUs = (sampleHoursOf(days) / 24) * US_PER_DAY;
    const horizonUs = (days + AFTER_HORIZON_DAYS) * US_PER_DAY;
    const samples = Math.ceil(horizonUs / sampleUs);
    const times = Array.from({ length: samples }, (_, i) => Math.min((i + 1) * sampleUs, horizonUs));
    if (wholeIntervalsSince(calendar, sinceUs, times) !== undefined) return days;
  }
  return undefined;
}

function wholeIntervalsIn(
  times: readonly number[],
  calendar: Calendar,
  earliest: number | undefined,
): WholeIntervals | undefined {
  const { restarts, intervalUs } = calendar;
  if (calendar.lingers) return wholeIntervalsAfterFirst(times, calendar, earliest);
  const horizon = times.at(-1)!;
  let best: WholeIntervals | undefined;
  let least = WHOLE;
  for (let sample = earliest ?? -1; sample < times.length - 1; sample++) {
    const since = sample < 0 ? undefined : sample;
    const time = since === undefined ? 0 : itemAt(times, since);
    const intervals = restarts.filter((restart) => restart >= time && restart < horizon).length;
    const off = Math.abs((horizon - time) / intervalUs / intervals - 1);
    if (off < least - 1e-9) [best, least] = [{ since }, off];
  }
  return best;
}

/**
 * The longest whole intervals between two samples after the first restart: what a restart causes later is then seen for
 * as many restarts as there are intervals. Nothing was restarted before the first. Both samples are, if possible, at
 * the same time of their interval.
 */
function wholeIntervalsAfterFirst(
  times: readonly number[],
  { restarts, intervalUs }: Calendar,
  earliest = 0,
): WholeIntervals | undefined {
  const before = times.map((time) => restarts.filter((restart) => restart < time).length);
  let best: WholeIntervals | undefined;
  let [longest, least] = [0, WHOLE];
  for (let since = earliest; since < times.length; since++) {
    if (itemAt(times, since) < itemAt(restarts, 0)) continue;
    for (let until = since + 1; until < times.length; until++) {
      const intervals = itemAt(before, until) - itemAt(before, since);
      const off = Math.abs((itemAt(times, until) - itemAt(times, since)) / intervalUs - intervals);
      const isCloser = off < least - 1e-9;
      if (intervals === 0 || !(isCloser || (off < least + 1e-9 && intervals > longest))) continue;
      [best, longest, least] = [{ since, until }, intervals, Math.min(off, least)];
    }
  }
  return best;
}

export interface Calendar {
  /** Their times [us], ascending, to two years after the horizon. */
  readonly restarts: readonly number[];
  /** The mean interval [us]. */
  readonly intervalUs: number;
  /** Whether consequences of a restart come later than shortly after it. */
  readonly lingers: boolean;
}

/** The calendar of restarts; undefined if it restarts nothing within a year. */
export function calendarOf(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  { restart }: Upkeep,
): Calendar | undefined {
  const horizon = values.times(pointIndex).at(-1)!;
  const { values: settings } = itemAt(plan.points, pointIndex).resolved;
  const restarts = restart.times(settings, horizon + 2 * YEAR_DAYS * US_PER_DAY);
  if (restarts.length < 2 || itemAt(restarts, 0) >= YEAR_DAYS * US_PER_DAY) return undefined;
  return {
    restarts,
    intervalUs: (restarts.at(-1)! - itemAt(restarts, 0)) / (restarts.length - 1),
    lingers: restart.lingers?.(settings) === true,
  };
}

/** The days between restarts, and how often they come in a year: those of a weekend are followed by five days. */
export function gapsInYear({ restarts }: Calendar): Map<number, number> {
  const counts = new Map<number, number>();
  const years = restarts.at(-1)! / US_PER_DAY / YEAR_DAYS;
  for (const [i, restart] of restarts.entries()) {
    const days = (restart - (restarts[i - 1] ?? 0)) / US_PER_DAY;
    counts.set(days, (counts.get(days) ?? 0) + 1 / years);
  }
  return counts;
}

/** The days between the start, the restarts before a day, and that day. */
export function gapsUntil(calendar: Calendar | undefined, days: number): number[] {
  const ends = [...(calendar?.restarts ?? []).map((restart) => restart / US_PER_DAY).filter((at) => at < days), days];
  return ends.map((end, i) => end - (ends[i - 1] ?? 0));
}

/** The day of the first restart by the calendar; undefined without a calendar. */
export function firstRestartDays(
  plan: Plan,
  values: HorizonValues,
  pointIndex: number,
  upkeep: Upkeep,
): number | undefined {
  const calendar = calendarOf(plan, values, pointIndex, upkeep);
  return calendar && itemAt(calendar.restarts, 0) / US_PER_DAY;
}
