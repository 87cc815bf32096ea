/**
 * A range of numbers, such as {from: 5, to: 320, scale: logarithmic}, which a factor or a sample may have in place of a
 * list.
 *
 * A value between the ends has nine significant digits, so that it is readable as the name of a level and names the
 * same level on every machine. Whole numbers are rounded to the nearest.
 */
import { exp, log } from "../../sim/math.ts";
import { Fault, wrong } from "./settings.ts";

export interface Range {
  readonly from: number;
  readonly to: number;
  /** On a logarithmic scale, equal steps are equal ratios. */
  readonly scale: "linear" | "logarithmic";
  /** Whether its values are whole numbers. */
  readonly whole: boolean;
}

const DIGITS = 9;

/** The value at a fraction of the range: 0 gives from, 1 gives to. */
export function valueAt({ from, to, scale, whole }: Range, share: number): number {
  if (share === 0 || share === 1) return share === 0 ? from : to;
  const value = scale === "linear" ? from + share * (to - from) : from * exp(share * log(to / from));
  return whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
}

/** `steps` values (>= 2), evenly spaced on the scale from `from` to `to`. */
export function stepsOf(range: Range, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => valueAt(range, i / (steps - 1)));
}

/** @throws Fault when the range at the path is empty */
export function checkRange(path: string, { from, to, scale, whole }: Range): void {
  if (from === to) throw wrong(`${path}.to`, to, "the ends of a range differ");
  for (const [end, value] of [
    ["from", from],
    ["to", to],
  ] as const) {
    if (scale === "logarithmic" && value <= 0) throw wrong(`${path}.${end}`, value, "a logarithmic range lies above 0");
    if (whole && !Number.isInteger(value)) throw wrong(`${path}.${end}`, value, "a whole range ends at whole numbers");
  }
  if (!Number.isFinite(to - from) || (scale === "logarithmic" && !Number.isFinite(to / from))) {
    throw new Fault(path, "is too wide; to minus from, or to divided by from, is not a finite number");
  }
}
