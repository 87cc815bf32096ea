/**
 * lab/studies/advice.ts: policies of a small fleet, priced, against the tables that a run of the same experiment
 * writes.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { adviceOn, type Advice } from "../../../lab/studies/advice.ts";
import { runExperiment } from "../../../lab/run-experiment.ts";
import { loadExperiment, type Experiment } from "../../../lab/experiment/experiment.ts";
import { findPoint } from "../../../lab/experiment/point-selector.ts";
import { assumedPrices, pricesOf } from "../../../lab/studies/prices.ts";

/** Runs out of printer DCs within a day. */
const yaml = `
question: What is to be done?
seed: advice
replications: 3
scenario:
  model: print-servers
  servers: 2
  horizonDays: 3
  sampleEveryHours: 24
  parameters: {jobsPerDay: 150, profile: flat, controlMsMedian: 300, pauseDeleteShare: 0.5, textShare: 1, emfShare: 0,
    dcsMax: 60, staggerMinutes: 0}
factors:
  policy:
    wait: {restartEveryHours: 0}
    often: {restartEveryHours: 12}
    hotfix: {patchOrder: hotfix, patchAtDays: 0.25, windowDays: every-day, windowHours: 24}
compare: {factor: policy, baseline: wait}
`;

const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
const timeout = 120_000;

let folder: string;
let experiment: Experiment;
let advice: Advice;

async function advised(how: { workers?: number; sliceSize?: number } = {}, said: readonly string[] = []) {
  const point = await findPoint(experiment, "policy=wait");
  return adviceOn(experiment, { ...machine, ...how, point, prices: pricesOf(said), unknown: "controlMsMedian" });
}

before(
  async () => {
    folder = await mkdtemp(join(tmpdir(), "spoolsim-advice-"));
    await writeFile(join(folder, "small.yaml"), yaml);
    experiment = await loadExperiment(join(folder, "small.yaml"));
    advice = await advised();
  },
  { timeout },
);

after(() => rm(folder, { recursive: true }));

test("a policy costs what its rows of servers.csv come to at these prices", { timeout }, async () => {
  const out = join(folder, "results");
  await runExperiment(experiment, { ...machine, out, force: false, command: "spoolsim run small", cache: undefined });
  const servers = parse<Record<string, string>>(await readFile(join(out, "servers.csv")), { columns: true });
  for (const { name, cost, lostPrinters, fixed } of advice.policies) {
    const own = servers.filter(({ policy }) => policy === name);
    assert.equal(own.length, 6);
    const paid = own.map((row) =>
      assumedPrices.reduce((sum, { amount, response, size }) => {
        if (response === "printersLostUs") return sum + (row[response] === "" ? 0 : amount);
        return sum + (amount * Number(row[response])) / size;
      }, 0),
    );
    const perDay = paid.reduce((sum, one) => sum + one) / (6 * 3);
    assert.ok(Math.abs(cost.value - perDay) <= 1e-12 * perDay, `${name}: ${cost.value}, not ${perDay}`);
    assert.equal(lostPrinters, 0);
    assert.equal(fixed, own.filter(({ fixedUs }) => fixedUs !== "").length);
  }
  assert.deepEqual(
    advice.policies.map(({ fixed }) => fixed),
    [0, 0, 6],
  );
});

test("the best costs least, and how things are is the level that is compared with", () => {
  const means = advice.policies.map(({ cost }) => cost.value);
  assert.equal(means[advice.best], Math.min(...means));
  assert.equal(advice.policies[advice.asIs].name, "wait");
  assert.ok(advice.policies[advice.best].above.isCandidate);
});

test("beyond the price of its break-even another policy costs least, and short of it none", { timeout }, async () => {
  assert.notEqual(advice.breakEvens.length, 0);
  const { price, at, policy, isAbove } = advice.breakEvens[0];
  const [beyond, short] = isAbove ? [1.01, 0.99] : [0.99, 1.01];
  assert.equal((await advised({}, [`${price}=${at * beyond}`])).best, policy);
  assert.equal((await advised({}, [`${price}=${at * short}`])).best, advice.best);
});

test("the interval of a policy that the experiment has costs as much as that policy", () => {
  const often = advice.policies.find(({ name }) => name === "often")!;
  const row = advice.restarts.rows.find(({ hours }) => hours === 12)!;
  assert.deepEqual(row.cost, often.cost);
  assert.deepEqual(advice.restarts.rows.at(-1)!.cost, advice.policies[advice.asIs].cost);
});

test("what is done once is paid back after the days in which the best has cost as much", () => {
  const { payback, policies, best, horizonDays } = advice;
  if (policies[best].name === "hotfix") assert.equal(payback, undefined);
  else assert.equal(payback!.days * policies[best].cost.value, policies[payback!.policy].cost.value * horizonDays);
});

test("the world that the scenario assumes is the one that the policies were priced in", () => {
  const { worlds } = advice.observation;
  const assumed = worlds.find(({ value }) => value === 300)!;
  assert.equal(assumed.cost, Math.min(...advice.policies.map(({ cost }) => cost.value)));
  assert.deepEqual(
    worlds.map(({ value }) => value),
    [75, 300, 1200],
  );
  assert.ok(worlds.every(({ leaks }) => leaks > 0));
});

test("two workers and other slices give the same advice", { timeout }, async () => {
  assert.deepEqual(await advised({ workers: 2, sliceSize: 1 }), advice);
});

test("what a factor varies is not unknown, and an experiment without a comparison has no advice", async () => {
  const point = await findPoint(experiment, "policy=wait");
  const options = { ...machine, point, prices: assumedPrices, unknown: "restartEveryHours=1,2" };
  await assert.rejects(adviceOn(experiment, options), /the factor policy varies it/);
  const { compare: _, ...alone } = experiment;
  await assert.rejects(adviceOn(alone, { ...options, unknown: "controlMsMedian" }), /small compares nothing/);
});
