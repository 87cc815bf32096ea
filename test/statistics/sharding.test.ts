/** One data set, cut into shards and put together again in twenty ways: one answer, to the bit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Distribution } from "../../statistics/distribution.ts";
import { nearestRank, sum } from "../../statistics/estimate.ts";
import { ExactSum } from "../../statistics/exact-sum.ts";
import { logRank } from "../../statistics/log-rank.ts";
import { kaplanMeier, medianTime, restrictedMeanTime, survivalBands } from "../../statistics/survival.ts";
import { normals, several, uniforms } from "./draws.ts";

const draw = normals("sharding");
/** Of any size and sign, so that sums of them are rounded, and differently in every order. */
const values = several(10_000, () => draw() * 10 ** Math.floor(4 * draw()));
/** Times, of which those beyond 100 are right-censored there. */
const times = values.map((value) => Math.abs(value) * 50);

/** The places 0 to n - 1 in some order, cut into some shards. */
function sharding(n: number, seed: string): number[][] {
  const uniform = uniforms(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * uniform());
    [order[i], order[j]] = [order[j], order[i]];
  }
  const shards: number[][] = [];
  for (let at = 0; at < n; ) {
    const to = at + 1 + Math.floor(n * uniform() * uniform());
    shards.push(order.slice(at, to));
    at = to;
  }
  return shards;
}

/** Everything that is kept of the shard, merged in its order. */
function answer(shards: readonly (readonly number[])[]): string {
  const [total, all, early] = [new ExactSum(), new Distribution(1024), new Distribution(1024)];
  for (const shard of shards) {
    const [part, some, before] = [new ExactSum(), new Distribution(1024), new Distribution(1024)];
    const own = Float64Array.from(shard, (i) => values[i]);
    part.add(own);
    some.add(own);
    before.add(Float64Array.from(shard, (i) => times[i]).filter((time) => time <= 100));
    total.merge(part);
    all.merge(some);
    early.merge(before);
  }
  const censored = { values: Float64Array.of(100), counts: Float64Array.of(all.count - early.count) };
  const curve = kaplanMeier(early.cells(), censored);
  return JSON.stringify([
    total.value,
    total.value / all.count,
    all.count,
    all.max,
    all.bits,
    [1, 50, 90, 99].map((percent) => nearestRank(all.cells(), percent)),
    medianTime(curve),
    restrictedMeanTime(curve, 100),
    survivalBands(curve).slice(-1),
    logRank([
      { events: early.cells(), censored },
      { events: curveOf([10, 90]), censored },
    ]),
  ]);
}

function curveOf(moments: readonly number[]) {
  return { values: Float64Array.from(moments), counts: Float64Array.from(moments, () => 5) };
}

test("twenty shardings of one data set give one answer", () => {
  const whole = answer([Array.from(values, (_, i) => i)]);
  for (let i = 0; i < 20; i++) assert.equal(answer(sharding(values.length, `shards ${i}`)), whole, `sharding ${i}`);
});

test("plain addition of doubles does not give that constant", () => {
  const sums = Array.from({ length: 20 }, (_, i) => {
    return sum(sharding(values.length, `shards ${i}`).map((shard) => sum(shard.map((place) => values[place]))));
  });
  assert.ok(new Set(sums).size > 10);
});
