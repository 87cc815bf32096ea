/**
 * What a year of restarts by a gauge costs, where the horizon cuts off the last interval of every server: against the
 * rate of two simulated years, which have some 44 intervals per server. And a level that comes after something has run
 * out: against a simulated year.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HorizonValues, planAtHorizon } from "../../../lab/analysis/horizon-values.ts";
import { changed } from "../../../lab/experiment/design-point.ts";
import { designPoints } from "../../../lab/experiment/design.ts";
import { policyYear } from "../../../lab/studies/policy-costs.ts";
import { policyResponses } from "../../../lab/studies/policy-runs.ts";
import { pricesOf } from "../../../lab/studies/prices.ts";
import type { Upkeep } from "../../../models/contract/operations.ts";
import { printServers } from "../../../models/print-servers/model.ts";
import { mean, meanEstimate } from "../../../statistics/estimate.ts";
import type { Settings } from "../../../models/contract/parameters.ts";
import { waitOrWeekly } from "../../cases/known-optimum.ts";

const SERVERS = 2;
const SEEDS = 40;

/** A year with restarts at so many handles. */
async function yearOf(seed: string, replications: number, horizonDays: number, level: number, settings: Settings) {
  const experiment = waitOrWeekly(seed, replications);
  const [first] = await designPoints(experiment);
  const restarts = { restartGauge: "handles", restartAtGauge: level, ...settings };
  const point = changed(first, restarts, { servers: SERVERS, horizonDays });
  const plan = await planAtHorizon(experiment, [point], () => 12);
  const upkeep = printServers.upkeep as unknown as Upkeep;
  const prices = pricesOf(printServers.prices!, []);
  const names = policyResponses(plan, { prices, upkeep });
  const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
  return policyYear(plan, await HorizonValues.of(plan, names, machine), 0, { prices, upkeep, scale: 1 });
}

/** The cost of a year per server, by replication, with a restart at 300 handles, after some 160 leaks. */
async function costsOf(seed: string, replications: number, horizonDays: number): Promise<Float64Array> {
  const { costs, fate } = await yearOf(seed, replications, horizonDays, 300, { dcsMax: 5000 });
  assert.deepEqual([fate.kind, fate.isUnscheduled], ["restarted", false]);
  return costs.map((cost) => cost / SERVERS);
}

test("with one or two intervals per server, the cost of restarts by a gauge has no bias, and its interval covers", async () => {
  const truth = mean(await costsOf("truth of the gauge", 8, 728));
  const means: number[] = [];
  let held = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const { value, lower, upper } = meanEstimate(await costsOf(`gauge ${seed}`, 4, 28));
    means.push(value);
    if (lower <= truth && truth <= upper) held++;
  }
  // Without the unfinished intervals, the mean would be some 40 % too small.
  assert.ok(Math.abs(mean(means) / truth - 1) < 0.03, `${mean(means)}, not ${truth}`);
  assert.ok(held >= 0.8 * SEEDS, `held in ${held} of ${SEEDS}`);
});

test("a level has a cost of a year if hardly anything runs out before it, and none if something often does", async () => {
  // Room for 30 printer DCs, which eight of ten leaks hold: 30 handles leak before that, and 38 often after it.
  const of = (level: number, days: number) => yearOf(`level ${days}`, 12, days, level, { textShare: 0.8, dcsMax: 30 });
  const [low, lowTruth] = [await of(180, 28), await of(180, 365)];
  assert.deepEqual([low.fate.kind, low.drains, lowTruth.drains], ["restarted", true, true]);
  assert.ok(Math.abs(mean(low.costs) / mean(lowTruth.costs) - 1) < 0.1, `${mean(low.costs)}, ${mean(lowTruth.costs)}`);
  const [high, highTruth] = [await of(188, 28), await of(188, 365)];
  assert.ok(mean(highTruth.costs) > 4 * mean(high.costs), `${mean(highTruth.costs)}, ${mean(high.costs)} by 28 days`);
  assert.deepEqual([high.fate.kind, high.drains, highTruth.drains], ["restarted", false, true]);
  assert.ok(mean(high.seen) < mean(highTruth.costs), "a lower bound");
});
