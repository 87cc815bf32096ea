/**
 * A sum of doubles that is rounded only once, when it is read: the same bits for any order, any portions and any
 * merging.
 *
 * Whole numbers are added in the ordinary way as long as the sum stays within 2^53, because that is exact. Otherwise
 * the sum is kept as an expansion: non-overlapping doubles whose exact sum it is, smallest first (Shewchuk 1997,
 * Adaptive precision floating-point arithmetic). It is exact as long as every partial sum is finite and no value is
 * below 1e-290 in magnitude. A NaN makes the sum NaN.
 */

const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

/** Shared, because most sums need nothing else. */
const NOTHING: readonly number[] = [];

export class ExactSum {
  /** The part of the sum that was added without rounding. */
  private whole: number;
  /** The rest of the sum: an expansion without zeros. */
  private parts: readonly number[];

  constructor() {
    this.whole = 0;
    this.parts = NOTHING;
  }

  add(values: ArrayLike<number>): void {
    let { whole } = this;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const next = whole + value;
      // If both are whole numbers within 2^53, the sum is exact.
      if (Number.isInteger(value) && Math.abs(next) <= WHOLE_MAX && Math.abs(value) <= WHOLE_MAX) whole = next;
      else this.grow(value);
    }
    this.whole = whole;
  }

  merge(other: ExactSum): void {
    this.add([other.whole]);
    for (const part of other.parts) this.grow(part);
  }

  /** The double nearest to the sum, ties to even. */
  get value(): number {
    const { whole, parts } = this;
    if (parts.length === 0) return whole;
    return roundedOnce(grown(parts, whole));
  }

  private grow(value: number): void {
    this.parts = grown(this.parts, value);
  }
}

/** The expansion after adding a value: each step keeps its rounding error. */
function grown(parts: readonly number[], value: number): number[] {
  const next: number[] = [];
  let high = value;
  for (const part of parts) {
    const sum = high + part;
    const ofPart = sum - high;
    const error = high - (sum - ofPart) + (part - ofPart);
    if (error !== 0) next.push(error);
    high = sum;
  }
  if (high !== 0) next.push(high);
  return next;
}

/**
 * From the greatest part downwards until something is rounded off. If that was half a last place, the parts below
 * decide which way (as Python's math.fsum has it).
 */
function roundedOnce(parts: readonly number[]): number {
  let i = parts.length - 1;
  if (i < 0) return 0;
  let high = parts[i];
  let error = 0;
  while (i > 0 && error === 0) {
    const before = high;
    const part = parts[--i];
    high = before + part;
    error = part - (high - before);
  }
  if (i > 0 && error !== 0 && error < 0 === parts[i - 1] < 0) {
    const twice = 2 * error;
    const further = high + twice;
    if (further - high === twice) return further;
  }
  return high;
}
