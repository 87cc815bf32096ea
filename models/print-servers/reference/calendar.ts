/** Section 9 of docs/model.md: the times of restarts by the calendar, and of visits in maintenance windows. */
import type { Time } from "../../../sim/event-list.ts";
import type { PrintServersValues } from "../parameters/parameters.ts";
import { HOUR, parameterUs } from "./durations.ts";

/**
 * The time of a visit, given how many come `before` it, if the first is possible from `from` on. Visits are staggered
 * within the maintenance windows.
 */
export function visitAt(values: PrintServersValues, from: Time, before: number): Time {
  const day = 24 * HOUR;
  const { windowStartHour, windowHours, windowDays, staggerMinutes } = values;
  const opens = Math.ceil(windowStartHour * HOUR);
  const length = Math.ceil(windowHours * HOUR);
  const stagger = parameterUs(staggerMinutes, 6e7);
  let left = before;
  for (let d = Math.floor(from / day) - 1; ; d++) {
    const isDay = windowDays === "every-day" || ((d % 7) + 7) % 7 >= 5;
    const begin = Math.max(0, from, d * day + opens);
    const end = d * day + opens + length;
    if (!isDay || begin >= end) continue;
    const fit = stagger === 0 ? Infinity : Math.ceil((end - begin) / stagger);
    if (left < fit) return begin + left * stagger;
    left -= fit;
  }
}

/** The first restart by the calendar: after the interval, or at the first time that the set day or hour allows. */
export function firstRestart(values: PrintServersValues): Time {
  const { restartOn, restartAtHour, restartEveryHours } = values;
  const isByInterval = restartOn === "every-day" && restartAtHour === 24;
  return isByInterval ? parameterUs(restartEveryHours, HOUR) : allowedRestart(values, 1);
}

/** The first time from `from` on at which the calendar of restarts allows both the day and the hour. */
export function allowedRestart(values: PrintServersValues, from: Time): Time {
  const { restartOn, restartAtHour } = values;
  const week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  const days = { "every-day": week, weekend: week.slice(5) } as Record<string, string[]>;
  const midnight = (day: number): Time => day * 24 * HOUR;
  let day = Math.floor(from / midnight(1));
  for (;;) {
    const time = restartAtHour === 24 ? Math.max(from, midnight(day)) : midnight(day) + Math.ceil(restartAtHour * HOUR);
    if ((days[restartOn] ?? [restartOn]).includes(week[day % 7]) && time >= from) return time;
    day++;
  }
}
