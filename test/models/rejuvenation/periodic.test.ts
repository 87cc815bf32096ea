/** Periodic rejuvenation: the published study to its last digit, the simulation against it, the rules of the clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { periodicRejuvenation } from "../../../models/rejuvenation/periodic.ts";
import { assertAgrees, assertSliceInvariant, simulated } from "../print-servers/against-theory.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

const theory = (timers: string, periodHours: number, name: string) =>
  periodicRejuvenation.closedForm!(valuesOf(periodicRejuvenation, { timers, periodHours }), name)!;

/** oris-tool/sar, plots/data/timebased/bestPeriodEXP.csv and bestPeriodGEN.csv: nine digits, rounded. */
const published: readonly (readonly [timers: string, period: number, down: number, undetected: number])[] = [
  ["exponential", 30, 0.047721741, 0.000118088],
  ["exponential", 60, 0.025721931, 0.00024552],
  ["exponential", 600, 0.008092947, 0.001340604],
  ["exponential", 1050, 0.007973799, 0.001607476],
  ["general", 30, 0.046317862, 0.000000718],
  ["general", 60, 0.024117519, 0.00000558],
  ["general", 300, 0.00666627, 0.000278501],
  ["general", 510, 0.005916846, 0.000659342],
  ["general", 1050, 0.006861689, 0.001354785],
];

for (const [timers, period, down, undetected] of published) {
  test(`the study's ${timers} timers at ${period} h give its published nine digits`, () => {
    assert.ok(Math.abs(theory(timers, period, "unavailability") - down) < 5.1e-10);
    assert.ok(Math.abs(theory(timers, period, "undetectedShare") - undetected) < 5.1e-10);
  });
}

test("on the study's grid of 30 h the best period is 1050 h for exponential timers and 510 h for general ones", () => {
  for (const [timers, best] of [
    ["exponential", 1050],
    ["general", 510],
  ] as const) {
    const grid = Array.from({ length: 60 }, (_, i) => 30 * (i + 1));
    const downs = grid.map((period) => theory(timers, period, "unavailability"));
    assert.equal(grid[downs.indexOf(Math.min(...downs))], best);
  }
});

for (const timers of ["exponential", "general"]) {
  test(`the simulation with ${timers} timers agrees with the closed form`, () => {
    for (const periodHours of [60, 510]) {
      const settings = { timers, periodHours };
      // At 60 h, failures by general timers are too rare for the second mean to show anything.
      const tells = timers === "exponential" || periodHours > 60;
      const names = ["unavailability", ...(tells ? ["undetectedShare"] : [])];
      assertAgrees(periodicRejuvenation, settings, 36_600, names, 0.06);
    }
  });
}

test("a rejuvenation clock that never rings leaves every failure to be detected", () => {
  const { column } = simulated(periodicRejuvenation, { periodHours: 1e6 }, 20_000);
  assert.equal(column("rejuvenations")[0], 0);
  assert.equal(column("failures")[0] - column("cycles")[0] <= 1, true);
  assert.ok(column("undetectedUs")[0] / column("cycles")[0] < 4 * 3600e6);
});

test("a rejuvenation clock that rings all the time prevents every failure", () => {
  const { column } = simulated(periodicRejuvenation, { periodHours: 0.1 }, 20);
  assert.equal(column("failures")[0], 0);
  assert.ok(column("cycles")[0] > 250 && column("undetectedUs")[0] === 0);
});

test("a periodically rejuvenated server is the same alone and next to others, sampled or not", () => {
  for (const timers of ["exponential", "general"]) assertSliceInvariant(periodicRejuvenation, { timers }, 2000);
});

test("an unended cycle is detected, and so is more downtime than time", () => {
  const { instance } = simulated(periodicRejuvenation, {}, 1000);
  instance.columns[5][0] = 0;
  assert.throws(() => instance.check(), /undetected, down and cycle times are .* us at server 0/);
  instance.columns[0][0] += 2;
  assert.throws(() => instance.check(), /failures and \d+ rejuvenations ended \d+ cycles at server 0/);
});
