/**
 * Closed forms of queues: how long customers wait, and how many are turned away.
 *
 * lambda is the arrival rate, mu the service rate of one server, c the number of servers, a = lambda / mu the offered
 * load, rho = a / c the utilization. Times have the unit whose inverse the rates have. An unstable queue (rho >= 1)
 * gives Infinity.
 *
 * Sources: Kleinrock, Queueing Systems, volume 1 (1975), chapters 3 and 5; Erlang 1917 for the loss and the delay
 * formula; Kingman 1962 for the bound; Hopp and Spearman, Factory Physics (1996), chapter 8, for VUT.
 */
import { pow } from "../sim/math.ts";

/**
 * Erlang's loss formula B(c, a): the share of customers who find all c clerks busy and leave. It depends on the service
 * time only by its mean. Computed by the recursion B(0) = 1, B(k) = a B(k - 1) / (k + a B(k - 1)), which cannot
 * overflow.
 * @param c whole, >= 0
 */
export function erlangLoss(c: number, a: number): number {
  let blocked = 1;
  for (let k = 1; k <= c; k++) blocked = (a * blocked) / (k + a * blocked);
  return blocked;
}

/** Erlang's delay formula C(c, a): the share of customers of M/M/c who wait; 1 if a >= c. */
export function erlangDelay(c: number, a: number): number {
  if (a >= c) return 1;
  const blocked = erlangLoss(c, a);
  return blocked / (1 - (a / c) * (1 - blocked));
}

/** The mean wait in M/M/c: C / (c mu - lambda). */
export function meanWaitMmc(lambda: number, mu: number, c: number): number {
  const spare = c * mu - lambda;
  return spare > 0 ? erlangDelay(c, lambda / mu) / spare : Infinity;
}

/**
 * The mean wait in M/G/1 (Pollaczek and Khinchine).
 * @param squaredVariation of the service times: variance / mean^2
 */
export function meanWaitMg1(lambda: number, mu: number, squaredVariation: number): number {
  const rho = lambda / mu;
  return rho < 1 ? (lambda * ((1 + squaredVariation) / (mu * mu))) / (2 * (1 - rho)) : Infinity;
}

/** Kingman's upper bound of the mean wait in G/G/1: lambda (variance of gaps + of services) / (2 (1 - rho)). */
export function waitBoundKingman(lambda: number, mu: number, gapVariance: number, serviceVariance: number): number {
  const rho = lambda / mu;
  return rho < 1 ? (lambda * (gapVariance + serviceVariance)) / (2 * (1 - rho)) : Infinity;
}

/**
 * The approximation of the mean wait in G/G/1 as variability x utilization x time; exact for M/G/1. It is often
 * attributed to Kingman, but it is not a bound: his is above it.
 */
export function meanWaitVut(
  lambda: number,
  mu: number,
  gapSquaredVariation: number,
  serviceSquaredVariation: number,
): number {
  const rho = lambda / mu;
  if (!(rho < 1)) return Infinity;
  return (((gapSquaredVariation + serviceSquaredVariation) / 2) * rho) / (1 - rho) / mu;
}

/**
 * The probability that M/M/1, with one customer present, reaches `full` customers before it is empty: the gambler's
 * ruin with odds rho (Feller, volume 1, XIV.2). Below 1e-6 for rho = 1/2 and full = 20; a benchmark of rare-event
 * methods.
 */
export function fullBeforeEmpty(rho: number, full: number): number {
  return rho === 1 ? 1 / full : (1 / rho - 1) / (pow(1 / rho, full) - 1);
}
