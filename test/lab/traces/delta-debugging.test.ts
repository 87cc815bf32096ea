/** The smallest part is found, in few attempts, and nothing of it can be left out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstThat, smallestPart } from "../../../lab/traces/delta-debugging.ts";

const eight = [1, 2, 3, 4, 5, 6, 7, 8];

test("delta debugging finds 1, 7 and 8 of eight in Zeller and Hildebrandt's example", async () => {
  const part = await smallestPart(eight, (some) => [1, 7, 8].every((one) => some.includes(one)));
  assert.deepEqual(part, [1, 7, 8]);
});

test("one item in a thousand is found in about twenty attempts", async () => {
  let attempts = 0;
  const part = await smallestPart(
    Array.from({ length: 1000 }, (_, i) => i),
    (some) => ++attempts > 0 && some.includes(777),
  );
  assert.deepEqual(part, [777]);
  assert.ok(attempts <= 40, `${attempts} attempts`);
});

test("thirty of three thousand are found in about 16 attempts each", async () => {
  const items = Array.from({ length: 3000 }, (_, i) => i);
  const needed = items.filter((i) => i % 100 === 42);
  let attempts = 0;
  const part = await smallestPart(items, (some) => {
    attempts++;
    const kept = new Set(some);
    return needed.every((one) => kept.has(one));
  });
  assert.deepEqual(part, needed);
  assert.ok(attempts <= 500, `${attempts} attempts`);
});

test("a search that is stopped returns what it has, without trying more", async () => {
  let attempts = 0;
  const enough = (some: readonly number[]) => ++attempts > 0 && [1, 7, 8].every((one) => some.includes(one));
  assert.deepEqual(await smallestPart(eight, enough, () => attempts === 3), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(attempts, 3);
});

test("nothing remains where nothing is needed, and everything where all of it is", async () => {
  assert.deepEqual(await smallestPart(eight, () => true), []);
  assert.deepEqual(await smallestPart(eight, (some) => some.length === 8), eight);
});

test("an intermittent property leaves a part of which no single item can be removed", async () => {
  const part = await smallestPart(eight, async (some) => some.length >= 5 || some.length === 3);
  assert.equal(part.length, 5);
});

test("the first item with the property is found", async () => {
  assert.equal(await firstThat(eight, (one) => one > 3), 4);
  assert.equal(await firstThat(eight, (one) => one > 8), undefined);
});
