/** lab/execution/shared-pasts.ts: runs that share a past have the results that they have alone, on fewer events. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { inlineRunner } from "../../../lab/execution/inline-runner.ts";
import { familiesOf, runsOf } from "../../../lab/execution/partition.ts";
import { execute, type Run, type Runner, type RunResult } from "../../../lab/execution/run.ts";
import { SliceSimulator } from "../../../lab/execution/slice-simulator.ts";
import { threadRunner } from "../../../lab/execution/thread-runner.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { buildExperiment } from "../../../lab/experiment/load.ts";
import { planResults } from "../../../lab/experiment/plan.ts";

const experiment = buildExperiment("policies", {
  question: "Which?",
  seed: "policies",
  replications: 2,
  scenario: {
    model: "print-servers",
    servers: 2,
    horizonDays: 0.5,
    sampleEveryHours: 2,
    parameters: { site: "mainframe", jobsPerDay: 2000, windowHours: 24 },
  },
  factors: {
    policy: {
      wait: { restartEveryHours: 0 },
      often: { restartEveryHours: 0.5 },
      seldom: { restartEveryHours: 8 },
      patch: { patchOrder: "hotfix", patchAtDays: 0.3 },
      late: { restartEveryHours: 11 },
      gentle: { controlMsMedian: 1 },
    },
  },
});
const plan = planResults(experiment, await designPoints(experiment));

async function resultsOf(runner: Runner, runs: Iterable<Run>): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for await (const result of runner(runs, new AbortController().signal)) results.push(result);
  const order = ({ point, replication, first }: RunResult) => 1e6 * point + 1e3 * replication + first;
  return results.sort((a, b) => order(a) - order(b));
}

test("a family is a run and the runs that share enough of its past, in the order of the plan", () => {
  const runs = [...familiesOf(plan, 64)];
  const first = runs.slice(0, 4);
  assert.deepEqual(
    first.map(({ point, replication, first }) => [point, replication, first]),
    [0, 2, 3, 4].map((point) => [point, 0, 0]),
  );
  assert.deepEqual(runs[0].partings, [0.3 * 86400e6, 8 * 3600e6, 11 * 3600e6]);
  assert.deepEqual(runs[1].shares, { scenario: runs[0].scenario, until: 8 * 3600e6 });
  const alone = runs.filter(({ partings, shares }) => partings === undefined && shares === undefined);
  assert.deepEqual(new Set(alone.map(({ point }) => point)), new Set([1, 5]));
  assert.equal(runs.length, [...runsOf(plan, 64)].length);
  const points = plan.points.map((point) => ({ ...point, scenario: { ...point.scenario, servers: 64 * 9 } }));
  const large = [...familiesOf(planResults(experiment, points), 64)];
  assert.ok(large.every(({ partings, shares }) => partings === undefined && shares === undefined));
});

test("results equal those of separate runs, on one thread and on two", async () => {
  const inline = inlineRunner((run) => execute(run));
  const expected = await resultsOf(inline, runsOf(plan, 64));
  const spied = mock.method(SliceSimulator.prototype, "continue");
  assert.deepEqual(await resultsOf(inline, familiesOf(plan, 64)), expected);
  const continued = spied.mock.calls.filter(({ result }) => result !== undefined);
  spied.mock.restore();
  assert.equal(continued.length, 3 * 2 * 2);
  assert.deepEqual(await resultsOf(threadRunner(2), familiesOf(plan, 64)), expected);
});

test("a run whose past is not saved starts on its own", async () => {
  const [, branch] = familiesOf(plan, 64);
  const { shares: _, ...alone } = branch;
  assert.deepEqual(await execute({ ...branch, seed: "other" }), await execute({ ...alone, seed: "other" }));
});

test("a failing run of a family is named", async () => {
  const [trunk, branch] = familiesOf(plan, 64);
  const broken = { ...branch, point: 7, count: -1 };
  await assert.rejects(resultsOf(threadRunner(1), [trunk, broken]), /-1 \(design point 7, replication 0, /);
});
