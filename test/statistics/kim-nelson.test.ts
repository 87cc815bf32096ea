/** statistics/kim-nelson.ts against published constants, and its promise measured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contestConstants, selectBest } from "../../statistics/kim-nelson.ts";
import { normals, several } from "./draws.ts";
import { assertNear } from "./near.ts";

const contest = { indifference: 1, firstStage: 10, alpha: 0.05 };

test("eta and h^2 match the formula of Kim and Nelson 2001", () => {
  for (const [systems, firstStage, eta, h2] of [
    [2, 10, 0.33405027, 6.01290483],
    [4, 10, 0.56468019, 10.16424336],
    [10, 10, 0.85908343, 15.46350174],
    [10, 20, 0.3029338, 11.51148454],
  ]) {
    const constants = contestConstants(systems, firstStage, 0.05);
    assertNear(constants.eta, eta, 5e-9);
    assertNear(constants.h2, h2, 5e-8);
  }
});

test("the best is selected in 95 of 100 cases if it is better by just the indifference zone", () => {
  const draw = normals("kim-nelson");
  const rounds = 400;
  let right = 0;
  for (let round = 0; round < rounds; round++) {
    const systems = [1, 0, 0, 0].map((mean) => several(120, () => mean + 1.5 * draw()));
    if (selectBest(systems, contest).best === 0) right++;
  }
  assert.ok(right / rounds >= 0.95 - 3 * Math.sqrt((0.95 * 0.05) / rounds), `${right} of ${rounds}`);
});

test("common random numbers find the best level sooner", () => {
  const draw = normals("kim-nelson-common");
  const shared = several(200, () => 5 * draw());
  const common = [0, 1, 2].map((mean) => shared.map((value) => mean + value + 0.5 * draw()));
  const independent = [0, 1, 2].map((mean) => several(200, () => mean + 5 * draw()));
  assert.equal(selectBest(common, contest).best, 2);
  assert.equal(selectBest(common, contest).read, 10);
  assert.ok(selectBest(independent, contest).read >= 40);
});

test("more observations change no elimination", () => {
  const draw = normals("kim-nelson-more");
  const systems = [0, 0.5, 1, 3].map((mean) => several(300, () => mean + 2 * draw()));
  const whole = selectBest(systems, contest);
  assert.notEqual(whole.best, undefined);
  const some = selectBest(
    systems.map((values) => values.subarray(0, 30)),
    contest,
  );
  const until = (outAfter: readonly number[]) => outAfter.map((r) => (r <= 30 ? r : Infinity));
  assert.deepEqual(until(some.outAfter), until(whole.outAfter));
  const just = selectBest(
    systems.map((values) => values.subarray(0, whole.read)),
    contest,
  );
  assert.deepEqual(just, whole);
});

test("too few observations select no system", () => {
  const { best, outAfter, read } = selectBest(
    [
      [1, 2, 3],
      [7, 8, 9],
    ],
    contest,
  );
  assert.deepEqual({ best, outAfter, read }, { best: undefined, outAfter: [Infinity, Infinity], read: 3 });
});

test("systems that do not differ at all are distinguished by their order at once", () => {
  const same = new Array(10).fill(4);
  assert.deepEqual(selectBest([same, same], contest), { best: 0, outAfter: [Infinity, Infinity], read: 10 });
});

test("a constant lag shows up at once", () => {
  const steady = Array.from({ length: 10 }, (_, i) => i);
  const { best, outAfter } = selectBest([steady, steady.map((value) => value + 1e-9)], contest);
  assert.deepEqual({ best, outAfter }, { best: 1, outAfter: [10, Infinity] });
});
