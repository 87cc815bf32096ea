/** lab/execution/partition.ts: the runs of an experiment are each of its servers once, in canonical order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../../../lab/execution/run.ts";
import {
  memoryBytesOf,
  runsInFlight,
  runsOf,
  runsOfReplication,
  runWith,
  serverRunsOf,
  wholeRun,
} from "../../../lab/execution/partition.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { planResults, type Plan } from "../../../lab/experiment/plan.ts";
import { experiment, plan } from "../../support/fake-results.ts";

/** The plan with fleets of these sizes. */
function planOf(fleets: readonly number[], replications: number): Plan {
  const points = plan.points.map((point, i) => ({ ...point, scenario: { ...point.scenario, servers: fleets[i] } }));
  return planResults({ ...experiment, replications }, points);
}

function serversOf(runs: Iterable<Run>): string[] {
  return [...runs].flatMap(({ point, replication, first, count }) =>
    Array.from({ length: count }, (_, i) => `${point} ${replication} ${first + i}`),
  );
}

test("every server of every replication of every design point is in one run, in canonical order", () => {
  const expected = ["0 0 0", "0 0 1", "0 0 2", "0 1 0", "0 1 1", "0 1 2", "1 0 0", "1 0 1", "1 1 0", "1 1 1"];
  assert.deepEqual(serversOf(runsOf(planOf([3, 2], 2), 7)), expected);
  assert.equal(serverRunsOf(planOf([3, 2], 2)), expected.length);
});

test("a replication has up to 64 runs, and more if they would have over 500 servers each", () => {
  const few = [...runsOf(planOf([2000, 3], 1), 1)];
  assert.deepEqual([few.length, few[0].count], [63 + 3, 32]);
  assert.equal(serverRunsOf(planOf([2000, 3], 1)), serversOf(few).length);
  const many = [...runsOf(planOf([1_000_000, 1], 1), 1)];
  assert.equal(Math.max(...many.map(({ count }) => count)), 500);
});

test("the run that contains a server is found", () => {
  const large = planOf([2000, 3], 2);
  for (const run of runsOf(large, 1)) {
    for (const server of [run.first, run.first + run.count - 1]) {
      const found = runWith(large, large.points[run.point], run.replication, server);
      assert.deepEqual({ ...found, sliceSize: 1 }, run);
    }
  }
});

test("the slices of a replication depend only on its scenario", () => {
  const alone = [...runsOf(planOf([2000, 3], 1), 1)].filter(({ point }) => point === 0);
  const among = [...runsOf(planOf([2000, 100_000], 3), 1)].filter(({ point }) => point === 0);
  assert.deepEqual(
    among.filter(({ replication }) => replication === 0),
    alone,
  );
});

test("a run has its seed, scenario and slices as plain JSON", () => {
  const [run] = runsOf(plan, 7);
  assert.deepEqual(JSON.parse(JSON.stringify(run)), run);
  const { seed, scenario, sliceSize } = run;
  assert.deepEqual({ seed, scenario, sliceSize }, { seed: "1", scenario: plan.points[0].scenario, sliceSize: 7 });
});

test("a coordinated fleet is one run, whatever the slice size", async () => {
  const [rollout] = await designPoints(await loadExperiment("canary-size"));
  const fleet = { ...rollout, scenario: { ...rollout.scenario, servers: 600 } };
  assert.ok(fleet.resolved.model.isCoordinated?.(fleet.resolved.values));
  for (const sliceSize of [1, 64]) {
    const whole = wholeRun(experiment, fleet, 5, sliceSize);
    assert.deepEqual([whole.first, whole.count, whole.replication], [0, 600, 5]);
    assert.deepEqual([...runsOfReplication(experiment, fleet, 5, sliceSize)], [whole]);
  }
});

/** The plan with a fleet of this size at its first point, sampled this often until the end of its second day. */
function finePlanOf(servers: number, samples: number): Plan {
  const fleets = planOf([servers, 1], 1);
  const [{ scenario, ...point }, other] = fleets.points;
  return { ...fleets, points: [{ ...point, scenario: { ...scenario, sampleEveryHours: 48 / samples } }, other] };
}

test("the result of a run takes at most 4 MB, unless a single server takes more", () => {
  const largest = (plan: Plan) => Math.max(...[...runsOf(plan, 1)].map(({ count }) => count));
  // 1,000 samples of 5 responses, 8 bytes each, and 16 bytes for events and digest.
  assert.equal(largest(finePlanOf(1e6, 1000)), Math.floor(4e6 / (1000 * 5 * 8 + 16)));
  assert.equal(largest(finePlanOf(1000, 200_000)), 1);
  const many = [...runsOf(finePlanOf(30_000, 1000), 1)];
  assert.deepEqual(
    serversOf(many).slice(0, 30_000),
    Array.from({ length: 30_000 }, (_, server) => `0 0 ${server}`),
  );
});

test("memory does not grow with the fleet", () => {
  const few = memoryBytesOf(planOf([200_000, 1], 1), 2);
  assert.equal(memoryBytesOf(planOf([1e7, 1], 1), 2), few);
  // 17 results of 500 servers; tables of 4,096 values (8 of them) and of 65,536 (1), twice as many places for each; and
  // what is kept of the compared points: 65,536 event times of the first, one of the other.
  assert.equal(few, 17 * 500 * (2 * 5 + 2) * 8 + 2 * (8 * 8192 * 16 + 2 * 131_072 * 16) + (65_536 + 1) * 16);
});

test("memory grows with workers, whose results are in flight, and with sample times", () => {
  const plan = planOf([1e6, 1], 1);
  assert.equal(memoryBytesOf(plan, 9) - memoryBytesOf(plan, 2), 7 * runsInFlight(1) * 500 * (2 * 5 + 2) * 8);
  assert.ok(memoryBytesOf(finePlanOf(1e6, 200), 2) > 20 * memoryBytesOf(finePlanOf(1e6, 2), 2));
});
