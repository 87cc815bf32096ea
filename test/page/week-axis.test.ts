/** page/week-axis.ts: days from a Monday are named and shaded as people read them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayName, weekAxis, weekendsBetween } from "../../page/week-axis.ts";

test("weekends are Saturday and Sunday of weeks that begin on a Monday, cut to the visible part", () => {
  assert.deepEqual(weekendsBetween([0, 14]), [
    [5, 7],
    [12, 14],
  ]);
  assert.deepEqual(weekendsBetween([6, 12.5]), [
    [6, 7],
    [12, 12.5],
  ]);
  assert.deepEqual(weekendsBetween([0, 4]), []);
  assert.deepEqual(weekendsBetween([0, 365]), []);
});

test("an axis of days from a Monday has names of days, and no label begins at its end", () => {
  const names = (from: number, to: number) => {
    const { ticks, tickFormat } = weekAxis({ startsOnMonday: true }, [from, to], 860)!;
    return ticks!.map(tickFormat!);
  };
  assert.deepEqual(names(0, 28), ["week 1", "week 2", "week 3", "week 4"]);
  assert.deepEqual(names(5, 8.5), ["Sat", "Sun", "Mon", "Tue"]);
  assert.deepEqual(names(0, 0.5), ["Mon 0:00", "Mon 3:00", "Mon 6:00", "Mon 9:00"]);
  assert.equal(weekAxis({ startsOnMonday: true }, [0, 365], 860), undefined);
});

test("Mondays whose dates are known are named by them, over weeks and over years", () => {
  const mondays = Array.from({ length: 60 }, (_, week) => `monday ${week}`);
  const calendar = { startsOnMonday: true, mondays } as const;
  const axis = (from: number, to: number) => weekAxis(calendar, [from, to], 400)!;
  const names = (from: number, to: number) => axis(from, to).ticks!.map(axis(from, to).tickFormat!);
  assert.deepEqual(names(0, 28), ["monday 0", "monday 1", "monday 2", "monday 3"]);
  // A date of 66 px that begins 1 px before the end would leave the margin of 20 px.
  assert.deepEqual(names(0, 28.1), ["monday 0", "monday 1", "monday 2", "monday 3"]);
  assert.deepEqual(names(0, 365), ["monday 0", "monday 11", "monday 22", "monday 33", "monday 44"]);
  assert.equal(axis(8, 12).label, "day, in the week of monday 1");
  assert.equal(dayName(calendar, 8.5), "Tuesday of the week of monday 1");
  assert.equal(dayName({ startsOnMonday: true }, 8.5), "Tuesday of week 2");
  assert.equal(dayName({ startsOnMonday: true, mondays: ["monday 0"] }, 8.5), "Tuesday of week 2");
});
