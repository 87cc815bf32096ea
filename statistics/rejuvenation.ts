/**
 * Rejuvenation: what it costs to restart software before it fails, and when to do so.
 *
 * - Huang, Kintala, Kolettis and Fulton (FTCS-25, 1995): a Markov chain of four states. Both downtime and cost are
 *   monotone in the rejuvenation rate, so the best policy is to rejuvenate never or at once.
 * - Age replacement (Barlow and Proschan, Mathematical Theory of Reliability, 1965, chapter 4) and the optimal
 *   availability of Dohi, Goseva-Popstojanova and Trivedi (PRDC 2000): restart at a given age, unless a failure comes
 *   first. They are the same equation, once with prices and once with durations.
 * - Periodic rejuvenation, skipped while down (ORIS, oris-tool/sar): a clock with a constant period, independent of
 *   failures.
 *
 * All use the renewal-reward theorem: the mean cost of a cycle over its mean length. Times have the unit whose inverse
 * the rates have.
 */
import { exp } from "../sim/math.ts";
import { erlangCdf, erlangHazard, erlangMeanUntil, erlangSurvival } from "./erlang.ts";

/** The rates of Huang's chain: robust -> failure-probable -> failed or rejuvenating -> robust. */
export interface FourStates {
  /** robust -> failure-probable (r2 in the paper) */
  readonly degrade: number;
  /** failure-probable -> failed (lambda) */
  readonly fail: number;
  /** failed -> robust (r1) */
  readonly repair: number;
  /** failure-probable -> rejuvenating (r4); 0 is never */
  readonly rejuvenate: number;
  /** rejuvenating -> robust (r3) */
  readonly restart: number;
}

/** The long-run shares of time in each state. */
export interface Shares {
  readonly robust: number;
  readonly probable: number;
  readonly failed: number;
  readonly rejuvenating: number;
}

export function fourStateShares({ degrade, fail, repair, rejuvenate, restart }: FourStates): Shares {
  const probable = 1 / (1 + fail / repair + rejuvenate / restart + (fail + rejuvenate) / degrade);
  return {
    robust: ((fail + rejuvenate) / degrade) * probable,
    probable,
    failed: (fail / repair) * probable,
    rejuvenating: (rejuvenate / restart) * probable,
  };
}

/** The rate of planned restarts above which rejuvenation reduces downtime. */
export function restartRateThatPays({ degrade, fail, repair }: FourStates): number {
  return repair * (1 + degrade / fail);
}

/** The price of an hour of rejuvenation, relative to an hour of failure, below which rejuvenation reduces cost. */
export function priceRatioThatPays({ degrade, fail, repair, restart }: FourStates): number {
  return ((fail / repair) * (1 / restart + 1 / degrade) * restart) / (1 + fail / repair + fail / degrade);
}

/** The distribution of the time to failure: what the average over a cycle depends on. */
export interface Lifetime {
  cdf(t: number): number;
  survival(t: number): number;
  /** The mean of min(t, the time to failure). */
  meanUntil(t: number): number;
}

export interface LifetimeWithHazard extends Lifetime {
  /** The failure rate at age t. */
  hazard(t: number): number;
}

/** Failure at the n-th leak of a Poisson stream of rate nu. */
export function erlangLifetime(n: number, nu: number): LifetimeWithHazard {
  return {
    cdf: (t) => erlangCdf(n, nu * t),
    survival: (t) => erlangSurvival(n, nu * t),
    hazard: (t) => nu * erlangHazard(n, nu * t),
    meanUntil: (t) => erlangMeanUntil(n, nu * t) / nu,
  };
}

/** The cost of a failure and of a planned restart: money, time or work. */
export interface Prices {
  readonly failure: number;
  readonly restart: number;
}

/** The mean cost of a cycle with a planned restart at age `at`. */
export function pricePerCycle(lifetime: Lifetime, { failure, restart }: Prices, at: number): number {
  return failure * lifetime.cdf(at) + restart * lifetime.survival(at);
}

/** The cost per unit of uptime with a planned restart at age `at`. */
export function pricePerUpTime(lifetime: Lifetime, prices: Prices, at: number): number {
  return pricePerCycle(lifetime, prices, at) / lifetime.meanUntil(at);
}

/** The share of downtime, if prices are durations and each time to failure begins after a robust time. */
export function unavailability(lifetime: Lifetime, durations: Prices, at: number, robust = 0): number {
  const down = pricePerCycle(lifetime, durations, at);
  return down / (robust + lifetime.meanUntil(at) + down);
}

/**
 * The age at which restarting costs least: that at which hazard(t) (robust + E[min(t, lifetime)]) - cdf(t) comes to
 * restart / (failure - restart). With durations for prices it is the age of the highest availability. The left side
 * rises where the hazard does, so it is bisected, to the last bit. Infinity when it never comes to so much before
 * `latest`, or when a restart is no cheaper than a failure.
 */
export function bestAge(
  lifetime: LifetimeWithHazard,
  { failure, restart }: Prices,
  latest: number,
  robust = 0,
): number {
  if (!(restart < failure)) return Infinity;
  const wanted = restart / (failure - restart);
  const isLate = (t: number) => lifetime.hazard(t) * (robust + lifetime.meanUntil(t)) - lifetime.cdf(t) >= wanted;
  if (!isLate(latest)) return Infinity;
  let [low, high] = [0, latest];
  for (let middle = high / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (isLate(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The parts of a cycle of periodic rejuvenation. Z is the time to failure from a fresh start. */
export interface PeriodicRejuvenation {
  /** P(no error by t); an error comes before its failure. */
  errorSurvival(t: number): number;
  /** P(Z > t) */
  failureSurvival(t: number): number;
  /** The mean of min(t, Z). */
  upUntil(t: number): number;
  /** The mean of min(t, Z + D), where D is the time after which a failure is detected. */
  undetectedUntil(t: number): number;
  /** Mean durations of a repair, and of a rejuvenation without and with an error to clear. */
  readonly repair: number;
  readonly rejuvenateUp: number;
  readonly rejuvenateError: number;
}

/**
 * The shares of time that are down, and down without detection, with a clock that starts at each renewal and expires
 * after `period`. When it expires, it rejuvenates a server that is up, with or without an error, and detects an
 * undetected failure, which is then repaired. By renewal reward, exact for all distributions.
 */
export function periodicShares(cycle: PeriodicRejuvenation, period: number): { down: number; undetected: number } {
  const [noError, noFailure] = [cycle.errorSurvival(period), cycle.failureSurvival(period)];
  const up = cycle.upUntil(period);
  const running = cycle.undetectedUntil(period);
  const known =
    noError * cycle.rejuvenateUp + (noFailure - noError) * cycle.rejuvenateError + (1 - noFailure) * cycle.repair;
  const length = running + known;
  return { down: (length - up) / length, undetected: (running - up) / length };
}

/**
 * Leaks of an outage whose length is exponential, when one leaks at its beginning and one more after every `period`
 * until it ends: a geometric number, of mean 1 / (1 - e^(-period / mean)) (the LPR monitor of Q223791: 4 s).
 */
export function leaksOfOutage(period: number, outageMean: number): number {
  return 1 / (1 - exp(-period / outageMean));
}
