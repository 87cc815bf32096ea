/** Durations in options, such as 30s, 10m, 6h or 1d. */
import { extent } from "../lab/experiment/scenario.ts";
import { itemAt } from "../lab/lists.ts";
import { UserError } from "../lab/user-error.ts";
import { number } from "./options.ts";

const secondsOfUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

const SAMPLE_SECONDS_MAX = extent.sampleEveryHours.max * 3600;

/** Whole minutes, which divide a day or are whole days. @throws UserError */
export function minutesOf(name: string, word: string): number {
  const minutes = secondsIn(word, /^([1-9]\d{0,5})([mhd])$/) / 60;
  if (1440 % minutes === 0 || minutes % 1440 === 0) return minutes;
  throw new UserError(
    `${name} is "${word}"; it must be a time such as 30m, 6h or 1d that divides a day, or whole days`,
  );
}

/** Seconds of a duration with a unit, at least 1. @throws UserError */
export function secondsOf(name: string, word: string): number {
  const seconds = secondsIn(word, /^([1-9]\d{0,5})([smh])$/);
  if (Number.isNaN(seconds)) throw new UserError(`${name} is "${word}"; it must be a time such as 30s, 10m or 1h`);
  return seconds;
}

/**
 * Seconds between two samples, such as 300, 5m or 1h: without a unit the number is in seconds. @throws UserError
 */
export function plainSecondsOf(name: string, word: string): number {
  const seconds = /[smhd]$/.test(word) ? secondsIn(word, /^(\d+)([smhd])$/) : Number(word);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= SAMPLE_SECONDS_MAX) return seconds;
  const most = `${SAMPLE_SECONDS_MAX / itemAt(secondsOfUnit, "d")}d`;
  throw new UserError(`${name} is ${word}; it must be a time from 1s to ${most}, such as 300, 5m or 1h`);
}

/** A time since the start of a run, such as 90s, 30m, 9h or 2.5d [us]. @throws UserError */
export function timeOf(name: string, word: string): number {
  const seconds = secondsIn(word, /^(\d{1,9}(?:\.\d{1,6})?)([smhd])$/);
  if (Number.isNaN(seconds)) throw new UserError(`${name} is "${word}"; it must be a time such as 90s, 9h or 2.5d`);
  return Math.round(seconds * 1e6);
}

/** A positive number of days. @throws UserError */
export function daysOf(name: string, word: string): number {
  const days = number(name, word);
  if (days > 0) return days;
  throw new UserError(`${name} is ${word}; it must be a number of days above 0`);
}

/** NaN if the word does not match. @param pattern of an amount and a unit */
function secondsIn(word: string, pattern: RegExp): number {
  const [, amount, unit = ""] = pattern.exec(word) ?? [];
  return Number(amount) * (secondsOfUnit[unit] ?? NaN);
}
