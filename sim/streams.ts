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
 */
import seedrandom from "seedrandom";

/** The name of a stream, which is also its seed. */
export function streamName(seed: string, purpose: string, server: number, replication: number): string {
  return `${server}.${replication}.${purpose}.${seed}.`;
}

/** The streams of one purpose: one for each server of a slice. */
export class Stream {
  private readonly words: Float64Array;

  constructor(seed: string, purpose: string, replication: number, first: number, count: number) {
    this.words = new Float64Array(4 * count);
    for (let i = 0; i < count; i++) {
      const { s0, s1, s2, c } = seedrandom
        .alea(streamName(seed, purpose, first + i, replication), { state: true })
        .state();
      this.words.set([s0, s1, s2, c], 4 * i);
    }
  }

  /** The next number of the server `subject` of the slice: 53 bits, 0 (included) to 1 (excluded). */
  uniform(subject: number): number {
    const words = this.words;
    const at = 4 * subject;
    const s1 = words[at + 1];
    const s2 = words[at + 2];
    const t = 2091639 * words[at] + words[at + 3] * 2.3283064365386963e-10;
    const carry = t | 0;
    const high = t - carry;
    const t2 = 2091639 * s1 + carry * 2.3283064365386963e-10;
    const carry2 = t2 | 0;
    const low = t2 - carry2;
    words[at] = s2;
    words[at + 1] = high;
    words[at + 2] = low;
    words[at + 3] = carry2;
    return high + ((low * 0x200000) | 0) * 1.1102230246251565e-16;
  }
}

/**
 * Opens streams for a slice; a purpose can be opened once, because a second stream of its name would repeat its
 * numbers.
 */
export function openStreams(seed: string, replication: number, slice: { first: number; count: number }) {
  const opened = new Set<string>();
  return (purpose: string): Stream => {
    if (!/^[a-z][a-z-]*$/.test(purpose)) {
      throw new Error(`purpose is "${purpose}"; a purpose is a word of small letters and hyphens`);
    }
    if (opened.has(purpose)) throw new Error(`purpose "${purpose}" is opened twice; each stream has one reader`);
    opened.add(purpose);
    return new Stream(seed, purpose, replication, slice.first, slice.count);
  };
}
