/** How advice writes amounts, dates and the parts of a fleet. */
import type { Estimate } from "../../statistics/estimate.ts";
import { DAYS_PER_YEAR } from "../../page/units.ts";
import { dateText, DAYS_PER_CENTURY } from "../calendar.ts";
import type { Advice } from "../studies/advice.ts";
import { capital, roundedEnds, significant } from "./format.ts";
import { TOO_FEW } from "./interval-text.ts";

/** A half-width that is this small beside its value is a rounding error. */
const DUST = 1e-9;

/** Beyond so many days, a day is not worth planning for. */
export const FAR_DAYS = 3650;

/** Formats days from a fresh start as "day 12", or as a date if the start is known. */
export interface When {
  /** The word before a day. */
  readonly before: string;
  readonly text: (days: number) => string;
}

export function whenOf({ startDay }: Pick<Advice, "startDay">): When {
  if (startDay === undefined) return { before: "day ", text: dayText };
  return { before: "", text: (days) => (days > DAYS_PER_CENTURY ? "never" : dateText(startDay + Math.floor(days))) };
}

function dayText(days: number): string {
  return days === Infinity ? "never" : separated(days >= 10 ? Math.round(days) : days).replace(/\.0+$/, "");
}

export function daysText(days: number): string {
  return days > 2 * DAYS_PER_YEAR ? `${separated(days / DAYS_PER_YEAR)} years` : `${dayText(days)} days`;
}

/** An amount with three significant digits and separators of thousands. */
export function money(amount: number): string {
  if (Number.isNaN(amount)) return "";
  const rounded = Number(amount.toPrecision(3));
  if (Math.abs(rounded) < 0.005) return "0";
  const plain = Math.abs(rounded) < 1000 ? String(Number(rounded.toFixed(2))) : rounded.toFixed(0);
  return plain.replace(/\B(?<!\.\d*)(?=(\d{3})+$)/g, ",");
}

/** Three significant digits, however small, with separators of thousands. */
export function separated(value: number): string {
  return Math.abs(value) < 999.5 ? significant(value) : money(value);
}

/** Both ends of an interval of amounts. */
export function moneyEnds(lower: number, upper: number): [lower: string, upper: string] {
  const [from, to] = roundedEnds(lower, upper);
  return [money(from), money(to)];
}

/** "12 ± 3"; without an interval, "12 ‡". */
export function estimateText({ value, halfWidth }: Pick<Estimate, "value" | "halfWidth">): string {
  if (Number.isNaN(halfWidth)) return `${money(value)} ${TOO_FEW}`;
  return isExact({ value, halfWidth }) ? money(value) : `${money(value)} ± ${money(halfWidth)}`;
}

/** Whether all replications gave the same, except for rounding. */
export function isExact({ value, halfWidth }: Pick<Estimate, "value" | "halfWidth">): boolean {
  return Math.abs(halfWidth) <= DUST * Math.abs(value);
}

/** The same of a cost, which cannot be negative: "12 (0 .. 40)" where "12 ± 28" would reach below 0. */
export function costText({ value, halfWidth }: Pick<Estimate, "value" | "halfWidth">): string {
  return halfWidth > value && value > 0
    ? `${money(value)} (0 .. ${money(value + halfWidth)})`
    : estimateText({ value, halfWidth });
}

/** "site=office: " before a sentence about a part; nothing for the whole fleet. */
export function partPrefix(name: string): string {
  return name === "" ? "" : `${name}: `;
}

/** The text with a capital first letter, unless it begins with the name of a part and a colon. */
export function sentence(text: string): string {
  return /^\S*=/.test(text) ? text : capital(text);
}
