/**
 * Display units: bytes as kB or MB, which are powers of ten (powers of two are KiB and MiB), microseconds as ms, s or
 * h.
 */
import { US_PER_HOUR } from "../../sim/time-units.ts";
import { ends, significant } from "./format.ts";

/** A display unit. */
export interface Scale {
  readonly unit: string;
  /** How many of the response's own units it is. */
  readonly size: number;
  readonly text: (value: number) => string;
  /** Both ends of an interval, by one rule. */
  readonly ends: (lower: number, upper: number) => [lower: string, upper: string];
}

const steps: Readonly<Record<string, readonly [unit: string, size: number][]>> = {
  B: [
    ["MB", 1e6],
    ["kB", 1e3],
    ["B", 1],
  ],
  us: [
    ["h", US_PER_HOUR],
    ["s", 1e6],
    ["ms", 1e3],
    ["us", 1],
  ],
};

/** The display unit for a value of this size. */
export function scaleOf(unit: string, value: number): Scale {
  const [name, size] = steps[unit]?.find(([, step]) => Math.abs(value) >= step) ?? steps[unit]?.at(-1) ?? [unit, 1];
  return {
    unit: name,
    size,
    text: (amount) => significant(amount / size),
    ends: (lower, upper) => ends(lower / size, upper / size),
  };
}
