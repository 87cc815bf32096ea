/** Durations that parameters give. */
import type { Duration } from "../../sim/event-list.ts";
import { wholeMicroseconds } from "../../sim/variates.ts";

/** Converts a parameter in milliseconds to a duration; 0 stays 0. */
export function microseconds(ms: number): Duration {
  return ms === 0 ? 0 : wholeMicroseconds(ms * 1000);
}

/** Converts a parameter in minutes to a duration. */
export function minutes(m: number): Duration {
  return wholeMicroseconds(m * 60e6);
}
