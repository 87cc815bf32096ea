/**
 * lab/studies/restart-advice.ts: the cost of restarting at fixed intervals, against lives that are computed by hand.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HorizonValues } from "../../../lab/analysis/horizon-values.ts";
import { assumedPrices } from "../../../lab/studies/prices.ts";
import { restartHoursOf, restartTheory } from "../../../lab/studies/restart-advice.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";

const HOUR_US = 3600e6;
const SERVERS = 6;

/** Point 0 is as it is, for 100 hours; 1 and 2 are restarted every 12 and 24 hours. Both replications are alike. */
const plan = {
  points: [0, 1, 2].map(() => ({ scenario: { servers: SERVERS, horizonDays: 100 / 24 } })),
} as unknown as Plan;

/** Users notice after 10 hours, and 90 jobs starve: one an hour from then on, at half a unit of money. */
function outcomes(firstSymptomUs: readonly number[], restarts: readonly number[]): HorizonValues {
  const starved = firstSymptomUs.map((at) => (at >= 0 ? (100 * HOUR_US - at) / HOUR_US : 0));
  const servers: Record<string, readonly number[]> = { firstSymptomUs, jobsUnprinted: starved };
  return {
    servers: (_: number, name: string) => Float64Array.from(servers[name]),
    totals: (point: number, name: string) => {
      const total = { serviceStarts: SERVERS * restarts[point], fixedUs: 0, jobsUnprinted: 0 }[name]!;
      return Float64Array.of(total, total);
    },
  } as unknown as HorizonValues;
}

/** A restart costs 3: of each server-day at 12 and 24 hours, 8 and 4 restarts in 100 hours. */
const costs = [
  [10.8, 10.8],
  [(8 * 3 * 24) / 100, (8 * 3 * 24) / 100],
  [(4 * 3 * 24) / 100, (4 * 3 * 24) / 100],
];
const asked = { plan, asIs: 0, hours: [12, 24], from: 1, costs };

function theoryOf(firstSymptomUs: readonly number[], restarts: readonly number[]) {
  return restartTheory({ ...asked, outcomes: outcomes(firstSymptomUs, restarts) }, assumedPrices);
}

test("theory pays for a restart, and for each hour from the noticing to the restart", () => {
  const { cost, best, ended } = theoryOf(Array<number>(SERVERS).fill(10 * HOUR_US), [0, 8, 4]);
  assert.equal(ended, SERVERS);
  assert.ok(Math.abs(cost(12) - (24 * (3 + 0.5 * 2)) / 12) < 1e-12, `${cost(12)}`);
  assert.ok(Math.abs(cost(24) - (24 * (3 + 0.5 * 14)) / 24) < 1e-12, `${cost(24)}`);
  assert.ok(Number.isNaN(cost(Infinity)));
  assert.equal(best, 10, "just before anybody notices");
});

test("where too few users noticed, or somebody attended to servers, theory says nothing", () => {
  const few = [1, 2, 3, 4, NaN, NaN].map((at) => at * HOUR_US);
  for (const { cost, best } of [
    theoryOf(few, [0, 8, 4]),
    theoryOf(Array<number>(SERVERS).fill(10 * HOUR_US), [1, 8, 4]),
  ]) {
    assert.equal(best, undefined);
    assert.ok(Number.isNaN(cost(12)));
  }
});

test("intervals as long as the horizon are not tried", () => {
  assert.deepEqual(restartHoursOf(2), [6, 12, 24]);
  assert.deepEqual(restartHoursOf(0.25), []);
});
