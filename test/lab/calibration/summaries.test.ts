/** lab/calibration/summaries.ts: readings of four days whose rise, scatter and swing are known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { summariesOf, summaryNames } from "../../../lab/calibration/summaries.ts";
import type { Response } from "../../../models/contract/responses.ts";

const gauge: Response = { name: "handles", unit: "1", role: "gauge", meaning: "-" };
const total: Response = { name: "jobs", unit: "1", role: "count", meaning: "-" };
const CELLS = 96;

function seen(value: (cell: number) => number, cuts: readonly number[] = []) {
  const readings = [Float64Array.from({ length: CELLS }, (_, cell) => value(cell))];
  return { readings, cuts: Uint8Array.from({ length: CELLS }, (_, cell) => Number(cuts.includes(cell))) };
}

/** 10 more a day, and 4 more for six of 24 hours. */
function office(cell: number): number {
  return 100 + 10 * Math.floor(cell / 24) + (cell % 24 >= 9 && cell % 24 < 15 ? 4 : 0);
}

test("a gauge rises evenly by the day and follows the current work", () => {
  assert.deepEqual([...summariesOf([seen(office)], [gauge], 4)], [10, 0, 1]);
  assert.deepEqual(
    summaryNames([gauge, total]).map(({ name }) => name),
    ["handles, rise", "handles, scatter of the rise", "handles, swing", "jobs, rise", "jobs, scatter of the rise"],
  );
});

test("days that rise unevenly scatter around their mean", () => {
  const rises = [0, 4, 16, 30];
  const [rise, scatter] = summariesOf([seen((cell) => rises[Math.floor(cell / 24)]!)], [gauge], 4);
  assert.equal(rise, 10);
  assert.ok(Math.abs(scatter! - Math.sqrt((36 + 4 + 16) / 3)) < 1e-12);
});

test("a restart is not a fall, and a gap is not a rise of one day", () => {
  const restarted = seen((cell) => office(cell) - (cell >= 48 ? 500 : 0), [48]);
  assert.deepEqual([...summariesOf([restarted], [gauge], 4)].slice(0, 2), [10, 0]);
  const gap = seen((cell) => (cell >= 24 && cell < 72 ? NaN : office(cell)));
  assert.deepEqual([...summariesOf([gap], [gauge], 4)].slice(0, 2), [10, 0]);
});

test("a total is read at the end of the day", () => {
  const [rise] = summariesOf([seen((cell) => 2 * (cell + 1))], [total], 4);
  assert.equal(rise, 48);
});
