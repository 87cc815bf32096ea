/**
 * The fast list passes the suite of the contract, also when it must grow; and a wrong one is caught by the same
 * suite.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { QuaternaryHeap } from "../../sim/quaternary-heap.ts";
import { eventListCases } from "../cases/event-list.ts";

eventListCases("quaternary heap", () => new QuaternaryHeap());
eventListCases("quaternary heap that starts with room for one", () => new QuaternaryHeap(1));

test("an event list that pops ties last in, first out fails the suite", () => {
  const suite = fileURLToPath(new URL("../cases/wrong-event-list.js", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [suite], {
    encoding: "utf8",
    env: { ...process.env, NODE_TEST_CONTEXT: "" },
  });
  assert.notEqual(status, 0);
  assert.match(
    stdout,
    /not ok \d+ - wrong list: events of equal time and kind leave in the order in which they were pushed/,
  );
  assert.match(stdout, /\nok \d+ - wrong list: events leave by time/);
});
