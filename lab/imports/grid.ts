/**
 * A server's readings at equal steps, for detectors and forecasters.
 *
 * The value at a time is the last reading within one step before it, or NaN if there is none. Readings before a restart
 * belong to another process. So the history of a server is divided at restarts, and each part starts at the midnight
 * after its restart.
 */
import { US_PER_DAY, US_PER_HOUR } from "../../sim/time-units.ts";
import type { ObservedServer } from "./observed.ts";

/** A day counts as whole if it lacks at most this much at either end. */
const LATE_US = US_PER_HOUR;

/** The history between two restarts. */
export interface Part {
  /** The first and the last reading of the process [us]. */
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The parts of a server's history, in order; empty for a server without readings. */
export function partsOf({ timesUs, incidents }: Pick<ObservedServer, "timesUs" | "incidents">): Part[] {
  const [first, last] = [timesUs[0], timesUs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const restarts = incidents.filter(({ kind }) => kind === "restart");
  const begins = [first, ...restarts.map(({ timeUs }) => timeUs)];
  const ends = [...restarts.map(({ sinceUs }) => sinceUs), last];
  return begins.map((fromUs, i) => ({ fromUs, untilUs: ends[i]! }));
}

/**
 * The readings of a part at equal steps, starting at its first midnight: the first value is one step after that
 * midnight. A part that begins less than a step, and less than an hour, after a midnight starts there.
 *
 * @param stepUs divides a day, or is a multiple of days
 */
export function gridOf(timesUs: Float64Array, values: Float64Array, part: Part, stepUs: number): Float64Array {
  const midnightUs = Math.floor(part.fromUs / US_PER_DAY) * US_PER_DAY;
  const startUs = part.fromUs - midnightUs <= Math.min(stepUs, LATE_US) ? midnightUs : midnightUs + US_PER_DAY;
  const length = Math.max(0, Math.floor((part.untilUs - startUs) / stepUs));
  const grid = new Float64Array(length).fill(NaN);
  for (let i = placeOf(timesUs, startUs); i < timesUs.length && timesUs[i]! <= part.untilUs; i++) {
    if (Number.isNaN(values[i]!)) continue;
    const slot = Math.max(0, Math.ceil((timesUs[i]! - startUs) / stepUs) - 1);
    if (slot < length) grid[slot] = values[i]!;
  }
  return grid;
}

/** The index of the first time after the given one. */
function placeOf(timesUs: Float64Array, timeUs: number): number {
  let [low, high] = [0, timesUs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesUs[middle]! > timeUs) high = middle;
    else low = middle + 1;
  }
  return low;
}
