/** The calendar: days are counted from 1 January 1970, a Thursday. There is no clock and no time zone. */
import { DAYS_PER_YEAR } from "../page/units.ts";
import { weekdays } from "../page/week-axis.ts";
import { US_PER_DAY } from "../sim/time-units.ts";

export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const FIRST_YEAR = 1970;

export const DAYS_PER_WEEK = 7;
/** What is farther ahead is not reported, or as never [d]. */
export const DAYS_PER_CENTURY = 100 * DAYS_PER_YEAR;

export function isDate({ year, month, day }: CalendarDay): boolean {
  return year >= FIRST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month);
}

/** Days from 1 January 1970 to a date. */
export function dayOf({ year, month, day }: CalendarDay): number {
  return daysBefore(year, month) + day - 1;
}

export function dateOf(days: number): CalendarDay {
  let year = FIRST_YEAR + Math.floor(days / 366);
  while (daysBefore(year + 1, 1) <= days) year++;
  let month = 1;
  while (month < 12 && daysBefore(year, month + 1) <= days) month++;
  return { year, month, day: days - daysBefore(year, month) + 1 };
}

/** YYYY-MM-DD. */
export function dateText(days: number): string {
  const { year, month, day } = dateOf(days);
  return `${year}-${two(month)}-${two(day)}`;
}

/** Formats microseconds since 1 January 1970 as YYYY-MM-DD HH:MM:SS. */
export function stampText(us: number): string {
  const day = Math.floor(us / US_PER_DAY);
  const seconds = Math.floor((us - day * US_PER_DAY) / 1e6);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return `${dateText(day)} ${clock}`;
}

/** The day of a YYYY-MM-DD; undefined when it is not a date. */
export function dayOfText(text: string): number | undefined {
  const [, year = NaN, month = NaN, day = NaN] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  const date = { year, month, day };
  return isDate(date) ? dayOf(date) : undefined;
}

export function weekdayOf(days: number): string {
  return weekdays[(days + 3) % 7]!;
}

/** The dates of a Monday, and of the others within so many days after it. */
export function mondaysFrom(monday: number, days: number): string[] {
  return Array.from({ length: Math.floor(days / 7) + 1 }, (_, week) => dateText(monday + 7 * week));
}

/** The Monday on or before a day. */
export function mondayBefore(days: number): number {
  return days - ((days + 3) % 7);
}

/** "6 h", "7 d". */
export function hoursText(hours: number): string {
  return hours >= 72 && hours % 24 === 0 ? `${hours / 24} d` : `${hours} h`;
}

/** Formats a number with two digits. */
export function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Days from 1 January 1970 to the first of a month. */
function daysBefore(year: number, month: number): number {
  const leapDays = (years: number) => Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  let days = 365 * (year - FIRST_YEAR) + leapDays(year - 1) - leapDays(FIRST_YEAR - 1);
  for (let m = 1; m < month; m++) days += monthDays(year, m);
  return days;
}

function monthDays(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
