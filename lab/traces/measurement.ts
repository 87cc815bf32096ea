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
  /** Bytes are counted in multiples of this: whole, >= 1. */
  readonly pageBytes: number;
  /** Standard deviation of the slack, as a share of the first reading: >= 0. */
  readonly slackShare: number;
  /** After so long the slack has forgotten where it was [h], > 0. */
  readonly slackHours: number;
  /** How far a cache fills, on average over servers, as a share of the first reading: >= 0. */
  readonly cacheShare: number;
  /** After so long it has filled to 63 % [d], > 0. */
  readonly cacheDays: number;
  /** The share of samples that are lost: in [0, 1). */
  readonly lostShare: number;
}

/** All are assumptions: small beside what a spooler holds, and large beside what leaks in a day. */
export const realistic: Measurement = {
  pageBytes: 4096,
  slackShare: 0.01,
  slackHours: 6,
  cacheShare: 0.03,
  cacheDays: 4,
  lostShare: 0.01,
};

/** Whose readings these are; the name of their streams. */
export interface Measured {
  readonly seed: string;
  readonly replication: number;
  readonly server: number;
}

const HOURS_PER_DAY = 24;
/** A draw is never 0, of which there is no normal quantile. */
const DRAW_MIN = 1e-12;

/**
 * What is read of a gauge at equal steps; NaN where a sample was lost, or there was none.
 * @param cuts by step: 1 where a process began, and its cache is empty
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

/** Where a service was started again since the reading before: 1, else 0. @param starts its running number */
export function cutsOf(starts: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(starts, (count, i) => Number(count > (i === 0 ? 0 : itemAt(starts, i - 1))));
}
