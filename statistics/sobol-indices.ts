/**
 * Sobol's indices: the share of the variance of an output that comes from each input.
 *
 * The first-order index of an input is the share that it explains alone. The total index is the share that would remain
 * if all other inputs were known. The difference is its part in interactions. The estimators need two independent sets
 * of points A and B, and for each input the points of A with that coordinate of B: k + 2 evaluations per row. First
 * order by Saltelli et al. 2010, "Variance based sensitivity analysis of model output", table 2 (b); total order by
 * Jansen 1999, table 2 (f) of the same. Both are estimates: a small index may be estimated below 0, and indices from
 * few rows do not add up. The intervals are percentiles of a bootstrap of rows.
 */
import type { Stream } from "../sim/streams.ts";
import { mean, nearestRank, variance } from "./estimate.ts";
import { sobolPoints } from "./sobol.ts";

/** A row of a design: a point of A, a point of B, and for each input the point of A with that coordinate of B. */
export interface IndexRow {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly ab: readonly Float64Array[];
}

/** The outputs of a row. */
export interface IndexOutputs {
  readonly a: number;
  readonly b: number;
  readonly ab: readonly number[];
}

export interface Index {
  readonly value: number;
  /** The ends of the 95 % interval. */
  readonly lower: number;
  readonly upper: number;
}

export interface SobolIndices {
  readonly first: Index;
  readonly total: Index;
}

const RESAMPLES = 400;

/**
 * Creates a design.
 *
 * @param count the number of rows; a power of two is best
 * @param scramble streams with one subject for each of 2 * inputs dimensions
 */
export function indexRows(count: number, inputs: number, scramble: Stream): IndexRow[] {
  return sobolPoints(count, 2 * inputs, scramble).map((point) => {
    const a = point.slice(0, inputs);
    const b = point.slice(inputs);
    return { a, b, ab: Array.from(a, (_, input) => a.map((value, i) => (i === input ? b[i] : value))) };
  });
}

/**
 * The indices of each input; NaN if the output does not vary.
 *
 * @param resampling a stream with one subject, which chooses the rows of the bootstrap
 */
export function sobolIndices(rows: readonly IndexOutputs[], resampling: Stream): SobolIndices[] {
  const inputs = rows[0].ab.map((_, input) => input);
  const values = estimates(rows);
  const resampled = inputs.map(() => ({ first: new Float64Array(RESAMPLES), total: new Float64Array(RESAMPLES) }));
  for (let i = 0; i < RESAMPLES; i++) {
    const chosen = rows.map(() => rows[Math.floor(resampling.draw(0) * rows.length)]);
    for (const [input, { first, total }] of estimates(chosen).entries()) {
      resampled[input].first[i] = first;
      resampled[input].total[i] = total;
    }
  }
  return inputs.map((input) => ({
    first: withInterval(values[input].first, resampled[input].first),
    total: withInterval(values[input].total, resampled[input].total),
  }));
}

/** Of each input. */
function estimates(rows: readonly IndexOutputs[]): { first: number; total: number }[] {
  const outputs = rows.flatMap(({ a, b }) => [a, b]);
  const spread = variance(outputs);
  // Outputs are centred, because products of values far from 0 would lose precision.
  const center = mean(outputs);
  return rows[0].ab.map((_, input) => {
    if (!(spread > 0)) return { first: NaN, total: NaN };
    const products = rows.map(({ a, b, ab }) => (b - center) * (ab[input] - a));
    const squares = rows.map(({ a, ab }) => (a - ab[input]) * (a - ab[input]));
    return { first: mean(products) / spread, total: mean(squares) / (2 * spread) };
  });
}

function withInterval(value: number, resampled: Float64Array): Index {
  const known = resampled.filter((one) => !Number.isNaN(one)).sort();
  const counted = { values: known, counts: new Float64Array(known.length).fill(1) };
  // 2.5 % and 97.5 % of 400 are the 10th and the 390th value, which ranks of whole percentages would miss.
  if (known.length < RESAMPLES) return { value, lower: nearestRank(counted, 2), upper: nearestRank(counted, 98) };
  return { value, lower: known[RESAMPLES / 40 - 1], upper: known[RESAMPLES - RESAMPLES / 40 - 1] };
}
