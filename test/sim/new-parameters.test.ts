/** sim/new-parameters.ts: what the parameters made comes from the twin, and what happened since stays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { giveParameters } from "../../sim/new-parameters.ts";

class Part {
  readonly limits: Float64Array;
  readonly counts = new Float64Array(2);
  jobs: number[] = [];
  constructor(limit: number) {
    this.limits = Float64Array.of(limit, 5);
  }
}

const parameters = [{ limit: 3 }, { limit: 4 }] as const;

function system(own: { readonly limit: number }) {
  return {
    own,
    every: own.limit * 10,
    part: new Part(own.limit),
    byName: new Map([["one", { limit: own.limit, seen: 0 }]]),
    extra: own.limit > 3 ? new Part(9) : undefined,
    time: 0,
    twice: () => 2 * own.limit,
  };
}

const shared = new Set<object>(parameters);

test("a system that has run takes new parameters and keeps its state", () => {
  const target = system(parameters[0]);
  const { part, twice } = target;
  target.time = 7;
  part.counts[1] = 6;
  part.jobs.push(1, 2);
  target.byName.get("one")!.seen = 8;
  giveParameters(target, system(parameters[0]), system(parameters[1]), shared);
  assert.equal(target.own, parameters[1]);
  assert.deepEqual([target.every, target.time, target.part === part], [40, 7, true]);
  assert.deepEqual(
    [[...part.limits], [...part.counts], part.jobs],
    [
      [4, 5],
      [0, 6],
      [1, 2],
    ],
  );
  assert.deepEqual(target.byName.get("one"), { limit: 4, seen: 8 });
  assert.deepEqual(target.extra, new Part(9));
  assert.equal(target.twice, twice);
});

test("a column that has grown keeps its width", () => {
  const target = { own: parameters[0], part: { column: Float64Array.of(1, 2, 3, 4) } };
  const twin = (own: object) => ({ own, part: { column: new Float64Array(2) } });
  giveParameters(target, twin(parameters[0]), twin(parameters[1]), shared);
  assert.deepEqual([...target.part.column], [1, 2, 3, 4]);
  assert.equal(target.own, parameters[1]);
});

test("a differing object that has changed since the start is refused by name", () => {
  const target = system(parameters[0]);
  target.part.limits[0] = 2;
  const give = () => giveParameters(target, system(parameters[0]), system(parameters[1]), shared);
  assert.throws(give, /^Error: system\.part\.limits\[0\] has changed since the start$/);
  target.part.limits[0] = 3;
  target.every = 31;
  assert.throws(give, /^Error: system\.every has changed since the start$/);
});
