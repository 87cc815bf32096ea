/**
 * lab/experiment/sample.ts: the points of a sample depend on its seed, its method and its ranges, and on nothing else.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample, SampledRange } from "../../../lab/experiment/experiment.ts";
import { samplePoints } from "../../../lab/experiment/sample.ts";

const range = (name: string, from: number, to: number): SampledRange => {
  return { name, path: `parameters.${name}`, from, to, scale: "linear", whole: false };
};
const sobol: Sample = { method: "sobol", points: 4, ranges: [range("a", 0, 1), range("b", 10, 20)] };
const latin: Sample = { ...sobol, method: "latin-hypercube" };

test("a Latin hypercube has a value in every part of each range", () => {
  const points = samplePoints({ ...latin, points: 10 }, "a");
  const parts = (i: number, from: number, width: number) =>
    points.map((point) => Math.floor((point[i] - from) / width)).sort((x, y) => x - y);
  assert.deepEqual(parts(0, 0, 0.1), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(parts(1, 10, 1), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("more points of Sobol's sequence add points and keep the earlier ones", () => {
  const more = samplePoints({ ...sobol, points: 8 }, "a");
  assert.deepEqual(more.slice(0, 4), samplePoints(sobol, "a"));
  assert.equal(new Set(more.map(String)).size, 8);
});

test("adding a range behind the others changes none of their values", () => {
  for (const sample of [sobol, latin]) {
    const wider = samplePoints({ ...sample, ranges: [...sample.ranges, range("c", 0, 9)] }, "a");
    assert.deepEqual(
      wider.map((point) => point.slice(0, 2)),
      samplePoints(sample, "a"),
    );
  }
});

test("another seed gives another sample", () => {
  for (const sample of [sobol, latin]) assert.notDeepEqual(samplePoints(sample, "a"), samplePoints(sample, "b"));
});

test("more ranges than Sobol's sequence has dimensions are refused", () => {
  const ranges = Array.from({ length: 129 }, (_, i) => range(`r${i}`, 0, 1));
  assert.equal(samplePoints({ ...latin, ranges }, "a")[0].length, 129);
  assert.throws(() => samplePoints({ ...sobol, ranges }, "a"), {
    name: "UserError",
    message: "sample.ranges are 129; Sobol's sequence has at most 128",
  });
});
