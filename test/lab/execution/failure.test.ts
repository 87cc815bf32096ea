/** lab/execution/failure.ts: what is said of a run that has failed, on its thread and on another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, failureMessage, failureOf } from "../../../lab/execution/failure.ts";
import { wholeRun } from "../../../lab/execution/partition.ts";
import { BrokenInvariant } from "../../../lab/execution/run.ts";
import { UserError } from "../../../lab/user-error.ts";
import { experiment, plan } from "../../support/fake-results.ts";

test("a failure names its run or the line of the user's module, unless it already names its place", () => {
  const run = { ...wholeRun(experiment, plan.points[1], 5, 1), count: 2 };
  const cause = new RangeError("too far");
  const failure = failureOf(run, cause);
  assert.equal(failure.message, "too far (design point 1, replication 5, servers 0 to 1)");
  assert.equal(failure.cause, cause);
  assert.equal(failureOf(run, "a\nb").message, "a\\nb (design point 1, replication 5, servers 0 to 1)");
  assert.equal(failureOf(run, "text").message, "text (design point 1, replication 5, servers 0 to 1)");
  const mine = { ...run, scenario: { ...run.scenario, parameters: { spooler: "/home/me/my spooler.mjs" } } };
  const thrown = new Error("boom");
  const stack = ["at close (dist/models/a.js:1:2)", "at close (file:///home/me/my%20spooler.mjs:12:5)"];
  thrown.stack = `Error: boom\n    ${stack.join("\n    ")}`;
  const place = "(design point 1, replication 5, servers 0 to 1)";
  const error = failureOf(mine, thrown);
  assert.ok(error instanceof UserError);
  assert.equal(error.message, `/home/me/my spooler.mjs:12:5 boom ${place}`);
  assert.ok(!(failureOf(run, thrown) instanceof UserError));
  for (const known of [new BrokenInvariant("broken"), new UserError("wrong")])
    assert.equal(failureOf(run, known), known);
});

test("a failure sent between threads keeps its class, its message and the stack of what was thrown", () => {
  const run = wholeRun(experiment, plan.points[1], 5, 1);
  for (const thrown of [new BrokenInvariant("broken"), new UserError("wrong"), new RangeError("too far")]) {
    const failure = failureOf(run, thrown);
    const received = errorOf(structuredClone(failureMessage(run, thrown)));
    assert.equal(received.constructor, failure.constructor);
    assert.equal(received.message, failure.message);
    assert.equal((received.cause as Error | undefined)?.stack, (failure.cause as Error | undefined)?.stack);
  }
});
