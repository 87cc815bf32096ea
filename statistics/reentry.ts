/**
 * The possible readings of "the function is being re-entered", each of which is a classical system.
 *
 * Q223863 says when the close is skipped: "under certain conditions in which the logic indicates the function is being
 * re-entered". A window of length W (mean w) is open while something is inside; alterations are a Poisson process of
 * rate a. What opens the window, and what leaks, can be read in four ways:
 *
 * - once per close: the close of a job opens the window; the job leaks if at least one alteration comes within it: 1 -
 *   E[e^-aW]
 * - each per close: every alteration within the window leaks: a w per job
 * - alteration, fixed: an alteration opens the window; later ones within it leak and do not extend it. This is a
 *   counter with non-paralysable (type I) dead time, M/G/1/1: a . a w / (1 + a w) per unit of time, for any
 *   distribution of W
 * - alteration, extending: every alteration opens a window of its own, and one that finds any window open leaks. This
 *   is a counter with paralysable (type II) dead time, M/G/infinity: a (1 - e^-aw) per unit of time, for any
 *   distribution of W
 *
 * A job that is exposed for a time T starts with a closed window, so it leaks less than T times the rate.
 *
 * Sources: Feller, volume 2 (1971), XI.3 and XIV.10 (type I and II counters); Takacs 1958 (M/G/infinity); finite
 * exposures by renewal of the counter at each opening.
 */
import { exp } from "../sim/math.ts";
import { erlangCdf } from "./erlang.ts";
import { integral } from "./quadrature.ts";

/** Leaks per unit of exposure when the window is not extended. */
export function leakRateFixed(a: number, w: number): number {
  return (a * (a * w)) / (1 + a * w);
}

/** Leaks per unit of exposure if every alteration opens a window of its own. */
export function leakRateExtending(a: number, w: number): number {
  return a * (1 - exp(-a * w));
}

/**
 * Expected leaks of an exposure of length T when windows last w and are not extended: all alterations, a T, less those
 * that opened a window, of which the k-th came when k gaps and k - 1 windows fit into T.
 */
export function leaksFixedConstant(a: number, w: number, exposure: number): number {
  let openings = 0;
  for (let k = 1; exposure - (k - 1) * w > 0; k++) {
    const chance = erlangCdf(k, a * (exposure - (k - 1) * w));
    openings += chance;
    if (chance < 1e-18) break;
  }
  return a * exposure - openings;
}

/** The same for exponential windows of mean w: a chain of two states, closed at first. */
export function leaksFixedExponential(a: number, w: number, exposure: number): number {
  if (w === 0) return 0;
  const open = (a * w) / (1 + a * w);
  const speed = a + 1 / w;
  return a * open * (exposure - (1 - exp(-speed * exposure)) / speed);
}

/**
 * Expected leaks of an exposure of length T when every alteration opens a window of its own: the number open at t is
 * Poisson of mean a times the area of W's survival curve up to t.
 * @param meanUntil the mean of min(t, W)
 */
export function leaksExtending(
  a: number,
  meanUntil: (t: number) => number,
  exposure: number,
  kink = exposure,
  panels = 400,
): number {
  const rate = (t: number) => a * (1 - exp(-a * meanUntil(t)));
  const edge = Math.min(kink, exposure);
  return integral(rate, 0, edge, panels) + integral(rate, edge, exposure, panels);
}

/** The same for windows of length w: a w - 1 + e^-aw during the first w, then the full rate. */
export function leaksExtendingConstant(a: number, w: number, exposure: number): number {
  const filling = Math.min(w, exposure);
  return a * filling - 1 + exp(-a * filling) + leakRateExtending(a, w) * (exposure - filling);
}
