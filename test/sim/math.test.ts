/**
 * sim/math.ts against exact arithmetic, against Math, and against its own pinned bits.
 *
 * Errors are measured with test/sim/exact.ts. The pinned digests show that this engine gives the bits that
 * every other one gives; when one moves, published results move, which only a major version may do.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { exp, exponentialQuantile, log, log1p, normalQuantile, pow } from "../../sim/math.ts";
import { type Exact, exact, exactExp, exactLog, exactLog1p, exactNormalCdf, exactPow, ulpsOff } from "./exact.ts";

const EXACT_ARGUMENTS = 20_000;
const MANY_ARGUMENTS = 1_000_000;
const PINNED_ARGUMENTS = 200_000;

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

/** Integers that are the same everywhere: Weyl's sequence, mixed by Murmur3's finalizer. */
class Words {
  private n = 0;

  /** 32 bits. */
  next(): number {
    this.n = (this.n + 0x9e3779b9) | 0;
    let h = this.n;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }

  /** 53 bits, 0 (included) to 1 (excluded). */
  uniform(): number {
    return ((this.next() >>> 5) * 67108864 + (this.next() >>> 6)) / 9007199254740992;
  }

  /** A positive double whose exponent is uniform, from 2^low (included) to 2^high (excluded). */
  anyExponent(low: number, high: number): number {
    const exponent = 1023 + low + (this.next() % (high - low));
    const fraction = (BigInt(this.next() >>> 12) << 32n) | BigInt(this.next());
    bits[0] = (BigInt(exponent) << 52n) | fraction;
    return double[0];
  }

  /** Minus or plus 1. */
  sign(): number {
    return this.next() < 0x80000000 ? -1 : 1;
  }
}

/** Arguments of a function: number i is of the family i modulo the number of families. */
function argumentsOf(count: number, families: readonly ((words: Words) => number)[]): Float64Array {
  const words = new Words();
  const xs = new Float64Array(count);
  for (let i = 0; i < count; i++) xs[i] = families[i % families.length](words);
  return xs;
}

/** Of any size, subnormal ones too; uniform; near 1; and where the reduction turns from one k to the next. */
const logArguments = (count: number) =>
  argumentsOf(count, [
    (words) => words.anyExponent(-1023, 1024),
    (words) => words.uniform() + 1 / 9007199254740992,
    (words) => 1 + words.sign() * words.anyExponent(-52, -1),
    (words) => 0.5 + 2 * words.uniform(),
  ]);

/** As exponential variates need them; tiny ones of both signs; of any size; and from -1/2 to 1/2. */
const log1pArguments = (count: number) =>
  argumentsOf(count, [
    (words) => -words.uniform(),
    (words) => words.sign() * words.anyExponent(-60, -1),
    (words) => words.anyExponent(-1000, 1024),
    (words) => -0.5 + words.uniform(),
  ]);

/** Over the whole range; from -1 to 1; tiny ones of both signs; and near multiples of ln(2) / 2. */
const expArguments = (count: number) =>
  argumentsOf(count, [
    (words) => -745.2 + 1454.9 * words.uniform(),
    (words) => -1 + 2 * words.uniform(),
    (words) => words.sign() * words.anyExponent(-60, 9),
    (words) => ((words.next() % 2000) - 1000) * 0.34657359027997264 + (words.uniform() - 0.5) / 1048576,
  ]);

/** Uniform; far in the lower tail; far in the upper tail. */
const quantileArguments = (count: number) =>
  argumentsOf(count, [
    (words) => words.uniform(),
    (words) => words.anyExponent(-50, -1),
    (words) => 1 - words.anyExponent(-30, -1),
  ]);

/** Pairs of x (at even places) and y (at odd places) whose power is a positive double of normal size. */
function powArguments(count: number): Float64Array {
  const words = new Words();
  const pairs = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const near1 = 1 + words.sign() * words.anyExponent(-50, -1);
    const x = [near1, words.anyExponent(-1022, 1024), 10, 0.5 + 2 * words.uniform()][i % 4];
    pairs[2 * i] = x;
    pairs[2 * i + 1] =
      i % 4 === 2 ? (words.next() % 600) - 300 : (words.sign() * words.uniform() * 700) / Math.abs(log(x));
  }
  return pairs;
}

/** The greatest distance from the exact value [ulp]. */
function worst(xs: Float64Array, ours: (x: number) => number, oracle: (x: number) => Exact): number {
  let most = 0;
  for (const x of xs) most = Math.max(most, Math.abs(ulpsOff(ours(x), oracle(x))));
  return most;
}

/** The greatest distance from another function's value, in doubles: values of the same sign. */
function worstApart(xs: Float64Array, ours: (x: number) => number, theirs: (x: number) => number): number {
  let most = 0;
  for (const x of xs) {
    const a = ours(x);
    const b = theirs(x);
    if (a !== b) most = Math.max(most, Math.abs(Number(bitsOf(a) - bitsOf(b))));
  }
  return most;
}

function bitsOf(x: number): bigint {
  double[0] = x;
  return bits[0];
}

/** The unit in the last place: the distance to the next double away from zero. */
function ulp(x: number): number {
  double[0] = Math.abs(x);
  bits[0]++;
  return double[0] - Math.abs(x);
}

/** The distance of z from the exact quantile of p [ulp]: the error of the probability over the density. */
function quantileUlpsOff(z: number, p: number): number {
  const density = 0.3989422804014327 * Math.exp((-z * z) / 2);
  return (ulpsOff(p, exactNormalCdf(z)) * ulp(p)) / density / ulp(z);
}

/** The SHA-256 of the bits of the values, low bytes first. */
function digestOf(values: Float64Array): string {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return createHash("sha256").update(new Uint8Array(view.buffer)).digest("hex");
}

test("the exact values have the first 40 decimals of e, log 2, log 3, log 10, sqrt 2 and Phi(1)", () => {
  const decimals = ({ digits, scale }: Exact) => ((digits * 10n ** 40n) >> BigInt(scale)).toString();
  assert.equal(decimals(exactExp(exact(1))), "27182818284590452353602874713526624977572");
  assert.equal(decimals(exactLog(2)), "6931471805599453094172321214581765680755");
  assert.equal(decimals(exactLog1p(2)), "10986122886681096913952452369225257046474");
  assert.equal(decimals(exactLog(10)), "23025850929940456840179914546843642076011");
  assert.equal(decimals(exactPow(2, 0.5)), "14142135623730950488016887242096980785696");
  assert.equal(decimals(exactNormalCdf(1)), "8413447460685429485852325456320379224779");
});

for (const [name, ours, oracle, theirs, argumentsFor, bound] of [
  ["log", log, exactLog, Math.log, logArguments, 0.83],
  ["log1p", log1p, exactLog1p, Math.log1p, log1pArguments, 0.81],
  ["exp", exp, (x: number) => exactExp(exact(x)), Math.exp, expArguments, 0.75],
] as const) {
  test(`${name} is within ${bound} ulp of the exact value`, () => {
    const most = worst(argumentsFor(EXACT_ARGUMENTS), ours, oracle);
    assert.ok(most <= bound, `${name} is off by ${most} ulp`);
    assert.ok(most > 0.5, `${name} is off by only ${most} ulp, but rounding alone costs half an ulp`);
  });

  test(`${name} is within 2 doubles of Math.${name} over a million arguments`, () => {
    const most = worstApart(argumentsFor(MANY_ARGUMENTS), ours, theirs);
    assert.ok(most <= 2, `${name} and Math.${name} are ${most} doubles apart`);
  });
}

test("pow is within 0.66 ulp of the exact value", () => {
  const pairs = powArguments(EXACT_ARGUMENTS / 4);
  for (let i = 0; i < pairs.length; i += 2) {
    const [x, y] = [pairs[i], pairs[i + 1]];
    const off = Math.abs(ulpsOff(pow(x, y), exactPow(x, y)));
    assert.ok(off <= 0.66, `pow(${x}, ${y}) is off by ${off} ulp`);
  }
});

/** Draws: multiples of 2^-53, uniform, near 0 and near 1. */
const draws = (count: number) =>
  argumentsOf(count, [
    (words) => words.uniform(),
    (words) => words.uniform() / 2 ** Math.floor(30 * words.uniform()),
    (words) => 1 - words.uniform() / 2 ** Math.floor(30 * words.uniform()),
  ]).map((u) => Math.min(Math.floor(u * 2 ** 53), 2 ** 53 - 1) / 2 ** 53);

test("exponentialQuantile is within 1.3 ulp of the exact value, 0 at 0, and finite at the largest draw", () => {
  const us = draws(20_000).filter((u) => u > 0);
  const most = worst(
    us,
    (u) => -exponentialQuantile(u),
    (u) => exactLog1p(-u),
  );
  assert.ok(most <= 1.3 && most > 0.5, `exponentialQuantile is off by ${most} ulp`);
  assert.ok(Object.is(exponentialQuantile(0), 0));
  assert.ok(Math.abs(exponentialQuantile(1 - 2 ** -53) - 53 * Math.LN2) < 1e-13);
});

test("exponentialQuantile never decreases, even between intervals of the table", () => {
  for (let k = 0; k < 30; k++) {
    for (let interval = 0; interval <= 128; interval++) {
      const edge = 1 - (0.5 + interval / 256) / 2 ** k;
      const around = [-3, -2, -1, 0, 1, 2, 3].map((steps) => edge + steps / 2 ** 53).filter((u) => u >= 0 && u < 1);
      const values = around.map(exponentialQuantile);
      values.forEach((value, i) => assert.ok(i === 0 || value >= values[i - 1], `at ${around[i]}`));
    }
  }
});

test("normalQuantile is within 6 ulp of the exact value", () => {
  for (const p of quantileArguments(EXACT_ARGUMENTS / 4)) {
    const off = Math.abs(quantileUlpsOff(normalQuantile(p), p));
    assert.ok(off <= 6, `normalQuantile(${p}) is off by ${off} ulp`);
  }
});

test("normalQuantile gives the known quantiles (40-digit mpmath, to 18 digits)", () => {
  const known: readonly (readonly [p: number, z: number])[] = [
    [0.975, 1.95996398454005424],
    [1e-10, -6.3613409024040562],
    [1e-300, -37.0470962993611992],
    [0.25, -0.674489750196081743],
    [0.1, -1.28155156554460044],
    [0.075, -1.43953147093845593],
    [0.074, -1.44663206715897851],
    [0.999, 3.09023230616781328],
    [0.5000000001, 2.5066284820303539e-10],
    [1e-5, -4.26489079392282461],
    [1.3887943864964021e-11, -6.65790464350110358],
    [1.4e-11, -6.65672309151818364],
    [1.1102230246251565e-16, -8.20953615160138686],
    [0.9999999999999999, 8.20953615160138686],
    [2.2250738585072014e-308, -37.5193793471444998],
    [5e-324, -38.4674056171443463],
  ];
  for (const [p, z] of known) {
    const off = Math.abs(normalQuantile(p) - z) / ulp(z);
    assert.ok(off <= 6, `normalQuantile(${p}) is ${normalQuantile(p)}, ${off} ulp from ${z}`);
  }
});

test("normalQuantile is odd around 1/2 and never decreases", () => {
  let before = -Infinity;
  for (let i = 1; i < 65536; i++) {
    const z = normalQuantile(i / 65536);
    assert.equal(normalQuantile(1 - i / 65536), 0 - z);
    assert.ok(z > before);
    before = z;
  }
});

test("normalQuantile is infinite at 0 and 1 and undefined outside", () => {
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(-0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
  assert.equal(normalQuantile(0.5), 0);
  for (const p of [-5e-324, -1, 1.0000000000000002, Infinity, -Infinity, NaN]) {
    assert.equal(normalQuantile(p), NaN, `normalQuantile(${p})`);
  }
});

test("log of 0 is -Infinity, of 1 is 0, of Infinity is Infinity, and of a negative number is NaN", () => {
  const known = [
    [0, -Infinity],
    [-0, -Infinity],
    [1, 0],
    [Infinity, Infinity],
    [NaN, NaN],
  ];
  for (const [x, value] of known) assert.equal(log(x), value, `log(${x})`);
  for (const x of [-5e-324, -1, -Infinity]) assert.equal(log(x), NaN, `log(${x})`);
});

test("log1p of -1 is -Infinity, of Infinity is Infinity, of less than -1 is NaN, of a tiny x is x", () => {
  const known = [
    [-1, -Infinity],
    [Infinity, Infinity],
    [NaN, NaN],
  ];
  for (const [x, value] of known) assert.equal(log1p(x), value, `log1p(${x})`);
  for (const x of [-1.0000000000000002, -2, -Infinity]) assert.equal(log1p(x), NaN, `log1p(${x})`);
  for (const x of [0, -0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-17, -1e-17]) {
    assert.equal(log1p(x), x, `log1p(${x})`);
  }
});

test("exp of 0 is 1, of Infinity is Infinity, and of -Infinity is 0", () => {
  const known = [
    [0, 1],
    [-0, 1],
    [5e-324, 1],
    [-1e-17, 1],
    [Infinity, Infinity],
    [-Infinity, 0],
    [NaN, NaN],
  ];
  for (const [x, value] of known) assert.equal(exp(x), value, `exp(${x})`);
});

test("exp returns infinite, subnormal and zero values exactly where the true value does", () => {
  assert.equal(exp(709.782712893384), 1.7976931348622732e308);
  assert.equal(exp(709.7827128933841), Infinity);
  assert.equal(exp(1e300), Infinity);
  for (let x = -708; x > -745; x -= 0.25) {
    const off = Math.abs(ulpsOff(exp(x), exactExp(exact(x))));
    assert.ok(off <= 0.75, `exp(${x}) is off by ${off} ulp`);
  }
  assert.equal(exp(-745.1332191019411), 5e-324);
  assert.equal(exp(-745.1332191019412), 0);
  assert.equal(exp(-1e300), 0);
});

test("log of a power of two is that multiple of ln 2, also for subnormal numbers", () => {
  for (let k = -1074; k < 1024; k++) {
    const x = pow(2, k);
    assert.ok(Math.abs(ulpsOff(log(x), exactLog(x))) <= 0.83, `2^${k}`);
  }
});

test("pow has the special values and signed zeros of Math.pow", () => {
  const values = [0, 0.5, 1, 1.5, 2, 3, 4, 1e300, 9007199254740991, 9007199254740992, 4e19, Infinity, 5e-324];
  const all = [...values, ...values.map((value) => -value), NaN];
  for (const x of all) {
    for (const y of all) {
      const theirs = Math.pow(x, y);
      const isExact = !Number.isFinite(theirs) || Number.isSafeInteger(theirs);
      if (isExact) assert.equal(pow(x, y), theirs, `pow(${x}, ${y})`);
    }
  }
});

test("pow is within 0.8 ulp of the exact value where that is subnormal", () => {
  for (let y = -308; y > -324; y -= 0.125) {
    const off = Math.abs(ulpsOff(pow(10, y), exactPow(10, y)));
    assert.ok(off <= 0.8, `pow(10, ${y}) is off by ${off} ulp`);
  }
});

test("pow is exact if the power is a double", () => {
  for (let k = -1074, power = 5e-324; k < 1024; k++, power *= 2) assert.equal(pow(2, k), power, `2^${k}`);
  for (let k = 0, power = 1; k <= 22; k++, power *= 10) assert.equal(pow(10, k), power, `10^${k}`);
  for (let k = 0, power = 1; k <= 33; k++, power *= 3) assert.equal(pow(3, k), power, `3^${k}`);
  for (const x of logArguments(10_000)) {
    assert.equal(pow(x, 1), x);
    const whole = Math.floor(x * 1e6) % 94906265;
    assert.equal(pow(whole, 2), whole * whole, `${whole}^2`);
    assert.equal(pow(whole * whole, 0.5), whole, `sqrt of ${whole}^2`);
  }
});

test("every engine gives these bits for the elementary functions", () => {
  const pairs = powArguments(PINNED_ARGUMENTS);
  const powers = new Float64Array(PINNED_ARGUMENTS);
  for (let i = 0; i < PINNED_ARGUMENTS; i++) powers[i] = pow(pairs[2 * i], pairs[2 * i + 1]);
  assert.deepEqual(
    {
      log: digestOf(logArguments(PINNED_ARGUMENTS).map(log)),
      log1p: digestOf(log1pArguments(PINNED_ARGUMENTS).map(log1p)),
      exp: digestOf(expArguments(PINNED_ARGUMENTS).map(exp)),
      pow: digestOf(powers),
      normalQuantile: digestOf(quantileArguments(PINNED_ARGUMENTS).map(normalQuantile)),
    },
    {
      log: "f999dd6283a54316deaefbc781b54e94e0739b1843dcae0e74d2fefac5e20e71",
      log1p: "70443d9ecb9c1240a97d65229f2a7b5c3d7996cb8d8e2d58b2094b53ac88160f",
      exp: "f06b6345d357baee6e189c9f7fca65e12a7d5e601c8276bc91980bbf2bf1ca12",
      pow: "6aff7e4163dc25c021cc659b59d4d652d6e827d0326966d07284e3896479aaca",
      normalQuantile: "f1b4836a03c4f92f87582cca718efb8b29a7e303ba0422bf968ce00ad1c52629",
    },
  );
});
