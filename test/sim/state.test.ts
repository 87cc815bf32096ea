/** A saved state comes back, whatever became of the fields, columns and collections in between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reachedFrom, SavedState, takeOver } from "../../sim/state.ts";

class Inner {
  column = Float64Array.of(NaN, NaN);
  name = "inner";
}

class Holder<Held> {
  readonly held: Held;
  constructor(held: Held) {
    this.held = held;
  }
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

test("everything that changed is restored", () => {
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
    (changed as Record<string, unknown>).added = 1;
    state.restore();
    assert.deepStrictEqual(changed, system());
  }
});

test("two systems that agree share their copies, and each is restored to its own", () => {
  const columns = (last: number) => ({ same: Int32Array.of(1, 2, 0, 0), own: Float64Array.of(1, last, 2) });
  const [one, other] = [columns(3), columns(4)];
  const saved = new SavedState(one);
  const twin = new SavedState(other, [], saved);
  for (const { same, own } of [one, other]) {
    same.fill(7);
    own.fill(7);
  }
  saved.restore();
  twin.restore();
  assert.deepEqual([one, other], [columns(3), columns(4)]);
  const copiesOf = (state: SavedState) => Reflect.get(state, "copies") as readonly object[];
  assert.equal(copiesOf(twin)[0], copiesOf(saved)[0]);
  assert.notEqual(copiesOf(twin)[1], copiesOf(saved)[1]);
});

test("two names of one object stay two names, and a cycle ends", () => {
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

test("excepted parts stay as they are", () => {
  const stream = { place: 0 };
  const holder = { stream, place: 0 };
  const state = new SavedState(holder, [stream]);
  stream.place = 1;
  holder.place = 1;
  state.restore();
  assert.deepEqual(holder, { stream: { place: 1 }, place: 0 });
});

class Part {
  readonly values: { readonly rate: number };
  rate: number;
  readonly column: Float64Array;
  readonly longer: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly shared: { column: Float64Array };
  readonly optional: Inner | undefined;
  readonly constants: { readonly name: string };

  constructor(values: { rate: number }, constants: { readonly name: string }) {
    this.values = values;
    this.rate = values.rate;
    this.column = Float64Array.of(values.rate, 0);
    this.longer = new Float64Array(values.rate);
    this.columns = [this.column, this.longer];
    this.shared = { column: this.column };
    this.optional = values.rate > 2 ? new Inner() : undefined;
    this.constants = constants;
  }
}

test("a system takes over the state of another and keeps its own columns", () => {
  const [slow, fast] = [{ name: "slow" }, { name: "fast" }];
  const [former, values] = [{ rate: 2 }, { rate: 3 }];
  const target = new Part(former, slow);
  const { column, columns } = target;
  const source = new Part(values, fast);
  takeOver(target, source, reachedFrom(former, values));
  assert.deepStrictEqual(target, new Part({ rate: 3 }, fast));
  assert.equal(target.column, column);
  assert.equal(target.columns, columns);
  assert.equal(target.columns[1], target.longer);
  assert.equal(target.shared.column, column);
  assert.equal(target.values, values);
  // Objects that others may refer to stay unchanged.
  assert.deepEqual([former, values, slow, fast], [{ rate: 2 }, { rate: 3 }, { name: "slow" }, { name: "fast" }]);
  takeOver(target, new Part(former, slow), reachedFrom(former, values));
  assert.deepStrictEqual(target, new Part({ rate: 2 }, slow));
});

test("a system with closures of its own, which may refer to its columns, takes nothing over", () => {
  const closed = (rate: number) => {
    const column = Float64Array.of(rate);
    return { column, read: () => column[0] };
  };
  const target = closed(1);
  assert.equal(takeOver(target, closed(2), new Set()), false);
  assert.deepEqual([target.column[0], target.read()], [1, 1]);
});

test("one object of the source becomes one object, in a map too", () => {
  const of = (isSame: boolean) => {
    const first = new Inner();
    return { a: first, b: isSame ? first : new Inner(), map: new Map([["a", first]]) };
  };
  for (const [from, to] of [
    [true, false],
    [false, true],
  ]) {
    const target = { ...of(from) };
    const { a } = target;
    const root = new Holder(target);
    takeOver(root, new Holder(of(to)), new Set());
    assert.equal(root.held.a === root.held.b, to);
    assert.equal(root.held.map.get("a"), root.held.a);
    assert.equal(a.name, "inner");
  }
});
