/** lab/studies/policy-costs.ts: a year of a policy, of fleets that are computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acrossWorlds,
  cheapestFix,
  policyYear,
  type PolicyCost,
  type PolicyYear,
} from "../../../lab/studies/policy-costs.ts";
import type { Fate } from "../../../lab/studies/policy-fate.ts";
import { itemAt } from "../../../lab/lists.ts";
import { meanEstimate } from "../../../statistics/estimate.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { DAY_US, upkeep, model, prices, valuesOf, yearOf } from "../../cases/year-by-hand.ts";

test("recurring costs are extended to the year, and costs of what restarts clear are not", () => {
  const { costs, fate, perServerDay } = yearOf({ staff: (day) => 2 * day, waiting: () => 5, starts: (day) => day });
  assert.deepEqual([fate.kind, fate.isUnscheduled], ["restarted", true]);
  assert.deepEqual([...costs], [10 * (2 * 365) + 10 * 5]);
  assert.equal(yearOf({ starts: (day) => day }, 2).fate.isUnscheduled, false);
  assert.deepEqual(perServerDay, [2, 0.5]);
});

test("with own prices, the interval of a year is that of the sums of the replications", () => {
  // Three replications of a server in 10 days: hours of staff at 50, and jobs that wait at 3 for each 4 of them.
  const [staff, waiting] = [Float64Array.of(1, 2, 6), Float64Array.of(40, 8, 16)];
  const totals = (_: number, name: string, sample = -1) => {
    const all = name === "staff" ? staff : name === "waiting" ? waiting : Float64Array.of(0, 0, 0);
    return all.map((total) => (sample < 0 ? total : (total * (sample + 1)) / 10));
  };
  const times = () => Array.from({ length: 10 }, (_, day) => (day + 1) * DAY_US);
  const servers = (_: number, name: string) => Float64Array.of(NaN, NaN, NaN).fill(name.endsWith("Us") ? NaN : 0);
  const values = valuesOf({ times, servers, totals });
  const point = { scenario: { servers: 1, horizonDays: 10, parameters: {} }, resolved: { model, values: 0 } };
  const plan = { points: [point], experiment: { replications: 3 } } as unknown as Plan;
  const own = [
    { ...prices[0]!, amount: 50 },
    { ...prices[1]!, amount: 3, size: 4 },
  ];
  const { value, lower, upper } = meanEstimate(policyYear(plan, values, 0, { prices: own, upkeep, scale: 1 }).costs);
  // 50 * 1 + 3 * 10 = 80, 50 * 2 + 3 * 2 = 106 and 50 * 6 + 3 * 4 = 312, each 36.5 times a year: mean 6059, standard
  // deviation 36.5 * sqrt(16156); 4.30265 is t(0.975) with 2 degrees of freedom.
  const halfWidth = (4.30265 * 36.5 * Math.sqrt(16156)) / Math.sqrt(3);
  assert.ok(Math.abs(value - 6059) < 1e-9);
  for (const width of [value - lower, upper - value]) assert.ok(Math.abs(width - halfWidth) < 0.05, String(width));
});

test("a fix is paid once, and recurring costs recur", () => {
  const { costs, fate } = yearOf({
    staff: (day) => (day < 3 ? 0 : 100 + (day - 3)),
    fixedUs: () => 3 * DAY_US,
    starts: () => 1,
    visits: () => 1,
  });
  assert.equal(fate.kind, "fixed");
  assert.deepEqual([...costs], [10 * (107 + 355)]);
});

test("a backlog that falls after the last change is no income", () => {
  // Ten jobs a day wait until the fix of day 4, which prints ten a day.
  const waiting = (day: number) => (day <= 4 ? 10 * day : Math.max(0, 80 - 10 * day));
  const fix = { visits: (day: number) => Number(day >= 4), waiting };
  const fixed = yearOf({ ...fix, fixedUs: () => 4 * DAY_US }, 0, upkeep, 7);
  assert.deepEqual([fixed.fate.kind, ...fixed.costs], ["fixed", 100]);
  // The same on a server that ran out and that the change does not fix.
  const ranOut = yearOf({ ...fix, noticedUs: () => 3 * DAY_US }, 0, upkeep, 7);
  assert.deepEqual([ranOut.fate.kind, ...ranOut.costs], ["ran-out", 100]);
});

test("jobs that are stuck until the backlog has printed are paid once", () => {
  // Until the fix of day 4, ten job-days a day; the backlog takes another day to print. Then one hour of staff a day.
  const stuck = (day: number) => 10 * Math.min(day, 5);
  const staff = (day: number) => stuck(day) + Math.max(0, day - 5);
  const { costs, fate } = yearOf({ stuck, staff, fixedUs: () => 4 * DAY_US, visits: (day) => Number(day >= 4) });
  assert.deepEqual([fate.kind, ...costs], ["fixed", 10 * (50 + 360)]);
});

test("what has the fix is restarted by the calendar, at the pace of whole intervals since the fix", () => {
  // Restarts on days 3, 6 and 9, each read on the next day. Fixed on day 2: two whole intervals since day 4.
  const starts = (day: number) => Math.ceil(day / 3) - 1;
  const { costs, fate } = yearOf({ staff: starts, starts, fixedUs: () => 2 * DAY_US, visits: () => 1 }, 3);
  assert.equal(fate.kind, "fixed");
  assert.ok(Math.abs(itemAt([...costs], 0) - (10 * 363) / 3) < 1e-9, costs.join());
});

test("where nothing leaks, restarts by the calendar cost what they cost elsewhere", () => {
  const starts = (day: number) => Math.ceil(day / 3) - 1;
  const { costs, fate } = yearOf({ staff: starts, starts, units: () => 0 }, 3);
  assert.equal(fate.kind, "restarted");
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (365 / 3)) < 1e-9, costs.join());
});

test("what is changed on restarted servers is paid once", () => {
  const starts = (day: number) => Math.ceil(day / 3) - 1 + (day < 3 ? 0 : 1);
  const visits = (day: number) => (day < 3 ? 0 : 1);
  const staff = (day: number) => Math.ceil(day / 3) - 1 + 50 * visits(day);
  const { costs, fate } = yearOf({ staff, starts, visits }, 3);
  assert.equal(fate.kind, "restarted");
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (50 + 362 / 3)) < 1e-9, costs.join());
});

test("what is changed after the fix is paid once, too", () => {
  const visits = (day: number) => (day < 2 ? 0 : day < 6 ? 1 : 2);
  const { costs, fate } = yearOf({ staff: (day) => 50 * visits(day) + day, fixedUs: () => 2 * DAY_US, visits });
  assert.equal(fate.kind, "fixed");
  assert.deepEqual([...costs], [10 * (2 * 50 + 365)]);
  const late = yearOf({ staff: (day) => (day < 10 ? 0 : 50), fixedUs: () => 10 * DAY_US, visits: () => 1 });
  assert.deepEqual([...late.costs], [10 * 50]);
});

test("the repair of harm is paid once, although it comes after the last change", () => {
  // Changed on day 2, repaired for 50 on day 5; then 1 a day.
  const repaired = { ...upkeep, repair: () => 3 * DAY_US } as typeof upkeep;
  const harm = { harmedUs: () => 2 * DAY_US, fixedUs: () => 2 * DAY_US, visits: () => 1 };
  const { costs, fate } = yearOf({ ...harm, staff: (day) => (day < 5 ? 0 : 50) + day }, 0, repaired);
  assert.deepEqual([fate.kind, fate.harmed], ["fixed", 1]);
  assert.deepEqual([...costs], [10 * (50 + 365)]);
});

test("worlds are observations: their mean, the worst fate, and the widest outlook", () => {
  const world = (cost: number, kind: Fate["kind"], days: number): PolicyYear => ({
    amounts: [Float64Array.of(cost, cost + 2)],
    costs: Float64Array.of(cost, cost + 2),
    seen: Float64Array.of(1, 1),
    perServerDay: [cost],
    fate: {
      kind,
      outlook: { days, between: { lower: days / 2, upper: 2 * days } } as Fate["outlook"],
      harmed: 1,
      fixed: 0,
    },
    drains: true,
    isRare: cost > 5,
  });
  const all = acrossWorlds([world(0, "lasts", 900), world(10, "ran-out", 20), world(20, "ran-out", 30)]);
  assert.deepEqual([...all.costs], [1, 11, 21]);
  assert.equal(all.fate.isUnscheduled, false);
  assert.equal(all.fate.ranOut, undefined);
  const late = world(20, "restarted", 30);
  const mixed = acrossWorlds([late, { ...late, fate: { ...late.fate, ranOut: "all" } }]);
  assert.equal(mixed.fate.ranOut, "some");
  const may = acrossWorlds([late, { ...late, fate: { ...late.fate, ranOut: "may" } }]);
  assert.equal(may.fate.ranOut, "may");
  assert.deepEqual([all.fate.kind, all.fate.harmed, all.fate.outlook!.days], ["ran-out", 3, 30]);
  assert.deepEqual(all.fate.outlook!.between, { lower: 10, upper: 1800 });
  assert.deepEqual([all.perServerDay[0], all.isRare, all.drains], [10, true, true]);
  assert.deepEqual(
    all.fate.outlook!.worlds!.map(({ days }) => days),
    [20, 30, 900],
  );
  const sure = { ...late, isRare: false };
  const rare = [sure, sure, { ...late, isRare: true }];
  assert.deepEqual([acrossWorlds([sure, sure, sure]).isRare, acrossWorlds(rare).isRare], [false, true]);
  const even = acrossWorlds([world(0, "lasts", 9000), world(0, "ran-out", 20)]);
  assert.equal(even.fate.outlook!.days, 20, "in half of the worlds nothing runs out later");
  const piling = { ...world(0, "ran-out", 20), drains: false };
  assert.equal(acrossWorlds([world(0, "lasts", 900), world(0, "lasts", 900), piling]).drains, false);
});

test("a resource that every server ran out of continues at the current pace", () => {
  const { costs, fate } = yearOf({ waiting: (day) => Math.max(0, day - 4), noticedUs: () => 4 * DAY_US });
  assert.equal(fate.kind, "ran-out");
  assert.deepEqual([...costs], [10 * (6 + 355)]);
});

test("a queue that empties again is drained, and one that only grows is not", () => {
  const noticed = { noticedUs: () => DAY_US };
  // The pace of the total is the number of jobs that are stuck.
  assert.equal(yearOf({ ...noticed, stuck: (day) => day * day }).drains, false);
  assert.equal(yearOf({ ...noticed, stuck: (day) => 10 * Math.floor(day / 4) + (day % 4) }).drains, false);
  assert.equal(yearOf({ ...noticed, stuck: (day) => 10 * Math.floor(day / 4) }).drains, true);
  assert.equal(yearOf({}).drains, true);
});

test("a queue that is as long in each week is cleared, and one that grows is not", () => {
  const of = (stuck: (day: number) => number, horizonDays: number) => {
    return yearOf({ noticedUs: () => DAY_US, stuck }, 0, upkeep, horizonDays).drains;
  };
  // Five jobs, and ten from Friday to Sunday.
  const steady = (day: number) => 5 * day + 15 * Math.floor(day / 7) + 5 * Math.max(0, (day % 7) - 4);
  for (const horizonDays of [28, 31, 60, 121]) {
    assert.equal(of(steady, horizonDays), true, `${horizonDays} days`);
    assert.equal(
      of((day) => day * day, horizonDays),
      false,
      `${horizonDays} days`,
    );
  }
  assert.equal(of(steady, 27), false, "too few days");
});

/** Users soon have a server restarted. */
const rescued = { ...upkeep, restart: { ...upkeep.restart, isRescued: () => true } } as unknown as Upkeep;

test("if jobs are stuck before scheduled restarts, the queue may grow from one to the next", () => {
  const of = (stuck: (day: number) => number, kept = upkeep, days = 10) => {
    return yearOf({ starts: (day) => Math.ceil(day / 5) - 1, stuck, noticedUs: () => 4 * DAY_US }, 5, kept, days)
      .drains;
  };
  // A job is stuck on the fourth and fifth day of each interval.
  const beforeRestarts = (day: number) => 2 * Math.floor(day / 5) + Math.max(0, (day % 5) - 3);
  assert.equal(of(beforeRestarts), false);
  // Printed a day before the restart; lost instead of carried over; or seen for a year.
  const untilTheFourthDay = (day: number) => 2 * Math.floor(day / 5) + Math.min(2, Math.max(0, (day % 5) - 2));
  assert.equal(of(untilTheFourthDay), true);
  const losing = { ...upkeep, restart: { ...upkeep.restart, losesSome: () => ["waiting"] } } as unknown as Upkeep;
  assert.equal(of(beforeRestarts, losing), true);
  assert.equal(of(beforeRestarts, rescued), true);
  assert.equal(of(beforeRestarts, upkeep, 365), true);
  // A fix with the first restart clears what was left over.
  const fix = { fixedUs: () => 5 * DAY_US, visits: (day: number) => Number(day >= 5), starts: () => 2 };
  const fixed = yearOf({ ...fix, stuck: (day) => Math.max(0, Math.min(day, 5) - 3), noticedUs: () => 4 * DAY_US }, 5);
  assert.deepEqual([fixed.fate.kind, fixed.drains], ["fixed", true]);
});

test("if something often runs out before the level that restarts a server, the queue may grow", () => {
  const of = (rise: number, from = upkeep, columns: object = {}, days = 10) => {
    const trigger = () => ({ leaks: ["units"], rise });
    const kept = { ...from, restart: { ...from.restart, trigger } } as unknown as Upkeep;
    const stuck = (day: number) => 2 * Math.floor(day / 4);
    const own = { units: (day: number) => 11 * day, starts: (day: number) => Math.floor(day / 4), stuck, ...columns };
    return yearOf(own, 0, kept, days).drains;
  };
  // The same leaks raise both: a level of 50 comes after the limit of 40, and one of 30 before.
  assert.deepEqual([of(50), of(30)], [false, true]);
  // Users have the server restarted; no job is stuck; or a year is simulated.
  assert.equal(of(50, rescued), true);
  assert.equal(of(50, upkeep, { stuck: () => 0 }), true);
  assert.equal(of(50, upkeep, {}, 365), true);
});

test("one-time costs in the simulated days are not extended to the year", () => {
  const { seen, costs } = yearOf({ staff: (day) => 2 * day });
  assert.deepEqual([...seen], [10 * 20]);
  assert.deepEqual([...costs], [10 * 730]);
});

test("the cheapest fix is chosen among those on every server that did no harm", () => {
  const policy = (name: string, value: number, kind: Fate["kind"], harmed: number) => {
    const fates = [{ kind, harmed, fixed: 0, outlook: undefined }];
    return { name, fates, cost: { value } } as unknown as PolicyCost;
  };
  const policies = [
    policy("wait", 0, "ran-out", 0),
    policy("trap", 1, "fixed", 6),
    policy("dear", 3, "fixed", 0),
    policy("fix", 2, "fixed", 0),
  ];
  assert.equal(cheapestFix(policies)?.name, "fix");
  assert.equal(cheapestFix(policies.slice(0, 2)), undefined);
  assert.equal(policies[0].name, "wait", "what was handed in keeps its order");
});

test("jobs that a restart does not take back are lost in every interval of the year", () => {
  // A job is lost on each of ten days.
  const columns = { waiting: (day: number) => day, starts: (day: number) => day };
  const losing = { ...upkeep, restart: { ...upkeep.restart, losesSome: () => ["waiting"] } };
  assert.equal(itemAt([...yearOf(columns, 1).costs], 0), 10 * 10);
  assert.equal(itemAt([...yearOf(columns, 1, losing).costs], 0), 10 * 365);
});
