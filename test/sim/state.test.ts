/** A saved state comes back, whatever became of the fields, columns and collections in between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SavedState } from "../../sim/state.ts";

class Inner {
  column = Float64Array.of(NaN, NaN);
  name = "inner";
}

const system = () => ({
  time: 5,
  inner: new Inner(),
  zeros: new Int32Array(3),
  bytes: Uint8Array.of(1, 2, 3),
  list: [1, { two: 2 }] as unknown[],
  map: new Map([[1, { value: "one" }]]),
  set: new Set(["a"]),
  nothing: undefined as unknown,
  isOn: true,
});

test("everything that changed comes back", () => {
  const changed = system();
  const state = new SavedState(changed);
  for (let time = 0; time < 2; time++) {
    const { inner, list, map } = changed;
    changed.time = 6;
    inner.column[1] = 7;
    inner.column = new Float64Array(9);
    inner.name = "other";
    changed.zeros[2] = 1;
    changed.bytes.fill(9);
    (list[1] as { two: number }).two = 3;
    list.push("more");
    list[0] = -0;
    map.get(1)!.value = "changed";
    map.delete(1);
    map.set(2, { value: "two" });
    changed.set.add("b");
    changed.set.delete("a");
    changed.nothing = {};
    changed.isOn = false;
    state.restore();
    assert.deepStrictEqual(changed, system());
  }
});

test("two names of one object stay two names, and a circle ends", () => {
  const shared = { column: new Float64Array(1) };
  const circle: Record<string, unknown> = { a: shared, b: shared };
  circle.self = circle;
  const state = new SavedState(circle);
  shared.column[0] = 1;
  circle.b = {};
  state.restore();
  assert.equal(circle.a, circle.b);
  assert.equal(shared.column[0], 0);
});

test("what is excepted is left as it is", () => {
  const stream = { place: 0 };
  const holder = { stream, place: 0 };
  const state = new SavedState(holder, [stream]);
  stream.place = 1;
  holder.place = 1;
  state.restore();
  assert.deepEqual(holder, { stream: { place: 1 }, place: 0 });
});
