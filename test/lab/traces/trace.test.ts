/**
 * lab/traces/trace.ts: a trace is what the kernel did, event by event; a reference that did something else is found
 * out.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { execute } from "../../../lab/execution/run.ts";
import { resolveScenario, type ResolvedScenario } from "../../../lab/experiment/scenario.ts";
import { kernelOf, traceOf, traceTable, type ServerSelector } from "../../../lab/traces/trace.ts";
import type { Model } from "../../../models/model.ts";
import { textOf } from "../../support/fake-results.ts";

/** Mainframes print at midnight, too. */
const printServers = { model: "print-servers", servers: 3, parameters: { site: "mainframe" } };
const mm1 = { model: "mm1", servers: 3, parameters: {} };

const UNTIL = 0.01 * 86400e6;

async function selectorOf(scenario: typeof printServers | typeof mm1): Promise<ServerSelector> {
  const whole = { ...scenario, horizonDays: 0.01, sampleEveryHours: 24 } as ResolvedScenario["scenario"];
  return { resolved: await resolveScenario(whole), seed: "trace", replication: 1, server: 2 };
}

for (const scenario of [printServers, mm1]) {
  test(`a trace of ${scenario.model} has every event of its server, in order, and no other`, async () => {
    const selector = await selectorOf(scenario);
    const rows = [...traceOf(selector, UNTIL)];
    const { seed, replication, resolved } = selector;
    const run = { point: 0, replication, seed, scenario: resolved.scenario, first: 2, count: 1, sliceSize: 1 };
    assert.equal(rows.length, (await execute(run)).eventCounts[0]);
    assert.ok(rows.length > 100);
    const { simulation: kernel } = kernelOf(selector);
    for (const { time, kind, server } of rows) {
      kernel.step(Infinity);
      assert.deepEqual([time, kind, server], [kernel.now, resolved.model.kinds[kernel.events.kind], 2]);
    }
    assert.ok(kernel.events.nextTime >= UNTIL);
  });
}

test("a model without a reference is traced by the kinds of its events", async () => {
  const rows = [...traceOf(await selectorOf(mm1), UNTIL)];
  assert.deepEqual(new Set(rows.map(({ event }) => event)), new Set(["ARRIVAL", "DEPARTURE"]));
  for (const { job, instance, patches } of rows) assert.deepEqual([job, instance, patches], [undefined, undefined, []]);
});

test("a model with a reference is traced with the effect of each event", async () => {
  const rows = [...traceOf(await selectorOf(printServers), UNTIL, 0)];
  const opened = rows.find(({ event }) => event === "PP_OPEN")!;
  assert.equal(opened.instance, 1);
  assert.ok(opened.patches.length > 0);
});

test("a reference that handles other events than the kernel is detected at the end", async () => {
  const selector = await selectorOf(printServers);
  const { model } = selector.resolved;
  const other: Model = { ...model, reference: (values, _seed, ...rest) => model.reference!(values, "other", ...rest) };
  const trace = () => [...traceOf({ ...selector, resolved: { ...selector.resolved, model: other } }, UNTIL)];
  const message = /at server 2: reference x[0-9a-f]{16}, kernel x[0-9a-f]{16}$/;
  assert.throws(trace, { name: "BrokenInvariant", message });
});

test("a trace is a table with a line for each event, and empty cells without a job or instance", async () => {
  const [header, first] = (await textOf(traceTable, traceOf(await selectorOf(mm1), UNTIL))).split("\n");
  assert.equal(header, "timeUs,server,job,instance,kind,event,detail");
  assert.match(first, /^\d+,2,,,ARRIVAL,ARRIVAL,object 0$/);
});
