/** lab/studies/evaluations.ts: an evaluation is what an experiment with these settings would have found. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { designPoints } from "../../../lab/experiment/design.ts";
import { Evaluator } from "../../../lab/studies/evaluations.ts";
import { Execution } from "../../../lab/execution/execution.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import { execute, type Run } from "../../../lab/execution/run.ts";
import { planResults, responsesOf } from "../../../lab/experiment/plan.ts";

const machine = { workers: 1, sliceSize: 1, signal: new AbortController().signal };

/** The response's total per server-day of a replication, simulated by itself. */
async function totalOf(run: Run, response: number, responses: number): Promise<number> {
  const { samples, count } = await execute(run);
  const values = samples.subarray(samples.length - (responses - response) * count).subarray(0, count);
  return values.reduce((sum, value) => sum + value, 0) / (count * run.scenario.horizonDays);
}

test("the output is a total per server-day, or the difference of two points with common random numbers", async () => {
  const experiment = withOverrides(await loadExperiment("q223863"), { servers: 2, set: ["horizonDays=0.5"] });
  const plan = planResults(experiment, await designPoints(experiment));
  const [buggy, fixed] = plan.points;
  const responses = responsesOf(plan).map(({ name }) => name);
  const execution = async () => new Execution(machine, undefined, 0);
  const questions = [
    { settings: { deleteShare: 0.5 }, replication: 3 },
    { settings: { deleteShare: 0.5 }, replication: 0 },
    { settings: {}, replication: 0 },
  ];
  const single = await new Evaluator(plan, [buggy], "jobsDeleted", 1, execution).evaluate(questions);
  const paired = await new Evaluator(plan, [buggy, fixed], "jobsDeleted", 1, execution).evaluate(questions);
  for (const [i, { settings, replication }] of questions.entries()) {
    const totals = [];
    for (const { scenario } of [buggy, fixed]) {
      const own = { ...scenario, parameters: { ...scenario.parameters, ...settings } };
      const run = { point: 0, replication, seed: experiment.seed, scenario: own, first: 0, count: 2, sliceSize: 1 };
      totals.push(await totalOf(run, responses.indexOf("jobsDeleted"), responses.length));
    }
    assert.equal(single[i].output, totals[0]);
    assert.equal(paired[i].output, totals[0] - totals[1]);
  }
  assert.ok(single[0].output > 3 * single[2].output);
});
