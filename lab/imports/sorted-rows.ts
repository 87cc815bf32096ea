/**
 * Rows of numbers, added in any order and read in order, in bounded memory: an external merge sort.
 *
 * A row is sorted by its first three numbers. Portions are sorted and written to a file when they are full; reading
 * merges them. Rows that are equal in all three have no defined order, so callers make the third number unique.
 *
 * Cost: a portion of 2 MB, and 8 kB for each portion that was written. Rows can be read more than once.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { unwritable } from "../whole-file.ts";

const PORTION_NUMBERS = 1 << 18;
const BUFFER_NUMBERS = 1 << 10;
const KEYS = 3;

export class SortedRows {
  /** The number of rows added. */
  count: number;
  private readonly width: number;
  private readonly path: string;
  private file: number | undefined;
  private readonly portion: Float64Array;
  private readonly rowsOfPortion: number;
  /** The number of rows in the portion that is not written yet. */
  private held: number;
  /** The portions in the file: their first row, and their number of rows. */
  private readonly written: { readonly from: number; readonly rows: number }[];

  /**
   * @param width numbers per row, >= 3
   * @param path a new file, for data that does not fit into memory
   */
  constructor(width: number, path: string) {
    this.count = 0;
    this.width = width;
    this.path = path;
    this.rowsOfPortion = Math.floor(PORTION_NUMBERS / width);
    this.portion = new Float64Array(this.rowsOfPortion * width);
    this.held = 0;
    this.written = [];
  }

  /** Adds a copy of the row. */
  add(row: ArrayLike<number>): void {
    if (this.held === this.rowsOfPortion) this.write();
    this.portion.set(row, this.held * this.width);
    this.held++;
    this.count++;
  }

  /** Yields the rows in order; the array is reused. */
  *rows(): Iterable<Float64Array> {
    const { width } = this;
    const last = new MemoryCursor(this.sortedPortion(), width);
    const cursors: Cursor[] = [
      ...this.written.map(({ from, rows }) => new FileCursor(this.file!, from, rows, width)),
      last,
    ].filter((cursor) => cursor.row !== undefined);
    // A heap of cursors, ordered by their current rows.
    for (let i = (cursors.length >> 1) - 1; i >= 0; i--) sift(cursors, i);
    while (cursors.length > 0) {
      const [least] = cursors as [Cursor];
      yield least.row!;
      if (!least.next()) {
        const spare = cursors.pop()!;
        if (cursors.length === 0) return;
        if (spare !== least) cursors[0] = spare;
      }
      sift(cursors, 0);
    }
  }

  /** Removes the file. */
  close(): void {
    if (this.file === undefined) return;
    closeSync(this.file);
    rmSync(this.path);
    this.file = undefined;
  }

  private write(): void {
    this.file ??= openSync(this.path, "wx+");
    const from = this.count - this.held;
    const bytes = new Uint8Array(this.sortedPortion().buffer);
    try {
      for (let at = 0; at < bytes.length; ) {
        at += writeSync(this.file, bytes, at, bytes.length - at, from * this.width * 8 + at);
      }
    } catch (error) {
      // The system's error of a write does not name the file.
      unwritable(this.path)(error);
    }
    this.written.push({ from, rows: this.held });
    this.held = 0;
  }

  /** A sorted copy of the rows in memory. */
  private sortedPortion(): Float64Array {
    const { portion, width, held } = this;
    const order = Uint32Array.from({ length: held }, (_, i) => i);
    const compare = (a: number, b: number) => {
      for (let key = 0; key < KEYS; key++) {
        const difference = portion[a * width + key]! - portion[b * width + key]!;
        if (difference !== 0) return difference;
      }
      return a - b;
    };
    let isSorted = true;
    for (let i = 1; i < held && isSorted; i++) isSorted = compare(i - 1, i) <= 0;
    if (isSorted) return portion.slice(0, held * width);
    order.sort(compare);
    const sorted = new Float64Array(held * width);
    order.forEach((from, to) => sorted.set(portion.subarray(from * width, (from + 1) * width), to * width));
    return sorted;
  }
}

interface Cursor {
  /** Undefined if there is none. */
  readonly row: Float64Array | undefined;
  /** Moves to the next row; returns whether there is one. */
  next(): boolean;
}

class MemoryCursor implements Cursor {
  row: Float64Array | undefined;
  private readonly rows: Float64Array;
  private readonly width: number;
  private at: number;

  constructor(rows: Float64Array, width: number) {
    this.rows = rows;
    this.width = width;
    this.at = -1;
    this.next();
  }

  next(): boolean {
    this.at++;
    const from = this.at * this.width;
    this.row = from < this.rows.length ? this.rows.subarray(from, from + this.width) : undefined;
    return this.row !== undefined;
  }
}

class FileCursor implements Cursor {
  row: Float64Array | undefined;
  private readonly file: number;
  private readonly width: number;
  private readonly buffer: Float64Array;
  private readonly bytes: Uint8Array;
  /** The number of rows not read yet, and the position of the first. */
  private from: number;
  private left: number;
  private buffered: number;
  private at: number;

  constructor(file: number, from: number, rows: number, width: number) {
    this.file = file;
    this.width = width;
    this.buffer = new Float64Array(Math.max(1, Math.floor(BUFFER_NUMBERS / width)) * width);
    this.bytes = new Uint8Array(this.buffer.buffer);
    this.from = from;
    this.left = rows;
    this.buffered = 0;
    this.at = 0;
    this.next();
  }

  next(): boolean {
    if (this.at === this.buffered && !this.refill()) return false;
    this.row = this.buffer.subarray(this.at * this.width, (this.at + 1) * this.width);
    this.at++;
    return true;
  }

  private refill(): boolean {
    const { width } = this;
    const rows = Math.min(this.left, this.buffer.length / width);
    if (rows === 0) return false;
    const length = rows * width * 8;
    for (let at = 0; at < length; ) {
      const read = readSync(this.file, this.bytes, at, length - at, this.from * width * 8 + at);
      if (read === 0) throw new Error("a file of sorted rows is shorter than what was written to it");
      at += read;
    }
    this.from += rows;
    this.left -= rows;
    this.buffered = rows;
    this.at = 0;
    return true;
  }
}

/** Moves a cursor down the heap until no cursor below is smaller. */
function sift(cursors: Cursor[], from: number): void {
  const moved = cursors[from]!;
  let parent = from;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= cursors.length) break;
    if (child + 1 < cursors.length && isLess(cursors[child + 1]!, cursors[child]!)) child++;
    if (!isLess(cursors[child]!, moved)) break;
    cursors[parent] = cursors[child]!;
    parent = child;
  }
  cursors[parent] = moved;
}

function isLess({ row: a }: Cursor, { row: b }: Cursor): boolean {
  for (let key = 0; key < KEYS; key++) {
    const difference = a![key]! - b![key]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}
