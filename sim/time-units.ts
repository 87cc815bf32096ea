/** Units of time in microseconds: all times of a simulation are whole microseconds. */
import { wholeMicroseconds } from "./variates.ts";

export const US_PER_MS = 1000;
export const US_PER_SECOND = 1e6;
export const US_PER_MINUTE = 60e6;
export const US_PER_HOUR = 3600e6;
export const US_PER_DAY = 86400e6;

/** Converts an amount of a unit to a duration [us], rounded up to a whole microsecond; 0 stays 0. */
export function durationUs(amount: number, unitUs: number): number {
  return amount === 0 ? 0 : wholeMicroseconds(amount * unitUs);
}
