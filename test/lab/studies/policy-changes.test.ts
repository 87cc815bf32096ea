/** lab/studies/policy-changes.ts: changes and repairs that are over in the simulated days, and others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { DAY_US, upkeep, yearOf } from "../../cases/year-by-hand.ts";

test("changes that go on after the simulated days have no known year, and neither has harm that is repaired later", () => {
  const wanted = (changes: number) => ({ canaries: { ...upkeep.canaries, wanted: () => changes, ended: ["refused"] } });
  const [fixedUs, visits] = [() => 2 * DAY_US, () => 1];
  // The second visit costs as much as the first and is due on day 12 of 10.
  const columns = { staff: visits, fixedUs, visits };
  const kept = (changes: number, repairDays = 0) => {
    return { ...upkeep, ...wanted(changes), repair: () => repairDays * DAY_US } as unknown as Upkeep;
  };
  assert.equal(yearOf(columns, 0, kept(2)).fate.kind, "unseen");
  assert.equal(yearOf(columns, 0, kept(1)).fate.kind, "fixed");
  assert.equal(yearOf({ ...columns, refused: () => 1 }, 0, kept(2)).fate.kind, "fixed");
  assert.equal(yearOf({ staff: visits }, 0, kept(1)).fate.kind, "unseen", "a wave that is yet to come");
  const harm = { ...columns, harmedUs: () => 8 * DAY_US };
  assert.equal(yearOf(harm, 0, kept(1, 2)).fate.kind, "fixed");
  assert.equal(yearOf(harm, 0, kept(1, 3)).fate.kind, "unseen");
});

test("the days to simulate for all changes are those that the model plans, and more than the simulated ones", () => {
  const canaries = { ...upkeep.canaries, wanted: () => 2 };
  const of = (plannedDays: number, repairDays: number) => {
    const planned = { changedBy: () => plannedDays * DAY_US, repair: () => repairDays * DAY_US };
    return yearOf({ visits: () => 1 }, 0, { ...upkeep, ...planned, canaries }).fate.daysNeeded;
  };
  assert.equal(of(19.5, 0), 21);
  assert.equal(of(19.5, 3), 24);
  assert.equal(of(4, 0), 11, "planned for day 4, but not made in ten days");
  const { fate } = yearOf({ visits: () => 1 }, 0, { ...upkeep, canaries });
  assert.equal(fate.daysNeeded, 11, "of a model that plans no day");
});
