/** The gamma distribution against published digits, closed forms, and itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chiSquareQuantile,
  gammaCdf,
  gammaQuantile,
  gammaTail,
  gammaUpperQuantile,
  logGamma,
} from "../../statistics/gamma.ts";

function assertRatio(value: number, expected: number, bound: number, what: string): void {
  const error = Math.abs(value / expected - 1);
  assert.ok(error <= bound, `${what} is ${value}, not ${expected}: relative error ${error}`);
}

test("logGamma gives logarithms of factorials, and of sqrt pi at one half", () => {
  let factorial = 1;
  for (let n = 2; n <= 20; n++) {
    factorial *= n;
    assertRatio(logGamma(n + 1), Math.log(factorial), 4e-15, `logGamma(${n + 1})`);
  }
  assertRatio(logGamma(0.5), 0.5723649429247001, 1e-14, "logGamma(1/2)");
  assert.ok(Math.abs(logGamma(1)) < 1e-14);
  assert.throws(() => logGamma(0), /a is 0; logGamma takes numbers > 0/);
});

test("gammaTail of a whole shape is a sum of Poisson probabilities", () => {
  for (const [shape, x] of [
    [1, 0.3],
    [4, 2],
    [4, 30],
    [12, 11],
    [25, 60],
  ]) {
    let term = Math.exp(-x);
    let sum = 0;
    for (let k = 0; k < shape; k++) {
      sum += term;
      term *= x / (k + 1);
    }
    assertRatio(gammaTail(shape, x), sum, 1e-13, `gammaTail(${shape}, ${x})`);
    assertRatio(gammaCdf(shape, x), 1 - sum, 1e-12, `gammaCdf(${shape}, ${x})`);
  }
});

test("chiSquareQuantile agrees with printed tables", () => {
  // Abramowitz and Stegun, table 26.8.
  for (const [probability, degrees, expected] of [
    [0.95, 1, 3.84146],
    [0.95, 2, 5.99146],
    [0.975, 2, 7.37776],
    [0.99, 10, 23.2093],
    [0.05, 30, 18.4926],
    [0.025, 100, 74.2219],
    [0.995, 100, 140.169],
  ]) {
    assertRatio(chiSquareQuantile(probability, degrees), expected, 5e-6, `${probability} of ${degrees}`);
  }
});

test("gammaQuantile of shape 1 is the exponential's closed form", () => {
  for (const p of [1e-12, 1e-3, 0.3, 0.5, 0.9, 0.999999]) {
    assertRatio(gammaQuantile(p, 1), -Math.log1p(-p), 2e-14, `quantile ${p}`);
  }
});

test("gammaUpperQuantile knows tails that a difference from 1 loses", () => {
  for (const q of [1e-300, 1e-20, 0.3, 0.5, 0.9]) assertRatio(gammaUpperQuantile(q, 1), -Math.log(q), 2e-14, `${q}`);
  for (const shape of [0.05, 3.7, 200, 1e6]) {
    const x = gammaUpperQuantile(1e-200, shape);
    assertRatio(gammaTail(shape, x), 1e-200, 1e-9, `gammaTail of ${x}, shape ${shape}`);
    assert.equal(gammaUpperQuantile(0.25, shape), gammaQuantile(0.75, shape));
  }
});

test("gammaCdf and gammaTail invert gammaQuantile, for small and large shapes", () => {
  for (const shape of [0.05, 0.5, 1, 3.7, 15.9, 16.1, 200, 1e4, 1e6]) {
    for (const p of [1e-9, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999]) {
      const x = gammaQuantile(p, shape);
      const what = `of quantile ${p}, shape ${shape}`;
      if (p <= 0.5) assertRatio(gammaCdf(shape, x), p, 1e-10, `gammaCdf ${what}`);
      else assertRatio(gammaTail(shape, x), 1 - p, 1e-10, `gammaTail ${what}`);
    }
  }
});

test("the ends are exact, and an invalid shape or probability is refused", () => {
  assert.deepEqual([gammaCdf(2, 0), gammaTail(2, -1), gammaQuantile(0, 3), gammaQuantile(1, 3)], [0, 1, 0, Infinity]);
  assert.deepEqual([gammaUpperQuantile(0, 3), gammaUpperQuantile(1, 3)], [Infinity, 0]);
  assert.throws(() => gammaUpperQuantile(-1, 2), /p is -1; a probability lies in \[0, 1\]/);
  assert.throws(() => gammaCdf(0, 1), /shape is 0; the shape of a gamma variate is > 0/);
  assert.throws(() => gammaTail(Infinity, 1), /shape is Infinity/);
  assert.throws(() => gammaQuantile(1.1, 2), /p is 1.1; a probability lies in \[0, 1\]/);
});
