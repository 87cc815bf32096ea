/** Roll-outs: who is patched when, what the judge makes of canaries, what a halt does, and that no cut changes it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { execute, type RunResult } from "../../../../lab/execution/run.ts";
import { resolveScenario, type Scenario } from "../../../../lab/experiment/scenario.ts";
import { traceOf } from "../../../../lab/traces/trace.ts";
import type { Settings } from "../../../../models/contract/parameters.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { responses, type ResponseName } from "../../../../models/print-servers/responses.ts";
import { validateRollout } from "../../../../models/print-servers/upkeep/rollout.ts";
import { valuesOf } from "../lockstep.ts";

const HOUR = 3.6e9;
const DAY = 24 * HOUR;

/** Servers that leak a few print processors a day. */
const fleet: Settings = {
  profile: "flat",
  jobsPerDay: 300,
  printers: 2,
  textShare: 0.2,
  pagesMean: 2,
  deleteShare: 0.1,
  controlSigma: 0,
  controlMsMedian: 5000,
};

function scenario(servers: number, days: number, settings: Settings): Scenario {
  const parameters = { ...fleet, ...settings };
  return { model: "print-servers", servers, horizonDays: days, sampleEveryHours: 24 * days, parameters };
}

function run(rollout: Scenario, sliceSize = 64): Promise<RunResult> {
  const { servers } = rollout;
  return execute({
    point: 0,
    replication: 0,
    seed: "rollout",
    scenario: rollout,
    first: 0,
    count: servers,
    sliceSize,
  });
}

/** A response of every server at the end. */
async function ends(servers: number, days: number, settings: Settings) {
  const { samples } = await run(scenario(servers, days, settings));
  return (name: ResponseName): number[] => {
    const at = responses.findIndex((response) => response.name === name);
    return [...samples.slice(at * servers, (at + 1) * servers)];
  };
}

test("each wave follows the previous one after its soak", async () => {
  const end = await ends(10, 20, { patchOrder: "hotfix", waveServers: 4, soakDays: 3, patchAtDays: 1 });
  const days = end("fixedUs").map((time) => Math.floor(time / DAY));
  assert.deepEqual(days, [1, 1, 1, 1, 4, 4, 4, 4, 7, 7]);
  assert.ok(end("rolloutHaltedUs").every(Number.isNaN));
});

test("visits of a wave are staggered", async () => {
  const end = await ends(3, 3, { patchOrder: "hotfix", waveServers: 3, staggerMinutes: 90 });
  const [first, second, third] = end("fixedUs");
  assert.deepEqual([second - first, third - second], [1.5 * HOUR, 1.5 * HOUR]);
});

test("the worst or the best come first, as ordered", async () => {
  const leaked = (await ends(8, 4, {}))("processorsLeaked");
  const ranking = leaked.map((_, server) => server).sort((a, b) => leaked[b] - leaked[a] || a - b);
  const common = { patchOrder: "hotfix", waveServers: 4, patchAtDays: 4, soakDays: 2 };
  const worst = (await ends(8, 9, { ...common, waveOrder: "worst-first" }))("fixedUs");
  assert.deepEqual(
    ranking.map((server) => Math.floor(worst[server] / DAY)),
    [4, 4, 4, 4, 6, 6, 6, 6],
  );
  const best = (await ends(8, 9, { ...common, waveOrder: "best-first" }))("fixedUs");
  assert.equal(Math.floor(best[ranking[0]] / DAY), 6);
});

test("a roll-out that loses printers halts at the next barrier and is rolled back", async () => {
  const settings = { patchOrder: "hotfix-sp6", patchGapDays: 1, waveServers: 3, soakDays: 4 };
  const end = await ends(9, 14, settings);
  const lost = end("printersLostUs").map((time) => (Number.isNaN(time) ? 0 : 1));
  assert.deepEqual(lost, [1, 1, 1, 0, 0, 0, 0, 0, 0]);
  assert.ok(end("rolloutHaltedUs").every((time) => time === 4 * DAY));
  assert.deepEqual(end("visitsUndone"), [1, 1, 1, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(end("fixedNow"), new Array(9).fill(0));
  const kept = await ends(9, 14, { ...settings, rollBack: false });
  assert.deepEqual(kept("fixedNow"), [1, 1, 1, 0, 0, 0, 0, 0, 0]);
  const tolerant = await ends(9, 14, { ...settings, haltAtLost: 9 });
  assert.ok(
    tolerant("rolloutHaltedUs")
      .slice(0, 9)
      .every((time) => Number.isNaN(time) || time > 10 * DAY),
  );
});

test("the safe order goes through all waves and loses nothing", async () => {
  const end = await ends(9, 14, { patchOrder: "hotfix-key-sp6", patchGapDays: 1, waveServers: 3, soakDays: 4 });
  assert.ok(end("printersLostUs").every(Number.isNaN) && end("fixedNow").every((now) => now === 1));
});

for (const judge of ["mann-whitney", "sequential"]) {
  const settings = { judge, canaryServers: 5, canaryDays: 7, waveServers: 20, soakDays: 1, jobsPerDay: 600 };

  test(`canaries of a fix pass the judge, and the fleet follows: ${judge}`, async () => {
    const end = await ends(20, 14, { ...settings, patchOrder: "hotfix" });
    const passed = end("canaryPassedUs")[0];
    // The judge begins an hour after the last canary was patched.
    if (judge === "mann-whitney") assert.equal(passed, 7 * DAY + HOUR);
    else assert.ok(passed <= 7 * DAY + HOUR && (passed - HOUR) % DAY === 0, `${passed / DAY} days`);
    assert.deepEqual(end("fixedNow"), new Array(20).fill(1));
    // Alternately: servers 0, 2, 4, ... are canaries, and 1, 3, 5, ... their controls.
    const before = end("fixedUs").map((time) => time < passed);
    assert.deepEqual(before.map(Number), [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, ...new Array<number>(10).fill(0)]);
  });

  test(`canaries without a fix do not pass, and the roll-out halts: ${judge}`, async () => {
    const end = await ends(20, 14, { ...settings, patchOrder: "sp5" });
    assert.ok(end("canaryPassedUs").every(Number.isNaN));
    assert.ok(end("rolloutHaltedUs").every((time) => time > 0));
    assert.equal(
      end("visitsMade").reduce((a, b) => a + b),
      5,
    );
  });
}

test("a canary that loses its printers halts the roll-out, whatever else it does", async () => {
  const end = await ends(12, 14, {
    patchOrder: "hotfix-sp6",
    patchGapDays: 1,
    canaryServers: 5,
    canaryDays: 5,
    jobsPerDay: 600,
  });
  assert.ok(Number.isNaN(end("canaryPassedUs")[0]) && end("rolloutHaltedUs")[0] > 0);
  assert.equal(end("printersLostUs").filter((time) => !Number.isNaN(time)).length, 5);
});

const rolled: Settings = {
  patchOrder: "hotfix-sp6",
  patchGapDays: 1,
  canaryServers: 5,
  canaryDays: 3,
  patchAtDays: 1,
  staggerMinutes: 45,
  waveOrder: "worst-first",
  jobsPerDay: 500,
};

test("slices of 1, of 5 and of all servers give the same bytes", async () => {
  const rollout = scenario(11, 6, rolled);
  const whole = await run(rollout);
  for (const sliceSize of [1, 5, 1000]) {
    const { samples, digestLow, digestHigh } = await run(rollout, sliceSize);
    assert.deepEqual([samples, digestLow, digestHigh], [whole.samples, whole.digestLow, whole.digestHigh]);
  }
});

test("the reference, given the fleet's decisions, handles every event of every server", async () => {
  const rollout = scenario(11, 6, rolled);
  const resolved = await resolveScenario(rollout);
  const { eventCounts } = await run(rollout);
  let undone = 0;
  for (let server = 0; server < 11; server += 2) {
    const rows = [...traceOf({ resolved, seed: "rollout", replication: 0, server }, 6 * DAY)];
    assert.equal(rows.length, eventCounts[server]);
    undone += rows.filter(({ kind, event }) => kind === "PATCH" && event === "VISIT").length;
  }
  assert.ok(undone > 6, "visits are made and taken back");
});

test("an invalid roll-out is refused with the value and the rule", () => {
  const refuse = (settings: Settings, servers: number) => validateRollout(valuesOf(printServers, settings), servers);
  const hotfix = { patchOrder: "hotfix" };
  assert.equal(refuse({}, 1), undefined);
  assert.equal(refuse({ ...hotfix, waveServers: 5 }, 5), undefined);
  assert.match(refuse({ ...hotfix, waveServers: 6 }, 5)!, /^waveServers is 6; .* the fleet, which has 5$/);
  assert.match(refuse({ waveServers: 2 }, 5)!, /^waveServers is 2; patchOrder is none, .* nothing to roll out$/);
  assert.match(refuse({ canaryServers: 2 }, 5)!, /^canaryServers is 2; patchOrder is none/);
  assert.match(refuse({ ...hotfix, canaryServers: 6 }, 11)!, /^canaryServers is 6; each needs a control as well/);
  assert.match(refuse({ ...hotfix, canaryServers: 4 }, 20)!, /^canaryServers is 4; .* cannot pass fewer than 5$/);
  assert.equal(refuse({ ...hotfix, canaryServers: 5 }, 20), undefined);
  const sequential = { ...hotfix, judge: "sequential", canaryServers: 2 };
  assert.equal(refuse(sequential, 4), undefined);
  assert.match(refuse({ ...sequential, canaryDays: 4 }, 4)!, /^canaryServers is 2; .* 8 pairs, .* needs 10$/);
  assert.match(refuse({ ...hotfix, canaryServers: 5, judgeConfidence: 1 }, 20)!, /^judgeConfidence is 1;/);
});

test("a mistake in a roll-out is reported at its position in the scenario", async () => {
  const resolve = (settings: Settings) => resolveScenario(scenario(4, 1, settings));
  await assert.rejects(resolve({ patchOrder: "hotfix", waveServers: 5 }), {
    message: /^scenario\.parameters\.waveServers is 5; a wave is no larger than the fleet, which has 4/,
  });
  const onSp3 = { patchOrder: "hotfix", servicePack: "3" };
  await assert.rejects(resolve(onSp3), { message: /patchOrder is hotfix; .*Q225095/ });
});
