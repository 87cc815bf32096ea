/**
 * Several tests at once: p-values adjusted so that all of them together mislead as seldom as one alone.
 *
 * Both hold whatever the dependence between the tests, which compared levels that share a baseline and random numbers
 * certainly have. A p-value that is not known (NaN) stays so, and still counts as a test that was made.
 */

/** Bonferroni: min(1, m p), of m tests. */
export function bonferroni(pValues: readonly number[]): number[] {
  return pValues.map((p) => (Number.isNaN(p) ? NaN : Math.min(1, pValues.length * p)));
}

/**
 * Holm's step-down adjustment: with the p-values ascending, the running maximum of min(1, (m - i) p[i]), i from 0. It
 * is never larger than Bonferroni's.
 * Source: Holm 1979, A simple sequentially rejective multiple test procedure.
 */
export function holm(pValues: readonly number[]): number[] {
  const known = pValues.map((p, i) => ({ p, i })).filter(({ p }) => !Number.isNaN(p));
  known.sort((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => NaN);
  let greatest = 0;
  for (const [rank, { p, i }] of known.entries()) {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * p));
    adjusted[i] = greatest;
  }
  return adjusted;
}
