/** lab/studies/policy-costs.ts: quantities times prices, of a fleet that is computed by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HorizonValues } from "../../../lab/analysis/horizon-values.ts";
import { cheapestFix, costsOf, type PolicyCost } from "../../../lab/studies/policy-costs.ts";
import type { Price } from "../../../lab/studies/prices.ts";
import { arriving, plan, results } from "../../support/fake-results.ts";

const priced = (response: string, amount: number, size: number): Price => {
  return { name: response, amount, response, size, meaning: "" };
};

test("what is paid is each response times its price, per server-day", async () => {
  // 3 servers, 2 days: 6 server-days. bytes 300 and 600; fullUs on 1 and 2 servers; busyUs 630 and 1260.
  const prices = [priced("bytes", 2, 10), priced("fullUs", 60, 1), priced("busyUs", 1, 1)];
  const outcomes = await HorizonValues.from(
    plan,
    prices.map(({ response }) => response),
    arriving(results),
  );
  const { quantities, perReplication } = costsOf(plan, outcomes, 0, prices);
  assert.deepEqual(
    quantities.map(({ value }) => value),
    [450 / 60, 1.5 / 6, 945 / 6],
  );
  assert.deepEqual(perReplication, [(2 * 30) / 6 + 60 / 6 + 630 / 6, (2 * 60) / 6 + 120 / 6 + 1260 / 6]);
});

test("the cheapest fix is on every server and has cost none its printers", () => {
  const policy = (name: string, value: number, fixed: number, lostPrinters: number): PolicyCost => {
    return {
      name,
      fixed,
      lostPrinters,
      cost: { value, halfWidth: 0 } as PolicyCost["cost"],
      quantities: [],
      above: {} as PolicyCost["above"],
    };
  };
  const policies = [
    policy("wait", 0, 0, 0),
    policy("trap", 1, 6, 6),
    policy("dear", 3, 6, 0),
    policy("half", 1, 3, 0),
    policy("fix", 2, 6, 0),
  ];
  assert.equal(cheapestFix(policies, 6)?.name, "fix");
  assert.equal(cheapestFix(policies.slice(0, 2), 6), undefined);
  assert.equal(policies[0].name, "wait", "what was handed in keeps its order");
});
