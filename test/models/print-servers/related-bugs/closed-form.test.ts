/**
 * The related bugs' leak rates in closed form, against the simulator. Bounds are of 99.9 % confidence; seeds are
 * fixed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../../../models/contract/parameters.ts";
import { printServers } from "../../../../models/print-servers/model.ts";
import { leaksPerOutage } from "../../../../models/print-servers/related-bugs/closed-form.ts";
import { Digest } from "../../../../sim/digest.ts";
import { Simulation } from "../../../../sim/simulation.ts";
import { openStreams } from "../../../../sim/streams.ts";
import { studentTQuantile } from "../../../../statistics/special-functions.ts";
import { valuesOf } from "../lockstep.ts";

const DAY = 86400e6;
const SERVERS = 20;

const present = { Q224345: "present", Q223791: "present", Q226513: "present", Q283102: "present" };

/** A day on which nobody alters anything, and every bug has work. */
const busy: Settings = {
  profile: "flat",
  jobsPerDay: 1500,
  deleteShare: 0,
  pauseDeleteShare: 0,
  restartShare: 0,
  pauseResumeShare: 0,
  emptyShare: 0.1,
  pagesMax: 12,
  remoteShare: 0.8,
  remoteCloseFailShare: 0.5,
  lprOutagesPerDay: 300,
  lprOutageSecondsMean: 12,
  pipedShare: 0.5,
  pipedPoolShare: 0.01,
  popUpLostShare: 0.4,
};

const leaks = [
  "leakedHandlesByRemoteCloses",
  "leakedPrivateBytesByRemoteCloses",
  "leakedPrivateBytesByLpr",
  "leakedNonpagedPoolBytesByPipedJobs",
  "leakedPagedPoolBytesByPopUps",
];

/** What leaked in a day: of each response, a number per server. */
function leakedInADay(settings: Settings): Map<string, number[]> {
  const slice = { first: 0, count: SERVERS };
  const instance = printServers.create(valuesOf(printServers, settings), slice, openStreams("theory", 0, slice));
  const simulation = new Simulation(instance, new Digest(0, SERVERS));
  simulation.run(DAY);
  instance.observe(DAY);
  instance.check();
  return new Map(printServers.responses.map(({ name }, i) => [name, [...instance.columns[i]]]));
}

test("an outage of mean m seconds leaks 1 / (1 - e^(-4/m)) times", () => {
  // By summing the tails: it leaks more than k times when it lasts 4 k seconds.
  for (const m of [0.5, 4, 60, 600]) {
    let sum = 0;
    for (let k = 0; k < 100_000; k++) sum += Math.exp((-4 * k) / m);
    assert.ok(Math.abs(leaksPerOutage(m) / sum - 1) < 1e-9, `${m} s`);
  }
});

for (const pagesLaw of ["geometric", "fixed"]) {
  test(`the simulator leaks at the closed-form rate for each of four bugs at once (${pagesLaw} pages)`, () => {
    const settings = { ...busy, ...present, pagesLaw };
    const leaked = leakedInADay(settings);
    for (const name of leaks) {
      const theory = printServers.closedForm!(valuesOf(printServers, settings), name)!;
      const days = leaked.get(name)!;
      const mean = days.reduce((a, b) => a + b) / SERVERS;
      const variance = days.reduce((sum, day) => sum + (day - mean) ** 2, 0) / (SERVERS - 1);
      const halfWidth = studentTQuantile(0.9995, SERVERS - 1) * Math.sqrt(variance / SERVERS);
      assert.ok(Math.abs(mean - theory) <= halfWidth, `${name}: ${mean} +- ${halfWidth}, theory ${theory}`);
      assert.ok(halfWidth < 0.15 * theory, `${name}: ${halfWidth} of ${theory} is too wide to tell anything`);
    }
  });
}

test("pages are cut off at the most: of a mean of 2 and at most 2 pages, 1.5 are left", () => {
  const pool = (settings: Settings) =>
    printServers.closedForm!(
      valuesOf(printServers, { ...busy, ...present, pagesMean: 2, pagesMax: 2, ...settings }),
      "leakedNonpagedPoolBytesByPipedJobs",
    )!;
  // A job has one page with probability 1/2, otherwise two.
  assert.ok(Math.abs(pool({ pagesLaw: "geometric" }) / pool({ pagesLaw: "fixed" }) - 0.75) < 1e-12);
});

test("the closed form follows the patches: rate 0 if they fix the bug, and none if they fix some servers", () => {
  const closedForm = (settings: Settings, name: string) =>
    printServers.closedForm!(valuesOf(printServers, { ...busy, ...present, ...settings }), name);
  const [handles, , lpr, pool, popUps] = leaks;
  assert.deepEqual(
    [handles, lpr, pool].map((name) => closedForm({ servicePack: "6" }, name)),
    [0, 0, 0],
  );
  assert.deepEqual(
    [handles, lpr].map((name) => closedForm({ hotfixed: true }, name)),
    [0, 0],
  );
  for (const [name, settings] of [
    [pool, { hotfixed: true }],
    [popUps, { servicePack: "6" }],
  ] as const) {
    assert.ok(closedForm(settings, name)! > 0 && closedForm(settings, name) === closedForm({}, name), name);
  }
  for (const settings of [{ sp6Share: 0.5 }, { patchOrder: "sp6" }]) {
    assert.equal(closedForm(settings, handles), undefined, JSON.stringify(settings));
  }
});

test("a fixed bug leaks at rate 0, and one that is absent or disturbed has no closed form", () => {
  const closedForm = (settings: Settings, name: string) =>
    printServers.closedForm!(valuesOf(printServers, { ...busy, ...settings }), name);
  for (const article of ["Q224345", "Q223791", "Q226513"]) {
    const known = leaks.filter((name) => closedForm({ [article]: "fixed" }, name) === 0);
    assert.equal(known.length, article === "Q224345" ? 2 : 1, article);
  }
  assert.equal(closedForm({ Q283102: "present", netPopUp: false }, "leakedPagedPoolBytesByPopUps"), 0);
  for (const name of leaks) {
    assert.equal(closedForm({}, name), undefined, `${name}, absent`);
    assert.equal(closedForm({ ...present, restartEveryHours: 24 }, name), undefined, `${name}, restarted`);
  }
  assert.equal(closedForm({ ...present, profile: "office" }, "leakedPagedPoolBytesByPopUps"), undefined);
  assert.equal(closedForm({ ...present, deleteShare: 0.1 }, "leakedPagedPoolBytesByPopUps"), undefined);
  assert.equal(closedForm(present, "leakedHandlesByClients"), undefined);
});
