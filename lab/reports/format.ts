/**
 * Numbers as text for people: three significant digits, in a unit that suits the size. Tables for programs have all
 * digits.
 */

import type { Response } from "../../models/contract/responses.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { lengthsDays } from "../../page/units.ts";

/** Three significant digits, in plain notation where people expect it. */
export function significant(value: number): string {
  if (value === 0 || Number.isNaN(value)) return value === 0 ? "0" : "";
  const text = value.toPrecision(3);
  return text.includes("e") ? String(Math.abs(value) < 1e6 && Math.abs(value) > 1e-6 ? Number(text) : text) : text;
}

/** Beyond this many decimals more than the end that is farther from 0 needs, each end has its own three digits. */
const MORE_DECIMALS_MAX = 3;

/**
 * Both ends of an interval, with the decimals of the end that is farther from 0: "12" and "126", not "12.0". They have
 * more where an end would otherwise become 0, or equal the other.
 */
export function ends(lower: number, upper: number): [lower: string, upper: string] {
  const decimals = decimalsOf(lower, upper);
  const text = (end: number) => {
    if (decimals === undefined || end === 0) return significant(end);
    return decimals < 0 ? String(roundedTo(end, decimals)) : end.toFixed(decimals);
  };
  return [text(lower), text(upper)];
}

/** An estimate with three digits, and at least the decimals of its ends, outside of which it would lie without them. */
export function valueBetweenEnds({ value, lower, upper }: Estimated): string {
  const decimals = decimalsOf(lower, upper);
  const isCoarse = decimals !== undefined && value !== 0 && decimals > decimalsOfThreeDigits(value);
  if (!isCoarse) return significant(value);
  return decimals < 0 ? String(roundedTo(value, decimals)) : value.toFixed(decimals);
}

export type Estimated = Pick<Estimate, "value" | "lower" | "upper">;

/** The same ends as numbers. */
export function roundedEnds(lower: number, upper: number): [lower: number, upper: number] {
  const decimals = decimalsOf(lower, upper);
  return decimals === undefined ? [lower, upper] : [roundedTo(lower, decimals), roundedTo(upper, decimals)];
}

/** The decimals of both ends, negative for tens and hundreds; undefined if each has its own. */
function decimalsOf(lower: number, upper: number): number | undefined {
  const greatest = Math.max(Math.abs(lower), Math.abs(upper));
  if (!(greatest > 1e-6 && greatest < 1e6)) return undefined;
  const fewest = decimalsOfThreeDigits(greatest);
  for (let decimals = fewest; decimals <= fewest + MORE_DECIMALS_MAX; decimals++) {
    const [from, to] = [roundedTo(lower, decimals), roundedTo(upper, decimals)];
    if ((from !== 0 || lower === 0) && (to !== 0 || upper === 0) && (from !== to || lower === upper)) return decimals;
  }
  return undefined;
}

function decimalsOfThreeDigits(value: number): number {
  return 2 - Number(value.toExponential(2).split("e")[1]);
}

function roundedTo(value: number, decimals: number): number {
  if (decimals >= 0) return Number(value.toFixed(decimals));
  const step = Number(`1e${-decimals}`);
  return step * Math.round(value / step);
}

/** "1 server", "2 servers". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** A length of time [d]: "2.91 days", "1 day"; below a tenth of a day, "4.45 minutes". */
export function days(value: number): string {
  const isShort = value > 0 && value < 0.1;
  const fitting = Object.entries(lengthsDays).find(([unit, length]) => value >= length || unit === "millisecond");
  const [unit, size] = isShort && fitting !== undefined ? fitting : ["day", 1];
  const text = significant(value / size).replace(/\.0+$/, "");
  return `${text} ${unit}${text === "1" ? "" : "s"}`;
}

/** The ends of a time [d]: "1.98 hours to 2.95 hours", not "1.98 hours to 0.123 days". */
export function daysBetween(lower: number, upper: number): string {
  const isMixed = lower > 0 && lower < 0.1 && upper >= 0.1 && upper < 1;
  const text = (value: number) => (isMixed ? `${significant(24 * value)} hours` : days(value));
  return `${text(lower)} to ${text(upper)}`;
}

/** Forecasts beyond this have no digits, which would promise more than anybody knows [d]. */
export const DAYS_AHEAD_MAX = 3652;
export const TOO_FAR_AHEAD = "more than 10 years";

/** "170", or "more than 10 years", of a number of days ahead. */
export function daysAheadText(days: number): string {
  return days > DAYS_AHEAD_MAX ? TOO_FAR_AHEAD : significant(days);
}

/** "a", "a and b", "a, b and c". */
export function enumerated(words: readonly string[], conjunction: "and" | "or" = "and"): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(` ${conjunction} `);
}

/** With a capital first letter, as a sentence begins. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The printed name of a response: its label, or the words of its name, so that jobsStarved becomes "jobs starved". */
export function labelOf({ name, label }: Pick<Response, "name" | "label">): string {
  return label ?? plainName(name.replace(/^leaked(?=.)|(?<=.)Us$/g, ""));
}

/** The same with its display unit: "paged pool bytes [kB]". */
export function resourceName(response: Pick<Response, "name" | "label">, unit: string): string {
  return unit === "1" ? labelOf(response) : `${labelOf(response)} [${unit}]`;
}

/** The words of a camel-case name: "jobsStarved" becomes "jobs starved". */
function plainName(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

/** Formats 360 minutes as "6 h"; what is no whole number of minutes in seconds. */
export function durationText(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  if (minutes % 60 === 0) return `${minutes / 60} h`;
  return Number.isInteger(minutes) ? `${minutes} min` : `${Number((60 * minutes).toPrecision(3))} s`;
}
