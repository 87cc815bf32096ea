/**
 * The digest of a run: a 64-bit fingerprint of all events that were handled, independent of slices and threads.
 *
 * Each subject has a hash chain: two lanes of 32 bits, which start from the subject's number and absorb the time and
 * kind of each event in turn, so the order of events counts. For a given event, a step is a bijection of the lane; for
 * a given lane, it is a bijection of the event's word. So chains that differ once stay different while later events are
 * equal. The digest of a run is the sum of the digests of its subjects, each lane modulo 2^32, so it does not depend on
 * how the subjects were sliced or distributed. Two runs with equal digests handled the same events, except with a
 * probability of about 2^-64. The digest does not cover the state; the responses do.
 */
import type { Kind, Time } from "./event-list.ts";

const TWO_TO_32 = 4294967296;

/** Murmur3's 32-bit finalizer (Appleby): every input bit reaches every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Words of a subject: its two lanes, then the number of its events as two words of 32 bits, low word first. */
const WORDS = 4;

/**
 * The digests of the subjects of a slice.
 *
 * @example
 * const simulation = new Simulation(system, new Digest(0, 10)); // ten subjects, numbered from 0
 * simulation.run(until);
 * const fingerprint = simulation.digest.of(3); // that of subject 3: 16 hexadecimal digits
 */
export class Digest {
  /** Subjects of the slice. */
  readonly subjects: number;
  private readonly words: Int32Array;

  /** @param first the number of this slice's subject 0 in the whole fleet */
  constructor(first: number, subjects: number) {
    this.subjects = subjects;
    this.words = new Int32Array(WORDS * subjects);
    this.begin(first);
  }

  /** Starts over, for as many subjects from number `first` on. */
  begin(first: number): void {
    this.words.fill(0);
    for (let subject = 0; subject < this.subjects; subject++) {
      this.words[WORDS * subject] = mix(first + subject + 1);
      this.words[WORDS * subject + 1] = mix(~(first + subject));
    }
  }

  /** Adds an event. It is passed whole, because V8 may box a time that is passed to a function. */
  add(event: { readonly time: Time; readonly kind: Kind; readonly subject: number }): void {
    const { words } = this;
    const { time, kind } = event;
    const at = WORDS * event.subject;
    const lowTime = time >>> 0;
    const rest = (((time / TWO_TO_32) | 0) << 7) ^ kind;
    const low = Math.imul(words[at] ^ (lowTime + Math.imul(rest, 0x9e3779b1)), 0x85ebca6b);
    const high = Math.imul(words[at + 1] ^ (Math.imul(lowTime, 0x27d4eb2f) + rest), 0xc2b2ae35);
    const count = (words[at + 2] + 1) | 0;
    words[at] = low ^ (low >>> 15);
    words[at + 1] = high ^ (high >>> 16);
    words[at + 2] = count;
    if (count === 0) this.carry(at);
  }

  /** Carries a count of 2^32 to the next word. @throws Error if the subject does not exist */
  private carry(at: number): void {
    if (!(at >= 0 && at < this.words.length)) {
      throw new Error(`an event of subject ${at / WORDS}; the subjects are 0 to ${this.subjects - 1}`);
    }
    this.words[at + 3]++;
  }

  /** Events of all subjects so far. */
  get count(): number {
    let count = 0;
    for (let subject = 0; subject < this.subjects; subject++) count += this.countOf(subject);
    return count;
  }

  /** Events of one subject so far. */
  countOf(subject: number): number {
    const at = WORDS * subject;
    return this.words[at + 3] * TWO_TO_32 + (this.words[at + 2] >>> 0);
  }

  /** The low lane of a subject: whole, 0 (included) to 2^32 (excluded). */
  low(subject: number): number {
    return mix(this.words[WORDS * subject]) >>> 0;
  }

  /** Its high lane. */
  high(subject: number): number {
    return mix(this.words[WORDS * subject + 1]) >>> 0;
  }

  /** The digest of one subject, as digestText writes it. */
  of(subject: number): string {
    return digestText(this.low(subject), this.high(subject));
  }
}

/**
 * Two lanes as text: an x and 16 hexadecimal digits, high lane first. Without the x, programs would read some digests
 * as numbers: R reads 712e644327814098 as infinity.
 */
export function digestText(low: number, high: number): string {
  return `x${hexadecimal(high)}${hexadecimal(low)}`;
}

/** The lanes of a digest that was written as text; undefined when the text is not a digest. */
export function digestLanes(text: string): { low: number; high: number } | undefined {
  const [, high, low] = /^x([0-9a-f]{8})([0-9a-f]{8})$/.exec(text) ?? [];
  return high === undefined ? undefined : { low: Number.parseInt(low, 16), high: Number.parseInt(high, 16) };
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
