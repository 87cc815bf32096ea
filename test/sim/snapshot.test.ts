/** A snapshot brings back every kind of value, what is one object stays one, and a wrong snapshot is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Digest } from "../../sim/digest.ts";
import { Calendar } from "../../sim/calendar.ts";
import { Simulation, type System } from "../../sim/simulation.ts";
import { Snapshot, snapshotOf } from "../../sim/snapshot.ts";

class Inner {
  column = new Float64Array(2);
  name = "inner";
}

const fresh = () => {
  const shared = new ArrayBuffer(16);
  return {
    inner: new Inner(),
    numbers: [0, 0] as unknown[],
    column: new Int32Array(3),
    doubles: new Float64Array(shared),
    halves: new Int32Array(shared, 8, 2),
    map: new Map<unknown, unknown>([["a", { value: 1 }]]),
    set: new Set<unknown>(),
    optional: undefined as unknown,
    words: "",
    act: () => "own",
    self: undefined as unknown,
  };
};

const changed = () => {
  const state = fresh();
  state.inner.column = Float64Array.of(NaN, -0, 1e300, 5);
  state.inner.name = 'a "name" \ud83d\udda8\ud800';
  state.numbers = [NaN, -0, Infinity, -Infinity, 2 ** 53, 0.1, null, undefined, true, 12n, new Inner()];
  state.column.set([1, -2, 3]);
  state.halves.set([7, 8]);
  state.doubles[0] = 0.1;
  state.map.get("a");
  state.map.set("a", { value: 2, more: new Uint8Array(3) }).set(state.inner, "by object");
  state.set.add("one").add(state.column);
  state.optional = { x: 1 };
  state.words = "words";
  state.act = () => "theirs";
  state.self = state;
  return state;
};

test("every kind of value is restored, shared objects stay shared, and functions stay the twin's", () => {
  const twin = fresh();
  const { column, inner, act } = twin;
  new Snapshot(snapshotOf(changed(), {})).restore(twin);
  assert.deepStrictEqual({ ...twin, act: 0, self: 0 }, { ...changed(), act: 0, self: 0 });
  assert.equal(twin.self, twin);
  assert.equal(twin.act, act);
  assert.equal(twin.column, column);
  assert.equal(twin.inner, inner);
  assert.ok(twin.set.has(column) && twin.map.has(inner));
  assert.equal(twin.halves.buffer, twin.doubles.buffer);
});

test("additional state of the twin is removed", () => {
  const twin = changed();
  new Snapshot(snapshotOf(fresh(), {})).restore(twin);
  assert.deepStrictEqual({ ...twin, act: 0 }, { ...fresh(), act: 0 });
});

test("excepted parts are neither saved nor changed", () => {
  const values = { rate: 1 };
  const bytes = snapshotOf({ values, time: 5 }, {}, [values]);
  const own = { rate: 2 };
  const twin = { values: own, time: 0 };
  new Snapshot(bytes).restore(twin, [own]);
  assert.deepEqual(twin, { values: { rate: 2 }, time: 5 });
  assert.equal(twin.values, own);
});

test("the label says what a snapshot is of", () => {
  assert.deepEqual(new Snapshot(snapshotOf({}, { key: "mine", at: 3 })).label, { key: "mine", at: 3 });
});

const COUNT = 300;
/** So many events for one subject that its lane goes on as a calendar, which a twin at its beginning has not. */
const crowd: System = {
  start: (schedule) => schedule.after(1, 0, 0, COUNT),
  handle(_kind, _subject, object, schedule) {
    for (let i = 0; i < object; i++) schedule.after(1000 + 7 * ((i * i) % 997), 1, 0, 0);
  },
};

test("an event list that was created during the run is restored", () => {
  const one = new Simulation(crowd, new Digest(0, 1));
  one.run(2000);
  const twin = new Simulation(crowd, new Digest(0, 1));
  new Snapshot(snapshotOf(one, {})).restore(twin);
  assert.equal(twin.events.size, one.events.size);
  assert.ok([...(Reflect.get(twin.events, "calendars") as Map<number, unknown>).values()][0] instanceof Calendar);
  one.run(1e6);
  twin.run(1e6);
  assert.equal(twin.eventCount, COUNT + 1);
  assert.equal(twin.digest.of(0), one.digest.of(0));
});

class Unknown {
  readonly size = 1;
}

const refused = (bytes: ArrayBuffer, message: string, twin: object = fresh()) => {
  assert.throws(() => new Snapshot(bytes).restore(twin), { name: "SnapshotRefused", message });
};

test("a wrong snapshot is refused, whichever byte is wrong", () => {
  const bytes = snapshotOf(changed(), { key: "mine" });
  refused(new ArrayBuffer(0), "it is cut off");
  refused(bytes.slice(0, bytes.byteLength - 3), "it is cut off");
  refused(bytes.slice(0, bytes.byteLength - 8), "it is damaged");
  refused(
    new TextEncoder().encode("a text of quite another kind, 48 bytes long.....").buffer,
    "it is not a snapshot, or is from a machine with another byte order",
  );
  for (let at = 8; at < bytes.byteLength; at += at < 64 ? 1 : 37) {
    const wrong = bytes.slice(0);
    new Uint8Array(wrong)[at] ^= 1;
    // The last two words of the header are not used.
    if (at < 24 || at >= 32) assert.throws(() => new Snapshot(wrong), { name: "SnapshotRefused" }, String(at));
  }
  const other = bytes.slice(0);
  new Uint32Array(other)[1] = 2;
  refused(other, "it has format 2, and this program reads 1");
});

test("an object of a class that the twin does not know is refused", () => {
  refused(snapshotOf({ numbers: [new Unknown()] }, {}), "it holds a Unknown, and the simulation knows no such class", {
    numbers: [],
  });
});

test("two classes of one name are refused, because an object is restored by the name of its class", () => {
  const namesake = (() => class Inner {})();
  const twin = { inner: new Inner(), other: new namesake() };
  refused(snapshotOf({}, {}), "two classes of the simulation are named Inner", twin);
});
