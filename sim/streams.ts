/**
 * Random streams: the only door to seedrandom.
 *
 * A stream is named by (seed, purpose, server), its substream by the replication; never by the model, the slice or
 * the worker, so every server draws the same numbers wherever and beside whomever it runs, and two models that are
 * compared draw the same numbers for the same purpose. The name is a text that anybody can check with the library
 * alone:
 *
 *     seedrandom.alea("<server>.<replication>.<purpose>.<seed>.").double()
 *
 * The states of a slice's streams lie in one typed column, four words each (Baagoe's Alea, a multiply-with-carry
 * generator of period near 2^116), and are stepped here with the library's own arithmetic: the test compares them bit
 * by bit with the library's objects. The varying part of the name comes first and a full stop ends it, because Alea's
 * hash mixes the last character too little.
 *
 * Numbers are drawn in blocks, which is a matter of speed and changes none of them: the state of the generator stays
 * in registers, and a law that is not uniform is applied to a whole block at once. A stream is opened by its first
 * draw, so a purpose that a server never needs costs nothing.
 */
import seedrandom from "seedrandom";

/**
 * Turns uniform numbers, 0 (included) to 1 (excluded) in steps of 2^-53, into variates of a distribution, in place:
 * those at `from` (included) to `to` (excluded), one by one.
 */
export type Law = (numbers: Float64Array, from: number, to: number) => void;

const uniform: Law = () => {};

/** Numbers drawn at once: a power of two. */
const BLOCK = 32;
const WITHIN_BLOCK = BLOCK - 1;

/** The name of a stream, which is also its seed. */
export function streamName(seed: string, purpose: string, server: number, replication: number): string {
  return `${server}.${replication}.${purpose}.${seed}.`;
}

/** The streams of one purpose: one for each server of a slice. */
export class Stream {
  private readonly name: (subject: number) => string;
  private readonly law: Law;
  private readonly words: Float64Array;
  private readonly isOpen: Uint8Array;
  /** The blocks of the servers, one after the other. */
  readonly numbers: Float64Array;
  /** The place of the next number; at the beginning or the end of a block there is none yet. */
  private readonly places: Int32Array;

  constructor(seed: string, purpose: string, replication: number, first: number, count: number, law = uniform) {
    this.name = (subject) => streamName(seed, purpose, first + subject, replication);
    this.law = law;
    this.words = new Float64Array(4 * count);
    this.isOpen = new Uint8Array(count);
    this.numbers = new Float64Array(BLOCK * count);
    this.places = Int32Array.from({ length: count }, (_, subject) => BLOCK * subject);
  }

  /**
   * The next number of the server `subject` of the slice: uniform in [0, 1) with 53 bits, or what the law makes of it.
   */
  draw(subject: number): number {
    return this.numbers[this.next(subject)];
  }

  /**
   * Moves on to the next number, and returns its place in `numbers`: what `draw` does, for a model so large that V8
   * would not inline `draw` everywhere, and make an object of the number.
   */
  next(subject: number): number {
    let place = this.places[subject];
    if ((place & WITHIN_BLOCK) === 0) {
      place = subject * BLOCK;
      this.fill(subject);
    }
    this.places[subject] = place + 1;
    return place;
  }

  private fill(subject: number): void {
    if (this.isOpen[subject] === 0) this.open(subject);
    const { words, numbers } = this;
    const at = 4 * subject;
    let s0 = words[at];
    let s1 = words[at + 1];
    let s2 = words[at + 2];
    let c = words[at + 3];
    const from = BLOCK * subject;
    const to = from + BLOCK;
    for (let i = from; i < to; i++) {
      // Two steps a number, as the library does it; floor, where the library truncates, because nothing is negative.
      const first = 2091639 * s0 + c * 2.3283064365386963e-10;
      const carry = Math.floor(first);
      const high = first - carry;
      const second = 2091639 * s1 + carry * 2.3283064365386963e-10;
      c = Math.floor(second);
      s0 = s2;
      s1 = high;
      s2 = second - c;
      numbers[i] = high + Math.floor(s2 * 0x200000) * 1.1102230246251565e-16;
    }
    words[at] = s0;
    words[at + 1] = s1;
    words[at + 2] = s2;
    words[at + 3] = c;
    this.law(numbers, from, to);
  }

  private open(subject: number): void {
    const { s0, s1, s2, c } = seedrandom.alea(this.name(subject), { state: true }).state();
    this.words.set([s0, s1, s2, c], 4 * subject);
    this.isOpen[subject] = 1;
  }
}

/**
 * Opens streams for a slice; a purpose can be opened once, because a second stream of its name would repeat its
 * numbers.
 */
export function openStreams(seed: string, replication: number, slice: { first: number; count: number }) {
  const opened = new Set<string>();
  return (purpose: string, law?: Law): Stream => {
    if (!/^[a-z][a-z-]*$/.test(purpose)) {
      throw new Error(`purpose is "${purpose}"; a purpose is a word of small letters and hyphens`);
    }
    if (opened.has(purpose)) throw new Error(`purpose "${purpose}" is opened twice; each stream has one reader`);
    opened.add(purpose);
    return new Stream(seed, purpose, replication, slice.first, slice.count, law);
  };
}
