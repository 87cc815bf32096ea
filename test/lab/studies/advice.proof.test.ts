/** Advice on the fleet whose best restart interval is known: with every seed it is not to wait. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceOn } from "../../../lab/studies/advice.ts";
import { waitOrWeekly } from "../../cases/known-optimum.ts";

const SEEDS = 6;

test("waiting is never advised where stuck jobs accumulate, and the interval is near the best one, 60 to 66 h", async () => {
  const machine = { workers: 1, sliceSize: 64, signal: new AbortController().signal };
  for (let seed = 0; seed < SEEDS; seed++) {
    const options = { ...machine, at: "", prices: [], unknown: "controlMsMedian=30:1,31:1" };
    const { whole, parts } = await adviceOn(waitOrWeekly(`never wait ${seed}`, 8), options);
    assert.equal(whole.policies[whole.best].name, "weekly");
    const { hours } = parts[0].restarts.chosen!;
    assert.ok(hours >= 48 && hours <= 72, `${hours} h`);
  }
});
