/**
 * The leaks that kernel and reference count are those that a trace shows to a checker that knows nothing of either.
 *
 * Nothing here is statistical: counts are equal.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Settings } from "../../../models/contract/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { Reference } from "../../../models/print-servers/reference/reference.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { smallScenarios, valuesOf, type SmallScenario } from "./lockstep.ts";
import { orphansByStabbing, type Row } from "./stabbing.ts";

/** Rows from lines of "time event instance". */
function rowsOf(trace: string): Row[] {
  return trace
    .trim()
    .split("\n")
    .map((line) => {
      const [time, event, instance] = line.trim().split(" ");
      return { time: Number(time), event, ...(instance === undefined ? {} : { instance: Number(instance) }) };
    });
}

const handMade = {
  "a close attempt inside an alteration is an orphan": ["10 CTL_ENTER 1 \n 15 CLOSE_ATTEMPT 1 \n 20 CTL_EXIT 1", [1]],
  "one after the alteration is not": ["10 CTL_ENTER 1 \n 20 CTL_EXIT 1 \n 21 CLOSE_ATTEMPT 1", []],
  "one before the alteration is not": ["9 CLOSE_ATTEMPT 1 \n 10 CTL_ENTER 1 \n 20 CTL_EXIT 1", []],
  "one at the time of the exit is not: the interval is half open": [
    "10 CTL_ENTER 1 \n 20 CTL_EXIT 1 \n 20 CLOSE_ATTEMPT 1",
    [],
  ],
  "one at the time of the entry is": ["10 CTL_ENTER 1 \n 10 CLOSE_ATTEMPT 1 \n 20 CTL_EXIT 1", [1]],
  "an alteration of another instance does not matter": ["10 CTL_ENTER 2 \n 15 CLOSE_ATTEMPT 1 \n 20 CTL_EXIT 2", []],
  "an alteration that never leaves still covers the attempt": ["10 CTL_ENTER 1 \n 15 CLOSE_ATTEMPT 1", [1]],
  "the end of the process voids an alteration": ["10 CTL_ENTER 1 \n 12 STOPPED \n 15 CLOSE_ATTEMPT 1", []],
  "a process that ended before does not": ["5 STOPPED \n 10 CTL_ENTER 1 \n 15 CLOSE_ATTEMPT 1 \n 20 CTL_EXIT 1", [1]],
  "an attempt between two alterations is not an orphan": [
    "10 CTL_ENTER 1 \n 20 CTL_EXIT 1 \n 25 CLOSE_ATTEMPT 1 \n 30 CTL_ENTER 1 \n 40 CTL_EXIT 1",
    [],
  ],
  "overlapping alterations leave no gap": [
    "10 CTL_ENTER 1 \n 15 CTL_ENTER 1 \n 20 CTL_EXIT 1 \n 25 CLOSE_ATTEMPT 1 \n 30 CTL_EXIT 1",
    [1],
  ],
  "orphans are reported in the order of their attempts": [
    "1 CTL_ENTER 7 \n 2 CTL_ENTER 3 \n 4 CLOSE_ATTEMPT 7 \n 5 CLOSE_ATTEMPT 3 \n 6 CTL_EXIT 3 \n 7 CTL_EXIT 7",
    [7, 3],
  ],
} as const;

for (const [sentence, [trace, orphans]] of Object.entries(handMade)) {
  test(`by hand calculation: ${sentence}`, () => assert.deepEqual(orphansByStabbing(rowsOf(trace)), [...orphans]));
}

/** Leaks until then by stabbing the reference's trace, by the reference's ledger and by the kernel's. */
function threeCounts({ seed, server, replication, minutes, settings }: SmallScenario) {
  const values = valuesOf(printServers, settings);
  const until = minutes * 60e6;
  const reference = new Reference(values, seed, server, replication);
  const rows: Required<Row>[] = [];
  reference.run(until, ({ time, job, instance, event, detail }) => rows.push({ time, job, instance, event, detail }));
  const slice = { first: server, count: 1 };
  const kernel = printServers.create(values, slice, openStreams(seed, replication, slice));
  new Simulation(kernel, new Digest(server, 1)).run(until);
  const leaked = printServers.responses.findIndex(({ name }) => name === "processorsLeaked");
  const orphaned = rows.filter(({ detail }) => detail.startsWith("orphaned")).map(({ instance }) => instance);
  return { rows, orphaned, reference: reference.responses(until).processorsLeaked, kernel: kernel.columns[leaked][0] };
}

function assertAgreement(scenario: SmallScenario): number {
  const { rows, orphaned, reference, kernel } = threeCounts(scenario);
  const stabbed = orphansByStabbing(rows);
  assert.deepEqual(stabbed, orphaned, JSON.stringify(scenario));
  assert.deepEqual([reference, kernel], [stabbed.length, stabbed.length], JSON.stringify(scenario));
  return stabbed.length;
}

test("20 random small scenarios leak exactly the stabbed alterations of their traces", () => {
  let orphans = 0;
  for (const scenario of fc.sample(smallScenarios, { seed: 223863, numRuns: 20 })) {
    orphans += assertAgreement({ ...scenario, settings: { ...scenario.settings, spooler: "buggy" } });
  }
  assert.ok(orphans > 20, `${orphans} orphans are enough to be wrong about`);
});

test("a day of each site leaks exactly the stabbed alterations of its trace", () => {
  for (const site of ["office", "help-desk", "hold-and-release", "mainframe"]) {
    const orphans = assertAgreement({ seed: "stab", server: 0, replication: 0, minutes: 1440, settings: { site } });
    assert.ok(orphans > 0, site);
  }
});

test("fixed defers each stabbed attempt; sticky-guard skips all of these and more", () => {
  const busy: Settings = { site: "help-desk", jobsPerDay: 8000, deleteShare: 0.2, pauseResumeShare: 0.2, dcsMax: 1e6 };
  const scenario = { seed: "stab", server: 1, replication: 0, minutes: 600 };
  const [buggy, fixed, sticky] = ["buggy", "fixed", "sticky-guard"].map((spooler) =>
    threeCounts({ ...scenario, settings: { ...busy, spooler } }),
  );
  assert.deepEqual(orphansByStabbing(fixed.rows), orphansByStabbing(buggy.rows));
  assert.deepEqual([fixed.reference, fixed.kernel], [0, 0]);
  const deferred = fixed.rows.filter(({ event, detail }) => event === "CLOSE_ATTEMPT" && detail === "deferred");
  assert.equal(deferred.length, buggy.kernel);
  const skipped = new Set(sticky.orphaned);
  assert.ok(orphansByStabbing(sticky.rows).every((instance) => skipped.has(instance)));
  assert.ok(sticky.kernel > 1.5 * buggy.kernel && buggy.kernel > 20, `${sticky.kernel} and ${buggy.kernel}`);
});
