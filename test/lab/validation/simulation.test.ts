/** Simulations for targets: the numbers of the model's own columns, replication by replication, and computed once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulation } from "../../../lab/validation/simulation.ts";
import { exhaustion } from "../../../models/rejuvenation/exhaustion.ts";
import { Digest } from "../../../sim/digest.ts";
import { Simulation } from "../../../sim/simulation.ts";
import { openStreams } from "../../../sim/streams.ts";
import { meanEstimate, ratioEstimate } from "../../../statistics/estimate.ts";
import { valuesOf } from "../../models/print-servers/lockstep.ts";

const extent = { servers: 3, replications: 4, horizonDays: 200 };
const DAY = 86400e6;

/** The columns of each replication, from the kernel itself. */
const replications = Array.from({ length: extent.replications }, (_, replication) => {
  const slice = { first: 0, count: extent.servers };
  const instance = exhaustion.create(valuesOf(exhaustion, {}), slice, openStreams("validate", replication, slice));
  const kernel = new Simulation(instance, new Digest(0, extent.servers));
  kernel.run(extent.horizonDays * DAY);
  instance.observe(kernel.now);
  return (name: string) => [...instance.columns[exhaustion.responses.findIndex((one) => one.name === name)]];
});
const total = (name: string) => replications.map((column) => column(name).reduce((a, b) => a + b));

test("a mean, a rate and a survival curve are those of the model's columns", async () => {
  const simulated = simulation("exhaustion", extent, {});
  const mean = await simulated.mean("lifeUsPerExhaustion")();
  assert.deepEqual(mean, { estimate: ratioEstimate(total("lifeUs"), total("earlyExhaustions")), replications: 4 });
  const rate = await simulated.rate("leakedBytes")();
  assert.deepEqual(rate.estimate, meanEstimate(total("leakedBytes"), 3 * 200));
  for (const days of [1, 80, 199]) {
    const left = replications.map((column) => column("exhaustedUs").filter((time) => !(time <= days * DAY)).length);
    assert.deepEqual((await simulated.survival("exhaustedUs", days)()).estimate, meanEstimate(left, 3));
  }
});

test("settings that a model refuses are refused", async () => {
  const impossible = simulation("mm1", extent, { arrivalsPerSecond: 2 });
  await assert.rejects(impossible.mean("waitUsMean")(), /arrivalsPerSecond is .* a stable queue is served faster/);
});
