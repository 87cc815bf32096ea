/**
 * Times to an event, some of which nobody saw the end of: the curve of those without the event yet, and what is read
 * off it.
 */
import { sum, type Counted } from "./estimate.ts";

/** From `time` until the next step the curve has the value `survival`; `atRisk` and `events` are those at `time`. */
export interface SurvivalStep {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  readonly survival: number;
}

/**
 * The share that has not had its event yet, from times of events and the times at which others were lost from sight:
 * S(t) = product over event times <= t of (1 - events / at risk), 1 before the first. Who is lost at the time of an
 * event was still at risk (Kaplan and Meier 1958). Between two losses the product telescopes into one quotient of whole
 * numbers, which is how it is computed: without losses S is exactly the share of those left.
 */
export function kaplanMeier(events: Counted, losses: Counted): SurvivalStep[] {
  const steps: SurvivalStep[] = [];
  let left = sum(events.counts) + sum(losses.counts);
  let lost = 0;
  /** The curve and the number at risk after the last loss. */
  let [survivalThen, leftThen] = [1, left];
  for (const [i, time] of events.values.entries()) {
    if (losses.values[lost] < time) {
      for (; losses.values[lost] < time; lost++) left -= losses.counts[lost];
      [survivalThen, leftThen] = [steps.at(-1)?.survival ?? 1, left];
    }
    const atRisk = left;
    left -= events.counts[i];
    steps.push({ time, atRisk, events: events.counts[i], survival: survivalThen * (left / leftThen) });
  }
  return steps;
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
