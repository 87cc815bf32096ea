/**
 * The speed gate that noise cannot fool: what the loop does is counted, and is what it was.
 *
 * A difference is no bug by itself: look whether the new counts are meant, and make the file anew with
 * `node dist/bench/operations.js --write`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { countAll, operationsFile, type Operations } from "../../bench/operations.ts";

test("every workload makes the pinned numbers of calls and events", () => {
  const committed = JSON.parse(readFileSync(operationsFile, "utf8")) as Record<string, Operations>;
  const counted = countAll();
  assert.deepEqual(counted, committed);
  // The counts cover the loop, and they are not empty.
  assert.equal(counted["W3 guard fleet, 1000 servers"]["bench/guard-fleet handle"], 71_549);
  assert.ok(counted["W3 guard fleet, 1000 servers"]["sim/per-subject-list push, loop 1"] > 10_000);
});
