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
import type { Fate } from "../../../lab/studies/policy-fate.ts";
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
  policy:
    wait: {restartEveryHours: 0}
    hotfix: {patchOrder: hotfix}
    sp5: {patchOrder: sp5}
    has-sp6: {servicePack: "6"}
    hotfix-of-some: {patchOrder: hotfix, hotfixedShare: 0.5}
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

const DAY_US = 86400e6;
/** The leaks of a server on each day, Monday first, in parts of those of a mean day. */
const EVEN = [1, 1, 1, 1, 1, 1, 1];
const OFFICE = [1.4, 1.4, 1.4, 1.4, 1.4, 0, 0];

/** Advice on a fleet whose servers leaked so often in the days of the week. */
async function adviceOn(
  leaks: readonly number[],
  policies: readonly PolicyCost[],
  week = EVEN,
  sampleDays = 1,
  fixedDays = NaN,
) {
  const plan = await planAtHorizon(experiment, await designPoints(experiment));
  const share = (days: number) => week.slice(0, days).reduce((all, one) => all + one, 0) / week.reduce((a, b) => a + b);
  const times = Array.from({ length: week.length / sampleDays }, (_, i) => (i + 1) * sampleDays);
  const servers = (_: number, name: string, sample = -1) => {
    if (name !== "processorsLeaked") {
      return new Float64Array(leaks.length).fill(name === upkeep.fixed ? fixedDays * DAY_US : NaN);
    }
    return Float64Array.from(leaks, (all) => all * share(times.at(sample)!));
  };
  const values = { servers, times: () => times.map((day) => day * DAY_US) } as unknown as HorizonValues;
  return canaryAdvice(experiment, executing, {
    points: plan.points,
    values,
    asIs: 0,
    restarted: 0,
    policies,
    upkeep: upkeep as Upkeep,
  });
}

test("there are as many canaries as the formula requires, and the judge passes the fix and nothing without it", async () => {
  // A mean of 10 leaks in 7 days, chi-square 10 of 3: dispersion 10 / 3. (1.96 + 1.2816)^2 10 / 3 / (10 / 7) = 24.52.
  const advice = await adviceOn([5, 5, 15, 15], [wait, hotfix, policy("sp5", "ran-out")]);
  assert.equal(advice.rate.perDay, 10 / 7);
  assert.equal(advice.rate.dispersion, 10 / 3);
  assert.equal(advice.isWeekSeen, true);
  assert.deepEqual(advice.rows, [
    { days: 1, canaries: 25 },
    { days: 2, canaries: 13 },
    { days: 3, canaries: 9 },
    { days: 7, canaries: 4 },
    { days: 14, canaries: 2 },
    { days: 28, canaries: 1 },
  ]);
  // The rule of three: -ln 0.05 = 2.9957 leaks of the same dispersion in 6.99 days.
  assert.deepEqual(advice.quiet, [
    { days: 1, canaries: 7 },
    { days: 2, canaries: 4 },
    { days: 3, canaries: 3 },
    { days: 7, canaries: 1 },
  ]);
  assert.deepEqual(advice.trial, {
    policy: "hotfix",
    days: 3,
    canaries: 9,
    canariesMin: 5,
    trials: 20,
    passed: 20,
    placeboPassed: 0,
  });
});

test("the judge is tried on servers that do not have the fix yet, as computed numbers are", async () => {
  const some = [wait, ...["hotfix", "sp5", "has-sp6"].map((name) => policy(name, "ran-out"))];
  // A rate of 10 / 7: the judge needs five at least. With the fix on half of them before, five pass in few trials.
  const { unfixedShare, trial } = await adviceOn([10, 10], [...some, policy("hotfix-of-some", "fixed")]);
  assert.equal(unfixedShare, 1, "the present policy has none");
  assert.deepEqual(trial, {
    policy: "hotfix-of-some",
    days: 3,
    canaries: 5,
    canariesMin: 5,
    trials: 20,
    passed: 20,
    placeboPassed: 0,
  });
});

test("days count as the quietest of the week: a trial may begin on a Saturday", async () => {
  // Seven leaks a week, all of them on five days: none in two days, 1.4 in three, 7 in seven.
  const office = await adviceOn([7, 7], [wait], OFFICE);
  assert.deepEqual(
    office.quiet.map(({ days, canaries }) => [days, canaries]),
    [
      [3, 3],
      [7, 1],
    ],
  );
  assert.deepEqual(
    office.rows.map(({ days, canaries }) => [days, canaries]),
    [
      [3, 8],
      [7, 2],
      [14, 1],
    ],
  );
  // Samples after 3.5 days do not tell the days of the week apart.
  const coarse = await adviceOn([7, 7], [wait], OFFICE, 3.5);
  assert.deepEqual([coarse.quiet, coarse.isWeekSeen], [[{ days: 7, canaries: 1 }], true]);
  const short = await adviceOn([3, 3], [wait], [1, 1, 1]);
  assert.deepEqual([short.quiet[0], short.isWeekSeen], [{ days: 1, canaries: 3 }, false]);
});

test("days after the fix of every server are not days without leaks", async () => {
  // A leak a day; the present policy fixes both servers on the fourth day.
  const { rate, isWeekSeen, quiet } = await adviceOn([7, 7], [wait], EVEN, 1, 3);
  assert.deepEqual([rate.perDay, isWeekSeen], [1, false]);
  assert.deepEqual(quiet, [
    { days: 1, canaries: 3 },
    { days: 2, canaries: 2 },
    { days: 3, canaries: 1 },
  ]);
});

test("if there is nothing to try, the advice gives the reason", async () => {
  assert.match(
    String((await adviceOn([6, 14], [wait])).trial),
    /no compared policy of which a year is known installs a fix/,
  );
  const unchanged = [wait, policy("hotfix", "ran-out"), policy("sp5", "ran-out"), policy("has-sp6", "fixed")];
  assert.match(
    String((await adviceOn([6, 14], unchanged)).trial),
    /no compared policy of which a year is known installs a fix/,
  );
  const rare = await adviceOn([...Array<number>(99).fill(0), 1], [wait, hotfix]);
  assert.match(String(rare.trial), /more than 60 canaries/);
  const never = await adviceOn([0, 0], [wait, hotfix]);
  assert.deepEqual([never.rows, never.quiet, never.trial], [[], [], "nothing leaked"]);
});
