/** models/print-servers/upkeep/planned-visits.ts: when the last visit ends, by hand and against simulated roll-outs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { execute } from "../../../../lab/execution/run.ts";
import type { Settings } from "../../../../models/contract/parameters.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { responses, type ResponseName } from "../../../../models/print-servers/responses.ts";
import { rolledBackBy, visitsEnd } from "../../../../models/print-servers/upkeep/planned-visits.ts";
import { valuesOf } from "../lockstep.ts";

const DAY_US = 86400e6;

function endDays(settings: Settings, servers: number, each?: number): number {
  return visitsEnd(valuesOf(printServers, settings), servers, each) / DAY_US;
}

test("the last visit is that of the last server, of the last wave, of the last step of the order", () => {
  const quick = { hotfixMinutes: 0, servicePackMinutes: 0, rebootMs: 0, staggerMinutes: 60, patchGapDays: 7 };
  const any = { ...quick, windowDays: "every-day", windowStartHour: 0, windowHours: 24 };
  assert.equal(endDays({ ...any, patchOrder: "none" }, 5), 0);
  assert.equal(endDays({ ...any, patchOrder: "hotfix", patchAtDays: 2 }, 13), 2.5);
  assert.equal(endDays({ ...any, patchOrder: "hotfix-sp6", patchAtDays: 2 }, 13), 9.5);
  assert.equal(endDays({ ...any, patchOrder: "hotfix", hotfixMinutes: 30, rebootMs: 1800e3 }, 1), 1 / 24);
  // Three waves, 13 hours after each other's last visit: 4 + 4 + 2 servers.
  const waves = { ...any, patchOrder: "hotfix", waveServers: 4, soakDays: 13 / 24 };
  assert.equal(endDays(waves, 10), (3 + 13 + 3 + 13 + 1) / 24);
  // Canaries, an hour, their days, and the others at once.
  const canaries = { ...any, patchOrder: "hotfix", canaryServers: 4, canaryDays: 2.5 };
  assert.equal(endDays(canaries, 10), (3 + 1 + 60 + 5) / 24);
  assert.equal(endDays({ ...canaries, canaryDays: 6.5, judge: "sequential" }, 10), (3 + 1 + 7 * 24 + 5) / 24);
  // Day 0 is a Monday: two visits fit into six hours of a Saturday, 200 minutes apart, and the third is on Sunday.
  const weekend = { ...any, patchOrder: "hotfix", windowDays: "weekend", windowStartHour: 6, windowHours: 6 };
  assert.equal(endDays({ ...weekend, staggerMinutes: 200 }, 3), 6.25);
  // Three servers that stand for 400, an hour apart: 12 a weekend, so the last four on the 34th Saturday.
  assert.equal(endDays(weekend, 3, 400 / 3), 5 + 33 * 7 + (6 + 3) / 24);
  assert.equal(endDays(weekend, 400), endDays(weekend, 3, 400 / 3));
  assert.equal(endDays({ ...waves, waveServers: 1 }, 3, 4), endDays({ ...waves, waveServers: 4 }, 12));
  assert.equal(endDays({ ...canaries, canaryServers: 1 }, 4, 3), endDays({ ...canaries, canaryServers: 3 }, 12));
});

test("a roll-out is rolled back after the barrier at which enough servers have lost their printers", () => {
  const quick = { hotfixMinutes: 0, servicePackMinutes: 0, rebootMs: 0, patchOrder: "hotfix-sp6", patchGapDays: 7 };
  const of = (settings: Settings, harmedDays: readonly number[], haltedDays = NaN) => {
    const values = valuesOf(printServers, { ...quick, waveServers: 4, soakDays: 3, ...settings });
    const course = { harmedUs: harmedDays.map((day) => day * DAY_US), haltedUs: haltedDays * DAY_US };
    return rolledBackBy(values, 10, course) / DAY_US;
  };
  // Waves on days 0, 3 and 6; the last barrier is on day 9.
  assert.equal(of({}, [7, NaN]), 9);
  assert.equal(of({}, [NaN, NaN]), 0);
  assert.equal(of({}, [9.5, NaN]), 0, "after the last barrier nothing halts it");
  assert.equal(of({ haltAtLost: 2 }, [7, NaN]), 0);
  assert.equal(of({ haltAtLost: 2 }, [7, 7.5]), 9);
  assert.equal(of({ rollBack: false }, [7, NaN]), 0);
  assert.equal(of({ waveServers: 0 }, [7, NaN]), 0, "no roll-out");
  assert.equal(of({}, [NaN, NaN], 3), 3, "canaries that do not pass halt it");
  // Day 3 is a Thursday, and Saturday the first day of the window; ten servers, an hour apart.
  const weekend = { windowDays: "weekend", windowStartHour: 0, windowHours: 24, staggerMinutes: 60 };
  assert.equal(of(weekend, [NaN, NaN], 3), 5 + 9 / 24);
});

const fleet = { profile: "flat", jobsPerDay: 300, printers: 2, pagesMean: 2, deleteShare: 0.1, controlMsMedian: 5000 };
const rollouts: readonly Settings[] = [
  { patchOrder: "hotfix-key-sp6", patchGapDays: 2 },
  { patchOrder: "hotfix", waveServers: 3, soakDays: 1.5 },
  { patchOrder: "hotfix-key-sp6", patchGapDays: 1, waveServers: 4, soakDays: 2, windowHours: 3, staggerMinutes: 50 },
  { patchOrder: "hotfix", canaryServers: 5, canaryDays: 3, jobsPerDay: 600 },
];

for (const rollout of rollouts) {
  test(`simulated visits end when planned, or shortly after: ${JSON.stringify(rollout)}`, async () => {
    const settings = { ...fleet, ...rollout };
    const servers = 12;
    const planned = endDays(settings, servers);
    const parameters = { ...settings };
    const scenario = { model: "print-servers", servers, horizonDays: planned + 1, sampleEveryHours: 1, parameters };
    const run = { point: 0, replication: 0, seed: "planned", scenario, first: 0, count: servers, sliceSize: 64 };
    const { samples } = await execute(run);
    const of = (name: ResponseName, hour: number) => {
      const at = (hour * responses.length + responses.findIndex((response) => response.name === name)) * servers;
      return samples.slice(at, at + servers);
    };
    const hours = samples.length / responses.length / servers;
    const counts = Array.from({ length: hours }, (_, hour) =>
      of("visitsMade", hour).reduce((all, one) => all + one, 0),
    );
    const all = valuesOf(printServers, settings).patchOrder.visits.length * servers;
    assert.equal(counts.at(-1), all, "all visits are made within a day after the planned end");
    const lastHour = counts.indexOf(all) + 1;
    assert.ok(lastHour / 24 > planned - 0.25, `the last of them in hour ${lastHour}, planned until day ${planned}`);
  });
}
