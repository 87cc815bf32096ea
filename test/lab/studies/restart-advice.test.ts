/**
 * lab/studies/restart-advice.ts: the interval of a fleet whose best one is known, and intervals that a calendar
 * keeps.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { restartHoursOf } from "../../../lab/studies/restart-advice.ts";
import { recommended } from "../../cases/known-optimum.ts";

test("intervals as long as the horizon, or different from the calendar's, are not tried", () => {
  assert.deepEqual(restartHoursOf(2, 1), [6, 12, 24]);
  assert.deepEqual(restartHoursOf(0.25, 1), []);
  assert.deepEqual(restartHoursOf(28, 24), [24, 48, 96, 168, 336]);
  assert.deepEqual(restartHoursOf(28, 168), [168, 336]);
});

test("the chosen interval is near the best, between those tried, and its confidence interval covers it", async () => {
  const { chosen, rows } = await recommended("restart-advice");
  assert.equal(chosen!.by, "formula");
  assert.ok(chosen!.hours > 48 && chosen!.hours < 84, `${chosen!.hours} h`);
  assert.ok(chosen!.lower <= chosen!.value && chosen!.value <= chosen!.upper);
  const tried = rows.map(({ cost }) => cost.value);
  assert.ok(chosen!.value < Math.min(...tried), "cheaper than every interval that was tried");
});

test("if restarts have a day and an hour, the advised interval is one that the calendar keeps", async () => {
  const { chosen } = await recommended("restart-advice", { restartAtHour: 3 });
  assert.equal(chosen!.hours % 24, 0);
});
