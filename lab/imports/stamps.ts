/**
 * Times and numbers in logs: each text is read in exactly one way, or refused.
 *
 * A time is a number of microseconds since 1 January 1970, either in UTC or in local time; the caller of the latter
 * knows the zone. Ambiguous texts are refused: 03/04/2024 can be in March or in April, and 1,234 can be a thousand or
 * one.
 */
import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "../../sim/time-units.ts";
import { dayOf, isDate } from "../calendar.ts";

export interface Stamp {
  readonly us: number;
  readonly isUtc: boolean;
}

/** The order of day and month in a date with slashes. */
export type DateOrder = "month-first" | "day-first";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const CLOCK = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:\s*([AaPp])\.?[Mm]\.?)?`;
const ZONE = String.raw`\s*(Z|UTC|[+-]\d\d:?\d\d)?`;
const ISO = new RegExp(String.raw`^(\d{4})-(\d\d)-(\d\d)[T ]${CLOCK}${ZONE}$`);
const DOTS = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4}),? ${CLOCK}${ZONE}$`);
const SLASHES = new RegExp(String.raw`^(\d{1,2})\/(\d{1,2})\/(\d{4}),? ${CLOCK}${ZONE}$`);
const WORDS = new RegExp(String.raw`^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):${CLOCK}${ZONE}$`);
const EPOCH = /^(\d{9,16})(?:\.(\d+))?$/;

/** Parses a time; returns the rule that the text breaks if it is malformed. */
export function stampOf(text: string, order?: DateOrder): Stamp | string {
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
  const epoch = EPOCH.exec(trimmed);
  return epoch === null ? "a time is written as 2024-03-01 13:05:00, or in seconds since 1970" : sinceEpoch(trimmed);
}

/**
 * Parses a number since 1970: seconds with 9 to 11 digits before the point, milliseconds with 12 or 13, microseconds
 * with 15 or 16.
 */
function sinceEpoch(text: string): Stamp | string {
  const digits = /^\d+/.exec(text)![0].length;
  const size = digits <= 11 ? 1e6 : digits <= 13 ? 1e3 : digits >= 15 ? 1 : NaN;
  if (Number.isNaN(size)) return "seconds, milliseconds or microseconds since 1970";
  return { us: Math.round(Number(text) * size), isUtc: true };
}

/** @param positions the groups of year, month and day; clock and zone follow */
function civil(groups: readonly (string | undefined)[], positions: readonly [number, number, number]): Stamp | string {
  const [year, month, day] = positions.map((position) => Number(groups[position])) as [number, number, number];
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
  return { us: local - ahead * US_PER_MINUTE, isUtc: true };
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const NUMBER_WITH_COMMA = /^[+-]?\d+,\d+(?:[eE][+-]?\d{1,3})?$/;
/** Three digits after the comma, and one to three before it. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/** Parses a number with a point or, if allowed, a comma; returns the rule that it breaks otherwise. */
export function numberOf(text: string, mayHaveComma: boolean): number | string {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return finite(Number(trimmed));
  if (!NUMBER_WITH_COMMA.test(trimmed)) return "it is not a number";
  return mayHaveComma && !THOUSANDS.test(trimmed)
    ? finite(Number(trimmed.replace(",", ".")))
    : "the comma can be a decimal mark or separate thousands";
}

function finite(value: number): number | string {
  return Number.isFinite(value) ? value : "the number is too large";
}

/** The same for numbers that are never negative. */
export function amountOf(text: string, mayHaveComma: boolean): number | string {
  const value = numberOf(text, mayHaveComma);
  return typeof value === "number" && value < 0 ? "it is below 0" : value;
}
