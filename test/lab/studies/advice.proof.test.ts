/** Advice on fleets whose best restart interval is known: with every seed it is not to wait. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadExperiment } from "../../../lab/experiment/load.ts";
import { derive } from "../../../lab/experiment/override.ts";
import { adviceOn } from "../../../lab/studies/advice.ts";
import { waitOrWeekly } from "../../cases/known-optimum.ts";

const SEEDS = 6;
const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };

test("waiting is never advised where stuck jobs accumulate, and the interval is near the best one, 60 to 66 h", async () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const options = { ...machine, at: "", prices: [], unknown: "controlMsMedian=30:1,31:1" };
    const { whole, parts } = await adviceOn(waitOrWeekly(`never wait ${seed}`, 8), options);
    assert.notEqual(whole.policies[whole.best].name, "wait");
    const { hours } = parts[0].restarts.chosen!;
    assert.ok(hours >= 48 && hours <= 72, `${hours} h`);
  }
});

test("restarts every nine days or so are cheaper than weekly ones, although two weeks are too long", async () => {
  // For 400 servers, 24 of which were simulated for 364 days, a year costs 21,980 +- 170 with 168 hours, 16,270 +- 190
  // with 204, 14,620 +- 160 with 228 and 16,300 +- 1,100 with 240.
  const all = await loadExperiment("restart-or-patch");
  const [factor] = all.factors;
  const waiting = { ...factor!, levels: factor!.levels.filter(({ name }) => name === "wait" || name === "weekly") };
  const experiment = { ...derive(all, []), factors: [waiting] };
  const options = { ...machine, at: "", prices: [], unknown: "controlMsMedian=30:1,31:1", fleetServers: 400 };
  const { parts } = await adviceOn(experiment, options);
  const { hours, by, cost } = parts[0].restarts.chosen!;
  assert.ok(hours >= 204 && hours <= 240 && by === "formula", `${hours} h by ${by}`);
  assert.ok(cost.lower < 16_300 && cost.upper > 14_600, String(cost.value));
});
