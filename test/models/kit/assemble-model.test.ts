/** A model made of parts: what it says of itself, that it can be brought back and saved, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SliceSimulator } from "../../../lab/execution/slice-simulator.ts";
import { assembleModel } from "../../../models/kit/assemble-model.ts";
import { clinic } from "../../cases/clinic.ts";
import { Snapshot } from "../../../sim/snapshot.ts";
import { exponentials } from "../../../sim/variates.ts";
import { valuesOf } from "../print-servers/lockstep.ts";

const HOUR_US = 3600e6;
const gapOf = (gapSeconds: number) => valuesOf(clinic, { gapSeconds });

function state(simulator: SliceSimulator) {
  const { simulation, instance } = simulator.started;
  instance.observe(simulation.now);
  instance.check();
  return { digest: simulation.digest.of(1), columns: instance.columns.map((column) => [...column]) };
}

test("the model lists its kinds, responses and means in the order in which they are written", () => {
  assert.deepEqual(clinic.kinds, ["DEPARTURE", "RENEGE", "ARRIVAL"]);
  assert.deepEqual(clinic.responses[1], {
    name: "lost",
    unit: "1",
    role: "leak",
    meaning: "patients lost",
    ceiling: "firstLostUs",
    leakSize: 1,
  });
  assert.deepEqual(
    clinic.responses.map(({ role }) => role),
    ["count", "leak", "gauge", "total", "eventTime"],
  );
  assert.deepEqual(clinic.means, [{ name: "lostShare", unit: "1", of: "lost", per: "arrived", meaning: "share lost" }]);
});

test("an instance that is reset and given other values behaves like a new one", () => {
  const values = [gapOf(1), gapOf(0.8)];
  const once = values.map((value) => {
    const simulator = new SliceSimulator(clinic, value, 3);
    simulator.start(value, "kit", 0, 3).simulation.run(HOUR_US);
    return state(simulator);
  });
  assert.notEqual(once[0].digest, once[1].digest);
  const simulator = new SliceSimulator(clinic, values[0], 3);
  for (const which of [0, 0, 0, 1, 0, 1]) {
    simulator.start(values[which], "kit", 0, 3).simulation.run(HOUR_US);
    assert.deepEqual(state(simulator), once[which]);
  }
});

test("a snapshot taken while queues are long continues in a twin to the same end", () => {
  const values = gapOf(0.6);
  const [one, twin] = [new SliceSimulator(clinic, values, 3), new SliceSimulator(clinic, values, 3)];
  one.start(values, "kit", 0, 0).simulation.run(HOUR_US / 2);
  assert.ok(Math.max(...state(one).columns[2]) > 16, "a queue has doubled");
  const bytes = one.save({ of: "clinic" });
  one.started.simulation.run(HOUR_US);
  twin.start(values, "kit", 0, 0);
  twin.resume(new Snapshot(bytes));
  twin.started.simulation.run(HOUR_US);
  assert.deepEqual(state(twin), state(one));
});

test("a timer of an unknown kind is refused by name", () => {
  const make = () =>
    assembleModel({
      name: "wrong",
      meaning: "a model that misspells",
      parameters: {},
      // @ts-expect-error: the compiler says it first
      parts: (_values, kit) => ({ gaps: kit.timer("ARIVAL", "arrivals", exponentials, 1) }),
      start() {},
      on: { ARRIVAL() {} },
      responses: () => ({}),
    });
  assert.throws(make, /"ARIVAL" is not a kind of event; the model has ARRIVAL/);
});

test("a part missing from a model is named", () => {
  const whole = { name: "half", meaning: "a model", parameters: {}, parts: () => ({}), responses: () => ({}), on: {} };
  // @ts-expect-error: the compiler says it first
  assert.throws(() => assembleModel(whole), /the model's start is undefined; it is a function/);
  const handled = { ...whole, start() {}, on: { VISIT: 7 as never } };
  assert.throws(() => assembleModel(handled), /the model's VISIT is 7; it is a function/);
});
