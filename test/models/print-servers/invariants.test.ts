/**
 * What holds whatever is drawn: conservation, what cannot leak, what a comparison may rely on, and what the ceilings
 * do.
 *
 * Only the kernel runs here. Each law is a function, so that it can also be shown to throw on a spooler that breaks it.
 * Nothing here is statistical.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buggy } from "../../../models/print-servers/spoolers/buggy.ts";
import { fixed } from "../../../models/print-servers/spoolers/fixed.ts";
import type { PrintServersValues } from "../../../models/print-servers/parameters/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { means, responses, type ResponseName } from "../../../models/print-servers/responses.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import type { Spooler } from "../../../models/print-servers/spoolers/spooler.ts";
import { stickyGuard } from "../../../models/print-servers/spoolers/sticky-guard.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { compare, smallScenarios, valuesOf, type SmallScenario } from "./lockstep.ts";

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MiB = 1024 * 1024;

type Row = Record<ResponseName, number>;
type Changes = Partial<PrintServersValues>;

/** A fleet, or a slice of one. */
class Fleet {
  readonly simulation: Simulation;
  readonly count: number;
  private readonly instance;

  constructor(values: PrintServersValues, seed: string, first: number, count: number, replication = 0) {
    const slice = { first, count };
    this.count = count;
    this.instance = printServers.create(values, slice, openStreams(seed, replication, slice));
    this.simulation = new Simulation(this.instance, new Digest(first, count));
  }

  /** The responses of every server after all events before `until` [us]; conservation is checked at each call. */
  sample(until: number): Row[] {
    this.simulation.run(until);
    this.instance.observe(until);
    this.instance.check();
    const rows = Array.from(
      { length: this.count },
      (_, server) =>
        Object.fromEntries(responses.map(({ name }, i) => [name, this.instance.columns[i][server]])) as Row,
    );
    for (const row of rows) assertConserved(row);
    return rows;
  }

  /** Event count and digest of every server. */
  prints(): string[] {
    const { digest } = this.simulation;
    return Array.from({ length: this.count }, (_, server) => `${digest.countOf(server)} ${digest.of(server)}`);
  }
}

function assertConserved(row: Row): void {
  assert.equal(row.processorsOpened, row.processorsClosed + row.processorsLive + row.processorsOrphaned);
  assert.ok(row.processorsLive >= 0 && row.processorsOrphaned >= 0);
  assert.ok(row.processorsOrphaned <= row.processorsLeaked && row.processorsReclaimed <= row.processorsClosed);
  assert.ok(row.jobsParked >= 0 && row.jobsParked <= row.jobsExisting);
}

function scenarios(runs: number, seed = 223863): SmallScenario[] {
  return fc.sample(smallScenarios, { seed, numRuns: runs });
}

/** Slices of 3 servers of `runs` random small scenarios, changed, each sampled 10 times. */
function small(runs: number, changes: Changes, look: (rows: Row[], values: PrintServersValues) => void): void {
  for (const { seed, server, replication, minutes, settings } of scenarios(runs)) {
    const values = { ...valuesOf(printServers, settings), ...changes };
    const fleet = new Fleet(values, seed, server, 3, replication);
    for (let i = 1; i <= 10; i++) look(fleet.sample((i * minutes * MINUTE) / 10), values);
  }
}

function total(rows: readonly Row[], name: ResponseName): number {
  return rows.reduce((sum, row) => sum + row[name], 0);
}

const unaltered = {
  deleteShare: 0,
  pauseDeleteShare: 0,
  restartShare: 0,
  pauseResumeShare: 0,
  levelShare: 0,
  waitingDeleteShare: 0,
  waitingPauseResumeShare: 0,
};

/** Nothing is ever scarce. */
const plenty = { dcsMax: 1e6, gdiHandlesMax: 1e6, pagedPoolBytesMax: 1e12, ramBytes: 1e12 };

// Laws.

test("opened is closed + live + orphaned on every server at every sample, whatever the scenario", () => {
  let orphaned = 0;
  small(80, {}, (rows) => (orphaned += total(rows, "processorsOrphaned")));
  assert.ok(orphaned > 0, "the scenarios do leak");
});

/** A spooler that is fixed leaks nothing. */
function leaksNothing(spooler: Spooler): void {
  small(30, { spooler }, (rows) => assert.equal(total(rows, "processorsLeaked"), 0, `${spooler.name} leaks nothing`));
}

/** Without alterations no spooler leaks. */
function leaksNothingUnaltered(spooler: Spooler): void {
  small(15, { ...unaltered, spooler }, (rows) => {
    assert.equal(total(rows, "processorsLeaked"), 0, `${spooler.name} leaks nothing when nothing is altered`);
  });
}

/** What is open when nobody submits, prints or alters any more is an orphan: nothing that will be closed is left. */
function closesWhatItDefers(spooler: Spooler): void {
  const altered = {
    site: "help-desk",
    printers: 2,
    jobsPerDay: 2000,
    profile: "office",
    deleteShare: 0.3,
    controlMsMedian: 300,
  };
  const values = { ...valuesOf(printServers, { ...altered, ...plenty }), spooler };
  const [row] = new Fleet(values, "night", 0, 1).sample(DAY);
  assert.ok(row.jobsExisting === 0 && row.controlEntries > 20, "the day is over, and there were alterations");
  assert.equal(row.processorsLive, 0, `${spooler.name} closes what it defers`);
}

test("the fixed spooler leaks nothing", () => leaksNothing(fixed));

test("nothing leaks without alterations", () => {
  for (const spooler of [buggy, fixed, stickyGuard]) leaksNothingUnaltered(spooler);
});

test("at the end of a day no print processor is live, with any spooler", () => {
  for (const spooler of [buggy, fixed, stickyGuard]) closesWhatItDefers(spooler);
});

test("the mean time inside is that of complete stays: an unfinished stay is in neither total", () => {
  const minute = { profile: "flat", jobsPerDay: 100000, printers: 900, deleteShare: 0.1, controlMsMedian: 60000 };
  const alone = { pauseDeleteShare: 0, restartShare: 0, pauseResumeShare: 0, controlSigma: 0 };
  const [row] = new Fleet(valuesOf(printServers, { ...minute, ...alone }), "1", 0, 1).sample(0.024 * DAY);
  const mean = (name: string) => {
    const { of, per } = means.find((one) => one.name === name)!;
    return row[of as ResponseName] / row[per as ResponseName];
  };
  assert.deepEqual([row.controlEntries, row.controlLeaves], [231, 220]);
  // A minute, plus the wait for the spooler's lock when leaving.
  assert.equal(mean("guardUsMean").toFixed(1), "60000018.3");
  // A leak is known at once, however long the stay: those who are still inside have leaked, and are in both totals.
  assert.equal(mean("leaksPerControlEntry"), 1);
  // The wait for the lock is known when the lock is requested, so each request is counted with its wait.
  assert.equal(mean("lockWaitUsMean"), row.lockWaitUs / row.lockRequests);
});

test("RAW jobs hold no DC and never starve, with or without a leak", () => {
  let leaked = 0;
  small(30, { textShare: 0, emfShare: 0, spooler: buggy, Q283102: "absent" }, (rows, values) => {
    for (const row of rows) {
      assert.deepEqual(
        [row.printerDcs, row.gdiHandles, row.pagedPoolBytes, row.leakedDcs, row.jobsStarved, row.jobsParked],
        [values.dcsBase, values.gdiHandlesBase, values.pagedPoolBytesBase, 0, 0, 0],
      );
      assert.ok(Number.isNaN(row.dcCeilingUs) && Number.isNaN(row.gdiCeilingUs) && Number.isNaN(row.poolCeilingUs));
    }
    leaked += total(rows, "processorsLeaked");
  });
  assert.ok(leaked > 0, "they leak private bytes all the same");
});

test("level changes leak nothing, unless they enter the guard too", () => {
  const levels: Changes = { ...unaltered, levelShare: 0.8, controlMsMedian: 900, controlSigma: 0.8, spooler: buggy };
  let leaked = 0;
  small(30, { ...levels, guardMode: "control-commands" }, (rows) => {
    assert.deepEqual([total(rows, "processorsLeaked"), total(rows, "controlEntries")], [0, 0]);
  });
  small(30, { ...levels, guardMode: "level-changes-too" }, (rows) => {
    leaked += total(rows, "processorsLeaked");
  });
  assert.ok(leaked > 0);
});

test("while nothing is scarce all spoolers have the same times, and leaks are fixed 0 <= buggy <= sticky-guard", () => {
  let [more, some] = [0, 0];
  for (const scenario of scenarios(40)) {
    const [ofFixed, ofBuggy, ofSticky] = ["fixed", "buggy", "sticky-guard"].map((spooler) => {
      const values = valuesOf(printServers, { ...scenario.settings, ...plenty, spooler });
      const fleet = new Fleet(values, scenario.seed, scenario.server, 3, scenario.replication);
      return { rows: fleet.sample(scenario.minutes * MINUTE), prints: fleet.prints() };
    });
    assert.deepEqual(ofBuggy.prints, ofFixed.prints);
    assert.deepEqual(ofSticky.prints, ofFixed.prints);
    ofFixed.rows.forEach((row, server) => {
      const [leaks, stuck] = [ofBuggy.rows[server].processorsLeaked, ofSticky.rows[server].processorsLeaked];
      assert.equal(row.processorsLeaked, 0);
      assert.ok(leaks <= stuck, `${leaks} <= ${stuck}`);
      if (leaks > 0) some++;
      if (leaks < stuck) more++;
      for (const name of ["jobsPrinted", "jobsDeleted", "jobsReprinted", "guardUs", "lockWaitUs"] as const) {
        assert.equal(ofBuggy.rows[server][name], row[name], name);
      }
    });
  }
  assert.ok(some > 10 && more > 10, `${some} servers leak, ${more} leak more when the guard sticks`);
});

test("buggy and fixed handle the same events until the first starvation or exhaustion, and differ after it", () => {
  let [different, same] = [0, 0];
  for (const { seed, server, replication, minutes, settings } of scenarios(80)) {
    const until = minutes * MINUTE;
    const run = (spooler: string, end: number) => {
      const fleet = new Fleet(valuesOf(printServers, { ...settings, spooler }), seed, server, 1, replication);
      const [row] = fleet.sample(end);
      return { symptom: row.firstSymptomUs, print: fleet.prints()[0] };
    };
    const [ofBuggy, ofFixed] = [run("buggy", until), run("fixed", until)];
    const symptoms = [ofBuggy.symptom, ofFixed.symptom].filter((time) => !Number.isNaN(time));
    const first = Math.min(until, ...symptoms);
    assert.equal(run("buggy", first).print, run("fixed", first).print);
    if (symptoms.length === 0) assert.equal(ofBuggy.print, ofFixed.print);
    if (ofBuggy.print === ofFixed.print) same++;
    else different++;
  }
  assert.ok(different > 5 && same > 5, `${different} pairs part, ${same} do not`);
});

test("an office without scarcity has the same times for a week with the bug and without it", () => {
  const run = (spooler: string) => {
    const fleet = new Fleet(valuesOf(printServers, { site: "office", spooler, ...plenty }), "office", 0, 2);
    const rows = fleet.sample(7 * DAY);
    return { prints: fleet.prints(), leaked: total(rows, "processorsLeaked"), printed: total(rows, "jobsPrinted") };
  };
  const [ofBuggy, ofFixed] = [run("buggy"), run("fixed")];
  assert.deepEqual(ofBuggy.prints, ofFixed.prints);
  assert.equal(ofBuggy.printed, ofFixed.printed);
  assert.ok(ofBuggy.leaked > 50 && ofFixed.leaked === 0, `${ofBuggy.leaked} leaks`);
});

// Slices and samples.

function rowsAndPrints(scenario: SmallScenario, slices: readonly (readonly [number, number])[], samples = 1): string[] {
  const values = valuesOf(printServers, scenario.settings);
  return slices.flatMap(([first, count]) => {
    const fleet = new Fleet(values, scenario.seed, first, count, scenario.replication);
    let rows: Row[] = [];
    for (let i = 1; i <= samples; i++) rows = fleet.sample((i * scenario.minutes * MINUTE) / samples);
    const prints = fleet.prints();
    return rows.map((row, server) => JSON.stringify(Object.values(row).map(String)) + prints[server]);
  });
}

test("slices of 1, of 7 and of all servers give every server the same responses and the same digest", () => {
  for (const scenario of scenarios(12, 7)) {
    const whole = rowsAndPrints(scenario, [[0, 15]]);
    assert.equal(new Set(whole).size, 15, "no two servers are alike");
    assert.deepEqual(
      rowsAndPrints(
        scenario,
        Array.from({ length: 15 }, (_, server) => [server, 1]),
      ),
      whole,
    );
    assert.deepEqual(
      rowsAndPrints(scenario, [
        [0, 7],
        [7, 7],
        [14, 1],
      ]),
      whole,
    );
  }
});

test("an additional server changes no other server", () => {
  for (const scenario of scenarios(12, 7)) {
    assert.deepEqual(rowsAndPrints(scenario, [[0, 6]]).slice(0, 5), rowsAndPrints(scenario, [[0, 5]]));
  }
});

test("sampling more often changes nothing", () => {
  for (const scenario of scenarios(12, 7)) {
    assert.deepEqual(rowsAndPrints(scenario, [[3, 4]], 60), rowsAndPrints(scenario, [[3, 4]]));
  }
});

// The laws find planted faults.

test("a spooler that closes twice is stopped by the rule that it breaks", () => {
  const twice: Spooler = {
    ...buggy,
    name: "twice",
    close(processors, i) {
      buggy.close(processors, i);
      buggy.close(processors, i);
    },
  };
  assert.throws(() => leaksNothing(twice), /print processor \d+ is not open; only an open one/);
});

test("a spooler that closes under the port thread, or closes an orphan, is stopped by the same rule", () => {
  const early: Spooler = { ...buggy, name: "early", enterAlteration: (processors, i) => processors.closeProcessor(i) };
  assert.throws(() => leaksNothing(early), /print processor \d+ is not open; only an open one/);
  const skipped = new Set<number>();
  const late: Spooler = {
    ...buggy,
    name: "late",
    open(processors, i) {
      skipped.delete(i);
      buggy.open(processors, i);
    },
    leaveAlteration(processors, i) {
      processors.guard[i]--;
      if (skipped.has(i)) processors.closeProcessor(i);
    },
    close(processors, i) {
      if (processors.guard[i] > 0) skipped.add(i);
      else processors.closeProcessor(i);
    },
  };
  assert.throws(() => small(30, { spooler: late }, () => {}), /print processor \d+ is not open; only an open one/);
});

test("a spooler that is named fixed but leaks is detected", () => {
  assert.throws(() => leaksNothing({ ...buggy, name: "fixed" }), /fixed leaks nothing/);
});

test("a spooler that leaks without alterations is detected", () => {
  const lazy: Spooler = { ...fixed, name: "lazy", close() {} };
  assert.throws(() => leaksNothingUnaltered(lazy), /lazy leaks nothing when nothing is altered/);
});

test("a spooler that defers and forgets leaks what it forgot, in the kernel and in the reference", () => {
  const forgetful: Spooler = { ...fixed, name: "forgetful", leaveAlteration: buggy.leaveAlteration };
  assert.throws(() => leaksNothing(forgetful), /forgetful leaks nothing/);
  const settings = { site: "help-desk", profile: "flat", printers: 4, controlMsMedian: 900 };
  const planted = { kernel: { spooler: forgetful }, reference: { spooler: forgetful } };
  const { events, difference } = compare({ seed: "forget", server: 0, replication: 0, minutes: 60, settings }, planted);
  assert.equal(difference, undefined, difference);
  assert.ok(events > 500, `${events} events`);
});

test("an unbalanced ledger is detected by the law and by the kernel's own check", () => {
  const values = valuesOf(printServers, { site: "mainframe" });
  const fleet = new Fleet(values, "ledger", 4, 2);
  const [row] = fleet.sample(HOUR);
  assert.throws(() => assertConserved({ ...row, processorsClosed: row.processorsClosed + 1 }));
  const slice = { first: 4, count: 2 };
  const kernel = printServers.create(values, slice, openStreams("ledger", 0, slice));
  kernel.columns[responses.findIndex(({ name }) => name === "processorsOpened")][1] = 1;
  assert.throws(() => kernel.check(), /opened 1 is not closed 0 \+ live 0 \+ orphaned 0 at server 5/);
});

// Ceilings and symptoms.

/**
 * One printer of TEXT jobs that are all deleted while they print, with stays so long that nearly every one leaks when
 * it can.
 */
const leaky: Settings = {
  printers: 1,
  jobsPerDay: 2000,
  profile: "flat",
  textShare: 1,
  emfShare: 0,
  pagesLaw: "fixed",
  pagesMean: 2,
  ...unaltered,
  deleteShare: 1,
  controlMsMedian: 20_000,
  controlSigma: 0,
  ...plenty,
};

function afterHours(hours: number, settings: Settings): Row {
  return new Fleet(valuesOf(printServers, { ...leaky, ...settings }), "ceilings", 0, 1).sample(hours * HOUR)[0];
}

for (const [ceiling, settings, gauge, held] of [
  ["dcCeilingUs", { dcsMax: 15 + 30 }, "printerDcs", 45],
  ["gdiCeilingUs", { gdiHandlesMax: 3000 + 4 * 30 }, "gdiHandles", 3120],
  ["poolCeilingUs", { pagedPoolBytesMax: 20 * MiB + 30 * 32768 }, "pagedPoolBytes", 20 * MiB + 30 * 32768],
] as const) {
  test(`${ceiling} is the time at which the thirty-first instance is refused; the fixed spooler does not reach it`, () => {
    const row = afterHours(24, settings);
    assert.ok(row.firstLeakUs < row[ceiling]);
    assert.equal(row[ceiling], row.firstStarvedUs);
    assert.equal(row[ceiling], row.firstSymptomUs);
    assert.deepEqual([row[gauge], row.processorsOrphaned, row.processorsLeaked], [held, 30, 30]);
    assert.equal(row.jobsParked, row.jobsStarved);
    const ceilings = ["dcCeilingUs", "gdiCeilingUs", "poolCeilingUs", "exhaustedUs"] as const;
    assert.ok(
      ceilings.every((name) => Number.isNaN(row[name]) === (name !== ceiling)),
      "no other ceiling is reached",
    );
    const repaired = afterHours(24, { ...settings, spooler: "fixed" });
    assert.ok(Number.isNaN(repaired[ceiling]) && repaired.jobsStarved === 0 && repaired.controlEntries > 1000);
  });
}

/** Room for 30 leaked instances of 1 MiB. */
const tight = {
  heapBytesPerInstance: MiB,
  heapBytesPerJob: 0,
  ramBytes: 64 * MiB + 3 * MiB + 20480 + 30 * MiB,
  pagefileBytes: 0,
};

test("exhaustedUs is the time at which the commit limit hangs the service, for good without a recovery", () => {
  const row = afterHours(24, { ...tight, recoveryMinutes: 0 });
  assert.equal(row.exhaustedUs, row.firstSymptomUs);
  assert.deepEqual([row.processorsOrphaned, row.processorsLive, row.serviceStarts, row.jobsStarved], [30, 0, 0, 0]);
  assert.equal(row.downtimeUs, 24 * HOUR - row.exhaustedUs);
  assert.ok(row.jobsRefused > 1000);
  assert.ok(Number.isNaN(afterHours(24, { ...tight, spooler: "fixed" }).exhaustedUs));
});

test("a recovery restarts a hung service, frees everything and prints on", () => {
  const values = valuesOf(printServers, { ...leaky, ...tight, recoveryMinutes: 60 });
  const fleet = new Fleet(values, "ceilings", 0, 1);
  const hung = fleet.sample(24 * HOUR)[0].exhaustedUs;
  const again = new Fleet(values, "ceilings", 0, 1);
  // An hour to recover, 5 s to stop, 5 s until it is started, 10 s to start, and 20 ms for each of the few files.
  const [before] = again.sample(hung + HOUR + 5e6);
  const [after] = again.sample(hung + HOUR + 25e6);
  assert.deepEqual([before.serviceStarts, before.processorsOrphaned], [0, 30]);
  assert.deepEqual([after.serviceStarts, after.processorsOrphaned, after.processorsReclaimed], [1, 0, 30]);
  assert.equal(after.processorsLeaked, 30);
  const downtime = after.downtimeUs - HOUR - 20e6;
  assert.ok(downtime >= 0 && downtime < 2e6 && downtime % 40_000 === 0, `${downtime} us for the files`);
  const [later] = again.sample(24 * HOUR);
  assert.ok(later.serviceStarts > 3 && later.jobsDeleted > after.jobsDeleted + 50 && later.startFailures === 0);
});

test("RAW overtakes starving TEXT: parked TEXT stays in the queue, and vanishing TEXT is gone", () => {
  const mixed = { textShare: 0.5, deleteShare: 0, dcsMax: 15, priorityHighShare: 0 };
  const park = afterHours(48, mixed);
  assert.ok(park.jobsStarved > 1800);
  assert.deepEqual([park.jobsParked, park.printerDcs, park.jobsRefused], [park.jobsStarved, 15, 0]);
  // All jobs that exist are TEXT that is parked, but for the few RAW ones that wait: each of the others was printed.
  assert.ok(park.jobsPrinted > 1800 && park.jobsExisting - park.jobsParked < 20, JSON.stringify(park));
  const vanish = afterHours(48, { ...mixed, onOpenFail: "vanish" });
  assert.deepEqual([vanish.jobsParked, vanish.jobsStarved], [0, park.jobsStarved]);
  assert.equal(vanish.jobsSubmitted, vanish.jobsStarved + vanish.jobsPrinted + vanish.jobsExisting);
});

test("a service that is started too soon fails with System error 12 once, and starts at the second attempt", () => {
  const calendar = { restartEveryHours: 1, restartPauseMs: 4999, startGapMs: 5000 };
  const row = afterHours(24, calendar);
  assert.deepEqual([row.serviceStarts, row.startFailures], [23, 23]);
  const inTime = afterHours(24, { ...calendar, restartPauseMs: 5000 });
  assert.deepEqual([inTime.serviceStarts, inTime.startFailures], [23, 0]);
  const reboot = afterHours(24, { ...calendar, restartKind: "reboot", rebootMs: 1000 });
  assert.deepEqual([reboot.serviceStarts, reboot.startFailures], [23, 0]);
});

test("System error 12 occurs only without the later Spoolss.exe, and not on Workstation or Terminal Server's SP6", () => {
  const failures = (settings: Settings): number =>
    afterHours(24, { restartEveryHours: 1, restartPauseMs: 4999, startGapMs: 5000, ...settings }).startFailures;
  assert.equal(failures({ edition: "NTS", servicePack: "6a" }), 23);
  assert.equal(failures({ edition: "NTSE" }), 23);
  assert.equal(failures({ edition: "TSE", servicePack: "5" }), 23);
  assert.equal(failures({ edition: "TSE", servicePack: "6" }), 0);
  assert.equal(failures({ edition: "NTW" }), 0);
  assert.equal(failures({ Q243222: "fixed" }), 0);
});

/** Jobs of TEXT that starve from the beginning, of an expensive printer that nobody needs to wait for. */
const starving: Settings = { ...unaltered, textShare: 1, emfShare: 0, dcsMax: 15, profile: "flat", jobsPerDay: 2400 };

test("a person who sees a stuck job deletes or resubmits it once, without a draw", () => {
  const hours = 48;
  const nobody = afterHours(hours, starving);
  assert.deepEqual([nobody.jobsResubmitted, nobody.jobsDeleted, nobody.alterations], [0, 0, 0]);
  assert.equal(nobody.jobsParked, nobody.jobsStarved);

  const deletes = afterHours(hours, { ...starving, stuckDeleteShare: 1, stuckMinutesMean: 60 });
  assert.equal(deletes.jobsSubmitted, nobody.jobsSubmitted);
  assert.equal(deletes.jobsStarved, deletes.jobsDeleted + deletes.jobsParked);
  assert.equal(deletes.alterations, deletes.jobsDeleted);
  assert.equal(deletes.jobsUnprinted, deletes.jobsStarved, "who gives a job up has not got it printed");
  // Little's law: 100 jobs an hour that stay an hour.
  assert.ok(Math.abs(deletes.jobsParked - 100) < 40, `${deletes.jobsParked} are parked`);

  const resubmits = afterHours(hours, { ...starving, stuckResubmitShare: 1, stuckMinutesMean: 1 });
  assert.equal(resubmits.jobsSubmitted - resubmits.jobsResubmitted, nobody.jobsSubmitted);
  assert.ok(nobody.jobsSubmitted - resubmits.jobsResubmitted < 10, "each once, but for those of the last minutes");
  assert.deepEqual([resubmits.jobsDeleted, resubmits.jobsParked], [0, resubmits.jobsStarved]);

  const both = afterHours(hours, { ...starving, stuckDeleteShare: 0.25, stuckResubmitShare: 0.5, stuckMinutesMean: 1 });
  assert.ok(Math.abs(both.jobsDeleted / nobody.jobsSubmitted - 0.25) < 0.03, `${both.jobsDeleted}`);
  assert.ok(Math.abs(both.jobsResubmitted / nobody.jobsSubmitted - 0.5) < 0.03, `${both.jobsResubmitted}`);
});

test("a job that vanishes is not stuck, because nobody sees it", () => {
  const acts = { stuckDeleteShare: 0.5, stuckResubmitShare: 0.5, stuckMinutesMean: 0 };
  const row = afterHours(24, { ...starving, ...acts, onOpenFail: "vanish" });
  assert.deepEqual([row.jobsResubmitted, row.jobsDeleted, row.alterations], [0, 0, 0]);
  assert.ok(row.jobsStarved > 2000);
});

test("a service restart deletes jobs that were restarted in print (Q219355) only where the bug applies", () => {
  const restarted: Settings = {
    ...unaltered,
    restartShare: 1,
    textShare: 0,
    pagesMean: 40,
    jobsPerDay: 400,
    restartEveryHours: 1,
    submitMs: 0,
  };
  const [before, after] = [true, false].map((deletes) => {
    return afterHours(72, { ...restarted, deleteRestartedJobs: deletes });
  });
  assert.ok(before.jobsLost > 10, `${before.jobsLost} jobs are lost`);
  assert.equal(after.jobsLost, 0);
  assert.ok(after.jobsReprinted > before.jobsReprinted, `${after.jobsReprinted} print again`);
  const never = afterHours(72, { ...restarted, restartShare: 0, deleteRestartedJobs: true });
  assert.deepEqual([never.jobsLost, never.jobsReprinted > 10], [0, true]);
});
