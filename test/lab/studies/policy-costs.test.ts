/** lab/studies/policy-costs.ts: a year of a policy, of fleets that are computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HorizonValues } from "../../../lab/analysis/horizon-values.ts";
import {
  AFTER_HORIZON_DAYS,
  acrossWorlds,
  cheapestFix,
  isRare,
  policyYear,
  sampleHoursOf,
  type Fate,
  type PolicyCost,
  type PolicyYear,
} from "../../../lab/studies/policy-costs.ts";
import { firstOutDay } from "../../../lab/studies/outlook.ts";
import { itemAt } from "../../../lab/lists.ts";
import { meanEstimate } from "../../../statistics/estimate.ts";
import type { Price } from "../../../lab/studies/prices.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";

const DAY_US = 86400e6;
const upkeep = {
  noticed: "noticedUs",
  fixed: "fixedUs",
  harmed: "harmedUs",
  waiting: "stuck",
  leak: "units",
  restart: {
    response: "starts",
    takesBack: ["waiting"],
    times: (every: number, until: number) => calendarOf(every, until),
  },
  canaries: { made: "visits" },
} as unknown as Upkeep;

/** Restarts every so many days; none for 0. */
function calendarOf(everyDays: number, until: number): number[] {
  if (everyDays === 0) return [];
  return Array.from({ length: Math.ceil(until / DAY_US / everyDays) - 1 }, (_, i) => (i + 1) * everyDays * DAY_US);
}

const model = {
  responses: [
    { name: "units", unit: "1", role: "leak", meaning: "", ceiling: "fullUs", leakSize: 1 },
    { name: "staff", unit: "1", role: "total", meaning: "" },
    { name: "waiting", unit: "1", role: "gauge", meaning: "" },
  ],
  limits: () => [{ response: "level", eventTime: "fullUs", level: 40 }],
};

const prices: Price[] = ["staff", "waiting"].map((response) => ({
  name: response,
  amount: 10,
  response,
  size: 1,
  meaning: "",
}));

/** Values that these functions give, with the accessors that follow from them. */
function valuesOf(given: Partial<HorizonValues>): HorizonValues {
  return Object.assign(Object.create(HorizonValues.prototype) as HorizonValues, given);
}

/** One server in one replication: what a response came to, day by day. */
function yearOf(
  columns: Readonly<Record<string, (day: number) => number>>,
  restartEveryDays = 0,
  kept = upkeep,
  horizonDays = 10,
  sampleHours = 24,
  scale = 1,
  own: object = model,
) {
  const dayOf = (sample: number) => Math.min(((sample + 1) * sampleHours) / 24, horizonDays);
  const at = (name: string, sample: number) => columns[name]?.(sample < 0 ? horizonDays : dayOf(sample)) ?? 0;
  const read = (_: number, name: string, sample = -1) => {
    return Float64Array.of(name.endsWith("Us") && columns[name] === undefined ? NaN : at(name, sample));
  };
  const samples = Math.ceil((24 * horizonDays) / sampleHours);
  const times = () => Array.from({ length: samples }, (_, sample) => dayOf(sample) * DAY_US);
  const values = valuesOf({ times, servers: read, totals: read });
  const point = {
    scenario: { servers: 1, horizonDays, parameters: { every: 24 * restartEveryDays } },
    resolved: { model: own, values: restartEveryDays },
  };
  const plan = { points: [point], experiment: { replications: 1 } } as unknown as Plan;
  return policyYear(plan, values, 0, { prices, upkeep: kept, scale });
}

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

test("an unfinished interval of restarts without a calendar counts as the share that its leaks are of a finished one", () => {
  // A leak a day, and a restart on day 6.5, between two samples: in 10 days, 10 / 6.5 intervals and not one.
  const starts = (day: number) => Number(day >= 7);
  const { costs, fate } = yearOf({ staff: starts, starts, units: (day) => day });
  assert.deepEqual([fate.kind, fate.isUnscheduled], ["restarted", false]);
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (1 + 355 / 6.5)) < 1e-9, costs.join());
  // Leaks are no clock if there are none, or if intervals have one, three and one of them.
  assert.equal(yearOf({ staff: starts, starts }).fate.isUnscheduled, true);
  const uneven = (day: number) => Number(day >= 1) + Number(day >= 9) + Number(day >= 10);
  assert.equal(yearOf({ staff: uneven, starts: uneven, units: (day) => day }).fate.isUnscheduled, true);
});

test("restarts of some of the servers count by the leaks of all, if nothing runs out on the others", () => {
  // Two servers have a leak in two days. One is restarted after 4 leaks; the other has had 3 by the end.
  const leaks = (sample: number) => ((sample < 0 ? 10 : sample + 1) * 4) / 8;
  const starts = (sample: number) => Number((sample < 0 ? 10 : sample + 1) > 8);
  const servers = (_: number, name: string, sample = -1) => {
    if (name.endsWith("Us")) return Float64Array.of(NaN, NaN);
    if (name === "units") return Float64Array.of(leaks(sample), leaks(sample) * 0.6);
    return Float64Array.of(name === "starts" || name === "staff" ? starts(sample) : 0, 0);
  };
  const totals = (point: number, name: string, sample = -1) =>
    Float64Array.of(servers(point, name, sample).reduce((all, one) => all + (one >= 0 ? one : 0), 0));
  const times = () => Array.from({ length: 10 }, (_, day) => (day + 1) * DAY_US);
  const lasting = { ...model, limits: () => [{ response: "level", eventTime: "fullUs", level: 4000 }] };
  const point = { scenario: { servers: 2, horizonDays: 10, parameters: {} }, resolved: { model: lasting, values: 0 } };
  const plan = { points: [point], experiment: { replications: 1 } } as unknown as Plan;
  const { costs, fate } = policyYear(plan, valuesOf({ times, servers, totals }), 0, { prices, upkeep, scale: 1 });
  assert.equal(fate.kind, "lasts");
  // The restart falls between days 8 and 9, at 4.25 leaks; there are 5 + 3 leaks in all.
  assert.ok(Math.abs(itemAt([...costs], 0) - 10 * (1 + ((8 / 4.25) * 355) / 10)) < 1e-9, costs.join());
});

test("what runs out before a restart or a fix is not hidden by it", () => {
  const starts = (day: number) => Math.ceil(day / 5 - 1e-9) - 1;
  const of = (more: Parameters<typeof yearOf>[0], every = 5, scale = 1) => {
    const kept = { ...upkeep, restart: { ...upkeep.restart, parameter: "every" } };
    const { fate } = yearOf({ starts, ...more }, every, kept, 10, 24, scale);
    return [fate.kind, fate.ranOut];
  };
  // Forty leaks are the end. At 5 a day, they come on day 8, and now and then before a restart every 5 days.
  assert.deepEqual(of({ units: (day) => day }), ["restarted", undefined]);
  assert.deepEqual(of({ units: (day) => 5 * day }), ["restarted", "may"]);
  // At 4 a day, before 5e-5 of the restarts (R's pgamma(20, 40)): 0.004 times a year on one server, 1.6 times on 400.
  assert.deepEqual(of({ units: (day) => 4 * day }), ["restarted", undefined]);
  assert.deepEqual(of({ units: (day) => 4 * day }, 5, 400), ["restarted", "may"]);
  assert.deepEqual(of({ units: (day) => 9 * day, noticedUs: () => 4.4 * DAY_US }), ["restarted", "all"]);
  const fix = { fixedUs: () => 5 * DAY_US, visits: () => 1, starts: () => 1 };
  assert.deepEqual(of({ ...fix, noticedUs: () => 4 * DAY_US }, 0), ["fixed", "all"]);
  assert.deepEqual(of(fix, 0), ["fixed", undefined]);
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

test("a year has as many restarts as its calendar, wherever the horizon is", () => {
  // Read just before the day's restart.
  for (const every of [2, 3, 5]) {
    const starts = (day: number) => Math.ceil(day / every - 1e-9) - 1;
    for (const horizonDays of [9, 10, 11, 12, 13, 14, 15]) {
      const { costs, fate } = yearOf({ staff: starts, starts }, every, upkeep, horizonDays);
      assert.equal(fate.kind, "restarted");
      const restarts = itemAt([...costs], 0) / 10;
      assert.ok(Math.abs(restarts - 365 / every) < 1e-9, `${restarts} every ${every} days, of ${horizonDays} days`);
    }
  }
});

test("simulated shortly beyond the horizon, all intervals count, and what each takes at its end", () => {
  // A restart on days 5 and 10 takes 1; jobs wait for 3 days before the first of them, and for 1 before the second.
  const columns = {
    staff: (day: number) => Number(day > 5) + Number(day > 10),
    starts: (day: number) => Number(day > 5) + Number(day > 10),
    waiting: (day: number) => Math.min(3, Math.max(0, day - 2)) + Math.min(1, Math.max(0, day - 9)),
  };
  const { costs } = yearOf(columns, 5, { ...upkeep, restart: { ...upkeep.restart, takesBack: [] } }, 10 + 1 / 96);
  const perDay = (10 * 2 + 10 * 4) / (10 + 1 / 96);
  assert.ok(Math.abs(itemAt([...costs], 0) - 365 * perDay) < 1e-9, costs.join());
});

test("what has the fix is restarted by the calendar, at the pace of whole intervals since the fix", () => {
  // Restarts on days 3, 6 and 9, each read on the next day. Fixed on day 2: two whole intervals since day 4.
  const starts = (day: number) => Math.ceil(day / 3) - 1;
  const { costs, fate } = yearOf({ staff: starts, starts, fixedUs: () => 2 * DAY_US, visits: () => 1 }, 3);
  assert.equal(fate.kind, "fixed");
  assert.ok(Math.abs(itemAt([...costs], 0) - (10 * 363) / 3) < 1e-9, costs.join());
});

test("a calendar of which the simulated days contain no whole interval has no known year, and more days give one", () => {
  const of = (every: number, fixedOn?: number, horizonDays = 10, sampleHours = 24) => {
    const starts = (day: number) => Math.ceil(day / every - 1e-9) - 1;
    const visits = (day: number) => Number(day >= fixedOn!);
    const fixed = fixedOn === undefined ? {} : { fixedUs: () => fixedOn * DAY_US, visits };
    const { fate } = yearOf({ staff: starts, starts, ...fixed }, every, upkeep, horizonDays, sampleHours);
    return [fate.kind, fate.daysNeeded];
  };
  // Fixed on day 8 of 10: a restart on day 9 is not one in two days. On day 4, six days are left, one fewer than seven.
  assert.deepEqual(of(3, 8), ["unseen", 11]);
  assert.deepEqual(of(7, 4), ["unseen", 11]);
  assert.deepEqual(of(7, 3), ["fixed", undefined]);
  // No restart in the simulated days does not mean none in the year.
  assert.deepEqual(of(14), ["unseen", 14]);
  assert.deepEqual(of(30), ["unseen", 30]);
  assert.deepEqual(of(300), ["unseen", 300]);
  assert.deepEqual(of(366), ["lasts", undefined]);
  assert.deepEqual(of(7), ["restarted", undefined]);
  // The days that it asks for are enough, and a day less is not.
  for (const [every, fixedOn] of [[14], [30], [300], [10.5], [3, 8], [7, 4], [2.5, 9], [5, 10], [13.4, 1]] as const) {
    const daysNeeded = Number(of(every, fixedOn)[1]);
    for (const [days, isUnseen] of [
      [daysNeeded - 1, true],
      [daysNeeded, false],
    ] as const) {
      const [kind] = of(every, fixedOn, days + AFTER_HORIZON_DAYS, sampleHoursOf(days));
      assert.equal(kind === "unseen", isUnseen, `${every} in ${days} days`);
    }
  }
});

test("what the fix leaves leaking runs out later, counted from the fix", () => {
  const of = (units: (day: number) => number, more: Record<string, (day: number) => number> = {}, everyDays = 0) => {
    return yearOf({ fixedUs: () => 2 * DAY_US, visits: () => 1, units, ...more }, everyDays).fate;
  };
  // Room for forty leaks; one a day, also after the fix on day 2.
  const { kind, outlook } = of((day) => day);
  assert.deepEqual([kind, outlook!.days, outlook!.perDay], ["runs-out", 2 + 40, 1]);
  assert.ok(Math.abs(firstOutDay(outlook!, 1) - outlook!.between.lower) < 1e-9);
  assert.ok(firstOutDay(outlook!, 400) > 2 && firstOutDay(outlook!, 400) < outlook!.between.lower);
  assert.equal(of((day) => Math.min(day, 2)).kind, "fixed");
  // A calendar returns it again; what ran out after the fix did not run out before it.
  assert.equal(of((day) => day, { starts: (day) => day - 1 }, 1).kind, "restarted");
  const before = of((day) => Math.min(day, 2), { noticedUs: () => 1 * DAY_US });
  const after = of((day) => Math.min(day, 2), { noticedUs: () => 3 * DAY_US });
  assert.deepEqual([before.kind, before.ranOut, after.kind, after.ranOut], ["fixed", "all", "fixed", undefined]);
});

test("a fix that few days follow is not known to end the other leaks", () => {
  // A unit on each working day, from Monday on; the fix of Saturday leaves this leak, or ends it.
  const worked = (day: number) => 5 * Math.floor(day / 7) + Math.min(day % 7, 5);
  const of = (units: (day: number) => number, horizonDays: number, kept: Upkeep) => {
    return yearOf({ fixedUs: () => 5 * DAY_US, visits: (day) => Number(day > 5), units }, 0, kept, horizonDays).fate;
  };
  const others = { ...upkeep, otherLeaks: ["units"] };
  assert.deepEqual([of(worked, 7, upkeep).kind, of(worked, 7, others).kind], ["fixed", "unseen"]);
  const { isBrief, daysNeeded } = of(worked, 7, others);
  assert.deepEqual([isBrief, daysNeeded], [true, 12]);
  const ending = (day: number) => Math.min(worked(day), 5);
  assert.deepEqual([of(ending, 7, others).kind, of(ending, 12, others).kind], ["unseen", "fixed"]);
  // Five units a week, whatever the horizon.
  for (const horizonDays of [12, 14, 16, 19, 21, 26]) {
    const { kind, outlook } = of(worked, horizonDays, others);
    assert.deepEqual([kind, outlook!.perDay], ["runs-out", 5 / 7], String(horizonDays));
  }
});

test("restarts that do not return a leak do not keep it from filling up", () => {
  const columns = { staff: (day: number) => day, starts: (day: number) => day, units: (day: number) => day };
  const keeping = { ...upkeep, restart: { ...upkeep.restart, keeps: () => ["units"] } } as unknown as Upkeep;
  for (const everyDays of [0, 1]) {
    assert.equal(yearOf(columns, everyDays).fate.kind, "restarted");
    const { kind, isKept, outlook } = yearOf(columns, everyDays, keeping).fate;
    assert.deepEqual([kind, isKept, outlook!.days], ["runs-out", true, 40]);
  }
  const noticed = { ...columns, noticedUs: () => 4 * DAY_US };
  assert.equal(yearOf(noticed, 1, keeping).fate.kind, "ran-out");
});

test("a resource that may run out is not hidden by one of which nothing leaked in few days", () => {
  // Room for one unit that never leaked, by the rule of three until day 3.3 / 3; and for forty that leak.
  const twice = {
    responses: [
      ...model.responses,
      { name: "never", unit: "1", role: "leak", meaning: "", ceiling: "goneUs", leakSize: 1 },
    ],
    limits: () => [...model.limits(), { response: "never", eventTime: "goneUs", level: 1 }],
  };
  const { kind, outlook } = yearOf({ units: (day) => day }, 0, upkeep, 10, 24, 1, twice).fate;
  assert.deepEqual([kind, outlook!.resource.name], ["runs-out", "level"]);
});

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

test("the repair of harm is paid once, although it comes after the last change", () => {
  // Changed on day 2, repaired for 50 on day 5; then 1 a day.
  const repaired = { ...upkeep, repair: () => 3 * DAY_US } as typeof upkeep;
  const harm = { harmedUs: () => 2 * DAY_US, fixedUs: () => 2 * DAY_US, visits: () => 1 };
  const { costs, fate } = yearOf({ ...harm, staff: (day) => (day < 5 ? 0 : 50) + day }, 0, repaired);
  assert.deepEqual([fate.kind, fate.harmed], ["fixed", 1]);
  assert.deepEqual([...costs], [10 * (50 + 365)]);
});

test("a cost sum is rare if few of many servers ran out, or none did before restarts that come too late", () => {
  const of = (noticed: readonly number[], restartEveryHours: number, leaksPerDay: number) => {
    const times = [10 * DAY_US];
    const columns: Record<string, Float64Array> = {
      noticedUs: Float64Array.from(noticed),
      units: Float64Array.from(noticed, () => 10 * leaksPerDay),
      fixedUs: Float64Array.from(noticed, () => NaN),
    };
    const values = {
      times: () => times,
      servers: (_: number, name: string) => columns[name],
    } as unknown as HorizonValues;
    const scenario = { servers: noticed.length, horizonDays: 10, parameters: { every: restartEveryHours } };
    const plan = { points: [{ scenario, resolved: { model, values: {} } }], experiment: {} } as unknown as Plan;
    return isRare(plan, values, 0, { ...upkeep, restart: { ...upkeep.restart, parameter: "every" } });
  };
  const none = Array<number>(20).fill(NaN);
  assert.equal(of([...none, DAY_US, DAY_US], 0, 4), true, "two of 22");
  assert.equal(of([DAY_US, DAY_US], 0, 4), false, "all");
  // Forty leaks are the end: at 4 a day a restart every week comes too late now and then, one every day never does.
  assert.equal(of(none, 168, 4), true);
  assert.equal(of(none, 24, 4), false);
  assert.equal(of(none, 0, 4), false, "what is never restarted runs out");
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
});

test("a resource that every server ran out of continues at the current pace", () => {
  const { costs, fate } = yearOf({ waiting: (day) => Math.max(0, day - 4), noticedUs: () => 4 * DAY_US });
  assert.equal(fate.kind, "ran-out");
  assert.deepEqual([...costs], [10 * (6 + 355)]);
});

test("a policy without costs before the horizon that runs out after it is distinguished from one that lasts", () => {
  const { fate } = yearOf({ units: (day) => 2 * day });
  assert.equal(fate.kind, "runs-out");
  assert.equal(fate.outlook!.days, 20);
  // One leak in ten days: 40 are expected on day 400, but the rate may be 5.57 in ten days (Garwood).
  const { kind, outlook } = yearOf({ units: (day) => (day === 10 ? 1 : 0) }).fate;
  assert.equal(kind, "runs-out");
  assert.ok(outlook!.days === 400 && outlook!.between.lower > 30 && outlook!.between.lower < 72);
  assert.equal(yearOf({ units: () => 0 }).fate.kind, "lasts", "nothing was seen to leak");
  const seldom = yearOf({ units: () => 0, starts: (day) => (day < 5 ? 0 : 0.5) });
  assert.deepEqual([seldom.fate.kind, seldom.fate.isUnscheduled], ["lasts", true]);
});

test("whether something runs out within the year is decided by the first server of the fleet", () => {
  // Ten leaks in 300 days, so at most 18.39 (Garwood). 40 of them take one server until day 466 at least, and the first
  // of 400 until day 329: R's qgamma(c(0.025, 1 - 0.975^(1/400)), 40) / (18.39 / 300).
  const of = (scale: number, kept = upkeep) => {
    return yearOf({ units: (day) => Math.floor(day / 30) }, 0, kept, 300, 24, scale).fate;
  };
  assert.deepEqual([of(1).kind, of(400).kind], ["lasts", "runs-out"]);
  assert.ok(Math.abs(firstOutDay(of(400).outlook!, 1) - 466.2) < 0.05);
  assert.ok(Math.abs(firstOutDay(of(400).outlook!, 400) - 329.0) < 0.05);
  const byLevel = { ...upkeep, restart: { ...upkeep.restart, trigger: () => ({ leaks: ["units"], rise: 39 }) } };
  assert.deepEqual([of(1, byLevel).kind, of(400, byLevel).kind], ["lasts", "unseen"]);
});

test("a year is unknown if servers reach the level that restarts them in it, but not in the simulated days", () => {
  const at = (level: number) => ({
    ...upkeep,
    restart: { ...upkeep.restart, trigger: () => ({ leaks: ["units"], rise: level }) },
  });
  // Two leaks a day reach a level of 30 on day 15, before the limit of 40; one of 50 is never reached.
  const units = (day: number) => 2 * day;
  assert.equal(yearOf({ units }, 0, at(30)).fate.kind, "unseen");
  assert.equal(yearOf({ units }, 0, at(50)).fate.kind, "runs-out");
  assert.equal(yearOf({ units, starts: (day) => Math.floor(day / 4) }, 0, at(30)).fate.kind, "restarted");
  // A leak in ten days may be one in two, which reaches a level of 37 within the year.
  const seldom = (day: number) => Number(day >= 10);
  assert.equal(yearOf({ units: seldom }, 0, at(37)).fate.kind, "unseen");
  assert.equal(yearOf({ units: seldom }, 0, at(50)).fate.kind, "runs-out");
  assert.equal(yearOf({}, 0, at(1)).fate.kind, "lasts", "without leaks, no level is reached");
});

test("the cost of restarts that follow no calendar is rare if fewer than ten of them happened", () => {
  const of = (starts: (day: number) => number, every = 0) =>
    yearOf({ staff: starts, starts, units: (day) => day }, every).isRare;
  assert.equal(
    of((day) => Number(day >= 7)),
    true,
  );
  assert.equal(
    of((day) => Math.max(0, day - 1)),
    true,
  );
  assert.equal(
    of((day) => day),
    false,
  );
  assert.equal(
    of((day) => Math.ceil(day / 5) - 1, 5),
    false,
    "by the calendar",
  );
});

test("a queue that empties again is drained, and one that only grows is not", () => {
  const noticed = { noticedUs: () => DAY_US };
  // The pace of the total is the number of jobs that are stuck.
  assert.equal(yearOf({ ...noticed, stuck: (day) => day * day }).drains, false);
  assert.equal(yearOf({ ...noticed, stuck: (day) => 10 * Math.floor(day / 4) + (day % 4) }).drains, false);
  assert.equal(yearOf({ ...noticed, stuck: (day) => 10 * Math.floor(day / 4) }).drains, true);
  assert.equal(yearOf({}).drains, true);
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
