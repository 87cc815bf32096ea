/** lab/studies/policy-fate.ts: what a year of a policy brings, of fleets that are computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isRare } from "../../../lab/studies/policy-fate.ts";
import { firstOutDay } from "../../../lab/studies/outlook.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { DAY_US, upkeep, model, valuesOf, yearOf } from "../../cases/year-by-hand.ts";

test("what runs out before a restart or a fix is not hidden by it", () => {
  const starts = (day: number) => Math.ceil(day / 5 - 1e-9) - 1;
  const of = (more: Parameters<typeof yearOf>[0], every = 5, scale = 1, kept = upkeep, horizonDays = 10) => {
    const { fate } = yearOf({ starts, ...more }, every, kept, horizonDays, 24, scale);
    return [fate.kind, fate.ranOut];
  };
  // Forty leaks are the end. At 5 a day, they come on day 8, and now and then before a restart every 5 days.
  assert.deepEqual(of({ units: (day) => day }), ["restarted", undefined]);
  assert.deepEqual(of({ units: (day) => 5 * day }), ["restarted", "may"]);
  // At 4 a day, before 5e-5 of the restarts (R's pgamma(20, 40)): 0.004 times a year on one server, 1.6 times on 400.
  assert.deepEqual(of({ units: (day) => 4 * day }), ["restarted", undefined]);
  assert.deepEqual(of({ units: (day) => 4 * day }, 5, 400), ["restarted", "may"]);
  // Six days lie between a Sunday and a Saturday: at 4 a day, forty leaks come in them 0.09 times a year (by R).
  const onWeekends = (_: unknown, until: number) => {
    return Array.from({ length: Math.ceil(until / DAY_US) }, (_, day) => day * DAY_US).filter((_, day) => day % 7 > 4);
  };
  const weekends = { ...upkeep, restart: { ...upkeep.restart, times: onWeekends } } as unknown as Upkeep;
  assert.deepEqual(of({ units: (day) => 2 * day }, 1, 1, weekends), ["restarted", undefined]);
  assert.deepEqual(of({ units: (day) => 4 * day }, 1, 1, weekends, 20), ["restarted", "may"]);
  assert.deepEqual(of({ units: (day) => 9 * day, fullUs: () => 4.4 * DAY_US }), ["restarted", "all"]);
  const fix = { fixedUs: () => 5 * DAY_US, visits: () => 1, starts: () => 1 };
  assert.deepEqual(of({ ...fix, fullUs: () => 4 * DAY_US }, 0), ["fixed", "all"]);
  assert.deepEqual(of(fix, 0), ["fixed", undefined]);
});

test("a year in which something runs out has no known cost if the model does not tell what follows", () => {
  const limits = () => [{ response: "level", eventTime: "fullUs", level: 40, isOnlyRecorded: true }];
  const starts = (day: number) => Math.ceil(day / 5 - 1e-9) - 1;
  const of = (perDay: number, more: Parameters<typeof yearOf>[0] = {}, every = 5, scale = 1, kept = upkeep) => {
    const columns = { starts, units: (day: number) => perDay * day, ...more };
    const { kind, unseen, outlook } = yearOf(columns, every, kept, 10, 24, scale, { ...model, limits }).fate;
    return unseen === undefined ? kind : [kind, unseen, outlook?.days];
  };
  const full = { fullUs: () => 4.4 * DAY_US };
  assert.deepEqual(of(9, full), ["unseen", "consequences", 40 / 9]);
  assert.deepEqual(of(9, { ...full, starts: () => 0 }, 0), ["unseen", "consequences", 40 / 9]);
  // With the chances of the test above: at 4 a day, before 0.004 restarts a year on one server, and 1.6 on 400.
  assert.deepEqual(of(4), "restarted");
  assert.deepEqual(of(4, {}, 5, 400), ["unseen", "consequences", 10]);
  const level = { ...upkeep.restart, trigger: () => ({ leaks: ["units"], rise: 50 }) };
  const watched = { ...upkeep, restart: level } as unknown as Upkeep;
  assert.deepEqual(of(4, { starts: () => 11 }, 0, 1, watched), ["unseen", "consequences", 10]);
  assert.deepEqual(of(4, { starts: () => 11 }, 0, 1), "restarted");
  const fix = {
    fixedUs: () => 5 * DAY_US,
    visits: () => 1,
    starts: () => 1,
    units: (day: number) => 9 * Math.min(day, 5),
  };
  assert.deepEqual(of(9, { ...fix, ...full }, 0), ["unseen", "consequences", 40 / 9]);
  assert.deepEqual(of(9, { ...fix, fixedUs: () => DAY_US, units: (day) => 9 * Math.min(day, 1) }, 0), "fixed");
  // Restarts at random are rarer than forty leaks, but thirty of another resource come first, and users notice.
  const other = { response: "level", eventTime: "otherUs", level: 30 };
  const leak = { ...model.responses[0], name: "others", ceiling: "otherUs" };
  const both = { responses: [...model.responses, leak], limits: () => [other, ...limits()] };
  const leaks = { units: (day: number) => 4 * day, others: (day: number) => 4 * day };
  const fateOf = (own: object) => yearOf({ starts: () => 2, ...leaks }, 0, upkeep, 10, 24, 1, own).fate.kind;
  assert.deepEqual([fateOf({ ...model, limits }), fateOf(both)], ["unseen", "restarted"]);
});

test("restarts at random, or when a level is reached, may come too late", () => {
  // Forty leaks at 4 a day take ten days. Five restarts in ten days: a gap of ten days is not rare, as in R:
  // 365 / 2 * (1 + 0.25 / 2)^-40 = 1.6. Eleven restarts: 365 / 0.91 * (1 + 0.25 / 0.91)^-40 = 0.024.
  const of = (starts: number, more: Parameters<typeof yearOf>[0] = {}, kept = upkeep) => {
    const { fate, isRare } = yearOf({ starts: () => starts, units: (day) => 4 * day, ...more }, 0, kept);
    return [fate.kind, fate.ranOut, isRare];
  };
  assert.deepEqual(of(5), ["restarted", "may", true]);
  assert.deepEqual(of(11), ["restarted", undefined, false]);
  // Whoever notices a hang has not seen anything run out.
  assert.deepEqual(of(11, { noticedUs: () => 4 * DAY_US }), ["restarted", undefined, false]);
  assert.deepEqual(of(11, { fullUs: () => 4 * DAY_US }), ["restarted", "all", false]);
  // The same leaks raise the level, so one of thirty always comes before forty, and one of fifty never does.
  const at = (rise: number) => {
    const model = { ...upkeep.restart, trigger: () => ({ leaks: ["units"], rise }) };
    return { ...upkeep, restart: model } as unknown as Upkeep;
  };
  assert.deepEqual(of(5, {}, at(30))[1], undefined);
  assert.deepEqual(of(11, {}, at(50))[1], "may");
});

test("a fix may come too late for some servers, whatever restarts come after it", () => {
  const of = (perDay: number, fixedOn: number, everyDays = 0) => {
    const units = (day: number) => perDay * Math.min(day, fixedOn);
    const fix = { fixedUs: () => fixedOn * DAY_US, visits: (day: number) => Number(day >= fixedOn), starts: () => 2 };
    return yearOf({ ...fix, units }, everyDays).fate.ranOut;
  };
  // Until a fix on day 5, forty leaks at 4 a day come with probability 5e-5; at 6.1 a day, with 0.056 (by R).
  assert.deepEqual([of(4, 5), of(6.1, 5)], [undefined, "may"]);
  const leaking = (perDay: number) => {
    return yearOf({ fixedUs: () => 5 * DAY_US, visits: () => 1, units: (day) => perDay * Math.min(day, 5) }).fate;
  };
  assert.equal(leaking(4).outlook, undefined, "nothing runs out");
  assert.notEqual(leaking(9).outlook, undefined, "something runs out before the fix");
  // A second visit on day 9 does not put off the fix.
  const visits = (day: number) => Number(day >= 5) + Number(day >= 9);
  const twice = yearOf({ fixedUs: () => 5 * DAY_US, visits, units: (day) => 4 * Math.min(day, 5) }).fate;
  assert.equal(twice.ranOut, undefined);
  // Restarts every 4 days: not in any five days, and after the fix not at all.
  assert.deepEqual([of(6.1, 5, 4), of(4, 5, 4)], [undefined, undefined]);
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
  const before = of((day) => Math.min(day, 2), { fullUs: () => 1 * DAY_US });
  const after = of((day) => Math.min(day, 2), { fullUs: () => 3 * DAY_US });
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
  const { unseen, daysNeeded } = of(worked, 7, others);
  assert.deepEqual([unseen, daysNeeded], ["leaks-left", 12]);
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

test("a cost sum is rare if few of many servers ran out, or none did before restarts that come too late", () => {
  const of = (noticed: readonly number[], restartEveryHours: number, leaksPerDay: number) => {
    const times = [10 * DAY_US];
    const columns: Record<string, Float64Array> = {
      noticedUs: Float64Array.from(noticed),
      units: Float64Array.from(noticed, () => 10 * leaksPerDay),
      fixedUs: Float64Array.from(noticed, () => NaN),
      starts: Float64Array.from(noticed, () => 0),
      visits: Float64Array.from(noticed, () => 0),
    };
    const values = valuesOf({ times: () => times, servers: (_: number, name: string) => columns[name]! });
    const scenario = { servers: noticed.length, horizonDays: 10, parameters: {} };
    const every = restartEveryHours / 24;
    const plan = { points: [{ scenario, resolved: { model, values: every } }], experiment: {} } as unknown as Plan;
    return isRare(plan, values, 0, upkeep);
  };
  const none = Array<number>(20).fill(NaN);
  assert.equal(of([...none, DAY_US, DAY_US], 0, 4), true, "two of 22");
  assert.equal(of([DAY_US, DAY_US], 0, 4), false, "all");
  // Forty leaks are the end: at 4 a day a restart every week comes too late now and then, one every day never does.
  assert.equal(of(none, 168, 4), true);
  assert.equal(of(none, 24, 4), false);
  assert.equal(of(none, 0, 4), false, "what is never restarted runs out");
});

test("a policy without costs before the horizon that runs out after it is distinguished from one that lasts", () => {
  const { fate } = yearOf({ units: (day) => 2 * day });
  assert.equal(fate.kind, "runs-out");
  assert.equal(fate.outlook!.days, 20);
  // One leak in 14 days: 40 are expected on day 560, but the rate may be 5.57 in 14 days (Garwood).
  const { kind, outlook } = yearOf({ units: (day) => (day === 14 ? 1 : 0) }, 0, upkeep, 14).fate;
  assert.equal(kind, "runs-out");
  assert.ok(outlook!.days === 560 && outlook!.between.lower > 42 && outlook!.between.lower < 101);
  assert.equal(yearOf({ units: () => 0 }).fate.kind, "lasts", "nothing was seen to leak");
  const seldom = yearOf({ units: () => 0, starts: (day) => (day < 5 ? 0 : 0.5) });
  assert.deepEqual([seldom.fate.kind, seldom.fate.isUnscheduled], ["lasts", true]);
});

test("whether something runs out within the year is decided by the first server of the fleet", () => {
  // Ten leaks in 301 days, so at most 18.39 (Garwood). 40 of them take one server until day 467 at least, and the first
  // of 400 until day 330: R's qgamma(c(0.025, 1 - 0.975^(1/400)), 40) / (18.39 / 301).
  const of = (scale: number, kept = upkeep) => {
    return yearOf({ units: (day) => Math.floor(day / 30) }, 0, kept, 301, 24, scale).fate;
  };
  assert.deepEqual([of(1).kind, of(400).kind], ["lasts", "runs-out"]);
  assert.ok(Math.abs(firstOutDay(of(400).outlook!, 1) - 467.7) < 0.05);
  assert.ok(Math.abs(firstOutDay(of(400).outlook!, 400) - 330.1) < 0.05);
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
