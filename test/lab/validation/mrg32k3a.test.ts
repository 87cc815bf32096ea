/** MRG32k3a against the output of RngStreams' own test program. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SEED, Mrg32k3a, nextStream } from "../../../lab/validation/mrg32k3a.ts";

test("streams begin where RngStreams begins them", () => {
  const second = nextStream(DEFAULT_SEED);
  assert.deepEqual(second, [3692455944, 1366884236, 2968912127, 335948734, 4161675175, 475798818]);
  assert.deepEqual(nextStream(second), [1015873554, 1310354410, 2249465273, 994084013, 2912484720, 3876682925]);
});

test("35 steps of the first stream give the published state and number", () => {
  const stream = new Mrg32k3a();
  for (let step = 0; step < 35; step++) stream.draw();
  assert.deepEqual(stream.seed, [1040577685, 3747037609, 277208355, 1712706441, 627445683, 2408037141]);
  assert.ok(Math.abs(stream.draw() - 0.07941673614985) <= 5e-15);
});

test("the third stream begins with the published numbers", () => {
  const stream = new Mrg32k3a(nextStream(nextStream(DEFAULT_SEED)));
  for (const u of [0.7285097861965, 0.9655872822837, 0.9961841304801, 0.1149884161813, 0.9731454191297]) {
    assert.ok(Math.abs(stream.draw() - u) <= 5.1e-14, String(u));
  }
});

test("a stream and a substream can be reset to their beginnings", () => {
  const stream = new Mrg32k3a();
  const first = stream.draw();
  stream.nextSubstream();
  const second = stream.draw();
  assert.notEqual(second, first);
  stream.draw();
  stream.resetSubstream();
  assert.equal(stream.draw(), second);
  stream.resetStream();
  assert.equal(stream.draw(), first);
  stream.nextSubstream();
  assert.equal(stream.draw(), second);
});

test("random numbers lie within 0 and 1, with their mean in the middle", () => {
  const stream = new Mrg32k3a();
  let sum = 0;
  for (let i = 0; i < 20_000; i++) {
    const u = stream.draw();
    assert.ok(u > 0 && u < 1);
    sum += u;
  }
  // 99.9 % bound: 3.29 standard deviations of 1 / sqrt(12 n).
  assert.ok(Math.abs(sum / 20_000 - 0.5) < 3.29 / Math.sqrt(12 * 20_000));
});
