/**
 * lab/studies/rare-event.ts: "the first server of a thousand before Monday". A server that leaks twice a day is full at
 * its 32nd leak; within a week, that happens to 1 in 39,000 servers, and with 2.5 % to the first of a thousand.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resolvePoints } from "../../../lab/experiment/design-point.ts";
import { buildExperiment } from "../../../lab/experiment/load.ts";
import { split } from "../../../lab/studies/rare-event.ts";
import { conditionOf } from "../../../lab/traces/condition.ts";
import { gammaCdf } from "../../../statistics/gamma.ts";

const LEAKS_A_WEEK = 14;
const EXPERIMENTS = 40;

test("splitting finds it at a hundredth of the cost of plain simulation, pilots included, and its intervals cover", async () => {
  const known = gammaCdf(32, LEAKS_A_WEEK);
  const scenario = {
    model: "exhaustion",
    servers: 20,
    horizonDays: 7,
    sampleEveryHours: 24,
    parameters: { leaksPerDay: 2, leakLaw: "constant", leakBytesMean: 1, ceilingBytes: 32 },
  };
  let [squares, events, covering] = [0, 0, 0];
  for (let i = 0; i < EXPERIMENTS; i++) {
    const experiment = buildExperiment(
      "monday",
      { question: "?", seed: `monday ${i}`, replications: 1, scenario },
      "/",
    );
    const [point] = await resolvePoints([{ index: 0, levels: {}, scenario }]);
    const condition = conditionOf(point!.resolved.model, "leaks >= 32");
    const found = await split(experiment, point!, condition, { trajectories: 200, steps: 20 });
    squares += (found.probability.value - known) ** 2;
    events += found.events;
    if (found.probability.lower <= known && known <= found.probability.upper) covering++;
  }
  // A plain server has an event for each leak, and is full or not.
  const plainEvents = (LEAKS_A_WEEK * known * (1 - known)) / (squares / EXPERIMENTS);
  const ratio = plainEvents / (events / EXPERIMENTS);
  assert.ok(ratio > 100, `${ratio}`);
  assert.ok(covering >= 35, `${covering} of ${EXPERIMENTS}`);
});
