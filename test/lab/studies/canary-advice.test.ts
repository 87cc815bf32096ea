/** lab/studies/canary-advice.ts: sizes of canaries from counts that are known, and the judge's own word on them. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { canaryAdvice } from "../../../lab/studies/canary-advice.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment, type Experiment } from "../../../lab/experiment/experiment.ts";
import { planAtHorizon, type HorizonValues } from "../../../lab/analysis/horizon-values.ts";
import type { PolicyCost } from "../../../lab/studies/policy-costs.ts";

const yaml = `
question: Does the fix work?
seed: canaries
replications: 1
scenario:
  model: print-servers
  servers: 2
  horizonDays: 10
  sampleEveryHours: 24
  parameters: {jobsPerDay: 100, profile: flat, controlMsMedian: 300, pauseDeleteShare: 0.5}
factors:
  policy: {wait: {restartEveryHours: 0}, hotfix: {patchOrder: hotfix}, sp5: {patchOrder: sp5}}
compare: {factor: policy, baseline: wait}
`;

const executing = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
let folder: string;
let experiment: Experiment;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoolsim-canary-"));
  await writeFile(join(folder, "small.yaml"), yaml);
  experiment = await loadExperiment(join(folder, "small.yaml"));
});

after(() => rm(folder, { recursive: true }));

function policy(name: string, fixed: number): PolicyCost {
  const cost = { value: 1, halfWidth: 0 } as PolicyCost["cost"];
  return { name, fixed, lostPrinters: 0, cost, quantities: [], above: {} as PolicyCost["above"] };
}

/** Advice on a fleet whose servers leaked so often in ten days. */
async function adviceOn(
  leaks: readonly number[],
  policies: readonly PolicyCost[],
  fixedUs: readonly number[] = leaks.map(() => NaN),
) {
  const plan = await planAtHorizon(experiment, await designPoints(experiment));
  const columns: Record<string, readonly number[]> = { processorsLeaked: leaks, fixedUs };
  const outcomes = {
    servers: (_: number, name: string) => Float64Array.from(columns[name]),
  } as unknown as HorizonValues;
  return canaryAdvice(experiment, executing, { plan, outcomes, asIs: 0, policies });
}

test("canaries are as many as the formula asks for, and a judge passes the fix and not what lacks it", async () => {
  // A mean of 10 leaks in 10 days, variance 32: dispersion 3.2. (1.96 + 1.2816)^2 3.2 / 1 day = 33.6 canaries.
  const advice = await adviceOn([6, 14], [policy("wait", 0), policy("hotfix", 2), policy("sp5", 0)]);
  assert.equal(advice.leaksPerDay, 1);
  assert.equal(advice.dispersion, 3.2);
  assert.deepEqual(advice.rows, [
    { days: 1, canaries: 34 },
    { days: 2, canaries: 17 },
    { days: 3, canaries: 12 },
    { days: 7, canaries: 5 },
    { days: 14, canaries: 3 },
    { days: 28, canaries: 2 },
  ]);
  // The rule of three: -ln 0.05 = 2.9957 leaks.
  assert.ok(Math.abs(advice.quietServerDays - 2.995732273553991 * 3.2) < 1e-9);
  assert.deepEqual(advice.trial, {
    policy: "hotfix",
    days: 3,
    canaries: 12,
    canariesMin: 5,
    trials: 20,
    passed: 20,
    placeboPassed: 0,
  });
});

test("leaks are counted per day without the fix", async () => {
  // 8 leaks in 4 days and 20 in 10 days are as expected; the third server had the fix from the beginning.
  const { leaksPerDay, dispersion } = await adviceOn([8, 20, 0], [policy("wait", 0)], [4 * 86400e6, NaN, 0]);
  assert.deepEqual([leaksPerDay, dispersion], [2, 1]);
});

test("where there is nothing to try, the advice says why", async () => {
  assert.match(String((await adviceOn([6, 14], [policy("wait", 0)])).trial), /no policy brings the fix/);
  const rare = await adviceOn([...Array<number>(99).fill(0), 1], [policy("wait", 0), policy("hotfix", 2)]);
  assert.match(String(rare.trial), /more than 60 canaries/);
  const never = await adviceOn([0, 0], [policy("wait", 0), policy("hotfix", 2)]);
  assert.deepEqual([never.rows, never.quietServerDays, never.trial], [[], Infinity, "nothing leaked"]);
});
