/** Several clerks: against Erlang, against mm1 customer by customer, and on their own terms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mm1 } from "../../../models/queues/mm1.ts";
import { mmc } from "../../../models/queues/mmc.ts";
import { assertAgrees, assertSliceInvariant, simulated } from "../print-servers/against-theory.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

test("M/M/3 and M/M/10 wait as Erlang's delay formula says", () => {
  assertAgrees(mmc, {}, 0.5, ["waitUsMean", "delayedShare"]);
  assertAgrees(mmc, { arrivalsPerSecond: 8, clerks: 10 }, 0.1, ["waitUsMean", "delayedShare"]);
});

for (const serviceLaw of ["constant", "hyperexponential"]) {
  test(`the share lost when five clerks are busy is Erlang's, with ${serviceLaw} service as with any`, () => {
    assertAgrees(mmc, { arrivalsPerSecond: 3, clerks: 5, whenBusy: "leave", serviceLaw }, 0.1, ["lostShare"]);
    const theory = mmc.closedForm!(valuesOf(mmc, { arrivalsPerSecond: 3, clerks: 5, whenBusy: "leave" }), "lostShare")!;
    assert.ok(Math.abs(theory - 0.110054) < 5e-7, String(theory));
  });
}

test("one clerk serves the customers of mm1, who wait equally long in both", () => {
  // The area under the waiting line (Little) against a ring of arrival times: on a path that ends with nobody waiting
  // they are the same whole number.
  for (const serviceLaw of ["constant", "erlang2"]) {
    const settings = { arrivalsPerSecond: 0.8, serviceLaw };
    for (let replication = 0; replication < 20; replication++) {
      const area = simulated(mmc, { ...settings, clerks: 1 }, 0.05, 1, replication);
      const ring = simulated(mm1, settings, 0.05, 1, replication);
      assert.equal(area.column("customersArrived")[0], ring.column("customersArrived")[0]);
      assert.equal(area.column("customersServed")[0], ring.column("customersServed")[0]);
      if (ring.column("customersStarted")[0] < ring.column("customersArrived")[0]) continue;
      assert.equal(area.column("waitUs")[0], ring.column("waitUs")[0]);
      return;
    }
    assert.fail("no path ended with nobody waiting");
  }
});

test("a queue is the same alone and next to others, sampled or not", () => {
  assertSliceInvariant(mmc, {}, 0.02);
  assertSliceInvariant(mmc, { whenBusy: "leave", serviceLaw: "erlang2" }, 0.02);
});

test("several clerks with other than exponential service have no closed form", () => {
  const theory = (settings: object, name: string) => mmc.closedForm!(valuesOf(mmc, { ...settings }), name);
  assert.equal(theory({ serviceLaw: "constant" }, "waitUsMean"), undefined);
  assert.equal(theory({ serviceLaw: "constant" }, "delayedShare"), undefined);
  assert.equal(theory({}, "customersServed"), undefined);
  const one = { serviceLaw: "constant", clerks: 1, arrivalsPerSecond: 0.8 };
  assert.ok(Math.abs(theory(one, "waitUsMean")! - 2e6) < 1e-3);
});

test("with many busy clerks, gaps of a millisecond are too short for the closed form", () => {
  const fault = (values: object) => {
    return mmc.closedFormFault!(valuesOf(mmc, { arrivalsPerSecond: 1000, clerks: 10, ...values }), "waitUsMean", false);
  };
  // Rounding up to whole microseconds shortens mean waits by 1.0 % at a load of 0.95.
  assert.match(fault({ servicesPerSecond: 1000 / 9.5 })!, /^a gap between arrivals, times the idle share, takes less/);
  assert.equal(fault({ servicesPerSecond: 1000 / 9.5, arrivalsPerSecond: 10, clerks: 1 }), undefined);
});

test("too few clerks are refused, unless customers may leave", () => {
  const refuse = (settings: object) => mmc.validate!(valuesOf(mmc, { ...settings }));
  assert.match(refuse({ arrivalsPerSecond: 3 })!, /arrivalsPerSecond is 3, clerks 3 and servicesPerSecond 1; a stable/);
  assert.equal(refuse({ arrivalsPerSecond: 3, whenBusy: "leave" }), undefined);
});

test("a customer who is counted but not in the system is detected", () => {
  const { instance } = simulated(mmc, {}, 0.001);
  instance.columns[0][0]++;
  assert.throws(() => instance.check(), /arrived - lost - served is \d+ but \d+ customers are present at queue 0/);
});
