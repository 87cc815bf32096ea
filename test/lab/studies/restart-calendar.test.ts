/** lab/studies/restart-calendar.ts: whole intervals of a calendar, wherever the horizon is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AFTER_HORIZON_DAYS, sampleHoursOf } from "../../../lab/studies/restart-calendar.ts";
import { itemAt } from "../../../lab/lists.ts";
import { DAY_US, upkeep, yearOf } from "../../cases/year-by-hand.ts";

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

test("a first interval that is shorter than others does not count if something may run out in the others", () => {
  // Restarts on days 3, 10 and 17 take 1 each. On day 6 of an interval, forty leaks are the end, which takes 5.
  const restarts = [3, 10, 17, 24];
  const times = (_: unknown, until: number) =>
    Array.from({ length: Math.ceil(until / DAY_US / 7) }, (_, i) => (7 * i + 3) * DAY_US).filter((at) => at < until);
  const weekly = { ...upkeep, restart: { ...upkeep.restart, times } } as unknown as typeof upkeep;
  const starts = (day: number) => restarts.filter((at) => day > at).length;
  const of = (horizonDays: number, perDay = 40 / 6) => {
    const ends = perDay > 1 ? (day: number) => restarts.filter((at) => day >= at + 6).length : () => 0;
    const columns = {
      starts,
      staff: (day: number) => starts(day) + 5 * ends(day),
      units: (day: number) => perDay * day,
    };
    const { costs, fate } = yearOf(columns, 7, weekly, horizonDays + 1 / 96, 6);
    return fate.kind === "unseen" ? fate.daysNeeded : itemAt([...costs], 0) / ((365 * 10) / 7);
  };
  // Intervals count from the first sample after a restart, six hours later.
  for (const horizonDays of [17, 24]) assert.ok(Math.abs(of(horizonDays)! - 6) < 0.12, String(of(horizonDays)));
  assert.equal(of(8), 10);
  assert.ok(Math.abs(of(8, 0.1)! - 1) < 0.02, "nothing runs out");
});

test("what a restart causes later is counted once for each restart of the year", () => {
  // A restart every 5 days takes 1 at once, and 3 more on the day after it. Samples come just before restarts.
  const restarts = (day: number) => Math.ceil(day / 5 - 1e-9) - 1;
  const staff = (day: number) => restarts(day) + 3 * Math.max(0, restarts(day - 1));
  const columns = { staff, starts: restarts };
  const lingering = { ...upkeep, restart: { ...upkeep.restart, lingers: () => true } };
  const of = (kept: typeof upkeep, horizonDays: number) => {
    const { costs, fate } = yearOf(columns, 5, kept, horizonDays + 1 / 96);
    return fate.kind === "unseen" ? fate.daysNeeded : itemAt([...costs], 0) / 10;
  };
  for (const horizonDays of [10, 11, 14, 15, 19, 20]) {
    const year = of(lingering, horizonDays)!;
    assert.ok(Math.abs(year - (365 / 5) * 4) < 1e-9, `${year} from ${horizonDays} days`);
  }
  // The restart at the horizon takes 1 of its 4, and none came before the start: 1 + 1 + 3 in ten days.
  assert.ok(Math.abs(of(upkeep, 10)! - 36.5 * 5) < 1, String(of(upkeep, 10)));
  assert.equal(of(lingering, 9), 10, "the days from the first restart to the second");
});
