/** Visits fall into windows, one after the other, as a clock on the wall would have them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  ANY_HOUR,
  restartDays,
  RestartTimes,
  MaintenanceWindowTimes,
  type RestartValues,
  type MaintenanceWindowValues,
} from "../../../../models/print-servers/upkeep/maintenance-windows.ts";

const HOUR = 3.6e9;
const DAY = 24 * HOUR;
const anyTime: MaintenanceWindowValues = {
  windowStartHour: 0,
  windowHours: 24,
  windowDays: "every-day",
  staggerMinutes: 0,
};

function at(values: Partial<MaintenanceWindowValues>, from: number, place = 0): number {
  return new MaintenanceWindowTimes({ ...anyTime, ...values }).at(from, place) / HOUR;
}

test("without a window and a stagger all visits are made at once", () => {
  assert.equal(at({}, 5.25 * HOUR, 1000), 5.25);
});

test("a visit within a window is made at once, and otherwise when the next window opens", () => {
  const night = { windowStartHour: 22, windowHours: 6 };
  assert.equal(at(night, 23 * HOUR), 23);
  assert.equal(at(night, 27 * HOUR), 27, "a window goes on past midnight");
  assert.equal(at(night, 28 * HOUR), 46, "and ends before its end");
  assert.equal(at(night, 1 * HOUR), 1, "that of the day before day 0 counts");
});

test("a weekend begins on day 5 and has its own windows", () => {
  const weekend = { windowStartHour: 20, windowHours: 8, windowDays: "weekend" } as const;
  assert.equal(at(weekend, 0), 5 * 24 + 20);
  assert.equal(at(weekend, 6 * DAY + 21 * HOUR), 6 * 24 + 21);
  assert.equal(at(weekend, 7 * DAY + 2 * HOUR), 7 * 24 + 2, "Sunday's goes on into Monday");
  assert.equal(at(weekend, 7 * DAY + 5 * HOUR), 12 * 24 + 20);
});

test("visits that do not fit a window continue in the next one", () => {
  const night = { windowStartHour: 22, windowHours: 2, staggerMinutes: 30 };
  const times = [0, 1, 3, 4, 7, 8].map((place) => at(night, 0, place));
  assert.deepEqual(times, [22, 22.5, 23.5, 46, 47.5, 70]);
  assert.deepEqual(
    [0, 1].map((place) => at(night, 23.75 * HOUR, place)),
    [23.75, 46],
  );
});

test("visits are in order, within a window and never early, whatever the windows", () => {
  const values = fc.record({
    windowStartHour: fc.integer({ min: 0, max: 23 }),
    windowHours: fc.integer({ min: 1, max: 24 }),
    windowDays: fc.constantFrom("every-day", "weekend"),
    staggerMinutes: fc.constantFrom(0, 7, 90, 3000),
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 400 }), (windows, fromHour) => {
      const times = new MaintenanceWindowTimes(windows as MaintenanceWindowValues);
      let before = fromHour * HOUR;
      for (let place = 0; place < 20; place++) {
        const time = times.at(fromHour * HOUR, place);
        assert.ok(time >= before && Number.isInteger(time));
        before = time;
        const isOpen = [0, 1].some((back) => {
          const day = Math.floor(time / DAY) - back;
          const opens = day * DAY + windows.windowStartHour * HOUR;
          const isDay = windows.windowDays === "every-day" || (day + 7) % 7 >= 5;
          return isDay && opens <= time && time < opens + windows.windowHours * HOUR;
        });
        assert.ok(isOpen, `${time / HOUR} h`);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});

/** The hours of the first restarts. */
function restarts(values: Partial<RestartValues>, count = 4): number[] {
  const times = new RestartTimes({ restartEveryHours: 24, restartOn: "every-day", restartAtHour: ANY_HOUR, ...values });
  const found = [times.first()];
  while (found.length < count) found.push(times.after(found.at(-1)!));
  return found.map((time) => time / HOUR);
}

test("without a day and an hour the service is restarted whenever the interval ends", () => {
  assert.deepEqual(restarts({ restartEveryHours: 7 }), [7, 14, 21, 28]);
});

test("restarts have an hour: at three every night or every other night", () => {
  assert.deepEqual(restarts({ restartAtHour: 3 }), [3, 27, 51, 75]);
  assert.deepEqual(restarts({ restartAtHour: 3, restartEveryHours: 48 }), [3, 51, 99, 147]);
  assert.deepEqual(restarts({ restartAtHour: 3, restartEveryHours: 30 }), [3, 51, 99, 147], "never sooner");
  assert.deepEqual(restarts({ restartAtHour: 0 }), [24, 48, 72, 96], "not at the start, which is a start already");
});

test("restarts have a weekday: Sundays at three, every week or every other one", () => {
  const sunday = { restartOn: "sunday", restartAtHour: 3 } as const;
  assert.deepEqual(restarts({ ...sunday, restartEveryHours: 168 }), [147, 315, 483, 651]);
  assert.deepEqual(restarts({ ...sunday, restartEveryHours: 336 }), [147, 483, 819, 1155]);
  assert.deepEqual(restarts({ restartOn: "weekend", restartAtHour: 3 }), [123, 147, 291, 315]);
  assert.deepEqual(restarts({ restartOn: "weekend" }), [120, 144, 288, 312], "at any hour: as soon as a day begins");
});

test("a restart can be set for each day of the week", () => {
  const days = restartDays.slice(2).map((restartOn) => restarts({ restartOn, restartAtHour: 12 }, 1)[0]);
  assert.deepEqual(days, [12, 36, 60, 84, 108, 132, 156]);
});
