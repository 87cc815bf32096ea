/** A tape gives back what was appended, and saved states share its full pages without changing each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Snapshot, snapshotOf } from "../../sim/snapshot.ts";
import { type Column, SavedState } from "../../sim/state.ts";
import { Tape } from "../../sim/tape.ts";

/** Appends records of one to seven numbers: `value` as often as the record is long. */
function append(tape: Tape, values: number[]): void {
  for (const value of values) {
    const length = 1 + (value % 7);
    const at = tape.append(length);
    tape.page.fill(value, at, at + length);
  }
}

/** Takes all records off the tape, and returns the value of each. */
function taken(tape: Tape): number[] {
  const values: number[] = [];
  for (const page of tape.takeAll()) {
    let at = 0;
    for (let length = 0; at < page.length; at += length) {
      length = 1 + (page[at] % 7);
      assert.deepEqual([...page.subarray(at, at + length)], Array(length).fill(page[at]));
      values.push(page[at]);
    }
    assert.equal(at, page.length, "the record is whole");
  }
  return values;
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

test("records are read back whole and in order, and the tape is then empty", () => {
  const tape = new Tape();
  for (const count of [0, 1, 5000]) {
    append(tape, numbers(count));
    assert.deepEqual(taken(tape), numbers(count));
    assert.deepEqual(taken(tape), []);
  }
});

test("a saved state copies at most the last page, and comes back whatever was appended or taken since", () => {
  const tape = new Tape();
  append(tape, numbers(3000));
  const early = new SavedState({ tape });
  append(tape, numbers(3000, 3000));
  const late = new SavedState({ tape });
  const copies = Reflect.get(late, "copies") as readonly Column[];
  assert.ok(copies.reduce((sum, copy) => sum + copy.length, 0) <= 2048);
  early.restore();
  append(tape, numbers(9000, 100_000));
  late.restore();
  assert.deepEqual(taken(tape), numbers(6000));
  append(tape, numbers(9000, 200_000));
  early.restore();
  assert.deepEqual(taken(tape), numbers(3000));
  late.restore();
  assert.deepEqual(taken(tape), numbers(6000));
});

test("a snapshot brings the tape back, and leaves the pages of saved states alone", () => {
  const [tape, twin] = [new Tape(), new Tape()];
  append(tape, numbers(5000));
  append(twin, numbers(7000, 100_000));
  const saved = new SavedState({ tape: twin });
  const bytes = snapshotOf({ tape }, {});
  for (const target of [new Tape(), twin]) {
    new Snapshot(bytes).restore({ tape: target });
    append(target, numbers(1000, 5000));
    assert.deepEqual(taken(target), numbers(6000));
  }
  saved.restore();
  assert.deepEqual(taken(twin), numbers(7000, 100_000));
});

test("a tape shares the full pages that it has in common with another, and no others", () => {
  const [one, other] = [new Tape(), new Tape()];
  other.shareWith(one);
  append(one, numbers(5000));
  append(other, numbers(2000));
  append(other, numbers(3000, 100_000));
  const pagesOf = (tape: Tape) => Reflect.get(tape, "full") as readonly object[];
  const [mine, theirs] = [pagesOf(one), pagesOf(other)];
  assert.ok(mine.length > 8 && theirs.length > 8);
  const shared = theirs.filter((page, i) => page === mine[i]).length;
  assert.equal(shared, Math.floor((2000 * 4) / 2048));
  assert.deepEqual(taken(one), numbers(5000));
  assert.deepEqual(taken(other), [...numbers(2000), ...numbers(3000, 100_000)]);
});
