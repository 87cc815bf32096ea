/** The spooler's lock: first in, first out, and one number says how long the queue is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lock } from "../../../models/print-servers/lock.ts";

/** Asks at `now` to hold the lock for `hold`; returns when the hold begins. */
function acquire(lock: Lock, server: number, now: number, hold: number): number {
  lock.acquire(server, hold, { now });
  return lock.heldUntil[server] - hold;
}

test("a hold begins at once when the lock is free, and at the end of the last hold when it is not", () => {
  const lock = new Lock(1);
  assert.equal(acquire(lock, 0, 100, 10), 100);
  assert.equal(acquire(lock, 0, 105, 20), 110);
  assert.equal(acquire(lock, 0, 105, 5), 130);
  assert.equal(acquire(lock, 0, 135, 1), 135);
  assert.deepEqual([lock.requests[0], lock.waitUs[0]], [4, 5 + 25]);
});

test("a hold of no length waits its turn and admits the next one at the same time", () => {
  const lock = new Lock(1);
  acquire(lock, 0, 0, 10);
  assert.equal(acquire(lock, 0, 3, 0), 10);
  assert.equal(acquire(lock, 0, 3, 7), 10);
  assert.equal(acquire(lock, 0, 17, 0), 17);
});

test("servers have separate locks", () => {
  const lock = new Lock(3);
  acquire(lock, 1, 0, 1000);
  assert.equal(acquire(lock, 0, 10, 1), 10);
  assert.equal(acquire(lock, 2, 10, 1), 10);
  assert.deepEqual([...lock.requests], [1, 1, 1]);
});

test("the end of the process frees the lock, and the waiting time still counts", () => {
  const lock = new Lock(1);
  acquire(lock, 0, 0, 1000);
  acquire(lock, 0, 400, 1000);
  lock.reset(0, { now: 500 });
  assert.equal(acquire(lock, 0, 500, 1), 500);
  assert.deepEqual([lock.requests[0], lock.waitUs[0]], [3, 600]);
});
