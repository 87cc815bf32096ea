/** The kernel and the reference say the same, and the comparison notices when one of them is wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buggy } from "../../../models/print-servers/spoolers/buggy.ts";
import { patchOrders } from "../../../models/print-servers/patching/patch-orders.ts";
import { restartDays } from "../../../models/print-servers/upkeep/maintenance-windows.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { Reference } from "../../../models/print-servers/reference/reference.ts";
import { SortedList } from "../../../sim/sorted-list.ts";
import { WrongList } from "../../cases/wrong-list.ts";
import { attendedScenarios, compare, firstDifference, smallScenarios, valuesOf } from "./lockstep.ts";

/** Each of the faults below shows within so many; lockstep.proof.test.ts asks for agreement on a thousand. */
const SCENARIOS = 100;

test("kernel and reference agree on every event and every response of 25 random small scenarios", () => {
  const { events, difference } = firstDifference(25, () => ({}));
  assert.equal(difference, undefined, difference);
  assert.ok(events > 10_000, `${events} events`);
});

test("both agree on 30 fleets with policies: restarted, patched, their printers lost and restored", () => {
  const { events, difference } = firstDifference(30, () => ({}), 239907, attendedScenarios);
  assert.equal(difference, undefined, difference);
  assert.ok(events > 10_000, `${events} events`);
});

test("a reference without an observer handles the same events and reports no changes", () => {
  for (const scenarios of [smallScenarios, attendedScenarios]) {
    for (const { settings, seed, server, replication } of fc.sample(scenarios, { seed: 223863, numRuns: 10 })) {
      const references = [0, 1].map(() => new Reference(valuesOf(printServers, settings), seed, server, replication));
      const [recording, plain] = references as [Reference, Reference];
      while (recording.nextTime < 3 * 60e6) {
        const { patches: _, ...event } = recording.step();
        assert.deepEqual(plain.step(false), { ...event, patches: [] });
        assert.deepEqual(plain.state, recording.state);
      }
      assert.equal(plain.nextTime, recording.nextTime);
    }
  }
});

for (const patchOrder of Object.keys(patchOrders)) {
  test(`both agree on a server that is patched in the order ${patchOrder}`, () => {
    const relatedBugs = { Q224345: "present", Q223791: "present", Q226513: "present", lprOutagesPerDay: 500 };
    const settings = {
      ...relatedBugs,
      patchOrder,
      printers: 2,
      jobsPerDay: 12000,
      profile: "flat",
      deleteShare: 0.3,
      patchAtDays: 0.003,
      patchGapDays: 0.004,
      hotfixMinutes: 0.5,
      servicePackMinutes: 1,
      rebootMs: 1000,
      restoreMinutes: 3,
    };
    const result = compare({ seed: patchOrder, server: 5, replication: 2, minutes: 30, settings });
    assert.equal(result.difference, undefined, result.difference);
    assert.ok(result.events > 500, `${result.events} events`);
  });
}

for (const restartOn of restartDays) {
  test(`both agree on three weeks of restarts by the calendar on ${restartOn}`, () => {
    for (const [restartEveryHours, restartAtHour] of [
      [24, 3],
      [60, 3.5],
      [168, 24],
    ]) {
      const settings = { jobsPerDay: 5, restartEveryHours, restartOn, restartAtHour };
      const result = compare({ seed: restartOn, server: 0, replication: 0, minutes: 21 * 1440, settings });
      assert.equal(result.difference, undefined, result.difference);
    }
  });
}

test("both agree on jobs that follow shares of the hours of a day or a week", () => {
  for (const hours of [24, 168]) {
    const hourShares = Array.from({ length: hours }, (_, hour) => (hour % 5 === 0 ? 0 : hour / (hours * 12)));
    const settings = { jobsPerDay: 80, hourShares: hourShares.join(" ") };
    const result = compare({ seed: "hours", server: 0, replication: 0, minutes: 9 * 1440, settings });
    assert.equal(result.difference, undefined, result.difference);
    assert.ok(result.events > 500, `${result.events} events`);
  }
});

test("both also agree when the kernel runs on the sorted event list", () => {
  assert.equal(firstDifference(15, () => ({ events: new SortedList() })).difference, undefined);
});

test("a spooler that claims to be fixed and is not is reported with the event, the patches and the replay command", () => {
  const { difference = "nothing" } = firstDifference(SCENARIOS, ({ settings }) =>
    settings.spooler === "fixed" ? { kernel: { spooler: { ...buggy, name: "fixed" } } } : {},
  );
  assert.match(difference, /^kernel and reference differ at event \d+:\n\d+ us CLOSE -> CLOSE_ATTEMPT/);
  assert.match(difference, /processorsLeaked: kernel 1, reference 0/);
  assert.match(difference, /\n {2}reference: replace /);
  assert.match(difference, /\nreplay: node dist\/test\/models\/replay\.js '\{"seed"/);
});

test("a kernel with an event list that reverses ties is detected", () => {
  assert.match(
    firstDifference(SCENARIOS, () => ({ events: new WrongList() })).difference ?? "nothing",
    /differ at event/,
  );
});

/** Seeds of samples in which those faults show early that need rare events. */
const seeds: Readonly<Record<string, number>> = { stuckDeleteShare: 7, Q243222: 8 };

for (const [name, reference] of Object.entries({
  "takes a microsecond less to unwind": { unwindRawMs: 7.999 },
  "holds the lock a microsecond longer": { closeMs: 3.001 },
  "never tests for a DC": { dcsMax: 1000 },
  "loses a byte at each attempt of the LPR monitor": { lprLeakBytes: 2 },
  "has a wider window for a race": { raceWindowMs: 30_000 },
  "never deletes a stuck job": { stuckDeleteShare: 0 },
  "never resubmits a stuck job": { stuckResubmitShare: 0 },
  "restarts the service at once after System error 12": { Q243222: "fixed" },
} as const)) {
  test(`a reference that ${name} is detected`, () => {
    const { difference } = firstDifference(SCENARIOS, () => ({ reference }), seeds[Object.keys(reference)[0]!]);
    assert.match(difference ?? "nothing", /differ at event/);
  });
}
