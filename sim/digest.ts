/**
 * The digest of a run: a 64-bit fingerprint of every event that was handled, which does not care about slicing.
 *
 * Each subject has a chain of its own: two lanes of 32 bits that begin with the subject's number and take in the time
 * and the kind of one event after the other, so that the order counts as much as the events do. Every step is a
 * bijection of the lane for a given event, and of the event's word for a given lane: what once differs stays
 * different. The digest of a run is the sum of those of its subjects, lane by lane modulo 2^32, however they were
 * sliced, interleaved or distributed. Two runs with equal digests handled the same events, but for a chance of about
 * 2^-64; the digest says nothing of the state, which is what the responses are for.
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
  private readonly lows: Int32Array;
  private readonly highs: Int32Array;

  /** @param first the number, outside this slice, of the subject that is 0 here */
  constructor(first: number, count: number) {
    this.counts = new Float64Array(count);
    this.lows = Int32Array.from({ length: count }, (_, i) => mix(first + i + 1));
    this.highs = Int32Array.from({ length: count }, (_, i) => mix(~(first + i)));
  }

  /** Adds an event. It is read off its holder, because a time that is passed to a function may become an object. */
  add(event: { readonly time: Time; readonly kind: Kind; readonly subject: number }): void {
    const { time, kind, subject } = event;
    this.counts[subject]++;
    const lowTime = time >>> 0;
    const rest = (((time / TWO_TO_32) | 0) << 7) ^ kind;
    const low = Math.imul(this.lows[subject] ^ (lowTime + Math.imul(rest, 0x9e3779b1)), 0x85ebca6b);
    const high = Math.imul(this.highs[subject] ^ (Math.imul(lowTime, 0x27d4eb2f) + rest), 0xc2b2ae35);
    this.lows[subject] = low ^ (low >>> 15);
    this.highs[subject] = high ^ (high >>> 16);
  }

  /** The low lane of a subject: whole, 0 (included) to 2^32 (excluded). */
  low(subject: number): number {
    return mix(this.lows[subject]) >>> 0;
  }

  /** Its high lane. */
  high(subject: number): number {
    return mix(this.highs[subject]) >>> 0;
  }

  /** The digest of one subject: 16 hexadecimal digits. */
  of(subject: number): string {
    return digestText(this.low(subject), this.high(subject));
  }
}

/** The text of a digest given as two lanes: 16 hexadecimal digits, high lane first. */
export function digestText(low: number, high: number): string {
  return hexadecimal(high) + hexadecimal(low);
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
