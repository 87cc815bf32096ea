/**
 * Display units: bytes as kB to TB, which are powers of ten (powers of two are KiB to TiB), microseconds as ms, s or h.
 */
import { displayUnits } from "../../page/units.ts";
import { ends, valueBetweenEnds, significant, type Estimated } from "./format.ts";

/** A display unit. */
export interface Scale {
  readonly unit: string;
  /** How many of the response's own units it is. */
  readonly size: number;
  readonly text: (value: number) => string;
  /** An estimate, divided by a number of days, with the decimals of its ends. */
  readonly estimate: (estimate: Estimated, days?: number) => string;
  /** Both ends of an interval, by one rule. */
  readonly ends: (lower: number, upper: number) => [lower: string, upper: string];
}

/** The display unit for a value of this size. */
export function scaleOf(unit: string, value: number): Scale {
  const units = displayUnits[unit];
  const [name, size] = units?.find(([, step]) => Math.abs(value) >= step) ?? units?.at(-1) ?? [unit, 1];
  return {
    unit: name,
    size,
    text: (amount) => significant(amount / size),
    estimate: ({ value, lower, upper }, days = 1) => {
      const step = size * days;
      return valueBetweenEnds({ value: value / step, lower: lower / step, upper: upper / step });
    },
    ends: (lower, upper) => ends(lower / size, upper / size),
  };
}

/** A size of files or of memory in bytes, in the unit of its size: "61.4 kB", "1 GB". */
export function sizeText(bytes: number): string {
  const rounded = Number(bytes.toPrecision(3));
  const { unit, size } = scaleOf("B", rounded);
  return `${Number((rounded / size).toPrecision(3))} ${unit}`;
}

/** The unit after a number: " ms", " per day" for 1/d, which would be read as a part of the number; nothing for "1". */
export function afterNumber(unit: string): string {
  if (unit === "" || unit === "1") return "";
  return unit === "1/d" ? " per day" : ` ${unit}`;
}
