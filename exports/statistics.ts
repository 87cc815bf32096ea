/**
 * `import ... from "spoolsim/statistics"`: every estimator, test and closed form; docs/statistics.md tells what each
 * assumes.
 */
// Named, because bootstrap.ts has an interval of its own.
export type { Interval } from "../statistics/estimate.ts";
export * from "../statistics/anytime.ts";
export * from "../statistics/approximate-bayes.ts";
export * from "../statistics/arcsine.ts";
export * from "../statistics/best-of-several.ts";
export * from "../statistics/best-split.ts";
export * from "../statistics/batch-means.ts";
export * from "../statistics/beta.ts";
export * from "../statistics/bootstrap.ts";
export * from "../statistics/calibration.ts";
export * from "../statistics/change-point.ts";
export * from "../statistics/chi-square.ts";
export * from "../statistics/cholesky.ts";
export * from "../statistics/compound-poisson.ts";
export * from "../statistics/counts.ts";
export * from "../statistics/days-left.ts";
export * from "../statistics/distribution.ts";
export * from "../statistics/erlang.ts";
export * from "../statistics/estimate.ts";
export * from "../statistics/exact-sum.ts";
export * from "../statistics/exhaustion.ts";
export * from "../statistics/expolynomial.ts";
export * from "../statistics/gamma.ts";
export * from "../statistics/hypoexponential.ts";
export * from "../statistics/kendall-variance.ts";
export * from "../statistics/kim-nelson.ts";
export * from "../statistics/latin-hypercube.ts";
export * from "../statistics/log-rank.ts";
export * from "../statistics/mann-kendall.ts";
export * from "../statistics/mann-whitney.ts";
export * from "../statistics/morris.ts";
export * from "../statistics/multiplicity.ts";
export * from "../statistics/proportion.ts";
export * from "../statistics/proposal-kernel.ts";
export * from "../statistics/quadrature.ts";
export * from "../statistics/queueing.ts";
export * from "../statistics/rare-events.ts";
export * from "../statistics/reentry.ts";
export * from "../statistics/rejuvenation.ts";
export * from "../statistics/seasonal-kendall.ts";
export * from "../statistics/selection.ts";
export * from "../statistics/sequential.ts";
export * from "../statistics/serial-dependence.ts";
export * from "../statistics/slope.ts";
export * from "../statistics/sobol-indices.ts";
export * from "../statistics/sobol.ts";
export * from "../statistics/sparse.ts";
export * from "../statistics/special-functions.ts";
export * from "../statistics/stopping.ts";
export * from "../statistics/survival.ts";
export * from "../statistics/value-of-information.ts";
export * from "../statistics/warm-up.ts";
export * from "../statistics/weighted-regression.ts";
export * from "../statistics/weighted.ts";
