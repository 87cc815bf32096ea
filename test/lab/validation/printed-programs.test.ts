/** lab/validation/printed-programs.ts: whole outputs, of which the targets have the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lawInventory, lawQueue, simPyBank } from "../../../lab/validation/printed-programs.ts";

test("SimPy's bank example prints its fourteen lines in order", () => {
  const name = (customer: number) => `Customer0${customer}`;
  const lines = simPyBank().map(
    ({ time, customer, what }) => `${time.toFixed(4).padStart(7)} ${name(customer)} ${what}`,
  );
  assert.deepEqual(lines, [
    " 0.0000 Customer00 arrives",
    " 0.0000 Customer00 is served",
    " 3.8595 Customer00 leaves",
    "10.2006 Customer01 arrives",
    "10.2006 Customer01 is served",
    "12.7265 Customer02 arrives",
    "13.9003 Customer02 reneges",
    "23.7507 Customer01 leaves",
    "34.9993 Customer03 arrives",
    "34.9993 Customer03 is served",
    "37.9599 Customer03 leaves",
    "40.4798 Customer04 arrives",
    "40.4798 Customer04 is served",
    "43.1401 Customer04 leaves",
  ]);
});

test("every program starts its generator anew", () => {
  assert.deepEqual(lawQueue(), lawQueue());
  assert.equal(lawQueue().endTime.toFixed(3), "1027.915");
});

test("Law's inventory system is cheapest with the policy (20, 60), and the costs of a policy add up", () => {
  const costs = lawInventory();
  assert.equal(costs.length, 9);
  assert.equal(costs.indexOf(costs.reduce((least, cost) => (cost.total < least.total ? cost : least))), 1);
  for (const { ordering, holding, shortage, total } of costs) {
    assert.ok(Math.abs(ordering + holding + shortage - total) < 1e-9);
  }
});
