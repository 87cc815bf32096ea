/**
 * A sequence of numbers to which records are appended, and which is read back as a whole. It grows by pages, so a
 * number is copied once at most. A full page never changes again, so saved states share it (state.ts).
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

  /** Keeps what is on the page. The page itself goes back and forth with saved states, so it is copied. */
  private turn(): void {
    this.full.push(new Page(this.written));
    this.used = 0;
  }

  /** A copy of what is on the page. */
  private get written(): Float64Array {
    return this.page.slice(0, this.used);
  }

  /** Takes all records off the tape: page by page, without a gap, and no record is on two pages. */
  takeAll(): Float64Array[] {
    const pages = [...this.full.map(({ numbers }) => numbers), this.written];
    this.full.length = 0;
    this.used = 0;
    return pages;
  }
}
