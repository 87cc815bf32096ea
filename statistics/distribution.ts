/**
 * How often each value occurs, in bounded memory: a multiset of doubles.
 *
 * The counts and the maximum are always exact. Up to `limit` different values are kept exactly. Beyond that, all values
 * are rounded towards zero, one significant bit at a time, until at most `limit` different ones remain. Rounding in
 * steps gives the same result as rounding at once, so the remaining precision depends only on the values: any order,
 * any portions and any merging give the same cells, bit by bit. Whole numbers stay whole.
 *
 * The cells are a hash table with linear probing, at most half full. It is sorted only when it is read.
 */
import type { Counted } from "./estimate.ts";

/** The significant bits of a double, the leading one included. */
const BITS_MAX = 53;

const SLOTS_MIN = 16;
const BYTES_OF_SLOT = 2 * Float64Array.BYTES_PER_ELEMENT;

/** One double and its two words. */
const double = Float64Array.of(1);
const words = new Int32Array(double.buffer);
const LOW = words[0] === 0 ? 0 : 1;
const HIGH = 1 - LOW;

export class Distribution {
  /** How many values there are. */
  count: number;
  /** The maximum, not rounded; -Infinity if there are no values. */
  max: number;
  /** How many significant bits the values keep; 53 is all. The error of a normal number is below 2^(1 - bits) of it. */
  bits: number;
  private readonly limit: number;
  /** The number of distinct values. */
  private size: number;
  /** By slot; a slot whose count is 0 is free. The number of slots is a power of two. */
  private values: Float64Array;
  private counts: Float64Array;

  /**
   * @param limit whole, >= 1; below 4,096 there may be more cells than that, because magnitudes are always
   * distinguished
   */
  constructor(limit: number) {
    this.count = 0;
    this.max = -Infinity;
    this.bits = BITS_MAX;
    this.limit = limit;
    this.size = 0;
    this.values = new Float64Array(SLOTS_MIN);
    this.counts = new Float64Array(SLOTS_MIN);
  }

  /** The maximum memory of a distribution with a limit >= 4,096 to which so many values are added [bytes]. */
  static bytesAtMost(limit: number, values: number): number {
    let slots = SLOTS_MIN;
    while (slots < 2 * Math.min(limit, values)) slots *= 2;
    return slots * BYTES_OF_SLOT;
  }

  /** Adds the values, except NaN. */
  add(values: Float64Array): void {
    let { count, max } = this;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (Number.isNaN(value)) continue;
      count++;
      if (value > max) max = value + 0;
      this.put(value, 1);
    }
    this.count = count;
    this.max = max;
  }

  /** Adds the values of another distribution of the same limit. */
  merge(other: Distribution): void {
    this.count += other.count;
    this.max = Math.max(this.max, other.max);
    if (other.bits < this.bits) this.roundTo(other.bits);
    const { values, counts } = other;
    for (let slot = 0; slot < counts.length; slot++) {
      if (counts[slot] > 0) this.put(values[slot], counts[slot]);
    }
  }

  /** The distinct rounded values, with their counts. */
  cells(): Counted {
    const values = this.ascending();
    const counts = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) counts[i] = this.counts[this.slotOf(values[i])];
    return { values, counts };
  }

  private ascending(): Float64Array {
    const values = new Float64Array(this.size);
    let at = 0;
    for (let slot = 0; slot < this.counts.length; slot++) {
      if (this.counts[slot] > 0) values[at++] = this.values[slot];
    }
    return values.sort();
  }

  private put(value: number, count: number): void {
    const rounded = roundedTo(this.bits, value);
    const slot = this.slotOf(rounded);
    this.counts[slot] += count;
    if (this.counts[slot] > count) return;
    this.values[slot] = rounded;
    this.size++;
    if (this.size > this.limit && this.bits > 1) this.fit();
    else if (2 * this.size > this.counts.length) this.rebuild(2 * this.counts.length);
  }

  /** The slot of a rounded value, or the free slot for it. */
  private slotOf(value: number): number {
    const { values, counts } = this;
    const last = counts.length - 1;
    double[0] = value;
    let hash = Math.imul(words[HIGH], 0x9e3779b1) ^ words[LOW];
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 16)) & last;
    while (values[slot] !== value && counts[slot] > 0) slot = (slot + 1) & last;
    return slot;
  }

  /** Rounds to the largest number of bits that leaves at most `limit` distinct values. */
  private fit(): void {
    const values = this.ascending();
    let bits = this.bits;
    do bits--;
    while (bits > 1 && differentAt(bits, values) > this.limit);
    this.roundTo(bits);
  }

  private roundTo(bits: number): void {
    this.bits = bits;
    this.rebuild(this.counts.length);
  }

  private rebuild(slots: number): void {
    const { values, counts } = this;
    this.size = 0;
    this.values = new Float64Array(slots);
    this.counts = new Float64Array(slots);
    for (let slot = 0; slot < counts.length; slot++) {
      if (counts[slot] > 0) this.put(values[slot], counts[slot]);
    }
  }
}

/** The value rounded towards zero to so many significant bits; -0 becomes 0. */
function roundedTo(bits: number, value: number): number {
  const dropped = BITS_MAX - bits;
  if (dropped === 0) return value + 0;
  double[0] = value;
  words[LOW] &= dropped < 32 ? -1 << dropped : 0;
  words[HIGH] &= dropped < 32 ? -1 : -1 << (dropped - 32);
  return double[0] + 0;
}

/** How many of the ascending values are distinct after rounding. */
function differentAt(bits: number, ascending: Float64Array): number {
  let different = 0;
  let last = NaN;
  for (let i = 0; i < ascending.length; i++) {
    const rounded = roundedTo(bits, ascending[i]);
    if (rounded !== last) different++;
    last = rounded;
  }
  return different;
}
