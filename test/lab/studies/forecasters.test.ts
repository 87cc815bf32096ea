/** lab/studies/forecasters.ts: what each forecaster says of the same readings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { forecasters } from "../../../lab/studies/forecasters.ts";
import { timeByWhich } from "../../../statistics/days-left.ts";

/** Two weeks of a leak that never rests, at 2 a day or 1.96 on the average of Mondays. */
const readings = Float64Array.from({ length: 15 }, (_, day) => 2 * day + ((day * 5) % 7) * 0.2);

test("every forecaster finds the days left of an obvious leak", () => {
  for (const { name, forecast } of forecasters) {
    const median = timeByWhich(forecast({ readings, step: 1, limit: 128 })!, 0.5);
    assert.ok(Math.abs(median - 50) < 1.5, `${name} says ${median}`);
  }
});

test("readings twice as often with the same levels give the same days", () => {
  const observed = { readings, step: 1, limit: 128 };
  for (const { name, forecast } of forecasters) {
    const [daily, halved] = [forecast(observed)!, forecast({ ...observed, step: 0.5 })!];
    assert.ok(Math.abs(timeByWhich(halved, 0.5) / timeByWhich(daily, 0.5) - 0.5) < 1e-5, name);
  }
});

test("no forecaster gives a date for a constant gauge", () => {
  for (const { forecast } of forecasters) {
    assert.equal(forecast({ readings: new Float64Array(15), step: 1, limit: 128 }), undefined);
  }
});

test("names are different, and each has a meaning", () => {
  assert.equal(new Set(forecasters.map(({ name }) => name)).size, forecasters.length);
  assert.ok(forecasters.every(({ meaning }) => meaning.length > 10));
});
