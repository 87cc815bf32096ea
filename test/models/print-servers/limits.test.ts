/**
 * models/print-servers/limits.ts: a gauge of a print server reaches its limit at the event time, and no earlier.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings } from "../../../models/contract/parameters.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { simulated } from "./against-theory.ts";
import { valuesOf } from "./lockstep.ts";

const busy: Settings = {
  jobsPerDay: 150,
  profile: "flat",
  controlMsMedian: 300,
  pauseDeleteShare: 0.5,
  textShare: 1,
  emfShare: 0,
};

/** Ceilings that come first with these settings. */
const ceilings: readonly [eventTime: string, settings: Settings][] = [
  ["dcCeilingUs", { dcsMax: 60 }],
  ["gdiCeilingUs", { gdiHandlesMax: 3200 }],
  ["handlesCeilingUs", { handlesMax: 200, dcsMax: 100_000, gdiHandlesMax: 65_536 }],
  ["poolCeilingUs", { pagedPoolBytesMax: 22_000_000, dcsMax: 100_000, gdiHandlesMax: 65_536 }],
];

for (const [eventTime, settings] of ceilings) {
  test(`${eventTime} comes with the next jobs after the gauge reaches the limit, and never before`, () => {
    const all = { ...busy, ...settings };
    const { response, level } = printServers.limits!(valuesOf(printServers, all)).find(
      (one) => one.eventTime === eventTime,
    )!;
    const { instance, simulation, column } = simulated(printServers, all, 0);
    let minute = 0;
    while (column(response)[0] < level) {
      assert.ok(minute < 60 * 24 * 30, "it is at the limit within a month");
      simulation.run(++minute * 60e6);
      instance.observe(simulation.now);
    }
    const hours = () => (column(eventTime)[0] - minute * 60e6) / 3600e6;
    // A minute may hold the job that brought it there and the one that was refused.
    assert.ok(Number.isNaN(hours()) || hours() > -1 / 60, `it came ${hours()} h before the gauge was at ${level}`);
    // Some six jobs come in an hour.
    simulation.run((minute + 120) * 60e6);
    assert.ok(hours() < 2, `it came ${hours()} h after the gauge was at ${level}`);
  });
}

test("limits follow from the settings: the lowest level at which one more is refused", () => {
  const levels = printServers.limits!(
    valuesOf(printServers, {
      dcsMax: 250,
      dcsPerGdiInstance: 1,
      gdiHandlesMax: 16_384,
      gdiHandlesPerGdiInstance: 4,
      pagedPoolBytesMax: 1e8,
      poolBytesPerGdiInstance: 1000,
      handlesMax: 15_000,
      nonpagedPoolBytesMax: 5e7,
      ramBytes: 1e8,
      pagefileBytes: 1e8,
      commitBytesBase: 5e7,
      heapBytesPerInstance: 20_000,
      heapBytesPerJob: 500,
    }),
  ).map(({ eventTime, level, most }) => [eventTime, level, most]);
  assert.deepEqual(levels, [
    ["dcCeilingUs", 250, 250],
    ["gdiCeilingUs", 16_381, 16_384],
    ["poolCeilingUs", 1e8 - 999, 1e8],
    ["exhaustedUs", 1.5e8 - 19_999, 1.5e8],
    ["handlesCeilingUs", 15_001, 15_000],
    ["nonpagedCeilingUs", 5e7 + 1, 5e7],
  ]);
});

test("a limit is of an existing gauge, and its event time has that role", () => {
  for (const { response, eventTime } of printServers.limits!(valuesOf(printServers, {}))) {
    const roleOf = (name: string) => printServers.responses.find((one) => one.name === name)?.role;
    assert.deepEqual([roleOf(response), roleOf(eventTime)], ["gauge", "eventTime"]);
  }
});
