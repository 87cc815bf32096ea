/**
 * lab/reports/interim-estimate.ts: at every moment the answer of the whole replications, and at the end that of the
 * tables.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { runExperiment } from "../../../lab/run-experiment.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { withOverrides } from "../../../lab/experiment/override.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import { aggregateResults } from "../../../lab/analysis/aggregate.ts";
import type { Findings } from "../../../lab/analysis/findings.ts";
import type { RunResult } from "../../../lab/execution/run.ts";
import { RunningAnswer, type RunningEstimate } from "../../../lab/reports/interim-estimate.ts";
import type { Plan } from "../../../lab/experiment/plan.ts";
import { arriving, experiment, memory, plan, resultOf, results } from "../../support/fake-results.ts";
import { itemAt, mapEach } from "../../../lab/lists.ts";

function answerOf(of: Plan, some: Iterable<RunResult>): RunningEstimate | undefined {
  const answer = new RunningAnswer(of);
  for (const result of some) answer.add(result);
  return answer.estimate();
}

async function findingsOf(of: Plan, all: readonly RunResult[]): Promise<Findings> {
  return aggregateResults(of, arriving(all), memory().openTable);
}

/** The plan without a comparison, and so with its theory. */
const { compare: _, ...uncompared } = experiment;
const withClosedForm: Plan = { ...plan, experiment: uncompared };

test("any order of arrival and any slicing give the difference of comparison.csv", async () => {
  const { comparisons } = await findingsOf(plan, results);
  const expected = comparisons.find(({ response }) => response.name === "bytes")!.difference;
  const slices = [0, 1, 2, 3].flatMap((run) => [0, 1, 2].map((first) => resultOf(run >> 1, run & 1, first, 1)));
  fc.assert(
    fc.property(fc.shuffledSubarray(slices, { minLength: slices.length }), (shuffled) => {
      const { estimate, replications, where, text } = answerOf(plan, shuffled)!;
      assert.deepEqual([estimate, replications, where], [expected, 2, "office, buggy - fixed"]);
      assert.equal(text, "at least 75.0 (20 .. 142) bytes [B] per server-day");
    }),
    { seed: 223863, numRuns: 50 },
  );
});

test("a replication counts when it and all before it are complete", () => {
  assert.equal(answerOf(plan, [resultOf(0, 0, 0, 2)]), undefined);
  assert.equal(answerOf(plan, [resultOf(0, 0, 0, 2), resultOf(0, 1, 0, 3)]), undefined);
  const [one, two] = [results.slice(0, 1), results.slice(0, 2)].map((some) => answerOf(plan, some)!);
  assert.deepEqual([one.replications, one.where, one.estimate.value], [1, "office, buggy", 50]);
  assert.deepEqual([two.replications, two.where, two.estimate.value], [2, "office, buggy", 75]);
  const paired = answerOf(plan, results.slice(0, 3))!;
  assert.deepEqual([paired.replications, paired.where, paired.estimate.value], [1, "office, buggy - fixed", 100]);
  assert.equal(paired.text, "at least 50.0 (-74 .. 174) bytes [B] per server-day");
});

test("a difference of two lower bounds is unknown", () => {
  const swapped: Plan = {
    ...plan,
    experiment: { ...experiment, compare: { ...experiment.compare!, baseline: "fixed", against: "buggy" } },
  };
  const full = results.map((result) =>
    result.point === 0 ? result : { ...result, samples: itemAt(results, result.replication).samples },
  );
  assert.match(answerOf(plan, full)!.text, /^unknown bytes \[B\] per server-day \(both rates are lower bounds\)$/);
  assert.match(answerOf(swapped, results)!.text, /^at most -75\.0 /);
  assert.match(answerOf(plan, full.slice(0, 2))!.text, /^at least 75\.0 /);
});

test("if replications are simulated one by one, a replication counts when all design points have it", () => {
  const until = { response: "bytes", relativeHalfWidth: 0.1, min: 2, max: 2 };
  const rounds: Plan = { ...plan, experiment: { ...experiment, until } };
  assert.equal(answerOf(rounds, results.slice(0, 2)), undefined);
  assert.equal(answerOf(rounds, results.slice(0, 3))!.replications, 1);
  assert.equal(answerOf(rounds, results)!.replications, 2);
});

test("without a comparison it is a mean with a closed form, as in means.csv, or else the leak rate", async () => {
  const { meanValues, leakRates } = await findingsOf(withClosedForm, results);
  const mean = answerOf(withClosedForm, results)!;
  assert.deepEqual(mean.estimate, meanValues.at(-1)!.ratio);
  assert.match(mean.text, /^busyMean \[us\] 15\.0 ± \d/);
  const silent: Plan = {
    ...withClosedForm,
    points: mapEach(withClosedForm.points, (point) => {
      const model = { ...point.resolved.model, closedForm: () => NaN };
      return { ...point, resolved: { ...point.resolved, model } };
    }),
  };
  const rate = answerOf(silent, results.slice(0, 2))!;
  assert.deepEqual(rate.estimate, leakRates.find(({ response }) => response.name === "bytes")!.rate);
});

async function ran(of: Experiment, workers: number) {
  const base = await mkdtemp(join(tmpdir(), "spoolsim-answer-"));
  const signal = new AbortController().signal;
  const seen: (RunningEstimate | undefined)[] = [];
  try {
    const { findings, stopped } = await runExperiment(of, {
      out: join(base, "out"),
      workers,
      sliceSize: 2,
      force: false,
      command: "a test",
      signal,
      progress: (_done, answer) => void seen.push(answer.estimate()),
    });
    return { findings, stopped, last: seen.at(-1)! };
  } finally {
    await rm(base, { recursive: true });
  }
}

for (const workers of [1, 2]) {
  test(`the last progress of a run agrees with its tables, on ${workers === 1 ? "one thread" : "two threads"}`, async () => {
    const set = ["horizonDays=0.01"];
    const mm1 = withOverrides(await loadExperiment("mm1"), { replications: 3, servers: 3, set });
    const { findings, last } = await ran(mm1, workers);
    assert.deepEqual(last.estimate, findings.meanValues.findLast(({ mean }) => mean.name === "waitUsMean")!.ratio);
    const fix = withOverrides(await loadExperiment("q223863"), { quick: true, set: ["horizonDays=0.5"] });
    const compared = await ran(fix, workers);
    const { difference } = compared.findings.comparisons.findLast(
      ({ response }) => response.name === "processorsLeaked",
    )!;
    assert.deepEqual(compared.last.estimate, difference);
    const until = { response: "waitUs", relativeHalfWidth: 0.5, min: 3, max: 40 };
    const stopping = await ran({ ...mm1, until, replications: 40 }, workers);
    const stoppedMean = stopping.findings.meanValues.findLast(({ mean }) => mean.name === "waitUsMean")!;
    assert.deepEqual(stopping.last.estimate, stoppedMean.ratio);
    assert.equal(stopping.last.replications, stopping.stopped!.replications);
  });
}
