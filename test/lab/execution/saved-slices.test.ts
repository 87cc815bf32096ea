/** A slice that is saved and gone on with elsewhere comes to what it comes to without a stop; nothing is forgotten. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SliceSimulator } from "../../../lab/execution/slice-simulator.ts";
import { catalogue } from "../../../models/catalogue.ts";
import type { Model } from "../../../models/model.ts";
import { Snapshot, snapshotOf } from "../../../sim/snapshot.ts";
import { reachedFrom } from "../../../sim/state.ts";
import { valuesOf } from "../../models/print-servers/lockstep.ts";
import { stateDifferences } from "../../support/state-differences.ts";
import { begun, goneOnElsewhere, result, runToInstant, savedSlices } from "./saved-slices.ts";

test("another process continues a saved slice as if nothing had happened", async () => {
  const slices = savedSlices(60);
  const saved: ArrayBuffer[] = [];
  const expected = slices.map((one) => {
    const { simulator, slice } = begun(one);
    runToInstant(slice, one);
    saved.push(simulator.save({}));
    return result(slice, one);
  });
  const results = await goneOnElsewhere(slices, saved);
  slices.forEach((one, i) => assert.equal(results[i], expected[i], JSON.stringify(one)));
});

test("everything reachable is restored, in a twin at its beginning or further on", () => {
  for (const one of savedSlices(40)) {
    const original = begun(one);
    runToInstant(original.slice, one);
    const bytes = original.simulator.save({});
    for (const share of [0, 0.3, 1]) {
      const twin = begun(one);
      if (share > 0) runToInstant(twin.slice, { ...one, share });
      twin.simulator.resume(new Snapshot(bytes));
      assert.deepEqual(stateDifferences(twin.slice, original.slice), [], JSON.stringify(one));
      assert.deepEqual(new Uint8Array(twin.simulator.save({})), new Uint8Array(bytes));
    }
  }
});

test("a column missing from a snapshot is detected", () => {
  const one = { ...savedSlices(1)[0], model: "print-servers", settings: { jobsPerDay: 12000 }, minutes: 720, share: 1 };
  const { slice } = begun(one);
  const beginning = begun(one).slice;
  runToInstant(slice, one);
  const changed = new Set(stateDifferences(slice, beginning));
  const columns = [...reachedFrom(slice)].filter((object) => ArrayBuffer.isView(object));
  let missed = 0;
  for (const column of columns) {
    const twin = begun(one).slice;
    new Snapshot(snapshotOf(slice, {}, [column])).restore(twin);
    const differences = stateDifferences(twin, slice);
    assert.ok(differences.every((path) => changed.has(path)));
    missed += differences.length;
  }
  // Each changed column is missed by the snapshot that leaves it out, and by no other.
  const scalars = [...changed].filter((path) => {
    const value = path
      .split(".")
      .slice(1)
      .reduce((object, name) => Reflect.get(object, name) as object, slice as object);
    return !ArrayBuffer.isView(value);
  });
  assert.equal(missed, changed.size - scalars.length);
  assert.ok(missed > 50, String(missed));
});

const closed = { ...catalogue.mm1, name: "closed", keepsStateInFields: undefined } as unknown as Model;

test("a model that does not declare keepsStateInFields is not saved", () => {
  const values = valuesOf(closed, {});
  const simulator = new SliceSimulator(closed, values, 1);
  simulator.start(values, "closed", 0, 0);
  assert.throws(() => simulator.save({}), {
    name: "UserError",
    message:
      "closed cannot be saved: the model does not declare that its state is in fields; keep everything that changes in " +
      "fields of the instance, and add keepsStateInFields: true to the model",
  });
});

test("state hidden in a closure is detected", () => {
  const leaky: Model = {
    ...catalogue.mm1,
    create: (values, slice, open) => {
      const instance = catalogue.mm1.create(values, slice, open);
      let handled = 0;
      const [column] = instance.columns;
      return {
        columns: instance.columns,
        start: (schedule) => instance.start(schedule),
        handle(kind, server, object, schedule) {
          handled++;
          instance.handle(kind, server, object, schedule);
        },
        observe(now) {
          instance.observe(now);
          column[0] = handled;
        },
        check: () => undefined,
      };
    },
  };
  const values = valuesOf(leaky, {});
  const started = () => {
    const simulator = new SliceSimulator(leaky, values, 1);
    return { simulator, slice: simulator.start(values, "leaky", 0, 0) };
  };
  const one = savedSlices(1)[0];
  const [original, twin] = [started(), started()];
  runToInstant(original.slice, one);
  twin.simulator.resume(new Snapshot(original.simulator.save({})));
  assert.notEqual(result(twin.slice, one), result(original.slice, one));
});
