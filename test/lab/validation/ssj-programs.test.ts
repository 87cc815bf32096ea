/** The two programs of SSJ's tutorial, at sizes for which the output is published or the answer is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inventoryDifferences, waitsOfQueue } from "../../../lab/validation/ssj-programs.ts";
import { variance } from "../../../statistics/estimate.ts";

test("every fifth customer of both runs waits as long as SSJ's QueueObs.res prints", () => {
  const [first, second] = waitsOfQueue(2, 100);
  const printed: Readonly<Record<number, readonly number[]>> = {
    5: [0.7326681134344923, 0],
    10: [0.5885316645668064, 0],
    15: [1.043252136439675, 0],
    20: [0, 0.3735196841043573],
    25: [1.1931739005489084, 0.7395881102279829],
    30: [0.46021574329744774, 0],
    50: [0.252307672226395, 0],
    55: [0.07427782294905083, 0],
    60: [0.5994090559375538, 0],
    75: [0, 0.0031920235804928088],
    85: [0.007945837364173702, 0],
    100: [0.5757258813866157, 0.6060216943922617],
  };
  for (const [customer, waits] of Object.entries(printed)) {
    const ours = [first[Number(customer) - 1], second[Number(customer) - 1]];
    // The kernel's times are whole microseconds, of which a unit of time has 1e12.
    ours.forEach((wait, run) => assert.ok(Math.abs(wait - waits[run]) < 1e-10, `${customer}: ${wait}`));
  }
});

test("common random numbers reduce the variance of the difference of two policies without bias", () => {
  const differences = inventoryDifferences(100, 200);
  assert.ok(variance(differences.independent) > 5 * variance(differences.common));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  // The published difference of the means is 0.31.
  assert.ok(Math.abs(mean(differences.common) - 0.31) < 0.1);
});
