/** live/running.ts: after each replication the estimates of so many, and in the end the bytes of the command. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { curvesOf, drawnResponses } from "../../live/curves.ts";
import { replicationByReplication, type Interim } from "../../live/running.ts";
import { inlineRunner } from "../../lab/execution/inline-runner.ts";
import { execute } from "../../lab/execution/run.ts";
import { designPoints } from "../../lab/experiment/design.ts";
import { loadExperiment } from "../../lab/experiment/load.ts";
import { withOverrides } from "../../lab/experiment/override.ts";
import { planResults } from "../../lab/experiment/plan.ts";
import { csvOf, tabulate } from "../../lab/tabulate.ts";

const never = new AbortController().signal;

async function quick(replications: number) {
  const set = ["horizonDays=1", "sampleEveryHours=6"];
  return withOverrides(await loadExperiment("q223863"), { servers: 2, replications, set, only: ["site=office"] });
}

test("the estimate after n replications equals that of an experiment with n replications", async () => {
  const experiment = await quick(3);
  const plan = planResults(experiment, await designPoints(experiment));
  const interims: Interim[] = [];
  for await (const one of replicationByReplication(plan, inlineRunner(execute), never)) interims.push(one);
  assert.equal(interims.length, 3);
  for (const [i, { findings, serversCsv }] of interims.entries()) {
    const whole = await tabulate(await quick(i + 1));
    assert.equal(findings.digest, whole.findings.digest);
    assert.equal(serversCsv, i < 2 ? undefined : await csvOf(whole.tables.servers!));
  }
});

test("the curves are the sample means from 0 at the start, with their interval", async () => {
  const experiment = await quick(2);
  const plan = planResults(experiment, await designPoints(experiment));
  let last: Interim | undefined;
  const isDue = () => false;
  for await (const one of replicationByReplication(plan, inlineRunner(execute), never, isDue)) last = one;
  const [response] = drawnResponses(plan);
  const chart = curvesOf(plan, last!.results, response!);
  assert.ok(chart.kind === "curves");
  assert.deepEqual(chart.series, ["buggy", "fixed"]);
  const { x, y, lower, upper } = chart.panels[0].curves[0];
  assert.deepEqual([...x], [0, 0.25, 0.5, 0.75, 1]);
  assert.equal(y[0], 0);
  const { samples } = (await tabulate(experiment)).tables;
  const own = samples!.filter(({ spooler, timeUs }) => spooler === "buggy" && timeUs === 86400e6);
  const means = own.map((row) => Number(row[`${response!.name}_mean`]));
  assert.ok(Math.abs(Number(y.at(-1)) - (means[0] + means[1]) / 2) < 1e-9);
  assert.ok(Number(lower!.at(-1)) < Number(y.at(-1)) && Number(y.at(-1)) < Number(upper!.at(-1)));
});

test("an aborted question reports nothing more", async () => {
  const experiment = await quick(2);
  const plan = planResults(experiment, await designPoints(experiment));
  const aborted = replicationByReplication(plan, inlineRunner(execute), AbortSignal.abort(new Error("another")));
  await assert.rejects(async () => {
    for await (const _ of aborted) assert.fail("nothing is reported");
  }, /another/);
});
