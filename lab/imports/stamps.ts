/**
 * Times in logs: each text is read in exactly one way, or refused.
 *
 * A time is a number of microseconds since 1 January 1970, either in UTC or in local time; the caller of the latter
 * knows the zone. Ambiguous texts are refused: 03/04/2024 can be in March or in April, and 2026030213 can be in 2026 or
 * in 2034. So are years outside 1990 to 2099: Performance Monitor came in 1993 and the page_log of CUPS in 1999, and a
 * machine whose clock was never set writes 1970 or 1980.
 */
import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "../../sim/time-units.ts";
import { dayOf, isDate } from "../calendar.ts";

export interface Stamp {
  readonly us: number;
  readonly isUtc: boolean;
}

/** The order of day and month in a date with slashes. */
export type DateOrder = "month-first" | "day-first";

const FIRST_YEAR = 1990;
const LAST_YEAR = 2099;
const FIRST_US = dayOf({ year: FIRST_YEAR, month: 1, day: 1 }) * US_PER_DAY;
const END_US = dayOf({ year: LAST_YEAR + 1, month: 1, day: 1 }) * US_PER_DAY;

const YEARS = `the time of a log lies in the years ${FIRST_YEAR} to ${LAST_YEAR}`;

/** Zones range from 14 hours ahead of UTC to 12 hours behind it, and summer time adds an hour [minutes]. */
export const BIAS_MINUTES_MAX = 15 * 60;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const CLOCK = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:\s*([AaPp])\.?[Mm]\.?)?`;
const ZONE = String.raw`\s*(Z|UTC|[+-]\d\d:?\d\d)?`;
const ISO = new RegExp(String.raw`^(\d{4})-(\d\d)-(\d\d)[T ]${CLOCK}${ZONE}$`);
const DOTS = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4}),? ${CLOCK}${ZONE}$`);
const SLASHES = new RegExp(String.raw`^(\d{1,2})\/(\d{1,2})\/(\d{4}),? ${CLOCK}${ZONE}$`);
const WORDS = new RegExp(String.raw`^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):${CLOCK}${ZONE}$`);
const EPOCH = /^(\d{9,16})(?:\.\d+)?$/;

/** 2026030213, which as seconds since 1970 is in the year 2034. */
const YEAR_TO_HOUR = /^(?:199\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])$/;

/** Parses a time; returns the rule that the text breaks if it is malformed or cannot be the time of a log. */
export function stampOf(text: string, order?: DateOrder): Stamp | string {
  return checked(timeOf(text, order));
}

/** The same for a number of seconds, milliseconds or microseconds since 1970. */
export function epochOf(text: string): Stamp | string {
  return checked(sinceEpoch(text.trim()) ?? "a time is seconds since 1970");
}

function checked(stamp: Stamp | string): Stamp | string {
  return typeof stamp === "string" || (stamp.us >= FIRST_US && stamp.us < END_US) ? stamp : YEARS;
}

function timeOf(text: string, order: DateOrder | undefined): Stamp | string {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso !== null) return civil(iso, [1, 2, 3]);
  const dots = DOTS.exec(trimmed);
  if (dots !== null) return civil(dots, [3, 2, 1]);
  const words = WORDS.exec(trimmed);
  if (words !== null) {
    const month = MONTHS.indexOf(words[2]!.toLowerCase()) + 1;
    return civil(Object.assign([...words], { 2: String(month) }), [3, 2, 1]);
  }
  const slashes = SLASHES.exec(trimmed);
  if (slashes !== null) {
    if (order === undefined)
      return "a date with slashes can be read in two ways; choose dates month-first or day-first";
    return civil(slashes, order === "month-first" ? [3, 1, 2] : [3, 2, 1]);
  }
  if (YEAR_TO_HOUR.test(trimmed)) return "it can be seconds since 1970, or a year, month, day and hour";
  return sinceEpoch(trimmed) ?? "a time is written as 2024-03-01 13:05:00, or in seconds since 1970";
}

/**
 * Parses a number since 1970: seconds with 9 to 11 digits before the point, milliseconds with 12 or 13, microseconds
 * with 15 or 16. Undefined if it is no such number.
 */
function sinceEpoch(text: string): Stamp | string | undefined {
  const [, whole] = EPOCH.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = whole.length;
  const size = digits <= 11 ? 1e6 : digits <= 13 ? 1e3 : digits >= 15 ? 1 : NaN;
  if (Number.isNaN(size)) return "seconds, milliseconds or microseconds since 1970";
  return { us: Math.round(Number(text) * size), isUtc: true };
}

/** @param positions the groups of year, month and day; clock and zone follow */
function civil(groups: readonly (string | undefined)[], positions: readonly [number, number, number]): Stamp | string {
  const [year, month, day] = positions.map((position) => Number(groups[position])) as [number, number, number];
  if (year < FIRST_YEAR || year > LAST_YEAR) return YEARS;
  const date = { year, month, day };
  if (!isDate(date)) return "the day does not exist";
  const [, , , , hourText, minute, second, fraction, half, zone] = groups;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return "an hour with AM or PM is 1 to 12";
    hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  }
  const seconds = Number(second ?? 0);
  if (hour > 23 || Number(minute) > 59 || seconds > 59) return "the time of day does not exist";
  const us = Math.round(Number(`0.${fraction ?? 0}`) * 1e6);
  const local = dayOf(date) * US_PER_DAY + hour * US_PER_HOUR + Number(minute) * US_PER_MINUTE + seconds * 1e6 + us;
  if (zone === undefined) return { us: local, isUtc: false };
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? ["", "+", "0", "0"];
  const ahead = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  if (Math.abs(ahead) > BIAS_MINUTES_MAX || Number(minutes) > 59) return "a zone is at most 15:00 from UTC";
  return { us: local - ahead * US_PER_MINUTE, isUtc: true };
}
