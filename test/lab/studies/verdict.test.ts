/** lab/studies/verdict.ts: how much dearer policies are, by hand. Verdicts of fleets are in advice.test.ts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { meanEstimate } from "../../../statistics/estimate.ts";
import type { Fate } from "../../../lab/studies/policy-fate.ts";
import type { PolicyYear } from "../../../lab/studies/policy-costs.ts";
import type { PolicyContext, SimulatedPart } from "../../../lab/studies/policy-runs.ts";
import { aboveCheapest, bestOf, Judge } from "../../../lab/studies/verdict.ts";
import { waitOrWeekly } from "../../cases/known-optimum.ts";

test("no policy is cheaper than a free one, or dearer than its whole cost", () => {
  const rows = [
    [0, 0],
    [0, 100],
    [0, 0],
    [40, 44],
  ];
  const above = aboveCheapest(
    rows.map((row) => Float64Array.from(row)),
    0,
  );
  assert.deepEqual(
    above.map(({ lower }) => lower),
    [0, 0, 0, 0],
  );
  assert.deepEqual([above[0]!.upper, above[2]!.upper], [0, 0]);
  // 42 + 2 t(1 - 0.05 / 8, 1): the upper end of four simultaneous intervals.
  assert.ok(Math.abs(above[3]!.upper - (42 + 2 / Math.tan((Math.PI * 0.05) / 8))) < 1e-9, String(above[3]!.upper));
});

test("costs far from 0 have the intervals of the comparison with the best", () => {
  const [first, second] = aboveCheapest([Float64Array.of(100, 104), Float64Array.of(110, 110)], 0);
  // t(0.95, 1) = 6.3138, from tables.
  assert.ok(Math.abs(first!.lower - (-8 - 2 * 6.313751515)) < 1e-6, String(first!.lower));
  assert.ok(Math.abs(second!.upper - (8 + 2 * 6.313751515)) < 1e-6, String(second!.upper));
});

test("of equally cheap policies the present one is kept, if it may be advised", () => {
  const of = (value: number, isSound = true) => ({ cost: meanEstimate([value, value]), isSound, drains: true });
  assert.equal(bestOf([of(5), of(3), of(3)], 2), 2);
  assert.equal(bestOf([of(5), of(3), of(3)], 0), 1);
  assert.equal(bestOf([of(3), of(3, false)], 1), 0);
  assert.equal(bestOf([of(5, false), of(3, false)], 0), 1, "if none may be advised, the cheapest of all");
});

test("a policy whose stuck jobs pile up is the best only if it costs nothing, or if no other clears them", () => {
  const of = (value: number, drains: boolean, isSound = true) => ({
    cost: meanEstimate([value, value]),
    isSound,
    drains,
  });
  assert.equal(bestOf([of(5, true), of(3, false)], 1), 0);
  assert.equal(bestOf([of(5, true), of(0, false)], 0), 1);
  assert.equal(bestOf([of(5, false), of(3, false), of(1, true, false)], 0), 1);
});

test("policies that always cost the same may both cost less than the best one", () => {
  const signs = (rows: number[][]) => {
    const above = aboveCheapest(
      rows.map((row) => Float64Array.from(row)),
      0,
    );
    return above.map(({ lower, upper }) => [Math.sign(lower), Math.sign(upper)]);
  };
  const [chosen, twin, sure] = [
    [100, 120],
    [111, 111],
    [900, 920],
  ] as [number[], number[], number[]];
  const unsure = [-1, 1];
  assert.deepEqual(signs([chosen, twin]), [unsure, unsure]);
  assert.deepEqual(signs([chosen, twin, twin]), [unsure, unsure, unsure]);
  assert.deepEqual(signs([chosen, chosen]), [
    [0, 0],
    [0, 0],
  ]);
  assert.deepEqual(signs([chosen, chosen, sure])[2], [0, 1]);
});

test("what fresh replications refute in a part of the fleet leaves the other parts as they are", async () => {
  const year = (cost: number, kind: Fate["kind"], ranOut?: Fate["ranOut"]): PolicyYear => ({
    amounts: [],
    costs: Float64Array.of(cost, cost),
    seen: Float64Array.of(cost, cost),
    perServerDay: [],
    fate: { kind, ranOut, outlook: undefined, harmed: 0, fixed: 0 },
    drains: true,
    isRare: false,
  });
  const points = [{ scenario: { servers: 1 } }];
  const partOf = (name: string, own: PolicyYear) =>
    ({ name, points, plan: { points }, assumed: [own] }) as unknown as SimulatedPart;
  const context = { policies: ["wait"], asIs: 0, prices: [], scale: 1 } as unknown as PolicyContext;
  const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
  const judge = new Judge(waitOrWeekly("judge", 2), machine, context);
  const fresh = new Map([
    ["lucky", year(30, "restarted", "some")],
    ["unknown", year(10, "lasts")],
  ]);
  judge.freshYear = ({ name }) => Promise.resolve(fresh.get(name)!);
  const parts = [partOf("lucky", year(10, "restarted")), partOf("unknown", year(10, "runs-out"))];
  const [wait] = (await judge.verdict("", parts)).policies;
  assert.deepEqual(
    wait!.fates.map(({ kind, ranOut }) => [kind, ranOut]),
    [
      ["restarted", "some"],
      ["runs-out", undefined],
    ],
  );
  assert.deepEqual([wait!.isSound, wait!.cost.value], [false, 30]);
});
