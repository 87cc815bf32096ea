/** A slice that follows others in the same simulator comes to what it comes to alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SliceSimulator } from "../../../lab/execution/slice-simulator.ts";
import { runThrough } from "../../../models/barrier.ts";
import { catalogue } from "../../../models/catalogue.ts";
import type { Parameters, Settings, Values } from "../../../models/contract/parameters.ts";
import type { Model } from "../../../models/model.ts";
import { Snapshot } from "../../../sim/snapshot.ts";
import { attendedScenarios, smallScenarios, valuesOf } from "../../models/print-servers/lockstep.ts";

const COUNT = 3;

type ModelValues = Values<Parameters>;

/** The digests and columns of a slice after `minutes`. */
function result(
  simulator: SliceSimulator,
  values: ModelValues,
  seed: string,
  replication: number,
  first: number,
  minutes: number,
): string {
  const { simulation, instance } = simulator.start(values, seed, replication, first);
  for (const until of [(minutes * 60e6) / 2, minutes * 60e6]) {
    runThrough(simulation, instance.controller, until);
    instance.observe(until);
  }
  instance.check();
  const digests = Array.from({ length: simulation.digest.subjects }, (_, subject) => simulation.digest.of(subject));
  return [simulation.eventCount, ...digests, ...instance.columns.map((column) => column.join())].join("\n");
}

function assertSame(model: Model, settings: Settings, seed: string, minutes: number, count = COUNT): void {
  const values = valuesOf(model, settings);
  const used = new SliceSimulator(model, values, count);
  for (const [replication, first] of [
    [0, 40],
    [7, 0],
    [7, 3],
    [0, 40],
  ]) {
    const alone = result(new SliceSimulator(model, values, count), values, seed, replication, first, minutes);
    assert.equal(result(used, values, seed, replication, first, minutes), alone);
  }
}

for (const [name, model] of Object.entries(catalogue)) {
  test(`${name}: one instance runs slice after slice`, () => {
    assert.equal(model.keepsStateInFields, true);
    assertSame(model, {}, "slices", 600);
  });
}

test("one instance of any print server runs slice after slice", () => {
  fc.assert(
    fc.property(fc.oneof(smallScenarios, attendedScenarios), ({ settings, seed, minutes }) =>
      assertSame(catalogue["print-servers"], settings, seed, minutes),
    ),
    { numRuns: 25 },
  );
});

test("one instance of any print server can be reset from design point to design point", () => {
  const model = catalogue["print-servers"];
  const anyScenario = fc.oneof(smallScenarios, attendedScenarios);
  fc.assert(
    fc.property(fc.array(anyScenario, { minLength: 2, maxLength: 4 }), fc.nat(1000), (scenarios, first) => {
      const points = scenarios.map(({ settings, minutes }) => ({ values: valuesOf(model, settings), minutes }));
      const parts = JSON.stringify(points);
      const used = new SliceSimulator(model, points[0].values, COUNT);
      for (const [i, { values, minutes }] of [...points, ...points].entries()) {
        const alone = result(new SliceSimulator(model, values, COUNT), values, "points", i, first, minutes);
        assert.equal(result(used, values, "points", i, first, minutes), alone);
      }
      assert.equal(JSON.stringify(points), parts);
    }),
    { numRuns: 25 },
  );
});

for (const [name, settings] of [
  ["mm1", { serviceLaw: "erlang2" }],
  ["mmc", { whenBusy: "leave", clerks: 7 }],
  ["guard-window", { reading: "extending", windowLaw: "exponential" }],
  ["print-servers", { site: "mainframe", spooler: "fixed" }],
] as const) {
  test(`${name}: one instance can be reset from design point to design point`, () => {
    const model = catalogue[name];
    const points = [{}, settings, {}].map((given) => valuesOf(model, given));
    const used = new SliceSimulator(model, points[0], COUNT);
    const instances = new Set<unknown>();
    for (const values of points) {
      const alone = result(new SliceSimulator(model, values, COUNT), values, "points", 0, 5, 100);
      assert.equal(result(used, values, "points", 0, 5, 100), alone);
      instances.add(used.start(values, "points", 0, 5).instance);
    }
    // For a new one, V8 would have to compile the loop again.
    assert.equal(instances.size, 1);
  });
}

test("an instance made of closures can be reset from design point to design point", async () => {
  const { default: model } = (await import(new URL("../../../../examples/model.mjs", import.meta.url).href)) as {
    default: Model;
  };
  assert.equal(model.keepsStateInFields, true);
  const points = [{}, { forgetShare: 0.5 }, { requestsPerHour: 600 }, {}].map((given) => valuesOf(model, given));
  const used = new SliceSimulator(model, points[0], COUNT);
  for (const values of points) {
    for (const first of [0, 3, 6]) {
      const alone = result(new SliceSimulator(model, values, COUNT), values, "points", 0, first, 1000);
      assert.equal(result(used, values, "points", 0, first, 1000), alone);
    }
  }
  // Saved halfway, it goes on in another simulator.
  const [saving, resuming] = [1, 2].map(() => new SliceSimulator(model, points[1]!, COUNT));
  for (const simulator of [saving, resuming]) simulator!.start(points[1]!, "saved", 0, 3);
  saving!.started.simulation.run(36e9);
  resuming!.resume(new Snapshot(saving!.save({})));
  const [one, other] = [saving!, resuming!].map(({ started: { simulation, instance } }) => {
    simulation.run(72e9);
    return [simulation.digest.of(0), ...instance.columns.map((column) => column.join())];
  });
  assert.deepEqual(other, one);
});

test("a fleet with a controller begins every replication like the first", () => {
  const settings = {
    spooler: "buggy",
    patchOrder: "hotfix-sp6",
    patchAtDays: 0.01,
    canaryServers: 2,
    canaryDays: 0.05,
    waveServers: 2,
  };
  assert.equal(catalogue["print-servers"].isCoordinated?.(valuesOf(catalogue["print-servers"], settings)), true);
  assertSame(catalogue["print-servers"], settings, "fleet", 300, 6);
});

test("after millions of events a simulation gets its own specialized loop, with the same results, or never", () => {
  const values = valuesOf(catalogue.mm1, { arrivalsPerSecond: 900, servicesPerSecond: 1000 });
  const used = new SliceSimulator(catalogue.mm1, values, 1);
  const never = new SliceSimulator(catalogue.mm1, values, 1, undefined, Infinity);
  for (const simulator of [used, never]) {
    result(simulator, values, "long", 0, 0, 25);
    const loop = () => Reflect.get(simulator.start(values, "long", 0, 1).simulation, "burst") as unknown;
    const common = loop();
    assert.equal(loop() === common, simulator === never);
  }
  assert.equal(result(used, values, "long", 0, 2, 10), result(never, values, "long", 0, 2, 10));
});

test("a model that keeps state elsewhere gets a new instance for every slice", () => {
  let made = 0;
  const model: Model = {
    ...catalogue.mm1,
    create: (...words) => {
      made++;
      return catalogue.mm1.create(...words);
    },
  };
  const closed = { ...model, keepsStateInFields: undefined } as unknown as Model;
  for (const [tried, expected] of [
    [model, 2],
    [closed, 4],
  ] as const) {
    made = 0;
    const values = valuesOf(tried, {});
    const simulator = new SliceSimulator(tried, values, COUNT);
    for (const first of [0, 3, 6, 9]) simulator.start(values, "made", 0, first);
    assert.equal(made, expected);
  }
});

test("a mark is returned to, although a later start made another instance", () => {
  const model = catalogue["print-servers"];
  const values = valuesOf(model, {});
  const hour = 3600e6;
  const simulator = new SliceSimulator(model, values, COUNT);
  simulator.start(values, "trunk", 0, 5).simulation.run(10 * hour);
  const mark = simulator.mark();
  simulator.start(values, "other", 0, 5).simulation.run(2 * hour);
  simulator.branch(mark, "branch", 0);
  assert.equal(simulator.started.simulation.now, 10 * hour);
});

test("branches of a mark share the events before it and differ in later draws", () => {
  const model = catalogue["print-servers"];
  const values = valuesOf(model, { pauseDeleteShare: 0.2 });
  const simulator = new SliceSimulator(model, values, COUNT);
  const hour = 3600e6;
  simulator.start(values, "trunk", 0, 5).simulation.run(10 * hour);
  const mark = simulator.mark();
  const { simulation, instance } = simulator.started;
  const countAtMark = simulation.eventCount;
  const outcomeOf = (seed: string) => {
    simulator.branch(mark, seed, 0);
    assert.deepEqual([simulation.now, simulation.eventCount], [10 * hour, countAtMark]);
    simulation.run(20 * hour);
    instance.observe(20 * hour);
    instance.check();
    return [...Array(COUNT).keys()].map((subject) => simulation.digest.of(subject)).join();
  };
  const [one, other, again] = ["one", "other", "one"].map(outcomeOf);
  assert.equal(again, one);
  assert.notEqual(other, one);
  // A slice that starts again contains nothing of the branches.
  const alone = result(new SliceSimulator(model, values, COUNT), values, "trunk", 1, 0, 600);
  assert.equal(result(simulator, values, "trunk", 1, 0, 600), alone);
});
