/** The three spoolers, verb by verb, on plain arrays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buggy } from "../../../../models/print-servers/spoolers/buggy.ts";
import { fixed } from "../../../../models/print-servers/spoolers/fixed.ts";
import { spoolers } from "../../../../models/print-servers/parameters/parameters.ts";
import { validateSpooler, type Spooler } from "../../../../models/print-servers/spoolers/spooler.ts";
import { stickyGuard } from "../../../../models/print-servers/spoolers/sticky-guard.ts";

/**
 * Does verbs to instance 1 of 3: o opens, e enters, l leaves, c attempts to close. Tells guard, closePending and
 * closes.
 */
function does(spooler: Spooler, verbs: string): { guard: number; closePending: number; closes: number } {
  const closed: number[] = [];
  const closeProcessor = (instance: number) => void closed.push(instance);
  const columns = { guard: [9, 9, 9], closePending: [9, 9, 9], closeProcessor };
  for (const verb of verbs) {
    if (verb === "o") spooler.open(columns, 1);
    if (verb === "e") spooler.enterAlteration(columns, 1);
    if (verb === "l") spooler.leaveAlteration(columns, 1);
    if (verb === "c") spooler.close(columns, 1);
  }
  const { guard, closePending } = columns;
  assert.deepEqual([guard[0], guard[2], closePending[0], closePending[2]], [9, 9, 9, 9]);
  assert.ok(closed.every((instance) => instance === 1));
  return { guard: guard[1], closePending: closePending[1], closes: closed.length };
}

for (const spooler of Object.values(spoolers)) {
  test(`${spooler.name} clears a slot when it opens, counts alterations that enter, and closes if there was none`, () => {
    assert.deepEqual(does(spooler, "o"), { guard: 0, closePending: 0, closes: 0 });
    assert.deepEqual(does(spooler, "oee"), { guard: 2, closePending: 0, closes: 0 });
    assert.equal(does(spooler, "oc").closes, 1);
    assert.equal(does(spooler, "oeco").guard, 0, "a slot that is used again");
    assert.equal(does(spooler, "oeco").closePending, 0);
  });
}

test("buggy skips a close during an alteration, and nothing makes up for it", () => {
  assert.deepEqual(does(buggy, "oelc"), { guard: 0, closePending: 0, closes: 1 });
  assert.deepEqual(does(buggy, "oec"), { guard: 1, closePending: 0, closes: 0 });
  assert.deepEqual(does(buggy, "oecl"), { guard: 0, closePending: 0, closes: 0 });
  assert.deepEqual(does(buggy, "oeelc"), { guard: 1, closePending: 0, closes: 0 });
});

test("fixed defers a close during an alteration to the last one to leave", () => {
  assert.deepEqual(does(fixed, "oelc"), { guard: 0, closePending: 0, closes: 1 });
  assert.deepEqual(does(fixed, "oec"), { guard: 1, closePending: 1, closes: 0 });
  assert.deepEqual(does(fixed, "oecl").closes, 1);
  assert.deepEqual(does(fixed, "oeecl").closes, 0);
  assert.deepEqual(does(fixed, "oeecll").closes, 1);
  assert.deepEqual(does(fixed, "oel"), { guard: 0, closePending: 0, closes: 0 });
});

test("sticky-guard is never lowered, so an earlier alteration is enough to skip the close", () => {
  assert.deepEqual(does(stickyGuard, "oelc"), { guard: 1, closePending: 0, closes: 0 });
  assert.deepEqual(does(stickyGuard, "oec"), { guard: 1, closePending: 0, closes: 0 });
});

test("an invalid spooler is refused with the missing verb", () => {
  assert.equal(validateSpooler(buggy), undefined);
  assert.equal(validateSpooler({ ...fixed, more: 1 }), undefined);
  for (const part of [undefined, null, "buggy", 3, () => buggy])
    assert.equal(validateSpooler(part), "is not an object");
  assert.equal(validateSpooler({}), 'has no text "name"');
  assert.equal(validateSpooler({ ...buggy, meaning: 3 }), 'has no text "meaning"');
  for (const verb of ["open", "enterAlteration", "leaveAlteration", "close"]) {
    assert.equal(validateSpooler({ ...buggy, [verb]: undefined }), `has no verb "${verb}"`);
  }
});
