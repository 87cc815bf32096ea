/** lab/studies/policy-changes.ts: changes and repairs that are over in the simulated days, and others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { fateOf } from "../../../lab/studies/policy-fate.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { DAY_US, simulatedByHand, upkeep, valuesOf, yearOf } from "../../cases/year-by-hand.ts";

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

test("changes that are undone after the simulated days have no known year, and undone ones are no fix", () => {
  const rollingBack = (undoneDays: number) => {
    const undoneBy = (_: unknown, servers: number, { harmedUs }: { harmedUs: readonly number[] }) => {
      assert.deepEqual([servers, harmedUs], [1, [2 * DAY_US]]);
      return undoneDays * DAY_US;
    };
    return { ...upkeep, undoneBy, canaries: { ...upkeep.canaries, undone: "undone" } } as unknown as Upkeep;
  };
  const [fixedUs, visits, harmedUs] = [() => 2 * DAY_US, () => 1, () => 2 * DAY_US];
  const kept = { staff: visits, fixedUs, visits, harmedUs };
  const { kind, daysNeeded } = yearOf(kept, 0, rollingBack(19.5)).fate;
  assert.deepEqual([kind, daysNeeded], ["unseen", 21]);
  assert.equal(yearOf(kept, 0, rollingBack(10)).fate.kind, "fixed");
  // Undone on day 8, after the sample of day 7: two days without a leak do not show that none is left.
  const undone = (day: number) => Number(day >= 8);
  const fate = yearOf({ ...kept, undone }, 0, rollingBack(8)).fate;
  assert.deepEqual([fate.kind, fate.unseen, fate.daysNeeded], ["unseen", "leaks-left", 14]);
  assert.equal(yearOf({ ...kept, undone: (day) => Number(day >= 3) }, 0, rollingBack(3)).fate.kind, "fixed");
});

test("servers that are changed one after another may run out before the last of them, whatever few simulated ones do", () => {
  // Fixed on day 2 of a leak of 4 a day, of which 40 are the end: the first of 100 servers runs out from day 5 on.
  const changedBy = (_: unknown, servers: number, each = 1) => servers * each * DAY_US;
  const inTurn = { ...upkeep, changedBy } as unknown as Upkeep;
  const columns = { fixedUs: () => 2 * DAY_US, visits: () => 1, units: (day: number) => 4 * Math.min(day, 2) };
  const of = (scale: number) => yearOf(columns, 0, inTurn, 10, 24, scale).fate;
  assert.deepEqual([of(1).kind, of(0.5).kind, of(2).kind], ["fixed", "fixed", "fixed"]);
  const { kind, unseen, daysNeeded } = of(100);
  assert.deepEqual([kind, unseen, daysNeeded], ["unseen", "in-turn", 101]);
  assert.equal(yearOf(columns, 1, inTurn, 10, 24, 100).fate.kind, "fixed", "restarted every day until then");
  assert.equal(yearOf(columns, 8, inTurn, 10, 24, 100).fate.unseen, "in-turn", "restarted every eight days until then");
  assert.deepEqual(
    [1, 4, 100].map((scale) => of(scale).changedDays),
    [2, 4, 100],
    "the fleet has been changed later than the simulated server",
  );
  const atOnce = simulatedByHand({ ...columns, units: () => 0 });
  const leaking = simulatedByHand({ units: (day) => 4 * day });
  const plan = { ...atOnce.plan, points: [...atOnce.plan.points, ...leaking.plan.points] } as Plan;
  const servers = (point: number, name: string, sample?: number) =>
    (point === 0 ? atOnce : leaking).values.servers(0, name, sample);
  const values = valuesOf({ times: (point) => atOnce.values.times(point), servers, totals: servers });
  const fates = [0, 1].map((present) => fateOf(plan, values, 0, { upkeep: inTurn, scale: 100 }, present));
  assert.deepEqual(
    fates.map(({ kind, unseen }) => unseen ?? kind),
    ["fixed", "in-turn"],
    "nothing leaks before the change; the servers that wait leak",
  );
});
