/**
 * What Q223863 says of the leak, sentence by sentence, and what a careless reader of it would miss. How the fix is had
 * and the printers are lost is upgrades.test.ts. Seeds are fixed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { buggy } from "../../../models/print-servers/spoolers/buggy.ts";
import { validatePolicy } from "../../../models/print-servers/upkeep/maintenance.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import { parameters } from "../../../models/print-servers/parameters/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { responses, type ResponseName } from "../../../models/print-servers/responses.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { valuesOf } from "./lockstep.ts";

const HOUR = 3600e6;
const DAY = 24 * HOUR;

type Row = Record<ResponseName, number>;

/** A fleet; `at` gives the responses of each server after all events before a time, and checks the ledgers. */
function fleetOf(settings: Settings, count = 1) {
  const slice = { first: 0, count };
  const instance = printServers.create(valuesOf(printServers, settings), slice, openStreams("article", 0, slice));
  const simulation = new Simulation(instance, new Digest(0, count));
  return (until: number): Row[] => {
    simulation.run(until);
    instance.observe(until);
    instance.check();
    return Array.from(
      { length: count },
      (_, server) => Object.fromEntries(responses.map(({ name }, i) => [name, instance.columns[i][server]])) as Row,
    );
  };
}

function after(time: number, settings: Settings): Row {
  return fleetOf(settings)(time)[0];
}

/** Nobody alters anything. */
const unaltered: Settings = { deleteShare: 0, pauseDeleteShare: 0, restartShare: 0, pauseResumeShare: 0 };

/** Alterations stay long, so that most that can leak do; nothing is scarce. */
const leaky: Settings = {
  ...unaltered,
  profile: "flat",
  textShare: 0.4,
  emfShare: 0.3,
  controlMsMedian: 5000,
  dcsMax: 1e6,
  gdiHandlesMax: 1e6,
  pagedPoolBytesMax: 1e12,
  ramBytes: 1e12,
};

// Sentence by sentence.

test("the service may leak private bytes when it attempts to close the print processor after an alteration", () => {
  const row = after(DAY, { ...leaky, deleteShare: 0.2, controlMsMedian: 30 });
  assert.ok(row.processorsLeaked > 0 && row.processorsLeaked < row.controlEntries, "it may, and mostly does not");
  assert.equal(row.leakedPrivateBytes, 4096 * row.processorsLeaked);
  assert.equal(after(DAY, leaky).processorsLeaked, 0, "without alterations");
});

test("it does not close the print processor where the logic indicates the function is being re-entered", () => {
  for (const isEntered of [false, true]) {
    const closed: number[] = [];
    const processors = {
      guard: [0],
      closePending: [0],
      closeProcessor: (instance: number): void => void closed.push(instance),
    };
    buggy.open(processors, 0);
    if (isEntered) buggy.enterAlteration(processors, 0);
    buggy.close(processors, 0);
    if (isEntered) buggy.leaveAlteration(processors, 0);
    assert.deepEqual(closed, isEntered ? [] : [0]);
  }
});

test("the fix addresses a GDI resource leak: with the bug, a TEXT job is reported as spooled and never prints", () => {
  const scarce: Settings = { ...leaky, textShare: 0.5, emfShare: 0, deleteShare: 0.3, dcsMax: 30, jobsPerDay: 1000 };
  const row = after(2 * DAY, scarce);
  assert.ok(row.leakedDcs === 15 && row.jobsParked > 100 && row.jobsParked === row.jobsStarved);
  const fixed = after(2 * DAY, { ...scarce, spooler: "fixed" });
  assert.deepEqual([fixed.leakedDcs, fixed.jobsStarved, fixed.printerDcs <= 30], [0, 0, true]);
});

// What a careless reader would miss.

test("altering a waiting or finished job leaks nothing, because a leak needs an open print processor", () => {
  // A job prints for half an hour and there is one printer: all but the first of each hour's hundreds wait.
  const busy = { ...leaky, printers: 1, jobsPerDay: 4000, pagesLaw: "fixed", pagesMean: 500 };
  const waiting = after(DAY, { ...busy, waitingDeleteShare: 0.4, waitingPauseResumeShare: 0.4 });
  assert.ok(waiting.alterations > 3000 && waiting.jobsDeleted > 1000);
  assert.ok(waiting.controlEntries <= 2 && waiting.processorsLeaked <= waiting.controlEntries, "but for the first job");
  // A job of a few bytes is printed and gone before its delete, which takes a second to be heard, is applied.
  const brief = { ...leaky, textShare: 0, emfShare: 0, rawBytesPerPage: 1, pagesLaw: "fixed", pagesMean: 1 };
  const late = after(DAY, { ...brief, jobsPerDay: 500, deleteShare: 1, preMs: 1000 });
  assert.ok(late.alterations > 200 && late.jobsPrinted > 200);
  assert.deepEqual([late.controlEntries, late.processorsLeaked], [0, 0]);
});

test("a skipped close is not a double close: only the end of the process frees the instance", () => {
  const at = fleetOf({ ...leaky, deleteShare: 0.2, jobsPerDay: 2000, restartEveryHours: 30 });
  let [before] = at(HOUR);
  for (let hour = 2; hour <= 60; hour++) {
    const [row] = at(hour * HOUR);
    if (row.processorsReclaimed > before.processorsReclaimed) {
      assert.equal(hour, 31, "the process ended after 30 hours");
    } else {
      const leaked = row.processorsLeaked - before.processorsLeaked;
      assert.equal(row.processorsOrphaned, before.processorsOrphaned + leaked, "none of them is ever closed");
    }
    before = row;
  }
  assert.ok(before.serviceStarts === 1 && before.processorsOrphaned > 100);
});

test("two resources: every leak keeps private bytes and a handle, only one of TEXT or EMF keeps a DC and GDI", () => {
  for (const [textShare, emfShare, withDc] of [
    [0, 0, 0],
    [1, 0, 1],
    [0, 1, 1],
  ]) {
    const row = after(DAY, { ...leaky, textShare, emfShare, deleteShare: 0.2 });
    const n = row.processorsLeaked;
    assert.ok(n > 100, `${n}`);
    assert.deepEqual([row.leakedPrivateBytes, row.leakedHandles], [4096 * n, n]);
    const gdi = [row.leakedDcs, row.leakedGdiHandles, row.leakedPagedPoolBytes];
    assert.deepEqual(gdi, [withDc * n, 4 * withDc * n, 32768 * withDc * n]);
  }
});

test("TEXT starves first because it needs a DC to open; GDI handles and memory run out much later, and RAW prints on", () => {
  const at = fleetOf({ site: "mainframe" });
  const [early] = at(8 * DAY);
  assert.ok(early.dcCeilingUs === early.firstStarvedUs && early.firstStarvedUs === early.firstSymptomUs);
  for (const name of ["gdiCeilingUs", "poolCeilingUs", "exhaustedUs"] as const) assert.equal(early[name], NaN, name);
  // Four jobs of five are TEXT; once they starve, RAW is what is printed.
  const [late] = at(9 * DAY);
  const [printed, submitted] = [late.jobsPrinted - early.jobsPrinted, late.jobsSubmitted - early.jobsSubmitted];
  assert.ok(printed > 0.1 * submitted && printed < 0.22 * submitted, `${printed} of ${submitted}`);
});

test("on NT 4.0 a starved job is silent: it looks spooled, nothing fails, and no counter shows the DCs", () => {
  const row = after(2 * DAY, { ...leaky, textShare: 0.5, deleteShare: 0.3, dcsMax: 30, jobsPerDay: 1000 });
  assert.ok(row.jobsParked > 100 && row.jobsExisting >= row.jobsParked);
  assert.deepEqual([row.jobsRefused, row.jobsLost, row.downtimeUs, row.startFailures], [0, 0, 0, 0]);
  for (const restartGauge of ["printerDcs", "gdiHandles"]) {
    const policy = valuesOf(printServers, { restartGauge, restartAtGauge: 40 });
    assert.match(validatePolicy(policy)!, /no counter of NT 4.0/);
  }
  const unseen: readonly string[] = responses.flatMap((it) => ("unseen" in it ? [it.name] : []));
  assert.deepEqual(unseen, ["printerDcs", "gdiHandles"]);
});

test("private bytes rise in steps, flat at night and at weekends, and fall only at a restart", () => {
  const at = fleetOf({ site: "office", pauseDeleteShare: 0.02, restartEveryHours: 9 * 24 });
  const nights: number[] = [];
  for (let day = 0; day < 9; day++) {
    // Nobody submits jobs between 18 and 8 h; what is printed then was submitted before.
    const [evening] = at(day * DAY + 23 * HOUR);
    const [morning] = at((day + 1) * DAY + 7 * HOUR);
    if (day < 8) assert.equal(morning.privateBytes, evening.privateBytes, `the night after day ${day}`);
    nights.push(evening.privateBytes);
  }
  const steps = nights.slice(1).map((bytes, day) => bytes - nights[day]);
  assert.ok(
    steps.every((step, day) => (day === 4 || day === 5 ? step === 0 : step > 0)),
    steps.join(" "),
  );
  const [restarted] = at(9 * DAY + 7 * HOUR);
  assert.ok(restarted.serviceStarts === 1 && restarted.privateBytes < nights[0], "all is given back");
});

test("SP6 on a mixed fleet loses the printers of exactly the servers that had the hotfix", () => {
  const settings: Settings = { jobsPerDay: 10, hotfixedShare: 0.5, patchOrder: "sp6", patchAtDays: 0.5 };
  const at = fleetOf(settings, 40);
  const hadHotfix = at(HOUR).map(({ fixedNow }) => fixedNow === 1);
  const rows = at(DAY);
  assert.ok(hadHotfix.includes(true) && hadHotfix.includes(false));
  rows.forEach((row, server) => {
    assert.deepEqual([row.fixedNow, Number.isNaN(row.printersLostUs)], [1, !hadHotfix[server]], `server ${server}`);
  });
});

test("articles are named by their numbers and not by their titles, which change", () => {
  const texts = [
    ...Object.values(parameters).flatMap(({ meaning, source }) => [meaning, source]),
    ...responses.map(({ meaning }) => meaning),
    printServers.meaning,
  ];
  const titles = /spooler service|may leak (private|memory)|rollup fix|excessive processor|too many (local )?printers/i;
  for (const text of texts) assert.doesNotMatch(text, titles);
  assert.ok(texts.filter((text) => /\bQ\d{6}\b/.test(text)).length > 30);
});

test("pause, think, delete is the near-certain reproducer: a delete falls through to a resume", () => {
  // RAW jobs of 40 chunks; alterations of 30 ms, far longer than waking and unwinding take, far shorter than a chunk.
  const raw: Settings = {
    ...leaky,
    textShare: 0,
    emfShare: 0,
    jobsPerDay: 500,
    pagesLaw: "fixed",
    pagesMean: 4,
    controlMsMedian: 30,
    controlSigma: 0,
    unwindSigma: 0,
    thinkSecondsMean: 60,
  };
  const thought = after(4 * DAY, { ...raw, pauseDeleteShare: 1 });
  const hasty = after(4 * DAY, { ...raw, deleteShare: 1 });
  const patient = after(4 * DAY, { ...raw, pauseResumeShare: 1 });
  const perJob = (row: Row) => row.processorsLeaked / row.jobsSubmitted;
  assert.ok(perJob(thought) > 0.85, `${perJob(thought)}`);
  assert.ok(perJob(hasty) < 0.1 && perJob(patient) < 0.02, `${perJob(hasty)}, ${perJob(patient)}`);
});

test("restarting a job opens a second instance while the first may be leaked: instances leak, not jobs", () => {
  const settings: Settings = { ...leaky, restartShare: 1, controlSigma: 0, controlMsMedian: 20_000 };
  const row = after(DAY, settings);
  assert.ok(row.processorsOpened > 1.5 * (row.jobsPrinted + 40), `${row.processorsOpened} of ${row.jobsPrinted} jobs`);
  assert.ok(row.processorsLeaked > 0.4 * row.processorsOpened, "the first of nearly every job");
  const closed = row.processorsClosed + row.processorsLive;
  assert.ok(Math.abs(closed - row.jobsPrinted) < 0.2 * row.jobsPrinted, "and the second is closed like any other");
});

test("TEXT shops starve within days; office shops only see slow growth for weeks", () => {
  const mainframe = after(7 * DAY, { site: "mainframe" });
  assert.ok(mainframe.firstStarvedUs < 7 * DAY, `${mainframe.firstStarvedUs / DAY} days`);
  const office = after(14 * DAY, { site: "office" });
  assert.ok(office.processorsLeaked > 50 && Number.isNaN(office.firstSymptomUs), `${office.processorsLeaked}`);
});
