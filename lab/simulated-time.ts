/** Simulated time as people read it: day 0 is a Monday, weeks are numbered from 1, and the day has a time of day. */
import { dayName, weekdays } from "../page/week-axis.ts";
import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from "../sim/time-units.ts";
import { two } from "./calendar.ts";

/** "week 1 Mon 09:14:03.120456". */
export function shortTime(timeUs: number): string {
  const day = Math.floor(timeUs / US_PER_DAY);
  return `week ${1 + Math.floor(day / 7)} ${weekdays[day % 7]!.slice(0, 3)} ${timeOfDay(timeUs, 6)}`;
}

/** "Monday of week 1 at 09:14". */
export function timeToMinute(timeUs: number): string {
  return `${dayOf(timeUs)} at ${timeOfDay(timeUs).slice(0, 5)}`;
}

/** "Monday of week 1, 09:14:03.120". */
export function timeToMillisecond(timeUs: number): string {
  return `${dayOf(timeUs)}, ${timeOfDay(timeUs, 3)}`;
}

function dayOf(timeUs: number): string {
  return dayName({}, timeUs / US_PER_DAY);
}

/** HH:MM:SS, with so many decimals of the second. */
function timeOfDay(timeUs: number, decimals = 0): string {
  const us = Math.floor(timeUs) % US_PER_DAY;
  const [hours, minutes, seconds] = [
    us / US_PER_HOUR,
    (us % US_PER_HOUR) / US_PER_MINUTE,
    (us % US_PER_MINUTE) / US_PER_SECOND,
  ];
  const fraction = String(us % US_PER_SECOND)
    .padStart(6, "0")
    .slice(0, decimals);
  const whole = [hours, minutes, seconds].map((part) => two(Math.floor(part))).join(":");
  return decimals === 0 ? whole : `${whole}.${fraction}`;
}
