import { test } from "node:test";
import assert from "node:assert/strict";
import { isNonEmpty, itemAt, mapEach } from "../../lab/lists.ts";

test("a missing item is an error, and a falsy one is not", () => {
  assert.equal(itemAt(Float64Array.of(1, 0), 1), 0);
  assert.equal(itemAt({ a: "" }, "a"), "");
  for (const index of [-1, 2, 0.5, NaN]) assert.throws(() => itemAt([1, 2], index), RangeError);
  assert.throws(() => itemAt({ a: 1 }, "b"), { message: "no item at b" });
});

test("a mapped list keeps its length, and only an empty list is empty", () => {
  const [one, two]: [number, number] = mapEach(["a", "bc"], ({ length }) => length);
  assert.deepEqual([one, two], [1, 2]);
  assert.deepEqual([[], [undefined]].map(isNonEmpty), [false, true]);
});
