/**
 * Where a response reaches its steady state, by MSER-5: how many initial observations to discard.
 *
 * The rule chooses the truncation that would give the smallest standard error of the remaining mean if the rest were
 * independent. A remaining transient increases the variance; discarding too much leaves a shorter rest.
 *
 * It is meant for responses with a steady state, such as a queue's. A total leak has none: it rises for ever, so the
 * variance falls with every discarded observation, and the result is at the limit of what may be discarded. Such a
 * result is refused with its reason, because it means "not yet" or "never". The converse is not true: a slow drift
 * under much noise can pass.
 */

/** Observations per batch. */
const BATCH = 5;

/** With fewer batches, there is no result. */
const BATCHES_MIN = 10;

export interface SteadyState {
  readonly isSteady: true;
  /** The number of observations to discard. */
  readonly forgotten: number;
  /** The mean of the remaining whole batches. */
  readonly mean: number;
  /** The smallest statistic of MSER-5. */
  readonly statistic: number;
}

export interface NoSteadyState {
  readonly isSteady: false;
  readonly reason: string;
}

/**
 * With Z the means of batches of 5 and k of them, the d from 0 to k / 2 (rounded down) for which sum over j > d of
 * (Z[j] - mean)^2, over (k - d)^2, is least; the first of equal ones. Observations after the last whole batch are left
 * out.
 * Source: White, Cobb and Spratt 2000, A comparison of five steady-state truncation heuristics for simulation.
 */
export function steadyState(observations: ArrayLike<number>): SteadyState | NoSteadyState {
  const batches = Math.floor(observations.length / BATCH);
  if (batches < BATCHES_MIN) {
    const reason = `${observations.length} observations are too few; MSER-5 takes ${BATCH * BATCHES_MIN} or more`;
    return { isSteady: false, reason };
  }
  const bound = Math.floor(batches / 2);
  let best = { forgotten: 0, mean: NaN, statistic: Infinity };
  // Backwards, so that each batch is added once (Welford's recurrence).
  let [count, mean, squares] = [0, 0, 0];
  for (let d = batches - 1; d >= 0; d--) {
    const value = batchMean(observations, d);
    count++;
    const deviation = value - mean;
    mean += deviation / count;
    squares += deviation * (value - mean);
    const statistic = squares / (count * count);
    if (d <= bound && statistic <= best.statistic) best = { forgotten: BATCH * d, mean, statistic };
  }
  if (best.forgotten === BATCH * bound) {
    return { isSteady: false, reason: "still changing half-way: not steady yet, or, like a leak's total, never" };
  }
  return { isSteady: true, ...best };
}

function batchMean(observations: ArrayLike<number>, batch: number): number {
  let total = 0;
  for (let i = BATCH * batch; i < BATCH * (batch + 1); i++) total += observations[i];
  return total / BATCH;
}
