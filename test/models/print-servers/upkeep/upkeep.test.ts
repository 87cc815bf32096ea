/** models/print-servers/upkeep/upkeep.ts: the calendar that charts draw is the one by which servers are restarted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveScenario } from "../../../../lab/experiment/scenario.ts";
import { traceOf } from "../../../../lab/traces/trace.ts";
import { upkeep } from "../../../../models/print-servers/upkeep/upkeep.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import type { PrintServersValues } from "../../../../models/print-servers/parameters/parameters.ts";
import type { Setting } from "../../../../models/contract/parameters.ts";
import { valuesOf } from "../lockstep.ts";

const calendars: readonly Readonly<Record<string, Setting>>[] = [
  { restartEveryHours: 0 },
  { restartEveryHours: 30 },
  { restartEveryHours: 24, restartAtHour: 3 },
  { restartEveryHours: 100, restartOn: "sunday", restartAtHour: 5 },
];

for (const parameters of calendars) {
  test(`restarts of ${JSON.stringify(parameters)} are shown at their times`, async () => {
    const scenario = { model: "print-servers", servers: 1, horizonDays: 15, sampleEveryHours: 24 };
    const resolved = await resolveScenario({ ...scenario, parameters: { jobsPerDay: 20, ...parameters } });
    const until = 15 * 86400e6;
    const place = { resolved, seed: "calendar", replication: 0, server: 0 };
    const stops = [...traceOf(place, until)].filter(({ kind }) => kind === "STOP").map(({ time }) => time);
    assert.deepEqual(upkeep.restart.times(resolved.values as PrintServersValues, until), stops);
    assert.equal(stops.length > 0, parameters.restartEveryHours !== 0);
  });
}

test("a restart takes back jobs that are stuck, and neither those that vanished nor those that were deleted", () => {
  const lost = (settings: Record<string, Setting>) => upkeep.restart.losesSome!(valuesOf(printServers, settings));
  assert.deepEqual(lost({ onOpenFail: "park", stuckResubmitShare: 1 }), []);
  assert.deepEqual(lost({ onOpenFail: "vanish" }), ["jobsUnprinted"]);
  assert.deepEqual(lost({ onOpenFail: "park", stuckDeleteShare: 0.1 }), ["jobsUnprinted"]);
});

test("a restart lingers if the service may hang again, or takes longer than ten minutes", () => {
  const lingers = (settings: Record<string, Setting>) => upkeep.restart.lingers!(valuesOf(printServers, settings));
  assert.equal(lingers({}), false);
  assert.equal(lingers({ restartKind: "reboot" }), false);
  assert.equal(lingers({ relapseShare: 0.1 }), true);
  assert.equal(lingers({ restartKind: "reboot", rebootMs: 3_600_000 }), true);
  assert.equal(lingers({ restartKind: "service", rebootMs: 3_600_000 }), false);
  const relapses = (settings: Record<string, Setting>) => upkeep.restart.relapses!(valuesOf(printServers, settings));
  assert.equal(relapses({ restartKind: "reboot", rebootMs: 3_600_000 }), undefined, "these come after every restart");
  assert.equal(relapses({ relapseShare: 0.1 }), "relapses");
});

test("users who complain within a day have a server restarted that runs out", () => {
  const rescued = (complaintMinutesMean: number, restartEveryHours = 0) => {
    return upkeep.restart.isRescued!(valuesOf(printServers, { complaintMinutesMean, restartEveryHours }));
  };
  assert.deepEqual([rescued(0), rescued(120), rescued(1e5)], [false, true, false]);
  assert.deepEqual([rescued(120, 168), rescued(1500, 168), rescued(720, 6)], [true, false, false]);
});
