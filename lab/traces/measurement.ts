/**
 * The measurement model: what a counter shows of the true value. A simulated gauge returns to its base to the last
 * byte; a real one does not.
 *
 * Four effects differ from the truth, all of them assumptions: an allocator keeps freed memory for a while (slack,
 * which drifts about its mean); memory is counted in pages; a cache fills after the start of a process and then stays
 * (a harmless rise that looks like a leak for some days); and samples are lost. None of this happens in the simulation:
 * it is applied to samples, with its own streams, so no digest changes.
 *
 * Such harmless growth is what makes trend tests fail on real systems: Machida et al. (2013, "On the effectiveness of
 * Mann-Kendall test for detection of software aging").
 */
import type { Response } from "../../models/contract/responses.ts";
import { exp, normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import { exponential } from "../../sim/variates.ts";
import { itemAt } from "../lists.ts";

export interface Measurement {
  /** Byte counts are multiples of this: whole, >= 1. */
  readonly pageBytes: number;
  /** The standard deviation of the slack, as a share of the first reading: >= 0. */
  readonly slackShare: number;
  /** The correlation time of the slack [h], > 0. */
  readonly slackHours: number;
  /** How far a cache fills, on average over servers, as a share of the first reading: >= 0. */
  readonly cacheShare: number;
  /** The time after which the cache is 63 % full [d], > 0. */
  readonly cacheDays: number;
  /** The share of samples that are lost: in [0, 1). */
  readonly lostShare: number;
}

/** These values are assumptions: small compared with what a spooler holds, large compared with a day's leaks. */
export const realistic: Measurement = {
  pageBytes: 4096,
  slackShare: 0.01,
  slackHours: 6,
  cacheShare: 0.03,
  cacheDays: 4,
  lostShare: 0.01,
};

/** The server and gauge of the readings, which name their streams. */
export interface Measured {
  readonly seed: string;
  readonly replication: number;
  readonly server: number;
}

const HOURS_PER_DAY = 24;
/** A draw of 0 would have no normal quantile. */
const DRAW_MIN = 1e-12;

/**
 * The readings of a gauge at equal steps; NaN if a sample was lost or there was none.
 *
 * @param cuts by step: 1 if a process started, with an empty cache
 */
export function measured(
  { name, unit }: Pick<Response, "name" | "unit">,
  readings: Float64Array,
  cuts: ArrayLike<number>,
  stepHours: number,
  { seed, replication, server }: Measured,
  how: Measurement,
): Float64Array {
  const word = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const drawn = new Stream(seed, `measured-${word}`, replication, server, 1);
  const size = readings.find((reading) => !Number.isNaN(reading)) ?? 0;
  const cache = exponential(drawn.draw(0), how.cacheShare * size);
  const kept = exp(-stepHours / how.slackHours);
  const fresh = Math.sqrt(1 - kept * kept);
  const normal = () => normalQuantile(Math.max(DRAW_MIN, drawn.draw(0)));
  const grain = unit === "B" ? how.pageBytes : 1;
  let slack = normal();
  let hours = 0;
  return readings.map((reading, step) => {
    slack = kept * slack + fresh * normal();
    hours = itemAt(cuts, step) === 1 ? 0 : hours + stepHours;
    if (drawn.draw(0) < how.lostShare) return NaN;
    const filled = cache * (1 - exp(-hours / (HOURS_PER_DAY * how.cacheDays)));
    return Math.max(0, grain * Math.round((reading + filled + how.slackShare * size * slack) / grain));
  });
}

/**
 * By step: 1 if the service was restarted since the previous reading, else 0. @param starts the number of starts so far
 */
export function cutsOf(starts: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(starts, (count, i) => Number(count > (i === 0 ? 0 : itemAt(starts, i - 1))));
}
