/** lab/studies/canary-advice.ts: sizes of canaries from counts that are known, and the judge's own word on them. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { canaryAdvice } from "../../../lab/studies/canary-advice.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import type { Experiment } from "../../../lab/experiment/experiment.ts";
import { planAtHorizon, type HorizonValues } from "../../../lab/analysis/horizon-values.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { upkeep } from "../../../models/print-servers/upkeep/upkeep.ts";
import type { Fate, PolicyCost } from "../../../lab/studies/policy-costs.ts";

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

function policy(name: string, kind: Fate["kind"]): PolicyCost {
  return { name, fates: [{ kind, harmed: 0 }], cost: { value: 1 } } as unknown as PolicyCost;
}

const wait = policy("wait", "ran-out");
const hotfix = policy("hotfix", "fixed");

/** Advice on a fleet whose servers leaked so often in ten days. */
async function adviceOn(leaks: readonly number[], policies: readonly PolicyCost[]) {
  const plan = await planAtHorizon(experiment, await designPoints(experiment));
  const servers = (_: number, name: string) => {
    return name === "processorsLeaked" ? Float64Array.from(leaks) : new Float64Array(leaks.length).fill(NaN);
  };
  const values = { servers, times: () => [10 * 86400e6] } as unknown as HorizonValues;
  return canaryAdvice(experiment, executing, { plan, values, asIs: 0, policies, upkeep: upkeep as Upkeep });
}

test("there are as many canaries as the formula requires, and the judge passes the fix and nothing without it", async () => {
  // A mean of 10 leaks in 10 days, chi-square 10 of 3: dispersion 10 / 3. (1.96 + 1.2816)^2 10 / 3 / 1 day = 35.02.
  const advice = await adviceOn([5, 5, 15, 15], [wait, hotfix, policy("sp5", "ran-out")]);
  assert.equal(advice.rate.perDay, 1);
  assert.equal(advice.rate.dispersion, 10 / 3);
  assert.deepEqual(advice.rows, [
    { days: 1, canaries: 36 },
    { days: 2, canaries: 18 },
    { days: 3, canaries: 12 },
    { days: 7, canaries: 6 },
    { days: 14, canaries: 3 },
    { days: 28, canaries: 2 },
  ]);
  // The rule of three: -ln 0.05 = 2.9957 leaks.
  assert.ok(Math.abs(advice.quietServerDays - (2.995732273553991 * 10) / 3) < 1e-9);
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

test("if there is nothing to try, the advice gives the reason", async () => {
  assert.match(String((await adviceOn([6, 14], [wait])).trial), /no compared policy installs the fix/);
  const rare = await adviceOn([...Array<number>(99).fill(0), 1], [wait, hotfix]);
  assert.match(String(rare.trial), /more than 60 canaries/);
  const never = await adviceOn([0, 0], [wait, hotfix]);
  assert.deepEqual([never.rows, never.quietServerDays, never.trial], [[], Infinity, "nothing leaked"]);
});
