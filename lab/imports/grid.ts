/**
 * A server's readings at equal steps, for detectors and forecasters.
 *
 * The value at a time is the last reading within one step before it, or NaN if there is none. Readings before a restart
 * belong to another process. So the history of a server is divided at restarts, and each part starts at the midnight
 * after its restart.
 */
import { US_PER_DAY } from "../calendar.ts";
import type { ObservedServer } from "./observed.ts";

/** A day is whole that lacks no more. */
const LATE_US = 3600e6;

/** What lies between two restarts. */
export interface Part {
  /** When it begins and ends [us]: the first reading of the process, and its last. */
  readonly fromUs: number;
  readonly untilUs: number;
}

/** The parts of a server's history, in order; none of a server that was not read. */
export function partsOf({ timesUs, incidents }: Pick<ObservedServer, "timesUs" | "incidents">): Part[] {
  const [first, last] = [timesUs[0], timesUs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const restarts = incidents.filter(({ kind }) => kind === "restart");
  const begins = [first, ...restarts.map(({ timeUs }) => timeUs)];
  const ends = [...restarts.map(({ sinceUs }) => sinceUs), last];
  return begins.map((fromUs, i) => ({ fromUs, untilUs: ends[i]! }));
}

/**
 * The readings of a part every so many microseconds, from the first midnight in it on: the first value is one step
 * behind that midnight. A part that begins within a step, and an hour, behind a midnight begins there.
 *
 * @param stepUs divides a day, or is whole days
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

/** The first place at which the time is beyond another. */
function placeOf(timesUs: Float64Array, timeUs: number): number {
  let [low, high] = [0, timesUs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesUs[middle]! > timeUs) high = middle;
    else low = middle + 1;
  }
  return low;
}
