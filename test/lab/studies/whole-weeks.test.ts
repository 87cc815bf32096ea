/** lab/studies/whole-weeks.ts: the sample from which whole weeks lead to the last, and rates that it makes right. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { itemAt } from "../../../lab/lists.ts";
import { wholeWeeksFrom } from "../../../lab/studies/whole-weeks.ts";
import { DAY_US, upkeep, yearOf } from "../../cases/year-by-hand.ts";

test("whole weeks lead to the last sample; less than a week counts whole", () => {
  // Samples at noon and at midnight; the last one is a quarter of an hour after day 15.
  const times = Array.from({ length: 31 }, (_, i) => ((i + 1) / 2) * DAY_US).with(30, (15 + 1 / 96) * DAY_US);
  const dayAt = (sample: number) => (sample + 1) / 2;
  assert.equal(dayAt(wholeWeeksFrom(-1, 30, times)), 1);
  assert.equal(wholeWeeksFrom(-1, 27, times), -1, "two weeks");
  assert.equal(dayAt(wholeWeeksFrom(-1, 26, times)), 6.5);
  assert.equal(wholeWeeksFrom(-1, 12, times), -1, "six days and a half");
  assert.equal(dayAt(wholeWeeksFrom(3, 30, times)), 8);
  assert.equal(wholeWeeksFrom(29, 30, times), 29);
  assert.equal(wholeWeeksFrom(30, 30, times), 30);
});

test("a year has the weekends of a year, although the simulated days have fewer", () => {
  // Five units a week, each with an hour of staff time, from Monday to Friday.
  const worked = (day: number) => 5 * Math.floor(day / 7) + Math.min(day % 7, 5);
  for (const horizonDays of [7, 8, 10, 12, 14, 19]) {
    const { fate, costs } = yearOf({ units: worked, staff: worked }, 0, upkeep, horizonDays);
    assert.equal(fate.outlook!.perDay, 5 / 7, String(horizonDays));
    assert.equal(itemAt([...costs], 0), 10 * (worked(horizonDays) + ((365 - horizonDays) * 5) / 7));
    // The fifth unit of each week restarts the service. A restart may lie anywhere between two samples.
    const starts = (day: number) => Math.floor(worked(day) / 5);
    const restarted = yearOf({ units: worked, staff: starts, starts }, 0, upkeep, horizonDays, 6);
    assert.deepEqual([restarted.fate.kind, restarted.fate.isUnscheduled], ["restarted", false]);
    const year = itemAt([...restarted.costs], 0) / 10;
    assert.ok(Math.abs(year - 365 / 7) < 1.5, `${year} restarts from ${horizonDays} days`);
  }
  // What runs out before the horizon counts from the start: the same weekend lies before it.
  const { outlook } = yearOf({ units: worked, noticedUs: () => 9 * DAY_US }, 0, upkeep, 14).fate;
  assert.equal(outlook!.perDay, 7 / 9);
});
