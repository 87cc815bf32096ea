/** Huang's four states: against the chain's balance, published hours, and what may not depend on what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { huang } from "../../../models/rejuvenation/huang.ts";
import { meanEstimate, sum, zScore } from "../../../statistics/estimate.ts";
import { assertAgrees, assertSliceInvariant, simulated } from "../print-servers/against-theory.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

for (const [waitHoursMean, hours, dollars] of [
  [0, 0.49, 490],
  [336, 5.966, 554],
  [168, 8.728, 587],
]) {
  const when = waitHoursMean === 0 ? "never rejuvenated" : `rejuvenated after ${waitHoursMean} h`;
  test(`${when}, a process is down ${hours} h a year, and costs $${dollars}`, () => {
    // Huang, Kintala, Kolettis and Fulton (FTCS-25, 1995), example 1; a year has 8640 h.
    const values = valuesOf(huang, { waitHoursMean });
    assert.ok(Math.abs(huang.closedForm!(values, "unavailability")! * 8640 - hours) < 6e-4);
    assert.ok(Math.abs(huang.closedForm!(values, "pricePerHour")! * 8640 - dollars) < 0.6);
    assertAgrees(huang, { waitHoursMean }, 36_600, ["unavailability", "pricePerHour"], 0.05);
  });
}

test("a month of 4,000 processes has no start-up effect, because they start in the long-run state", () => {
  const { column } = simulated(huang, {}, 30, 4000);
  const shares = ["unavailability", "pricePerHour"].map((name) => huang.closedForm!(valuesOf(huang, {}), name)!);
  for (const [i, of] of ["downUs", "price"].entries()) {
    const estimate = meanEstimate(column(of), i === 0 ? 30 * 86400e6 : 30 * 24);
    const z = zScore(estimate, shares[i]);
    assert.ok(Math.abs(z) < 3.3, `${of}: ${estimate.value} +- ${estimate.standardError}, theory ${shares[i]}`);
  }
});

test("the time spent in each state is the chain's stationary distribution", () => {
  const { column } = simulated(huang, {}, 36_600, 20);
  const share = (name: string) => sum(column(name)) / (20 * 36_600 * 86400e6);
  // robust : failure-probable = (1/8640 + 1/336) : 1/168.
  const probable = 1 / (1 + 0.5 / 8640 + 1 / 3 / 336 + 168 * (1 / 8640 + 1 / 336));
  assert.ok(Math.abs(share("probableUs") / probable - 1) < 0.02, String(share("probableUs")));
  assert.equal(share("robustUs") + share("probableUs") + share("downUs") > 0.999999999, true);
});

test("earlier rejuvenation gives fewer failures, on the same failure times", () => {
  const failures = (waitHoursMean: number) => simulated(huang, { waitHoursMean }, 36_600).column("failures")[0];
  assert.ok(failures(0) > failures(336) && failures(336) > failures(24));
  assert.equal(simulated(huang, { waitHoursMean: 0 }, 36_600).column("rejuvenations")[0], 0);
});

test("a server of Huang's model is the same alone and next to others, sampled or not", () => {
  assertSliceInvariant(huang, {}, 2000);
});

test("lost time is detected", () => {
  const { instance } = simulated(huang, {}, 100);
  instance.columns[2][0] += 1;
  assert.throws(() => instance.check(), /us are spent of 8640000000000 us at server 0/);
});
