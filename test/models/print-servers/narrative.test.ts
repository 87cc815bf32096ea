/**
 * models/print-servers/narrative.ts: counters add up, prices have amounts, a story ends when nobody is inside, and
 * advice knows what it may change.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../../models/contract/parameters.ts";
import type { TraceEvent } from "../../../models/contract/reference.ts";
import { counters } from "../../../models/print-servers/counters.ts";
import { impacts } from "../../../models/print-servers/impacts.ts";
import { narrative } from "../../../models/print-servers/narrative.ts";
import { prices } from "../../../models/print-servers/prices.ts";
import { upkeep } from "../../../models/print-servers/upkeep/upkeep.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { responses } from "../../../models/print-servers/responses.ts";
import { valuesOf } from "./lockstep.ts";

function event(name: string, instance: number, detail = ""): TraceEvent {
  return { time: 0, kind: "LEAVE", job: 7, instance, event: name, detail, patches: [] };
}

test("the commit limit is memory plus page file, and the commit charge begins with what others hold", () => {
  const values = valuesOf(printServers, { ramBytes: 1e8, pagefileBytes: 2e8, commitBytesBase: 3e7 });
  const byPath = new Map(counters(values).map((counter) => [counter.path, counter]));
  assert.deepEqual(byPath.get("Memory\\Commit Limit"), { path: "Memory\\Commit Limit", plus: 3e8 });
  assert.equal(byPath.get("Memory\\Committed Bytes")?.plus, 3e7);
});

test("each kind of trouble with a price is in the table of operational impact", () => {
  const shown = impacts.map(({ response }) => response);
  for (const { name, response } of prices) assert.ok(shown.includes(response), name);
});

test("a story continues after its leak until every alteration has left that print processor", () => {
  const leak = event("CLOSE_ATTEMPT", 3, "orphaned: guard 2");
  assert.ok(narrative.isLeak(leak));
  const isOver = narrative.follow!(leak);
  const story = [leak, event("CTL_EXIT", 4), event("CTL_EXIT", 3), event("PRINTED", 3), event("CTL_EXIT", 3)];
  assert.deepEqual(story.map(isOver), [false, false, false, false, true]);
});

test("a bookkeeping count is not reported as news, and any other count is", () => {
  const patch = (path: (string | number)[], value: number) => ({ op: "replace", path, value });
  const patches = [patch(["counts", "lockRequests"], 9), patch(["counts", "jobsPrinted"], 4), patch(["now"], 1)];
  const news = narrative.changes({ ...event("PRINTED", 3), patches });
  assert.deepEqual(news, ["jobsPrinted = 4"]);
});

test("advice names existing parameters and responses, and intervals that the calendar keeps", () => {
  const names = responses.map(({ name }): string => name);
  const { restart, noticed, fixed, harmed, leak, unknown, canaries } = upkeep;
  const named = [
    restart.response,
    ...restart.takesBack,
    ...restart.losesSome!(valuesOf(printServers, { onOpenFail: "vanish" })),
    ...restart.keeps!(valuesOf(printServers, {})),
    noticed,
    fixed,
    harmed,
    leak,
    canaries.passed,
    canaries.made,
    ...canaries.ended!,
  ];
  assert.deepEqual(
    named.filter((name) => !names.includes(name)),
    [],
  );
  const unfixed = canaries.unfixed!(valuesOf(printServers, { hotfixedShare: 0.5 }));
  const settings = { ...unfixed, ...canaries.settings(3, 7), ...canaries.placebo };
  const parameterNames = [restart.parameter, unknown, canaries.confidence, ...Object.keys(settings)];
  assert.deepEqual(
    parameterNames.filter((name) => !Object.hasOwn(printServers.parameters, name)),
    [],
  );
  const step = (calendar: Settings) => restart.stepHours(valuesOf(printServers, calendar));
  assert.equal(step({}), 1);
  assert.equal(step({ restartAtHour: 3 }), 24);
  assert.equal(step({ restartOn: "sunday" }), 168);
});
