/**
 * Random streams: seedrandom for the kernel.
 *
 * A stream is named by seed, purpose and server, its substream by the replication. The model, the slice and the worker
 * are not part of the name. So a server draws the same numbers wherever it runs, and two models that are compared draw
 * the same numbers for the same purpose. Anybody can check the name with the library alone:
 *
 *     seedrandom.alea("<server>.<replication>.<purpose>.<seed>.").double()
 *
 * The varying part of the name comes first and a full stop ends it, because Alea's hash hardly mixes the last
 * character.
 *
 * The library is too slow to seed every stream, so alea.ts seeds and steps them. The first stream of a slice that opens
 * for a purpose is also seeded by the library; if the states differ, the run stops.
 *
 * Numbers are drawn in blocks. That changes none of them, but the state of the generator stays in registers, and a law
 * other than the uniform is applied to a whole block at once. The first draw opens a stream, together with those of its
 * neighbours (four in all), so a purpose that no server needs costs nothing.
 */
import seedrandom from "seedrandom";
import { drawNumbers, NEIGHBOURS, seedNeighbours, STATE } from "./alea.ts";

/**
 * Turns uniform numbers, 0 (included) to 1 (excluded) in steps of 2^-53, into variates of a distribution, in place:
 * those at `from` (included) to `to` (excluded), one by one.
 */
export type Law = (numbers: Float64Array, from: number, to: number) => void;

const uniform: Law = () => {};

/** In slices of more subjects than this, each takes less memory, so that a window stays in the processor's caches. */
export const MANY_SUBJECTS = 256;

/** Numbers per block, powers of two. */
const BLOCK = 32;
const BLOCK_OF_MANY = 8;

/** The name of a stream, which seeds it. */
export function streamName(seed: string, purpose: string, server: number, replication: number): string {
  return `${server}${nameTail(seed, purpose, replication)}`;
}

function nameTail(seed: string, purpose: string, replication: number): string {
  return `.${replication}.${purpose}.${seed}.`;
}

/**
 * The streams of one purpose, one for each server of a slice.
 *
 * @example
 * const arrivals = openStreams("my seed")("arrivals", exponentials);
 * const gap = arrivals.draw(0); // of mean 1, for server 0
 */
export class Stream {
  private readonly purpose: string;
  /** A pure function, which any instance of a model may share. */
  readonly law: Law;
  private first: number;
  /** The common end of the names of all servers. */
  private tail: string;
  private tailCodes: Uint16Array;
  private readonly states: Float64Array;
  private readonly isOpen: Uint8Array;
  private isCompared: boolean;
  /** The length of a block. */
  private readonly block: number;
  /** The blocks of all servers, one after another. */
  readonly numbers: Float64Array;
  /** By server, the index in `numbers` of the next number. At a block boundary, the next block has not been drawn. */
  private readonly cursors: Int32Array;

  constructor(seed: string, purpose: string, replication: number, first: number, count: number, law = uniform) {
    this.purpose = purpose;
    this.law = law;
    const groups = Math.ceil(count / NEIGHBOURS);
    this.states = new Float64Array(STATE * NEIGHBOURS * groups);
    this.isOpen = new Uint8Array(groups);
    this.block = count > MANY_SUBJECTS ? BLOCK_OF_MANY : BLOCK;
    this.numbers = new Float64Array(this.block * count);
    this.cursors = new Int32Array(count);
    this.first = first;
    this.tail = "";
    this.tailCodes = new Uint16Array(0);
    this.isCompared = false;
    this.begin(seed, replication, first);
  }

  /** Starts over with another seed or replication, or for as many servers from number `first` on. */
  begin(seed: string, replication: number, first: number): void {
    this.first = first;
    this.tail = nameTail(seed, this.purpose, replication);
    this.tailCodes = Uint16Array.from({ length: this.tail.length }, (_, i) => this.tail.charCodeAt(i));
    this.isOpen.fill(0);
    this.isCompared = false;
    for (let subject = 0; subject < this.cursors.length; subject++) this.cursors[subject] = this.block * subject;
  }

  /** The next number of server `subject` of the slice: uniform in [0, 1) with 53 bits, or its variate under the law. */
  draw(subject: number): number {
    return this.numbers[this.next(subject)];
  }

  /**
   * Advances to the next number and returns its index in `numbers`. Same as `draw`, but for large models, in which V8
   * does not inline `draw` everywhere and would box the number.
   */
  next(subject: number): number {
    let cursor = this.cursors[subject];
    if ((cursor & (this.block - 1)) === 0) {
      cursor = subject * this.block;
      this.fill(subject);
    }
    this.cursors[subject] = cursor + 1;
    return cursor;
  }

  private fill(subject: number): void {
    if (this.isOpen[Math.trunc(subject / NEIGHBOURS)] === 0) this.open(Math.trunc(subject / NEIGHBOURS));
    const from = this.block * subject;
    const to = from + this.block;
    drawNumbers(this.states, STATE * subject, this.numbers, from, to);
    this.law(this.numbers, from, to);
  }

  private open(group: number): void {
    const subject = NEIGHBOURS * group;
    const heads = Array.from({ length: NEIGHBOURS }, (_, i) => String(this.first + subject + i));
    seedNeighbours(this.states, STATE * subject, heads, this.tailCodes);
    this.isOpen[group] = 1;
    if (!this.isCompared) this.compareWithLibrary(subject);
  }

  /** Compares the state of a new stream with that of the library. @throws Error if they differ */
  private compareWithLibrary(subject: number): void {
    const name = `${this.first + subject}${this.tail}`;
    const { s0, s1, s2, c } = seedrandom.alea(name, { state: true }).state();
    const state = this.states.subarray(STATE * subject, STATE * (subject + 1));
    if (state.join() !== [s0, s1, s2, c].join()) {
      throw new Error(`stream "${name}" begins with ${state.join()}; seedrandom says ${[s0, s1, s2, c].join()}`);
    }
    this.isCompared = true;
  }
}

/** The streams of a slice by purpose. */
export class Streams {
  private readonly opened: Map<string, Stream>;
  private readonly seed: string;
  private readonly replication: number;
  private readonly slice: { readonly first: number; readonly count: number };

  constructor(seed: string, replication: number, slice: { readonly first: number; readonly count: number }) {
    this.opened = new Map();
    this.seed = seed;
    this.replication = replication;
    this.slice = slice;
  }

  /**
   * Opens the streams of a purpose. Each opens once, because a second stream of the same name would repeat its numbers.
   */
  open(purpose: string, law?: Law): Stream {
    if (!/^[a-z][a-z-]*$/.test(purpose)) {
      throw new Error(`purpose is "${purpose}"; a purpose is a word of small letters and hyphens`);
    }
    if (this.opened.has(purpose)) throw new Error(`purpose "${purpose}" is opened twice; each stream has one reader`);
    const stream = new Stream(this.seed, purpose, this.replication, this.slice.first, this.slice.count, law);
    this.opened.set(purpose, stream);
    return stream;
  }

  /** Starts all open streams over with another seed or replication, or for as many servers from number `first` on. */
  begin(seed: string, replication: number, first: number): void {
    for (const stream of this.all) stream.begin(seed, replication, first);
  }

  get all(): Iterable<Stream> {
    return this.opened.values();
  }
}

/**
 * Opens streams for a slice that is simulated only once.
 *
 * @param replication whole, >= 0; default: the first
 * @param slice the servers that draw; default: server 0 alone
 */
export function openStreams(seed: string, replication = 0, slice = { first: 0, count: 1 }) {
  const streams = new Streams(seed, replication, slice);
  return (purpose: string, law?: Law): Stream => streams.open(purpose, law);
}
