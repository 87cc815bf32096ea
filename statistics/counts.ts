/**
 * An interval for the mean of a count of events, valid for few events and for many.
 *
 * Two intervals fail in opposite ways. Student's t between independent units allows for clusters of events and for
 * units that differ, but it needs totals that are roughly normal: if most units count 0, it covers 30 % instead of 95
 * %, and if all count 0, it has no width. Garwood's interval is exact for few events but assumes that they are
 * independent. Here it is taken of clusters, whose size is the dispersion of the counts (variance / mean), at least 1.
 *
 * The interval reaches from the lesser of both lower ends to the greater of both upper ends. Where t would reach below
 * 0, the lower end is that of the clusters alone, which is above 0 if anything was counted. If that happens only at the
 * level of a family, it is the 95 % interval's lower end if that is less. For counts of one unit the interval is
 * Garwood's.
 *
 * Where it fails: rare events in large clusters, if most samples contain no cluster. Nothing in such a sample shows the
 * clusters.
 */
import { clusterInterval, poissonLimits } from "./compound-poisson.ts";
import {
  meanEstimate,
  opposite,
  pValue,
  scatterEstimate,
  scatterOfValues,
  sum,
  withInterval,
  type Estimate,
  type Interval,
  type Scatter,
} from "./estimate.ts";

type Numbers = ArrayLike<number>;

/**
 * The mean of independent counts, divided by a constant.
 *
 * @param counts whole, >= 0; at least one
 * @param family the number of intervals that hold simultaneously with 95 % confidence (Bonferroni)
 * @param clusterMin the minimum size of a cluster, for streams that may coincide
 */
export function countEstimate(counts: Numbers, divisor = 1, family = 1, clusterMin = 1): Estimate {
  return countScatterEstimate(scatterOfValues(counts), divisor, family, clusterMin);
}

/** The same for counts of which only the scatter is known. */
export function countScatterEstimate(scatter: Scatter, divisor = 1, family = 1, clusterMin = 1): Estimate {
  const { count: n, squares } = scatter;
  const total = scatter.mean * n;
  const t = scatterEstimate(scatter, divisor, family);
  const dispersion = n > 1 && total > 0 ? ((squares / (n - 1)) * n) / total : 1;
  const size = Math.max(clusterMin, dispersion);
  const { lower, upper } = clusterInterval(total, size, 1 - 0.05 / family);
  const scale = 1 / (n * divisor);
  // The interval of a family must not begin later than a single one.
  const single = family > 1 ? countScatterEstimate(scatter, divisor, 1, clusterMin).lower : Infinity;
  return withInterval(
    { ...t, standardError: Math.max(t.standardError || 0, Math.sqrt(total * clusterMin) * scale) },
    {
      lower: Math.min(single, lower * scale, t.lower > 0 ? t.lower : Infinity),
      upper: Math.max(Number.isNaN(t.upper) ? 0 : t.upper, upper * scale),
    },
  );
}

/** Counts of the same units on both sides of a comparison, and what each side is divided by. */
export interface Compared {
  readonly counts: Numbers;
  readonly divisor: number;
  /** Whether the events cannot happen on this side, so that its zeros are certain. */
  readonly isImpossible: boolean;
}

/**
 * The mean difference of paired counts, x / divisor - y / divisor, with common random numbers.
 *
 * If one side cannot have events, the difference is itself a count, and a single event is proof. Otherwise the interval
 * covers both the paired t interval and the combination of both sides' Garwood intervals after Zou and Donner
 * (Statistics in Medicine 27, 2008, 1693-1702); with equal exposure, only counts that the pairs do not
 * share enter the latter.
 */
export function countDifference(x: Compared, y: Compared, family = 1): Estimate {
  if (y.isImpossible) return x.isImpossible ? CERTAIN_ZERO : countEstimate(x.counts, x.divisor, family);
  if (x.isImpossible) return opposite(countEstimate(y.counts, y.divisor, family));
  const { differences, divisor, seen } = comparedCounts(x, y);
  const t = meanEstimate(differences, divisor, family);
  const count = limitsOf(seen, t.value, 0.025 / family);
  const least = Math.sqrt(seen.more * seen.toX * seen.toX + seen.fewer * seen.toY * seen.toY);
  return withInterval(
    { ...t, standardError: Math.max(t.standardError || 0, least) },
    {
      lower: Math.min(count.lower, Number.isNaN(t.lower) ? Infinity : t.lower),
      upper: Math.max(count.upper, Number.isNaN(t.upper) ? -Infinity : t.upper),
    },
  );
}

/**
 * The two-sided p-value of a difference of counts: the smallest level at which the interval of countDifference excludes
 * 0, so p is below 0.05 exactly if the 95 % interval does not contain 0. 1 if no interval excludes 0; NaN if one side
 * cannot have events, because a single event is then proof.
 *
 * The interval excludes 0 if that of t and that of the counts do. For t, this is the paired t test; for the counts, the
 * level is found by bisection.
 */
export function countDifferencePValue(x: Compared, y: Compared): number {
  if (x.isImpossible || y.isImpossible) return NaN;
  const { differences, divisor, seen } = comparedCounts(x, y);
  const t = meanEstimate(differences, divisor);
  const excludesZero = (level: number): boolean => {
    const { lower, upper } = limitsOf(seen, t.value, level / 2);
    return lower > 0 || upper < 0;
  };
  // If the differences do not vary, or there is only one, the interval is that of the counts.
  const ofT = pValue(t, differences.length) || 0;
  let [below, above] = [Math.max(ofT, LEVEL_LEAST), 1];
  if (excludesZero(below)) return ofT;
  if (!excludesZero(above)) return 1;
  while (above > below * (1 + 1e-12)) {
    const middle = Math.sqrt(below) * Math.sqrt(above);
    if (excludesZero(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** Smaller levels of the interval of counts are not distinguished from 0. */
const LEVEL_LEAST = 1e-300;

/** The events that decide a difference: those that the pairs do not share, or all if the exposures differ. */
interface Unshared {
  readonly more: number;
  readonly fewer: number;
  /** What one event contributes to the mean of its side. */
  readonly toX: number;
  readonly toY: number;
}

function comparedCounts(x: Compared, y: Compared): { differences: Float64Array; divisor: number; seen: Unshared } {
  const n = x.counts.length;
  const isEqual = x.divisor === y.divisor;
  const differences = Float64Array.from(x.counts, (count, i) => {
    return isEqual ? count - y.counts[i] : count / x.divisor - y.counts[i] / y.divisor;
  });
  const [more, fewer] = isEqual
    ? [sum(differences.map((d) => Math.max(0, d))), sum(differences.map((d) => Math.max(0, -d)))]
    : [sum(x.counts), sum(y.counts)];
  const seen = { more, fewer, toX: 1 / (n * x.divisor), toY: 1 / (n * y.divisor) };
  return { differences, divisor: isEqual ? x.divisor : 1, seen };
}

/** The interval of a difference from both sides' Garwood intervals. @param tail the probability outside each end */
function limitsOf({ more, fewer, toX, toY }: Unshared, value: number, tail: number): Interval {
  const [above, below] = [poissonLimits(more, tail), poissonLimits(fewer, tail)];
  return {
    lower: value - lengthOf((more - above.lower) * toX, (below.upper - fewer) * toY),
    upper: value + lengthOf((above.upper - more) * toX, (fewer - below.lower) * toY),
  };
}

function lengthOf(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}

const CERTAIN_ZERO: Estimate = { value: 0, standardError: 0, halfWidth: 0, lower: 0, upper: 0 };
