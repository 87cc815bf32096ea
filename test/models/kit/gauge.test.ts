/** A gauge: areas by hand, and the mean number in M/M/1. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assembleModel } from "../../../models/kit/assemble-model.ts";
import { Gauge } from "../../../models/kit/gauge.ts";
import { mean, total } from "../../../models/kit/measures.ts";
import { exponentials } from "../../../sim/variates.ts";
import { assertAgrees } from "../print-servers/against-theory.ts";

test("the area is that of a step function, however often it is sampled", () => {
  const gauge = new Gauge(2, 3);
  gauge.add(1, { now: 10 }, -1);
  gauge.observe(15);
  gauge.set(1, { now: 20 }, 7);
  gauge.observe(21);
  gauge.observe(21);
  assert.deepEqual([...gauge.areaUs], [63, 30 + 20 + 7]);
  assert.deepEqual([...gauge.elapsedUs], [21, 21]);
  assert.deepEqual([...gauge.level], [3, 7]);
});

const queue = assembleModel({
  name: "number",
  meaning: "the number in M/M/1",
  parameters: {},
  parts: (_values, kit) => ({
    gaps: kit.timer("ARRIVAL", "arrivals", exponentials, 2e6),
    station: kit.station({ service: kit.timer("DEPARTURE", "services", exponentials, 1e6) }),
    present: kit.gauge(),
  }),
  start: ({ gaps }, server, schedule) => gaps.start(server, schedule),
  on: {
    DEPARTURE({ station, present }, server, schedule, channel) {
      station.depart(server, schedule, channel);
      present.add(server, schedule, -1);
    },
    ARRIVAL({ gaps, station, present }, server, schedule) {
      gaps.start(server, schedule);
      station.arrive(server, schedule);
      present.add(server, schedule, 1);
    },
  },
  responses: ({ present }) => ({
    presentUs: total("us", "customers, over time", present.areaUs),
    elapsedUs: total("us", "time", present.elapsedUs),
  }),
  means: { present: mean("1", "presentUs", "elapsedUs", "mean number of customers") },
  closedForm: (_values, name) => (name === "present" ? 1 : undefined),
});

test("at a load of one half there is one customer in M/M/1, on average", () => {
  assertAgrees(queue, {}, 0.5, ["present"]);
});
