/** Shifts: when each begins, and the mean of their number. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Gauge } from "../../../models/kit/gauge.ts";
import { Shifts } from "../../../models/kit/shifts.ts";
import { Simulation } from "../../../sim/simulation.ts";

const HOUR_US = 3600e6;

test("shifts follow their plan, and the mean over complete plans is (8 * 3 + 4 * 1 + 12 * 0) / 24", () => {
  const shifts = new Shifts(0, [
    [8, 3],
    [4, 1],
    [12, 0],
  ]);
  const gauge = new Gauge(1);
  const begun: number[][] = [];
  const simulation = new Simulation({
    start: (schedule) => shifts.start(0, schedule),
    handle(_kind, server, shift, schedule) {
      const clerks = shifts.begin(server, schedule, shift);
      gauge.set(server, schedule, clerks);
      begun.push([schedule.now / HOUR_US, clerks]);
    },
  });
  simulation.run(48 * HOUR_US);
  gauge.observe(simulation.now);
  assert.deepEqual(begun.slice(0, 5), [
    [0, 3],
    [8, 1],
    [12, 0],
    [24, 3],
    [32, 1],
  ]);
  assert.equal(gauge.areaUs[0] / gauge.elapsedUs[0], 28 / 24);
});

test("a shift that does not last is not accepted as a change", () => {
  assert.throws(
    () =>
      new Shifts(0, [
        [8, 1],
        [0, 2],
      ]),
    /shifts last 8, 0 h; each lasts longer than 0 h/,
  );
  assert.throws(() => new Shifts(0, []), /each lasts longer than 0 h/);
});
