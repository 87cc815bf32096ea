/** The ledger: opened = closed + live + orphaned at every moment, and slots that outlast the alterations inside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buggy } from "../../../models/print-servers/spoolers/buggy.ts";
import { fixed } from "../../../models/print-servers/spoolers/fixed.ts";
import { PrintProcessors } from "../../../models/print-servers/print-processors.ts";

type Ledger = readonly [opened: number, closed: number, live: number, orphaned: number, leaked: number, withDc: number];

function assertLedger(processors: PrintProcessors, ledger: Ledger, server = 0): void {
  const { opened, closed, live, orphaned, leaked, withDc } = processors;
  assert.deepEqual(
    [opened, closed, live, orphaned, leaked, withDc].map((column) => column[server]),
    ledger,
  );
  assert.equal(opened[server], closed[server] + live[server] + orphaned[server]);
  assert.equal(processors.countLive()[server], live[server]);
}

test("a close without an alteration closes and returns the DC", () => {
  const processors = new PrintProcessors(buggy, 1, 2);
  const instance = processors.open(0, 1);
  assertLedger(processors, [1, 0, 1, 0, 0, 1]);
  assert.equal(processors.attemptClose(instance), false);
  assertLedger(processors, [1, 1, 0, 0, 0, 0]);
  assert.equal(processors.open(0, 0), instance, "its slot is free at once");
});

test("a close during an alteration orphans the instance with its DC, and the alteration's end does not close it", () => {
  const processors = new PrintProcessors(buggy, 1, 4);
  const instance = processors.open(0, 1);
  processors.enterAlteration(instance);
  assert.equal(processors.attemptClose(instance), true);
  assertLedger(processors, [1, 0, 0, 1, 1, 1]);
  assert.notEqual(processors.open(0, 0), instance, "an alteration is still inside its slot");
  processors.leaveAlteration(instance);
  assertLedger(processors, [2, 0, 1, 1, 1, 1]);
  assert.equal(processors.open(0, 0), instance, "an orphan is a count and needs no slot");
});

test("a deferred close is done by the last alteration to leave", () => {
  const processors = new PrintProcessors(fixed, 1, 4);
  const instance = processors.open(0, 1);
  processors.enterAlteration(instance);
  processors.enterAlteration(instance);
  assert.equal(processors.attemptClose(instance), false);
  processors.leaveAlteration(instance);
  assertLedger(processors, [1, 0, 1, 0, 0, 1]);
  processors.leaveAlteration(instance);
  assertLedger(processors, [1, 1, 0, 0, 0, 0]);
});

test("the end of a process closes everything that its server holds, live and orphaned, and nothing of other servers", () => {
  const processors = new PrintProcessors(buggy, 2, 1);
  const open = [0, 0, 0, 1].map((server) => processors.open(server, 1));
  processors.enterAlteration(open[0]);
  processors.attemptClose(open[0]);
  processors.attemptClose(open[1]);
  processors.endProcess(0);
  assertLedger(processors, [3, 3, 0, 0, 1, 0]);
  assert.equal(processors.reclaimed[0], 2);
  assertLedger(processors, [1, 0, 1, 0, 0, 1], 1);
  const reopened = [0, 0, 0].map(() => processors.open(0, 0));
  assert.deepEqual(new Set(reopened), new Set(open.slice(0, 3)), "their slots are free");
});

test("an instance is closed once", () => {
  const processors = new PrintProcessors(buggy, 1, 1);
  const instance = processors.open(0, 0);
  processors.attemptClose(instance);
  assert.throws(() => processors.attemptClose(instance), /print processor 0 is not open; only an open one/);
});

test("more instances than slots double the slots and keep the guards", () => {
  const processors = new PrintProcessors(buggy, 1, 1);
  const first = processors.open(0, 1);
  processors.enterAlteration(first);
  const others = [0, 0, 0, 0].map(() => processors.open(0, 0));
  assert.equal(new Set([first, ...others]).size, 5);
  assert.equal(processors.guard[first], 1);
  assert.deepEqual(
    others.map((instance) => processors.guard[instance]),
    [0, 0, 0, 0],
  );
  assertLedger(processors, [5, 0, 5, 0, 0, 1]);
});
