/**
 * Several tests at once: p-values adjusted so that all of them together are wrong as seldom as a single test.
 *
 * Both methods are valid for any dependence between the tests. Levels that are compared with the same baseline, on the
 * same random numbers, do depend on each other. An unknown p-value (NaN) stays unknown, but still counts as a test.
 */

/** Bonferroni: min(1, m p), for m tests. */
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
