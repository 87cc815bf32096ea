/** Maintenance policies: what each of them does, what it costs, and what no policy may change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../../../models/contract/parameters.ts";
import {
  BY_CALENDAR,
  BY_COMPLAINT,
  BY_GAUGE,
  BY_RECOVERY,
  BY_RESTORATION,
  BY_VISIT,
  Maintenance,
  validatePolicy,
} from "../../../../models/print-servers/upkeep/maintenance.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { responses, type ResponseName } from "../../../../models/print-servers/responses.ts";
import { Digest } from "../../../../sim/digest.ts";
import { Simulation } from "../../../../sim/simulation.ts";
import { openStreams } from "../../../../sim/streams.ts";
import { valuesOf } from "../lockstep.ts";

const MINUTE = 60e6;
const DAY = 24 * 60 * MINUTE;

type Row = Record<ResponseName, number>;

/** A server that leaks fast and starves soon. */
const leaky: Settings = {
  profile: "flat",
  jobsPerDay: 3000,
  printers: 5,
  textShare: 0.5,
  pagesMean: 2,
  deleteShare: 0.3,
  controlSigma: 0,
  controlMsMedian: 5000,
  dcsMax: 45,
};

function after(days: number, settings: Settings): Row {
  const slice = { first: 0, count: 1 };
  const values = valuesOf(printServers, { ...leaky, ...settings });
  const instance = printServers.create(values, slice, openStreams("policies", 0, slice));
  const simulation = new Simulation(instance, new Digest(0, 1));
  simulation.run(days * DAY);
  instance.observe(days * DAY);
  instance.check();
  return Object.fromEntries(responses.map(({ name }, i) => [name, instance.columns[i][0]])) as Row;
}

test("each cause is counted and paid for once", () => {
  const values = valuesOf(printServers, {
    staffMinutesPerRestart: 1,
    staffMinutesPerVisit: 10,
    staffMinutesPerUpgrade: 100,
    staffMinutesPerRestore: 1000,
  });
  const maintenance = new Maintenance(values, 2);
  for (const cause of [BY_CALENDAR, BY_GAUGE, BY_COMPLAINT, BY_RECOVERY, BY_VISIT, BY_RESTORATION]) {
    maintenance.stop(1, cause);
  }
  maintenance.recordFailedVisit(1);
  const { restartsByCalendar, restartsByGauge, restartsByComplaint, restartsByRecovery, restartsByVisit } = maintenance;
  const counted = [restartsByCalendar, restartsByGauge, restartsByComplaint, restartsByRecovery, restartsByVisit];
  assert.deepEqual(
    counted.map((column) => [...column]),
    [
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 2],
    ],
  );
  assert.deepEqual([...maintenance.staffUs], [0, (1 + 1 + 10 + 10 + 100 + 1000 + 10) * MINUTE]);
});

test("without a policy nobody restarts anything, and nothing is paid", () => {
  const row = after(2, {});
  assert.deepEqual([row.serviceStarts, row.staffUs, row.complaints], [0, 0, 0]);
  assert.ok(row.jobsParked > 100, `${row.jobsParked} jobs are parked`);
});

test("a server is restarted only when a poll finds its gauge too high", () => {
  const polled = after(2, { restartGauge: "handles", restartAtGauge: 170, pollEveryMinutes: 5 });
  assert.ok(polled.restartsByGauge > 5);
  assert.equal(polled.restartsByGauge, polled.serviceStarts);
  assert.equal(polled.jobsStarved, 0, "the threshold of 20 instances lies below the ceiling of 30 DCs");
  assert.equal(polled.staffUs, polled.restartsByGauge * MINUTE);
  assert.ok(after(2, { restartGauge: "handles", restartAtGauge: 100_000 }).serviceStarts === 0);
});

test("each gauge that NT 4.0 shows detects the leak: private bytes, handles, paged pool", () => {
  for (const [restartGauge, restartAtGauge] of [
    ["privateBytes", 3 * 1024 * 1024 + 5 * 20480 + 20 * 4096],
    ["handles", 170],
    ["pagedPoolBytes", 20 * 1024 * 1024 + 20 * 32768],
  ] as const) {
    assert.ok(after(1, { restartGauge, restartAtGauge }).restartsByGauge > 0, restartGauge);
  }
});

test("rarer polls find the leak later", () => {
  const often = after(3, { restartGauge: "handles", restartAtGauge: 170, pollEveryMinutes: 5 });
  const rarely = after(3, { restartGauge: "handles", restartAtGauge: 170, pollEveryMinutes: 360 });
  assert.ok(rarely.jobsStarved > 0 && rarely.restartsByGauge < often.restartsByGauge);
});

test("a gauge that NT 4.0 does not show is not a policy, nor is a threshold that an idle spooler exceeds", () => {
  const refuse = (settings: Settings) => validatePolicy(valuesOf(printServers, settings));
  assert.match(refuse({ restartGauge: "gdiHandles" })!, /^restartGauge is gdiHandles; no counter of NT 4\.0 shows it/);
  assert.match(refuse({ restartGauge: "printerDcs" })!, /no counter/);
  assert.match(refuse({ restartGauge: "handles", restartAtGauge: 150 })!, /^restartAtGauge is 150; .* 150 handles/);
  assert.equal(refuse({ restartGauge: "handles", restartAtGauge: 151 }), undefined);
  assert.equal(refuse({}), undefined);
});

test("a user complains once for each starved job, and the first complaint restarts the service", () => {
  const row = after(2, { complaintMinutesMean: 30 });
  assert.ok(row.restartsByComplaint > 2);
  assert.equal(row.restartsByComplaint, row.serviceStarts);
  assert.ok(row.complaints > row.restartsByComplaint, "those who complain of the process that ended complain in vain");
  assert.ok(row.complaints <= row.jobsStarved);
  assert.ok(row.staffUs === row.restartsByComplaint * 30 * MINUTE);
  assert.ok(row.jobsPrinted > after(2, {}).jobsPrinted);
});

test("users who notice sooner cause more restarts, and nobody complains about a fixed spooler", () => {
  const [soon, late] = [5, 1e6].map((complaintMinutesMean) => after(2, { complaintMinutesMean }));
  assert.ok(soon.restartsByComplaint > late.restartsByComplaint, `${soon.restartsByComplaint} restarts`);
  assert.equal(after(2, { complaintMinutesMean: 5, spooler: "fixed" }).complaints, 0);
});

test("policies work together: a calendar, a gauge and complaints", () => {
  const row = after(4, {
    restartEveryHours: 24,
    restartGauge: "handles",
    restartAtGauge: 190,
    pollEveryMinutes: 240,
    complaintMinutesMean: 20,
  });
  assert.ok(row.restartsByCalendar > 0 && row.restartsByGauge > 0 && row.restartsByComplaint > 0);
  assert.equal(row.serviceStarts, row.restartsByCalendar + row.restartsByGauge + row.restartsByComplaint);
});

test("an imperfect restart hangs again and costs a visit", () => {
  const row = after(10, { restartEveryHours: 6, relapseShare: 0.5, relapseMinutesMean: 30, spooler: "fixed" });
  const { relapses, serviceStarts } = row;
  // Five standard deviations of a binomial; some relapses are stale, because the service is restarted before them.
  assert.ok(relapses > 0.5 * serviceStarts - 5 * Math.sqrt(serviceStarts / 4) - 3 && relapses < serviceStarts);
  assert.ok(row.restartsByRecovery >= relapses - 1 && Number.isNaN(row.exhaustedUs));
  const perfect = after(10, { restartEveryHours: 6, spooler: "fixed" });
  assert.ok(row.downtimeUs > perfect.downtimeUs + 0.9 * relapses * 60 * MINUTE, "a recovery takes an hour");
  assert.equal(perfect.relapses, 0);
});

test("a restart, a reboot and a failover free the orphans, each with its own downtime", () => {
  const kinds = ["service", "failover", "reboot"].map((restartKind) => {
    return after(3, { restartEveryHours: 12, restartKind });
  });
  const down = kinds.map(({ downtimeUs, serviceStarts }) => downtimeUs / serviceStarts / MINUTE);
  assert.ok(down[0] < down[1] && down[1] < down[2], `${down.join(", ")} minutes`);
  for (const { processorsReclaimed, processorsOrphaned, processorsLeaked } of kinds) {
    assert.ok(processorsReclaimed > 0 && processorsOrphaned < processorsLeaked);
  }
});

test("policies change no draw: the same jobs come, whatever is done to the service", () => {
  const submitted = [
    {},
    { restartEveryHours: 5 },
    { complaintMinutesMean: 9 },
    { relapseShare: 1, restartEveryHours: 5 },
    { patchOrder: "hotfix-sp6" },
    { sp6Share: 0.5, hotfixedShare: 0.5 },
  ].map((settings: Settings) => after(2, settings).jobsSubmitted);
  assert.deepEqual(new Set(submitted).size, 1, submitted.join(", "));
});

test("a patched server stops leaking, and hotfix then Service Pack 6 loses its printers until staff restore them", () => {
  const patched = after(6, { patchOrder: "hotfix", patchAtDays: 1 });
  assert.ok(patched.fixedUs > DAY && patched.fixedNow === 1 && patched.processorsOrphaned === 0);
  assert.equal(patched.processorsLeaked, after(1, {}).processorsLeaked, "nothing leaks after it");
  const lost = after(6, { patchOrder: "hotfix-sp6", patchAtDays: 1, patchGapDays: 2, restoreMinutes: 240 });
  assert.ok(lost.printersLostUs > 3 * DAY && lost.jobsToHiddenPrinters > 100);
  const hidden = lost.printersHiddenUs / MINUTE;
  assert.equal(hidden, 240);
  assert.equal(lost.staffUs, (2 * 45 + 120) * MINUTE);
  const never = after(6, { patchOrder: "hotfix-sp6", patchAtDays: 1, patchGapDays: 2, restoreMinutes: 0 });
  assert.ok(never.printersHiddenUs > 2.9 * DAY && never.jobsPrinted < lost.jobsPrinted);
  const safe = after(6, { patchOrder: "hotfix-key-sp6", patchAtDays: 1, patchGapDays: 2 });
  assert.ok(Number.isNaN(safe.printersLostUs) && safe.jobsToHiddenPrinters === 0);
});

test("lost printers keep their jobs: spooled jobs print once staff have restored the printers", () => {
  const settings: Settings = {
    patchOrder: "hotfix-sp6",
    patchAtDays: 1,
    patchGapDays: 1,
    pagesMean: 40,
    deleteShare: 0,
    spooler: "fixed",
  };
  const lost = after(2.1, { ...settings, restoreMinutes: 0 });
  assert.ok(lost.jobsExisting > 0, "jobs wait for printers that are not there");
  const found = after(12, { ...settings, restoreMinutes: 60, jobsPerDay: 300 });
  assert.ok(found.jobsExisting < 20 && found.printersHiddenUs === 60 * MINUTE);
});

test("a visit to a server with another service pack is in vain and still paid for", () => {
  const row = after(2, { patchOrder: "hotfix", servicePack: "3" });
  assert.deepEqual([row.visitsRefused, row.visitsMade, row.serviceStarts, row.staffUs], [1, 0, 0, 30 * MINUTE]);
});

test("a visit waits for its maintenance window", () => {
  const row = after(8, { patchOrder: "hotfix", windowDays: "weekend", windowStartHour: 6, windowHours: 4 });
  assert.ok(row.fixedUs >= (5 * 24 + 6) * 60 * MINUTE && row.fixedUs < (5 * 24 + 7) * 60 * MINUTE);
});

test("a server that begins at Service Pack 6 has the fix from the start", () => {
  const row = after(1, { servicePack: "6" });
  assert.deepEqual([row.fixedNow, row.fixedUs, row.processorsLeaked], [1, 0, 0]);
  assert.ok(row.controlEntries > 0);
});
