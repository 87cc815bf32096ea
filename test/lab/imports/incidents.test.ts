/** lab/imports/incidents.ts: restarts, gaps, wraps and resets, and what is none of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { IncidentFinder, type WatchedResponse } from "../../../lab/imports/incidents.ts";

const HOUR = 3600e6;
const bytes: WatchedResponse = { name: "bytes", isGivenBack: true, isTotal: false };
const handles: WatchedResponse = { name: "handles", isGivenBack: true, isTotal: false };
const jobs: WatchedResponse = { name: "jobs", isGivenBack: false, isTotal: true };

/** "kind at hour", of hourly readings. */
function found(
  responses: readonly WatchedResponse[],
  rows: readonly (readonly number[])[],
  process: readonly number[] = [],
) {
  const finder = new IncidentFinder(responses, HOUR);
  return rows.flatMap((values, hour) => {
    return finder
      .next(hour * HOUR, values, process[hour] ?? NaN)
      .map(({ kind, response }) => `${kind} ${response} at ${hour}`);
  });
}

/** A leak with a load that comes by day; the process ends at some hours. */
function leaking(hours: number, restarts: readonly number[]): number[][] {
  let leaked = 0;
  return Array.from({ length: hours }, (_, hour) => {
    const isDay = hour % 24 >= 8 && hour % 24 < 18;
    leaked = restarts.includes(hour) ? 0 : leaked + Number(isDay);
    const load = isDay ? (hour * 7) % 13 : 0;
    return [4e6 + 4096 * 20 * leaked + 65_536 * load, 150 + leaked];
  });
}

test("a restart of a leaking process is found once, at its first reading", () => {
  assert.deepEqual(found([bytes, handles], leaking(24 * 14, [])), []);
  assert.deepEqual(found([bytes, handles], leaking(24 * 14, [75, 240])), [
    "restart bytes at 75",
    "restart bytes at 240",
  ]);
});

test("a falling load is not a restart, however far it falls", () => {
  const busy = Array.from({ length: 24 * 14 }, (_, hour) => [4e6 + (hour % 24 < 12 ? 5e7 : 0), 150 + (hour % 24)]);
  assert.deepEqual(found([bytes, handles], busy), []);
});

test("another process ID is a restart, and the same process ID is not", () => {
  const flat = Array.from({ length: 6 }, () => [100, 10]);
  assert.deepEqual(found([bytes, handles], flat, [7, 7, 7, 9, 9, 9]), ["restart  at 3"]);
  const falling = [
    [100, 50],
    [100, 50],
    [20, 10],
  ];
  assert.deepEqual(found([bytes, handles], falling, [7, 7, 7]), []);
  assert.deepEqual(found([bytes, handles], falling), ["restart bytes at 2"]);
});

test("a missing reading is not a restart, and many missing ones are a gap", () => {
  const finder = new IncidentFinder([bytes], HOUR);
  const kinds = [0, 1, 3, 5.4, 8].flatMap((hour) => finder.next(hour * HOUR, [NaN], NaN).map(({ kind }) => kind));
  assert.deepEqual(kinds, ["gap"]);
});

test("a 32-bit counter that restarts near its maximum has wrapped; any other falling total was reset", () => {
  assert.deepEqual(found([bytes], [[4.29e9], [4.294e9], [1e5], [2e5]]), ["wrap bytes at 2"]);
  assert.deepEqual(found([jobs], [[4.29e9], [4.2949e9], [10], [20], [3]]), ["wrap jobs at 2", "reset jobs at 4"]);
});
