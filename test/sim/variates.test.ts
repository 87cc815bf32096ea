/**
 * The variates against their mathematics: quantiles at exact points, means and variances, and what u = 0 and
 * the greatest u give.
 *
 * Means are taken over the midpoints of N equal slices of [0, 1), without chance: the midpoint rule errs only
 * in the last few slices of an unbounded variate, by less than (log N)^2 / N of the mean square.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { exp, normalQuantile } from "../../sim/math.ts";
import { erlang2, exponential, geometric, hyperexponential, lognormal, wholeMicroseconds } from "../../sim/variates.ts";

/** The greatest draw. */
const ALMOST_1 = 0.9999999999999999;

const SLICES = 262_144;

/** Mean and squared coefficient of variation over the midpoints of the slices. */
function moments(variate: (u: number) => number): { mean: number; squaredVariation: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < SLICES; i++) {
    const x = variate((i + 0.5) / SLICES);
    sum += x;
    squares += x * x;
  }
  const mean = sum / SLICES;
  return { mean, squaredVariation: squares / SLICES / (mean * mean) - 1 };
}

function assertNear(value: number, expected: number, relativeError: number): void {
  const error = Math.abs(value / expected - 1);
  assert.ok(error <= relativeError, `${value} is not ${expected}: relative error ${error}`);
}

test("the exponential has its mean and a squared coefficient of variation of 1", () => {
  const { mean, squaredVariation } = moments((u) => exponential(u, 250));
  assertNear(mean, 250, 1e-5);
  assertNear(squaredVariation, 1, 1e-3);
});

test("the exponential has the quantiles of 40-digit mpmath", () => {
  assertNear(exponential(0.5, 1), 0.693147180559945309, 1e-15);
  assertNear(exponential(0.001, 2), 2 * 0.00100050033358353352, 1e-15);
  assertNear(exponential(0.999, 1e9), 6.90775527898213616e9, 1e-15);
});

test("the geometric has mean m and variance m (m - 1)", () => {
  for (const m of [1.25, 2, 3.7, 20]) {
    const { mean, squaredVariation } = moments((u) => geometric(u, m));
    assertNear(mean, m, 1e-4);
    assertNear(squaredVariation * mean * mean, m * (m - 1), 2e-3);
  }
});

test("the geometric exceeds n exactly if the draw reaches the probability of at most n trials", () => {
  for (let n = 1; n < 40; n++) {
    const chanceOfMore = 1 / 2 ** n;
    assert.equal(geometric(1 - chanceOfMore, 2), n + 1);
    assert.equal(geometric(1 - chanceOfMore - 2 ** -53, 2), n);
  }
});

test("a geometric of mean 1 is always 1", () => {
  for (const u of [0, 2 ** -53, 0.5, ALMOST_1]) assert.equal(geometric(u, 1), 1);
});

test("the lognormal has its median at 1/2, and log-symmetric quantiles", () => {
  assert.equal(lognormal(0.5, 40, 1.3), 40);
  for (let k = 1; k < 64; k++) {
    assertNear(lognormal(k / 64, 40, 1.3) * lognormal(1 - k / 64, 40, 1.3), 1600, 1e-14);
  }
  assertNear(lognormal(0.975, 1, 1), exp(normalQuantile(0.975)), 0);
});

test("the lognormal has mean median exp(sigma^2 / 2) and squared variation exp(sigma^2) - 1", () => {
  const { mean, squaredVariation } = moments((u) => lognormal(u, 3, 0.5));
  assertNear(mean, 3 * Math.exp(0.125), 1e-5);
  assertNear(squaredVariation, Math.exp(0.25) - 1, 1e-3);
});

test("a lognormal with sigma 0 is its median, whatever the draw", () => {
  for (const u of [0, 0.1, 0.5, ALMOST_1]) assert.equal(lognormal(u, 7, 0), 7);
});

test("the hyperexponential has its mean and its squared coefficient of variation", () => {
  for (const c of [1, 1.5, 4, 9]) {
    const { mean, squaredVariation } = moments((u) => hyperexponential(u, 80, c));
    assertNear(mean, 80, 1e-4);
    assertNear(squaredVariation, c, 2e-3);
  }
});

test("the phases of the hyperexponential have balanced means, and the result increases within each", () => {
  const p = (1 + Math.sqrt(3 / 5)) / 2;
  let first = 0;
  let second = 0;
  let before = -1;
  for (let i = 0; i < SLICES; i++) {
    const u = (i + 0.5) / SLICES;
    const x = hyperexponential(u, 1, 4);
    if (u < p) first += x / SLICES;
    else second += x / SLICES;
    if (u >= p && u - 1 / SLICES < p) before = -1;
    assert.ok(x > before);
    before = x;
  }
  assertNear(first, 0.5, 1e-4);
  assertNear(second, 0.5, 1e-4);
});

test("erlang2 has its mean and a squared coefficient of variation of 1/2", () => {
  const { mean, squaredVariation } = moments((u) => erlang2(u, 250));
  assertNear(mean, 250, 1e-5);
  assertNear(squaredVariation, 0.5, 1e-3);
});

test("erlang2 has the quantiles of 40-digit mpmath", () => {
  for (const [u, x] of [
    [2 ** -53, 1.49011612678625251e-8],
    [0.001, 0.0454020177694895573],
    [0.25, 0.961278763114777096],
    [0.5, 1.67834699001666065],
    [0.9, 3.88972016986742934],
    [0.999, 9.23341347645158475],
    [ALMOST_1, 40.4615674830874654],
  ]) {
    assertNear(erlang2(u, 2), x, 4e-15);
  }
});

test("the distribution function of erlang2 inverts its quantile", () => {
  for (let k = 1; k < 10_000; k++) {
    const v = erlang2(k / 10_000, 2);
    assertNear(1 - (1 + v) * exp(-v), k / 10_000, 2e-12);
  }
});

const monotone: Readonly<Record<string, (u: number) => number>> = {
  exponential: (u) => exponential(u, 5e6),
  geometric: (u) => geometric(u, 4),
  lognormal: (u) => lognormal(u, 2e6, 0.8),
  erlang2: (u) => erlang2(u, 5e6),
};

for (const [name, variate] of Object.entries(monotone)) {
  test(`a larger draw never gives a smaller ${name}`, () => {
    let before = variate(0);
    for (let i = 1; i < SLICES; i++) {
      const x = variate(i / SLICES);
      assert.ok(x >= before, `${name}(${i / SLICES}) is ${x}, after ${before}`);
      before = x;
    }
  });
}

test("the smallest draw gives 0 or one trial, and the largest a finite variate", () => {
  const least = [exponential(0, 5), geometric(0, 5), hyperexponential(0, 5, 4), erlang2(0, 5)];
  assert.deepEqual(least, [0, 1, 0, 0]);
  assert.equal(lognormal(0, 5, 1), 0);
  assertNear(exponential(ALMOST_1, 1), 36.7368005696771014, 1e-15);
  assert.equal(geometric(ALMOST_1, 2), 54);
  assertNear(lognormal(ALMOST_1, 1, 1), exp(8.20953615160138686), 1e-13);
  assert.ok(hyperexponential(ALMOST_1, 1, 4) < 163);
});

test("a duration is a whole number of at least one microsecond", () => {
  assert.deepEqual([0, 1e-9, 1, 1.0000000000000002, 2.5, 7].map(wholeMicroseconds), [1, 1, 1, 2, 3, 7]);
});

test("every engine gives these bits for the variates", () => {
  const hash = createHash("sha256");
  const view = new DataView(new ArrayBuffer(8));
  const add = (value: number) => {
    view.setFloat64(0, value, true);
    hash.update(new Uint8Array(view.buffer));
  };
  for (let i = 0; i < 20_000; i++) {
    const u = Math.imul(i, 0x9e3779b1) / 2 ** 32 + 0.5;
    add(exponential(u, 1e6));
    add(geometric(u, 3.2));
    add(lognormal(u, 1e6, 1.2));
    add(hyperexponential(u, 1e6, 4));
    add(erlang2(u, 1e6));
  }
  assert.equal(hash.digest("hex"), "440515257432191197e933dbe132c7c5ee91eae876195d40b14b8a1b91dd7e17");
});
