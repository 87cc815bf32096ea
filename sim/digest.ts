/**
 * The digest of a run: a 64-bit fingerprint of every event that was handled, which does not care about slicing.
 *
 * Each event contributes a well-mixed word of (time, kind, subject, number of the event on that subject). The words
 * of a subject are summed modulo 2^32 in two independent lanes; sums do not depend on order, so the digest of a run
 * is the sum of the digests of its subjects however they were sliced, interleaved or distributed. Two runs with equal
 * digests handled the same events, but for a chance of about 2^-64; the digest says nothing of the state, which is
 * what the responses are for.
 */
import type { Kind, Time } from "./event-list.ts";

const TWO_TO_32 = 4294967296;

/** Murmur3's 32-bit finalizer (Appleby): every input bit reaches every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export class Digest {
  /** Events of each subject so far. */
  readonly counts: Float64Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  private readonly first: number;

  /** @param first the number, outside this slice, of the subject that is 0 here */
  constructor(first: number, count: number) {
    this.first = first;
    this.counts = new Float64Array(count);
    this.low = new Uint32Array(count);
    this.high = new Uint32Array(count);
  }

  /** Adds an event. It is read off its holder, because a time that is passed to a function may become an object. */
  add(event: { readonly time: Time; readonly kind: Kind; readonly subject: number }): void {
    const { time, kind, subject } = event;
    const sequence = this.counts[subject]++;
    const lowTime = time >>> 0;
    const highTime = (time / TWO_TO_32) | 0;
    const id = this.first + subject;
    const moment = mix(lowTime ^ Math.imul(highTime + 1, 0x9e3779b1));
    const place = mix(Math.imul(sequence + 1, 0x85157af5) ^ Math.imul(id + 1, 0x27d4eb2f) ^ kind);
    this.low[subject] += mix(moment ^ (place + 0x165667b1));
    this.high[subject] += mix((moment + Math.imul(place, 0x2c1b3c6d)) ^ 0x5bd1e995);
  }

  /** The digest of one subject: 16 hexadecimal digits. */
  of(subject: number): string {
    return digestText(this.low[subject], this.high[subject]);
  }
}

/** The text of a digest given as two lanes: 16 hexadecimal digits, high lane first. */
export function digestText(low: number, high: number): string {
  return hexadecimal(high) + hexadecimal(low);
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
