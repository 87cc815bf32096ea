/** Rates are taken over whole weeks, because weekends may be quieter than other days. */
import { US_PER_DAY } from "../../sim/time-units.ts";
import { DAYS_PER_WEEK } from "../calendar.ts";
import { itemAt } from "../lists.ts";

/**
 * The last sample from which as many whole weeks lead to sample `last` as from sample `first`; `first` itself if less
 * than a week follows it. Sample -1 is the start.
 *
 * @param times the sample times [us]
 */
export function wholeWeeksFrom(first: number, last: number, times: readonly number[]): number {
  const daysFrom = (sample: number) => (itemAt(times, last) - (sample < 0 ? 0 : itemAt(times, sample))) / US_PER_DAY;
  if (last <= first) return first;
  const weeks = Math.floor(daysFrom(first) / DAYS_PER_WEEK);
  if (weeks === 0) return first;
  const from = times.findLastIndex((_, sample) => sample < last && daysFrom(sample) >= weeks * DAYS_PER_WEEK);
  return Math.max(first, from);
}
