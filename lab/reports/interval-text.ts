/** Estimates in tables: their intervals, and marks for the reasons why an interval should not be taken literally. */
import type { Estimate } from "../../statistics/estimate.ts";
import { ends, valueBetweenEnds, significant } from "./format.ts";
import type { Scale } from "./units.ts";

/** Marks a leak rate that is a lower bound. */
export const RAN_OUT = "\u2020";
/** Replaces an unknown interval. */
export const TOO_FEW = "\u2021";

/** Why an average rate is a lower bound. */
export const LESS_LATER = "over all simulated days, and a server leaks less once a resource has run out";

/** The meanings of the marks that occur. */
export function legendOf(rows: readonly (readonly string[])[]): string[] {
  const meanings = [
    [RAN_OUT, `a leak rate of this row is a lower bound: it is an average ${LESS_LATER}`],
    [TOO_FEW, "only one server had any, or differs, so no interval is known: more servers or replications give one"],
  ] as const;
  return meanings.flatMap(([mark, meaning]) => {
    return rows.some((row) => row.some((cell) => cell.endsWith(mark))) ? [`${mark} ${meaning}`] : [];
  });
}

/** Whether the interval of a difference contains 0, unless the difference is known to be exactly 0. */
export function mayBeChance({ lower, upper, halfWidth }: Estimate): boolean {
  return lower <= 0 && upper >= 0 && halfWidth !== 0;
}

/** Whether something happened only once, so that there is no interval. */
export function isTooFew({ standardError, halfWidth }: Estimate): boolean {
  return Number.isNaN(halfWidth) && standardError > 0;
}

/**
 * An amount that is never negative: "0.52 ± 0.31", or "0.52 (0.10 .. 2.31)" if the former would reach below 0; the
 * value alone if it never varies.
 */
export function valueText(estimate: Estimate): string {
  const text = valueBetweenEnds(estimate) || "0";
  if (isTooFew(estimate)) return `${text} ${TOO_FEW}`;
  const { value, halfWidth, lower, upper } = estimate;
  if (halfWidth > value) return `${text} (${ends(lower, upper).join(" .. ")})`;
  return halfWidth > 0 ? `${text} ± ${significant(halfWidth)}` : text;
}

/** "0.21 .. 0.83", in a unit, and divided by a number of days; empty if unknown. */
export function interval(estimate: Estimate, { ends }: Pick<Scale, "ends">, days = 1): string {
  if (isTooFew(estimate)) return TOO_FEW;
  const { lower, upper } = estimate;
  return Number.isNaN(lower) ? "" : ends(lower / days, upper / days).join(" .. ");
}
