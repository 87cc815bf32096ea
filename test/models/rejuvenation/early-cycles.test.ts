/** models/rejuvenation/early-cycles.ts: which cycles count, by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EarlyCycles } from "../../../models/rejuvenation/early-cycles.ts";

/** A cycle that began then: one, and its beginning. */
function end(early: EarlyCycles, server: number, begun: number) {
  early.begunUs[server] = begun;
  early.amounts.set([1, begun]);
  early.end(server);
}

test("a cycle counts from the second epoch after its first, once it has ended", () => {
  const early = new EarlyCycles(2, 2, 10);
  for (const begun of [0, 4, 9, 12, 25, 31]) end(early, 1, begun);
  const counts = [19, 20, 29, 30, 39, 40, 49, 50, 90].map((now) => early.total(1, 0, now));
  // For a time before the last cycle began, the answer counts only the cycles that were complete then.
  assert.deepEqual(counts.slice(3), [4, 4, 5, 5, 6, 6]);
  assert.deepEqual([early.ended(1, 0), early.total(1, 1, 90), early.total(0, 0, 90)], [6, 81, 0]);
});

test("epochs without a cycle are skipped", () => {
  const early = new EarlyCycles(1, 2, 10);
  end(early, 0, 5);
  assert.deepEqual([early.total(0, 0, 19), early.total(0, 0, 20)], [0, 1]);
  end(early, 0, 75);
  assert.deepEqual([early.total(0, 0, 85), early.total(0, 0, 90)], [1, 2]);
});
