/** Right-censored times to an event: the survival curve, and quantiles and means that are read from it. */
import { exp, log, normalQuantile } from "../sim/math.ts";
import { betaCdf } from "./beta.ts";
import { sum, type Counted, type Interval } from "./estimate.ts";

/** The curve has the value `survival` from `time` until the next step; `atRisk` and `events` are those at `time`. */
export interface SurvivalStep {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  readonly survival: number;
}

/**
 * The share that has not had its event yet, from times of events and the times at which others were right-censored:
 * S(t) = product over event times <= t of (1 - events / at risk), 1 before the first. Who is lost at the time of an
 * event was still at risk (Kaplan and Meier 1958). Between two censored times the product telescopes into one quotient
 * of whole numbers, which is how it is computed: without censoring S is exactly the share of those left.
 */
export function kaplanMeier(events: Counted, censored: Counted): SurvivalStep[] {
  const steps: SurvivalStep[] = [];
  let left = sum(events.counts) + sum(censored.counts);
  let lost = 0;
  /** The curve and the number at risk after the last loss. */
  let [survivalThen, leftThen] = [1, left];
  for (const [i, time] of events.values.entries()) {
    if (censored.values[lost] < time) {
      for (; censored.values[lost] < time; lost++) left -= censored.counts[lost];
      [survivalThen, leftThen] = [steps.at(-1)?.survival ?? 1, left];
    }
    const atRisk = left;
    left -= events.counts[i];
    steps.push({ time, atRisk, events: events.counts[i], survival: survivalThen * (left / leftThen) });
  }
  return steps;
}

/** A step with its uncertainty. */
export interface SurvivalBand extends SurvivalStep {
  /** The standard error of `survival`: Greenwood's. */
  readonly standardError: number;
  /** The 95 % interval of `survival` at this time; NaN once the curve is 0. */
  readonly lower: number;
  readonly upper: number;
  /** The cumulative hazard and its standard error. */
  readonly hazard: number;
  readonly hazardStandardError: number;
}

/**
 * The steps with their intervals. Greenwood's variance is S^2 sum of d / (n (n - d)), d events of n at risk. The
 * interval is symmetric in log(-log S) and so stays within [0, 1]: S^exp(-+z se), se^2 = that sum / (log S)^2. It holds
 * at one time, not along the whole curve. The hazard is Nelson and Aalen's, sum of d / n, with variance sum of d / n^2.
 * Source: Kalbfleisch and Prentice, 2nd edition 2002, section 1.4; Klein and Moeschberger, 2nd edition 2003, chapter 4.
 */
export function survivalBands(steps: readonly SurvivalStep[]): SurvivalBand[] {
  const z = normalQuantile(0.975);
  let [greenwood, hazard, hazardVariance] = [0, 0, 0];
  return steps.map((step) => {
    const { atRisk, events, survival } = step;
    greenwood += events / (atRisk * (atRisk - events));
    hazard += events / atRisk;
    hazardVariance += events / (atRisk * atRisk);
    const isOver = survival === 0;
    const logSurvival = log(survival);
    const shift = exp((z * Math.sqrt(greenwood)) / -logSurvival);
    return {
      ...step,
      standardError: isOver ? 0 : survival * Math.sqrt(greenwood),
      lower: isOver ? NaN : exp(logSurvival * shift),
      upper: isOver ? NaN : exp(logSurvival / shift),
      hazard,
      hazardStandardError: Math.sqrt(hazardVariance),
    };
  });
}

/**
 * The 95 % interval of the median of independent times that are seen to a common end: between the times of two ranks,
 * of n times the greatest k and n + 1 - k for which at most k - 1 of n fair coins come up heads with 2.5 % at most.
 * It covers in at least 95 % of cases, whatever the law of the times. The upper end is NaN when the time of its rank
 * was not seen; both are NaN for fewer than 6 times, of which no two enclose the median so surely.
 * Source: Thompson, Annals of Mathematical Statistics 7, 1936, 122-128.
 * @param events when they came, up to the end
 * @param n how many times there are, with those that were not seen
 */
export function medianInterval({ values, counts }: Counted, n: number): Interval {
  // At most k - 1 heads of n have the probability I(1/2; n - k + 1, k).
  let [rank, beyond] = [0, Math.ceil(n / 2) + 1];
  while (beyond - rank > 1) {
    const middle = (rank + beyond) >> 1;
    if (betaCdf(0.5, n - middle + 1, middle) <= 0.025) rank = middle;
    else beyond = middle;
  }
  if (rank === 0) return { lower: NaN, upper: NaN };
  const timeOf = (wanted: number): number => {
    let seen = 0;
    return values.find((_, i) => (seen += counts[i]) >= wanted) ?? NaN;
  };
  return { lower: timeOf(rank), upper: timeOf(n + 1 - rank) };
}

/** The first time at which half or more have had their event; NaN while the curve stays above 1/2. */
export function medianTime(steps: readonly SurvivalStep[]): number {
  return steps.find(({ survival }) => survival <= 0.5)?.time ?? NaN;
}

/** The mean time without the event up to `until`: the area below the curve (restricted mean survival time). */
export function restrictedMeanTime(steps: readonly SurvivalStep[], until: number): number {
  let area = 0;
  let time = 0;
  let survival = 1;
  for (const step of steps) {
    if (step.time >= until) break;
    area += survival * (step.time - time);
    ({ time, survival } = step);
  }
  return area + survival * (until - time);
}

/**
 * The variance of the restricted mean: the sum over steps before `until` of A^2 d / (n (n - d)), where A is the area
 * below the curve from the step to `until`; 0 for a step after which nobody is at risk.
 * Source: Klein and Moeschberger, 2nd edition 2003, section 4.5.
 */
export function restrictedMeanVariance(steps: readonly SurvivalStep[], until: number): number {
  let [total, area, end] = [0, 0, until];
  for (const { time, atRisk, events, survival } of [...steps].reverse()) {
    if (time >= until) continue;
    area += survival * (end - time);
    end = time;
    if (events < atRisk) total += (area * area * events) / (atRisk * (atRisk - events));
  }
  return total;
}
