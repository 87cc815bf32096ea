/**
 * A sequence of numbers to which records are appended, and which is read back as a whole. It grows by pages, so a
 * number is copied once at most. A full page never changes again, so saved states share it (state.ts), and so can two
 * tapes.
 */

/** Numbers of a page: 16 kB. A record has at most as many. */
const NUMBERS_OF_PAGE = 2048;

/** A page that is full. */
export class Page {
  readonly numbers: Float64Array;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
  }
}

/** The tapes with which others share their pages. That is not state, so no field has it. */
const twins = new WeakMap<Tape, Tape>();

/**
 * @example
 * const at = tape.append(2);
 * tape.page[at] = 5;
 * tape.page[at + 1] = 6;
 */
export class Tape {
  /** The page on which records are written. */
  readonly page: Float64Array;
  private readonly full: Page[];
  private used: number;

  constructor() {
    this.page = new Float64Array(NUMBERS_OF_PAGE);
    this.full = [];
    this.used = 0;
  }

  /** Appends a record of `length` numbers, which the caller writes into `page`; returns where they begin. */
  append(length: number): number {
    if (this.used + length > NUMBERS_OF_PAGE) this.turn();
    const at = this.used;
    this.used += length;
    return at;
  }

  /** Lets this tape have the full pages of another one where it has the same content, which saves their memory. */
  shareWith(twin: Tape): void {
    twins.set(this, twin);
  }

  /** Keeps what is on the page. The page itself goes back and forth with saved states, so it is copied. */
  private turn(): void {
    const { written } = this;
    const theirs = twins.get(this)?.full[this.full.length];
    this.full.push(theirs !== undefined && areEqual(theirs.numbers, written) ? theirs : new Page(written.slice()));
    this.used = 0;
  }

  /** The part of the page that has been written. */
  private get written(): Float64Array {
    return this.page.subarray(0, this.used);
  }

  /** Takes all records off the tape: page by page, without a gap, and no record is on two pages. */
  takeAll(): Float64Array[] {
    const pages = [...this.full.map(({ numbers }) => numbers), this.written.slice()];
    this.full.length = 0;
    this.used = 0;
    return pages;
  }
}

function areEqual(some: Float64Array, others: Float64Array): boolean {
  return some.length === others.length && some.every((number, i) => Object.is(number, others[i]));
}
