/** lab/calendar.ts: days since 1970, against the calendar of the engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dateOf,
  dateText,
  dayOf,
  dayOfText,
  isDate,
  mondayBefore,
  mondaysFrom,
  stampText,
  weekdayOf,
} from "../../lab/calendar.ts";

test("every day of four centuries has the date of the engine's calendar", () => {
  for (let day = 0; day < 146_097; day += 7) {
    const engine = new Date(day * 86400e3);
    const date = { year: engine.getUTCFullYear(), month: engine.getUTCMonth() + 1, day: engine.getUTCDate() };
    assert.deepEqual(dateOf(day), date);
    assert.equal(dayOf(date), day);
    assert.equal(dateText(day), engine.toISOString().slice(0, 10));
    assert.equal(weekdayOf(day), "Thursday");
  }
});

test("the Monday before a day is a Monday, at most six days before", () => {
  for (let day = 0; day < 30; day++) {
    const monday = mondayBefore(day + 10);
    assert.equal(weekdayOf(monday), "Monday");
    assert.ok(day + 10 - monday >= 0 && day + 10 - monday <= 6);
  }
});

test("a day that does not exist is refused", () => {
  for (const text of ["2023-02-29", "2024-04-31", "2024-13-01", "1969-12-31", "2024-1-1", ""]) {
    assert.equal(dayOfText(text), undefined, text);
  }
  assert.equal(dayOfText("2024-02-29"), 19_782);
  assert.ok(isDate({ year: 2000, month: 2, day: 29 }));
  assert.equal(stampText(19_782 * 86400e6 + 3_661_500_000), "2024-02-29 01:01:01");
});

test("Mondays are a week apart, the first and the last within the days included", () => {
  assert.deepEqual(mondaysFrom(dayOf({ year: 2026, month: 3, day: 23 }), 14), [
    "2026-03-23",
    "2026-03-30",
    "2026-04-06",
  ]);
});
