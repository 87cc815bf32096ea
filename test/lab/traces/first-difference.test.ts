/** Two runs are the same, or the first event at which they differ is found, with what it changed and what led to it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SliceSimulator } from "../../../lab/execution/slice-simulator.ts";
import { firstDifference } from "../../../lab/traces/first-difference.ts";
import { thisProgram, type ComparedRun } from "../../../lab/traces/compared-run.ts";
import { leaksOf } from "../../../lab/traces/story.ts";
import { traceOf } from "../../../lab/traces/trace.ts";
import { resolveScenario, type Scenario } from "../../../lab/experiment/scenario.ts";
import { reachedFrom } from "../../../sim/state.ts";
import { Page } from "../../../sim/tape.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import { kernelFaults, outcomeOf } from "./planted-faults.ts";

const scenario: Scenario = {
  model: "print-servers",
  servers: 3,
  horizonDays: 3,
  sampleEveryHours: 24,
  parameters: { spooler: "buggy" },
};

const run = (parameters: Settings = {}, changes: Partial<Scenario> = {}): ComparedRun => ({
  program: thisProgram,
  scenario: { ...scenario, ...changes, parameters: { ...scenario.parameters, ...parameters } },
  seed: "difference",
  replication: 0,
});

test("a run equals itself, and a setting that nothing uses makes no difference", async () => {
  assert.equal(await firstDifference(run(), run()), undefined);
  assert.equal(await firstDifference(run(), run({ failoverMs: 1 })), undefined);
});

test("equal runs share the records of parked jobs", async () => {
  const simulators: SliceSimulator[] = [];
  const program = {
    ...thisProgram,
    SliceSimulator: class extends SliceSimulator {
      constructor(...words: ConstructorParameters<typeof SliceSimulator>) {
        super(...words);
        simulators.push(this);
      }
    },
  };
  const crowded = { ...run({ textShare: 1, emfShare: 0, jobsPerDay: 10_000, dcsMax: 20 }, { servers: 2 }), program };
  assert.equal(await firstDifference(crowded, crowded), undefined);
  const [mine, theirs] = simulators.map(({ started }) => {
    return [...reachedFrom(started.instance)].filter((object) => object instanceof Page);
  });
  assert.ok(mine!.length > 5);
  assert.ok(theirs!.every((page) => mine!.includes(page)));
});

test("buggy and fixed differ first at the first leak of the fleet, in the close that is skipped", async () => {
  const resolved = await resolveScenario(scenario);
  let first = { time: Infinity, server: -1, kind: "" };
  for (let server = 0; server < scenario.servers; server++) {
    const selector = { resolved, seed: "difference", replication: 0, server };
    assert.ok(leaksOf(selector, 3 * 86400e6) > 0);
    for (const row of traceOf(selector, 3 * 86400e6)) {
      if (!resolved.model.narrative!.isLeak(row)) continue;
      if (row.time < first.time) first = { time: row.time, server, kind: row.kind };
      break;
    }
  }
  const found = (await firstDifference(run(), run({ spooler: "fixed" })))!;
  assert.ok(found.time <= first.time);
  assert.equal(found.server, first.server);
  assert.equal(found.chain.at(-1)!.kind, "CLOSE");
  assert.equal(found.chain[0]!.kind, "SUBMIT");
  assert.ok(found.state.some(({ name }) => name.includes("processors")));
  const back = (await firstDifference(run({ spooler: "fixed" }), run()))!;
  assert.deepEqual([back.time, back.server], [found.time, found.server]);
});

test("another seed differs from the first event", async () => {
  const found = (await firstDifference(run(), { ...run(), seed: "other" }))!;
  assert.ok(found.time < 86400e6);
});

test("a policy that starts later differs from when it starts", async () => {
  const found = (await firstDifference(run(), run({ restartEveryHours: 24 })))!;
  assert.equal(found.time, 86400e6);
  assert.deepEqual([found.one?.kind === "STOP", found.other?.kind], [false, "STOP"]);
});

test("coordinated fleets are compared as wholes", async () => {
  const rollout = { patchOrder: "hotfix-sp6", patchAtDays: 0.5, waveServers: 1 };
  const found = (await firstDifference(run(rollout), run({ ...rollout, waveServers: 2 })))!;
  assert.ok(found.time >= 43200e6, JSON.stringify(found));
  assert.equal(await firstDifference(run(rollout), run(rollout)), undefined);
});

test("planted faults are located at their events", async () => {
  const faults = await kernelFaults();
  for (const [file, word] of [
    ["port-threads.js", "this.aborted[port] = 1;"],
    ["print-processors.js", "this.inside[instance]+= 2;"],
  ] as const) {
    const fault = faults.find((one) => one.file === file && one.to.includes(word))!;
    assert.equal(await outcomeOf(fault), "found", fault.to);
  }
});
