/** statistics/sobol-indices.ts: functions whose indices are known in closed form. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../sim/streams.ts";
import { indexRows, sobolIndices, type SobolIndices } from "../../statistics/sobol-indices.ts";

function indicesOf(rows: number, inputs: number, f: (x: Float64Array) => number, seed = "indices"): SobolIndices[] {
  const design = indexRows(rows, inputs, new Stream(seed, "scramble", 0, 0, 2 * inputs));
  const outputs = design.map(({ a, b, ab }) => ({ a: f(a), b: f(b), ab: ab.map(f) }));
  return sobolIndices(outputs, new Stream(seed, "resampling", 0, 0, 1));
}

function assertIndices(actual: readonly SobolIndices[], first: number[], total: number[], error: number): void {
  actual.forEach((index, i) => {
    const [one, all] = [index.first, index.total];
    assert.ok(Math.abs(one.value - first[i]) < error, `first ${i}: ${one.value}, not ${first[i]}`);
    assert.ok(Math.abs(all.value - total[i]) < error, `total ${i}: ${all.value}, not ${total[i]}`);
  });
}

/** On [-pi, pi]^3: sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1. */
function ishigami(u: Float64Array): number {
  const [x1, x2, x3] = u.map((share) => Math.PI * (2 * share - 1));
  return Math.sin(x1) + 7 * Math.sin(x2) ** 2 + 0.1 * x3 ** 4 * Math.sin(x1);
}

test("the indices of two rows are those computed by hand", () => {
  // Outputs 0, 4, 2, 2: mean 2, variance 8/3. First (4 - 2) (4 - 0) / 2 over it, total 4^2 / 2 over twice it.
  const rows = [
    { a: 0, b: 4, ab: [4] },
    { a: 2, b: 2, ab: [2] },
  ];
  const [{ first, total }] = sobolIndices(rows, new Stream("indices", "resampling", 0, 0, 1));
  assert.deepEqual([first.value, total.value], [1.5, 1.5]);
});

test("the interval ends at the 10th and the 390th of 400 resampled values", () => {
  // Each resample is one row, 400 times. Row k, with the outputs 0, 1 and k / 2, has the first index k 799/800.
  const rows = Array.from({ length: 400 }, (_, i) => ({ a: 0, b: 1, ab: [(i + 1) / 2] }));
  let draws = 0;
  const oneRowEach = { draw: () => (Math.floor(draws++ / 400) + 0.5) / 400 } as unknown as Stream;
  const [{ first }] = sobolIndices(rows, oneRowEach);
  assert.deepEqual([Math.round(first.lower), Math.round(first.upper)], [10, 390]);
});

test("the indices of Ishigami's function are the published ones", () => {
  // Saltelli et al., Global Sensitivity Analysis: The Primer (2008), with a = 7 and b = 0.1.
  assertIndices(indicesOf(4096, 3, ishigami), [0.3139, 0.4424, 0], [0.5576, 0.4424, 0.2437], 0.02);
});

test("the indices of Sobol's g-function are those of its closed form", () => {
  // Saltelli and Sobol 1995: V_i = 1 / (3 (1 + a_i)^2), V = product (1 + V_i) - 1, S_i = V_i / V, and ST_i = V_i times
  // the product of the others' 1 + V_j, over V.
  const weights = [0, 1, 4.5, 9];
  const parts = weights.map((weight) => 1 / (3 * (1 + weight) ** 2));
  const all = parts.reduce((product, part) => product * (1 + part), 1);
  const g = (x: Float64Array) => weights.reduce((p, a, i) => p * ((Math.abs(4 * x[i] - 2) + a) / (1 + a)), 1);
  const first = parts.map((part) => part / (all - 1));
  const total = parts.map((part) => (part * all) / (1 + part) / (all - 1));
  assertIndices(indicesOf(4096, 4, g), first, total, 0.02);
});

test("an additive function has equal first-order and total indices, and adding a constant changes none", () => {
  const f = (x: Float64Array) => x[0] + 2 * x[1];
  assertIndices(indicesOf(1024, 2, f), [0.2, 0.8], [0.2, 0.8], 0.01);
  assertIndices(
    indicesOf(1024, 2, (x) => f(x) + 1e6),
    [0.2, 0.8],
    [0.2, 0.8],
    0.01,
  );
});

test("an interval from few rows covers the index in most cases, and narrows with more rows", () => {
  const widths = [32, 256].map((rows) => {
    let held = 0;
    let width = 0;
    for (let seed = 0; seed < 20; seed++) {
      const [
        {
          total: { lower, upper },
        },
      ] = indicesOf(rows, 3, ishigami, String(seed));
      if (lower <= 0.5576 && upper >= 0.5576) held++;
      width += (upper - lower) / 20;
    }
    assert.ok(held >= 15, `${held} of 20 intervals of ${rows} rows`);
    return width;
  });
  assert.ok(widths[1] < widths[0] / 2, widths.join());
});

test("a constant output has no indices", () => {
  const [{ first, total }] = indicesOf(8, 1, () => 3);
  for (const { value, lower, upper } of [first, total]) assert.deepEqual([value, lower, upper], [NaN, NaN, NaN]);
});
