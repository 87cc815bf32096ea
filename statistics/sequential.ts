/**
 * A test that may be evaluated after every observation: the mixture sequential probability ratio test of two means.
 *
 * If there is no difference, the likelihood ratio is a martingale of mean 1, so the probability that it ever exceeds 1
 * / alpha is at most alpha, however often one looks (Ville's inequality; Robbins 1970; Johari, Pekelis and Walsh 2017).
 * The theory assumes a known variance. Here it is estimated from the same pairs, so the guarantee is asymptotic, and
 * there is no result before PAIRS_MIN pairs.
 */
import { mixtureRatio } from "./anytime.ts";

/** With fewer pairs, their variance is too uncertain. */
export const PAIRS_MIN = 10;

/** Observes pairs one by one; its p-value holds whenever the observation stops. */
export class SequentialTest {
  /** Pairs so far. */
  pairs: number;
  /** The always-valid p-value: it never increases. */
  p: number;
  private sum: number;
  /** The sum of squared deviations from the mean. */
  private squares: number;

  constructor() {
    this.pairs = 0;
    this.p = 1;
    this.sum = 0;
    this.squares = 0;
  }

  /** The mean of the differences so far; NaN if there are none. */
  get mean(): number {
    return this.sum / this.pairs;
  }

  /** Adds the difference of a pair; `settle` then updates the p-value. */
  add(difference: number): void {
    const before = this.mean;
    this.pairs++;
    this.sum += difference;
    // Welford: a sum of squares less the square of the sum would lose the variance where the mean is large.
    if (this.pairs > 1) this.squares += (difference - before) * (difference - this.mean);
  }

  /**
   * Updates the p-value. The mixing variance is half the variance of a difference: that of one arm, if both vary
   * equally. Any mixing variance is valid.
   */
  settle(): void {
    if (this.pairs < PAIRS_MIN) return;
    const variance = this.squares / (this.pairs - 1);
    if (!(variance > 0)) return;
    this.p = Math.min(this.p, 1 / mixtureRatio(this.pairs, this.mean, variance, variance / 2));
  }
}
