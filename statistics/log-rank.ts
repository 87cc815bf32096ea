/**
 * The log-rank test: do groups have the same hazard?
 *
 * At each event time, the expected number of events of a group is its share of all that are at risk. If hazards cross,
 * early and late differences cancel and the test finds nothing. It assumes independent groups. Groups that use the same
 * random numbers vary together, which makes the test conservative.
 */
import { chiSquareTail } from "./chi-square.ts";
import type { Counted } from "./estimate.ts";

/** The times of events, and of right-censoring. */
export interface Group {
  readonly events: Counted;
  readonly censored: Counted;
}

export interface LogRank {
  /** The observed events of each group, and those expected if all hazards were equal. */
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  /** NaN if nothing can be compared: no events, or a group with nobody at risk. */
  readonly chiSquare: number;
  readonly degrees: number;
  readonly p: number;
}

/**
 * Chi-square = (O - E)' V^-1 (O - E) over all groups but the last, with V[g][h] = sum over times of d (n - d) / (n - 1)
 * n[g] / n (1[g = h] - n[h] / n); ties as the hypergeometric law has them.
 * Source: Mantel 1966; Peto and Peto 1972; the form for several groups is Klein and Moeschberger's, 2nd edition 2003,
 * section 7.3.
 */
export function logRank(groups: readonly Group[]): LogRank {
  const degrees = groups.length - 1;
  const curves = groups.map((group) => new AtRisk(group));
  const times = Float64Array.from(new Set(groups.flatMap(({ events }) => [...events.values]))).sort();
  const observed = groups.map(() => 0);
  const expected = groups.map(() => 0);
  const covariance = groups.map(() => groups.map(() => 0));
  for (const time of times) {
    const atRisk = curves.map((curve) => curve.before(time));
    const events = curves.map((curve) => curve.eventsAt(time));
    const n = atRisk.reduce((total, count) => total + count);
    const d = events.reduce((total, count) => total + count);
    const factor = n > 1 ? (d * (n - d)) / (n - 1) : 0;
    for (let g = 0; g < groups.length; g++) {
      const share = atRisk[g] / n;
      observed[g] += events[g];
      expected[g] += d * share;
      for (let h = 0; h < groups.length; h++) {
        covariance[g][h] += factor * share * ((g === h ? 1 : 0) - atRisk[h] / n);
      }
    }
  }
  const surplus = observed.map((count, g) => count - expected[g]);
  const chiSquare = quadraticForm(covariance, surplus, degrees);
  return { observed, expected, chiSquare, degrees, p: chiSquareTail(chiSquare, degrees) };
}

/** A group that is queried in the order of time. */
class AtRisk {
  private readonly group: Group;
  private left: number;
  private happened: number;
  private lost: number;

  constructor(group: Group) {
    this.group = group;
    this.left = 0;
    for (const count of group.events.counts) this.left += count;
    for (const count of group.censored.counts) this.left += count;
    this.happened = 0;
    this.lost = 0;
  }

  /** How many are at risk at this time: no event and not censored before. */
  before(time: number): number {
    const { events, censored } = this.group;
    while (events.values[this.happened] < time) this.left -= events.counts[this.happened++];
    while (censored.values[this.lost] < time) this.left -= censored.counts[this.lost++];
    return this.left;
  }

  /** After `before` of the same time. */
  eventsAt(time: number): number {
    const { values, counts } = this.group.events;
    return values[this.happened] === time ? counts[this.happened] : 0;
  }
}

/** x' M^-1 x of the leading `size` rows and columns, by Cholesky's factor; NaN where M is singular. */
function quadraticForm(matrix: readonly (readonly number[])[], x: readonly number[], size: number): number {
  const factor: number[][] = [];
  const solved: number[] = [];
  let form = 0;
  for (let i = 0; i < size; i++) {
    factor.push([]);
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k];
      if (j < i) factor[i].push(rest / factor[j][j]);
      // A remainder this small is a rounding error, not a variance.
      else if (rest <= 1e-12 * matrix[i][i]) return NaN;
      else factor[i].push(Math.sqrt(rest));
    }
    let rest = x[i];
    for (let k = 0; k < i; k++) rest -= factor[i][k] * solved[k];
    solved.push(rest / factor[i][i]);
    form += solved[i] * solved[i];
  }
  return form;
}
