/** Columns of event times [us]; NaN if the event has not happened. */
import type { Time } from "../../sim/event-list.ts";
import type { Clock } from "../../sim/simulation.ts";

/** Records the first time of an event. */
export function first(column: Float64Array, server: number, { now }: Clock): void {
  if (Number.isNaN(column[server])) column[server] = now;
}

/** The earlier of two event times, either of which may be NaN. */
export function earlier(a: Time, b: Time): Time {
  if (Number.isNaN(a)) return b;
  return b < a ? b : a;
}
