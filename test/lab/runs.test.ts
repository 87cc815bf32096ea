/** lab/runs.ts: the runs of an experiment are each of its servers once, in canonical order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokenInvariant, type Run } from "../../lab/run.ts";
import { failureOf, memoryBytesOf, runsOf, runsOfReplication, serverRunsOf } from "../../lab/runs.ts";
import type { Plan } from "../../lab/tables.ts";
import { UserError } from "../../lab/user-error.ts";
import { experiment, plan } from "./fake-results.ts";

/** The plan with fleets of these sizes. */
function planOf(fleets: readonly number[], replications: number): Plan {
  return {
    ...plan,
    experiment: { ...experiment, replications },
    points: plan.points.map((point, i) => ({ ...point, scenario: { ...point.scenario, servers: fleets[i] } })),
  };
}

function placesOf(runs: Iterable<Run>): string[] {
  return [...runs].flatMap(({ point, replication, first, count }) =>
    Array.from({ length: count }, (_, i) => `${point} ${replication} ${first + i}`));
}

test("every server of every replication of every design point is in one run, in canonical order", () => {
  const expected = [
    "0 0 0", "0 0 1", "0 0 2", "0 1 0", "0 1 1", "0 1 2",
    "1 0 0", "1 0 1", "1 1 0", "1 1 1",
  ];
  assert.deepEqual(placesOf(runsOf(planOf([3, 2], 2), 7)), expected);
  assert.equal(serverRunsOf(planOf([3, 2], 2)), expected.length);
});

test("an experiment of any size is some hundred runs, of at most 500 servers each", () => {
  const few = [...runsOf(planOf([2000, 3], 1), 1)];
  assert.ok(few.length >= 300 && few.length <= 500, `${few.length} runs`);
  assert.equal(serverRunsOf(planOf([2000, 3], 1)), placesOf(few).length);
  const many = [...runsOf(planOf([1_000_000, 1], 1), 1)];
  assert.equal(Math.max(...many.map(({ count }) => count)), 500);
});

test("a run says its seed, its scenario and its slices, as plain JSON", () => {
  const [run] = runsOf(plan, 7);
  assert.deepEqual(JSON.parse(JSON.stringify(run)), run);
  const { seed, scenario, sliceSize } = run;
  assert.deepEqual({ seed, scenario, sliceSize }, { seed: "1", scenario: plan.points[0].scenario, sliceSize: 7 });
});

test("a replication is cut into runs of a size, the last of which may be smaller", () => {
  const runs = [...runsOfReplication(experiment, plan.points[1], 5, 2, 1)];
  assert.deepEqual(runs.map(({ point, replication, first, count }) => [point, replication, first, count]), [
    [1, 5, 0, 2], [1, 5, 2, 1],
  ]);
});

test("memory is what the samples of the largest replication take, twice", () => {
  // 2 samples of 5 responses, 8 bytes each.
  assert.equal(memoryBytesOf(planOf([3, 1000], 9)), 2 * 1000 * 2 * 5 * 8);
});

test("a failure names its run, but for those that name their places", () => {
  const [run] = runsOfReplication(experiment, plan.points[1], 5, 2, 1);
  const cause = new RangeError("too far");
  const failure = failureOf(run, cause);
  assert.equal(failure.message, "too far (design point 1, replication 5, servers 0 to 1)");
  assert.equal(failure.cause, cause);
  assert.equal(failureOf(run, "text").message, "text (design point 1, replication 5, servers 0 to 1)");
  for (const told of [new BrokenInvariant("broken"), new UserError("wrong")]) assert.equal(failureOf(run, told), told);
});
