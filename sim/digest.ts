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

/** What is kept of a subject: its two lanes, and the count of its events in two words of 32 bits, low word first. */
const WORDS = 4;

/**
 * The digests of some subjects.
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

  /** @param first the number, outside this slice, of the subject that is 0 here */
  constructor(first: number, subjects: number) {
    this.subjects = subjects;
    this.words = new Int32Array(WORDS * subjects);
    this.begin(first);
  }

  /** Forgets all events, and is the digest of as many subjects from another one on. */
  begin(first: number): void {
    this.words.fill(0);
    for (let subject = 0; subject < this.subjects; subject++) {
      this.words[WORDS * subject] = mix(first + subject + 1);
      this.words[WORDS * subject + 1] = mix(~(first + subject));
    }
  }

  /** Adds an event. It is read off its holder, because a time that is passed to a function may become an object. */
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

  /** A count of 2^32 goes on in its next word. @throws Error for an event of a subject that there is not */
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
 * The text of a digest given as two lanes: an x and 16 hexadecimal digits, high lane first. Without the x, some digests
 * would read as numbers: 712e644327814098 is infinity to R.
 */
export function digestText(low: number, high: number): string {
  return `x${hexadecimal(high)}${hexadecimal(low)}`;
}

/** The lanes of a digest's text; undefined when the text is no digest. */
export function digestLanes(text: string): { low: number; high: number } | undefined {
  const [, high, low] = /^x([0-9a-f]{8})([0-9a-f]{8})$/.exec(text) ?? [];
  return high === undefined ? undefined : { low: Number.parseInt(low, 16), high: Number.parseInt(high, 16) };
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
