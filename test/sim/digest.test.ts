/** The digest: sensitive to every ingredient of an event, blind to slicing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Digest, digestLanes, digestText } from "../../sim/digest.ts";

test("a digest is written as an x and 16 hexadecimal digits, high lane first, and read back", () => {
  assert.match(new Digest(0, 1).of(0), /^x[0-9a-f]{16}$/);
  assert.equal(digestText(0xabc, 0x12345678), "x1234567800000abc");
  assert.deepEqual(digestLanes("x1234567800000abc"), { low: 0xabc, high: 0x12345678 });
  for (const text of ["1234567800000abc", "x1234567800000ABC", "x123"]) assert.equal(digestLanes(text), undefined);
});

test("changing the time, kind, subject or order of two events changes the digest", () => {
  const of = (first: number, ...events: [number, number][]) => {
    const digest = new Digest(first, 1);
    for (const [time, kind] of events) digest.add({ time, kind, subject: 0 });
    return digest.of(0);
  };
  const texts = [
    of(0, [1000, 3]),
    of(0, [1001, 3]),
    of(0, [1000 + 4294967296, 3]),
    of(0, [1000, 4]),
    of(1, [1000, 3]),
    of(0, [1000, 3], [1000, 3]),
    of(0, [1000, 3], [1000, 4]),
    of(0, [1000, 4], [1000, 3]),
  ];
  assert.equal(new Set(texts).size, texts.length);
});

test("similar events give different words, with every bit set half of the time", () => {
  const words = new Set<string>();
  const set = new Array<number>(64).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const digest = new Digest(i % 10, 1);
    digest.add({ time: Math.floor(i / 100), kind: i % 10 === 0 ? 0 : Math.floor(i / 10) % 10, subject: 0 });
    const [low, high] = [digest.low(0), digest.high(0)];
    words.add(`${i % 10}:${Math.floor(i / 100)}:${digest.of(0)}`);
    for (let bit = 0; bit < 32; bit++) {
      set[bit] += (low >>> bit) & 1;
      set[32 + bit] += (high >>> bit) & 1;
    }
  }
  // A fair bit is set 50,000 times with a standard deviation of 158; 1,000 is more than six of them.
  for (const [bit, count] of set.entries())
    assert.ok(Math.abs(count - 50_000) < 1000, `bit ${bit} is set ${count} times`);
});

test("the digest of a subject does not depend on who shares its slice", () => {
  const alone = new Digest(41, 1);
  const shared = new Digest(40, 3);
  for (let time = 1; time < 50; time++) {
    alone.add({ time, kind: 2, subject: 0 });
    shared.add({ time, kind: 2, subject: 1 });
    shared.add({ time, kind: 1, subject: 0 });
  }
  assert.equal(shared.of(1), alone.of(0));
});
