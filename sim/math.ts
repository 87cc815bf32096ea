/**
 * Our own log, log1p, exp, pow and the quantile functions of the normal and the exponential distribution: the only
 * transcendental functions of the simulator.
 *
 * ECMAScript leaves the accuracy of Math.log, Math.exp, Math.pow and similar functions to the implementation, and their
 * last bits do change: V8 changed Math.pow between Node 22 and 24, and on some processors it fuses multiplications with
 * additions. The functions here use only + - * / %, Math.sqrt, floor and abs, which the standards define to the last
 * bit, and integer access to the bits of a double. So every engine and processor gives the same bits.
 *
 * Errors are distances from the exact value in units of its last place (ulp), as measured by
 * test/sim/exact.ts. Costs are those of independent calls with Node 20 on a 2.4 GHz EPYC, on which Math.log,
 * Math.log1p and Math.exp cost 23, 25 and 28 ns. Nothing allocates.
 */

/** The bits of a double: what is written to the first view is read from the second. */
const double = new Float64Array([1]);
const words = new Int32Array(double.buffer);

/** The index in `words` of the sign, the exponent and the upper 20 bits of the fraction. */
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;

/** The high word of 1 less the high word of sqrt(1/2). */
const ONE_OVER_SQRT_HALF = 0x3ff00000 - 0x3fe6a09e;

/** 2^k at index k + 1074, for k from -1074 to 1023: all the powers of two that a double can hold. */
const powersOfTwo = new Float64Array(2098);
powersOfTwo[1074] = 1;
for (let i = 1075; i < 2098; i++) powersOfTwo[i] = 2 * powersOfTwo[i - 1];
for (let i = 1073; i >= 0; i--) powersOfTwo[i] = powersOfTwo[i + 1] / 2;

const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_TO_31 = 2147483648;
const TWO_TO_54 = 18014398509481984;
const TWO_TO_64 = 18446744073709551616;

/** ln 2 in two parts (FreeBSD msun, e_log.c): the first ends in 21 zero bits, so k times it is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.4426950408889634;

/** 1/3 as a double, and the remainder. */
const THIRD = 0.3333333333333333;
const THIRD_REST = 1.850371707708594e-17;

/** The block of one number in which exponentialQuantile works. */
const single = new Float64Array(1);

/** The part of its result that logPair cannot return. */
const rest = new Float64Array(1);

/**
 * The natural logarithm.
 *
 * Domain: every double. Range: -744.44 to 709.79. log(0) is -Infinity, log(Infinity) is Infinity, and a
 * negative x or NaN gives NaN. Exact at 1. Source: the reduction and the minimax coefficients of FreeBSD
 * msun, e_log.c; the final sum keeps what its first addition rounds off, which msun does not.
 * Error: 0.83 ulp at most over a million arguments, and the nearest double for 98 %. Cost: 13 to 26 ns.
 */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x < 0 ? NaN : x;
  const normal = x < SMALLEST_NORMAL ? x * TWO_TO_54 : x;
  const k = exponentOf(normal);
  return logSum(x < SMALLEST_NORMAL ? k - 54 : k, normal * powersOfTwo[1074 - k] - 1, 0);
}

/**
 * The natural logarithm of 1 + x, accurate also where x is so small that 1 + x would lose it.
 *
 * Domain: every double. Range: -36.74 to 709.79. log1p(-1) is -Infinity, log1p(Infinity) is Infinity,
 * log1p(-0) is -0, and an x below -1 or NaN gives NaN. Source: as log; the rounding error of 1 + x returns as
 * a correction (FreeBSD msun, s_log1p.c).
 * Error: 0.81 ulp at most over a million arguments, and the nearest double for 98 %. Cost: 27 ns.
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x < -1 ? NaN : x;
  if (x === 0) return x;
  const u = 1 + x;
  const lost = x < 1 ? x - (u - 1) : 1 - (u - x);
  const k = exponentOf(u);
  return logSum(k, u * powersOfTwo[1074 - k] - 1, lost / u);
}

/**
 * The exponential function.
 *
 * Domain: every double. Range: 0 to Infinity: 0 below -745.14, subnormal below -708.39, Infinity above
 * 709.78, and NaN for NaN. Exact at 0. Source: the reduction by multiples of ln 2 and the minimax
 * coefficients of FreeBSD msun, e_exp.c; the final sum keeps what its first addition rounds off, which msun
 * does not.
 * Error: 0.75 ulp at most over a million arguments, and the nearest double for 98 %. Cost: 24 ns.
 */
export function exp(x: number): number {
  if (!(x > -746 && x < 710)) return x > 0 ? Infinity : x < 0 ? 0 : x;
  return expSum(x, 0);
}

/**
 * x to the power y: exp(y log x) with a logarithm of twice the precision.
 *
 * Domain, range and special values are those of ECMAScript's Math.pow: pow(x, 0) is 1 even for NaN, pow(1,
 * Infinity) is NaN, and a negative x has a power only for a whole y. A power that is a double is given
 * exactly.
 * Source: log x = k ln 2 + log c + 2 artanh((m - c) / (m + c)) in pairs of doubles (Dekker 1971), then exp.
 * Error: 0.66 ulp at most over 250,000 pairs (Math.pow of Node 20 and 22 errs by 613 ulp on one of them).
 * Cost: 85 ns.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const base = Math.abs(x);
  const negative = x < 0 || 1 / x === -Infinity;
  const sign = negative && Math.abs(y % 2) === 1 ? -1 : 1;
  if (base === 0 || base === Infinity || (base !== 1 && Math.abs(y) >= TWO_TO_64)) {
    return base > 1 === y > 0 ? sign * Infinity : sign * 0;
  }
  if (negative && y % 1 !== 0) return NaN;
  if (base === 1) return Math.abs(y) === Infinity ? NaN : sign;
  const logarithm = logPair(base);
  const product = y * logarithm;
  if (product > 710) return sign * Infinity;
  if (product < -746) return sign * 0;
  return sign * expSum(product, productError(y, logarithm, product) + y * rest[0]);
}

/**
 * The quantile function of the standard normal distribution: the z below which it lies with probability p.
 *
 * Domain: 0 (included) to 1 (included), anything else gives NaN. Range: -38.5 to 8.21 for p inside; -Infinity
 * at 0 and Infinity at 1. Increasing. Source: Wichura's algorithm AS 241, PPND16 (Applied Statistics 37,
 * 1988, 477-484), with our own log.
 * Error: 5.7 ulp at most over a million arguments, 0.9 on average. Cost: 24 ns in the middle 85 %, 63 ns in
 * the tails.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * central(0.180625 - q * q);
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? nearTail(r - 1.6) : farTail(r - 5);
  return q < 0 ? -z : z;
}

/**
 * The table of exponentialQuantile: the middle c of each of 128 intervals of [1/2, 1), 1 / c and log c. The last has c
 * = 1 exactly, so that the smallest results keep all their digits.
 */
const INTERVALS = 128;
const middles = new Float64Array(INTERVALS);
const inverses = new Float64Array(INTERVALS);
const logarithms = new Float64Array(INTERVALS);
for (let i = 0; i < INTERVALS; i++) {
  middles[i] = i === INTERVALS - 1 ? 1 : 0.5 + (i + 0.5) / (2 * INTERVALS);
  inverses[i] = 1 / middles[i];
  logarithms[i] = log(middles[i]);
}

/** Numbers below this have fewer than seven bits after their leading one. */
const RARE = 128;

/** 2^k, k LN2_HIGH and k LN2_LOW at index k. */
const scales = Float64Array.from({ length: 32 }, (_, k) => powersOfTwo[1074 + k]);
const wholes = Float64Array.from({ length: 32 }, (_, k) => k * LN2_HIGH);
const wholeRests = Float64Array.from({ length: 32 }, (_, k) => k * LN2_LOW);

/**
 * The quantile function of the exponential distribution of mean 1, -log(1 - u), in place: of the u at `from` (included)
 * to `to` (excluded). In place, because a function call per draw is too slow, and V8 boxes a returned number if it does
 * not inline the call.
 *
 * Domain: 0 (included) to 1 (excluded). Range: 0 (at u = 0) to 36.74. 1 - u is exact for a multiple of 2^-53, which a
 * draw is; another u counts as the nearest one. Increasing. Source: with v = 1 - u = z / 2^k and c the middle of the
 * interval of z, log v = log c + log(1 + r) - k ln 2, where r = (z - c) / c is at most 1/256 and Taylor's series has
 * seven terms (Tang 1990, "Table-driven implementation of the logarithm function"); no division, no branch but for the
 * rarest u.
 * Error: 1.3 ulp at most over a million draws. Cost: 4 to 9 ns.
 */
export function exponentialQuantiles(numbers: Float64Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const v = 1 - numbers[at];
    const upper = (v * TWO_TO_31) | 0;
    if (upper < RARE) {
      // Too few bits for an index of the table, or v = 1, whose upper is negative.
      numbers[at] = 0 - log(v);
      continue;
    }
    const k = Math.clz32(upper) - 1;
    const interval = (upper >>> (23 - k)) & (INTERVALS - 1);
    const r = (v * scales[k] - middles[interval]) * inverses[interval];
    const square = r * r;
    const series = -0.5 + r * (1 / 3) + square * (-0.25 + r * 0.2 + square * (r * (1 / 7) - 1 / 6));
    numbers[at] = wholes[k] - logarithms[interval] - (r + (square * series - wholeRests[k]));
  }
}

/** The same of one u. */
export function exponentialQuantile(u: number): number {
  single[0] = u;
  exponentialQuantiles(single, 0, 1);
  return single[0];
}

/** The whole k for which x / 2^k lies between sqrt(1/2) and sqrt(2), for a positive x of normal size. */
function exponentOf(x: number): number {
  double[0] = x;
  return ((words[HIGH] + ONE_OVER_SQRT_HALF) >> 20) - 1023;
}

/** k ln 2 + log(1 + f) + extra, for a whole k, an f from -0.293 to 0.415, and an extra of at most 2^-53. */
function logSum(k: number, f: number, extra: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const square = 0.5 * f * f;
  const whole = k * LN2_HIGH;
  const sum = whole + f;
  const lost = whole - sum + f;
  return sum + (lost + (s * (square + (even + odd)) + (k * LN2_LOW + extra) - square));
}

/** exp(x + extra), for x from -746 to 710 and an extra below 2^-40. */
function expSum(x: number, extra: number): number {
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const head = x - k * LN2_HIGH;
  const tail = k * LN2_LOW - extra;
  const r = head - tail;
  const z = r * r;
  const upper = 6.61375632143793436117e-5 + z * (-1.6533902205465251539e-6 + z * 4.13813679705723846039e-8);
  const c = r - z * (1.66666666666666019037e-1 + z * (-2.77777777770155933842e-3 + z * upper));
  const sum = 1 + head;
  const lost = 1 - sum + head;
  const y = sum + (lost + ((r * c) / (2 - c) - tail));
  if (k > 1023) return 2 * y * powersOfTwo[k + 1073];
  if (k < -1074) return (y / 4) * powersOfTwo[k + 1076];
  return y * powersOfTwo[k + 1074];
}

/** log x, for a positive x, as a sum of two doubles, of which `rest[0]` holds the second. Error: 2^-68. */
function logPair(x: number): number {
  const normal = x < SMALLEST_NORMAL ? x * TWO_TO_54 : x;
  const exponent = exponentOf(normal);
  const m = normal * powersOfTwo[1074 - exponent];
  const k = x < SMALLEST_NORMAL ? exponent - 54 : exponent;
  // log m = log c + 2 artanh(s), where c is 3/4, 1 or 5/4, whichever is near, and s = (m - c) / (m + c).
  const c = m < 0.866 ? 0.75 : m > 1.118 ? 1.25 : 1;
  const logHigh = m < 0.866 ? -0.28768207249231637 : m > 1.118 ? 0.22314355126582086 : 0;
  const logLow = m < 0.866 ? 4.053543780278539e-11 : m > 1.118 ? 4.838889490356316e-11 : 0;
  const f = m - c;
  const d = m + c;
  const dRest = m < c ? m - (d - c) : c - (d - m);
  const s = f / d;
  const sd = s * d;
  const sRest = (f - sd - productError(s, d, sd) - s * dRest) / d;
  // artanh(s) = s (1 + z / 3 + z^2 / 5 + z^3 / 7 + ...) with z = s^2; the first two terms are kept as pairs.
  const z = s * s;
  const zRest = productError(s, s, z) + 2 * s * sRest;
  const third = z * THIRD;
  const thirdRest = productError(z, THIRD, third) + z * THIRD_REST + zRest * THIRD;
  const further = z * z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z / 17))))));
  const series = third + further;
  const seriesRest = third - series + further + thirdRest;
  const first = 2 * s;
  const second = first * series;
  const secondRest = productError(first, series, second) + first * seriesRest + 2 * sRest * series;
  const whole = k * LN2_HIGH + logHigh;
  const sum = whole + first;
  const total = sum + second;
  const lost = whole - sum + first + (sum - total + second);
  const low = lost + (secondRest + 2 * sRest + (k * LN2_LOW + logLow));
  const result = total + low;
  rest[0] = total - result + low;
  return result;
}

/** a b - p exactly, where p is the rounded product a b (Dekker 1971). */
function productError(a: number, b: number, p: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** The upper 26 bits of a (Veltkamp 1968). */
function upperHalf(a: number): number {
  const c = 134217729 * a;
  return c - (c - a);
}

/** AS 241, |p - 1/2| <= 0.425: z / (p - 1/2), where r = 0.425^2 - (p - 1/2)^2. */
function central(r: number): number {
  const numerator = polynomial(
    r,
    3.387132872796366608,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
  );
  const denominator = polynomial(
    r,
    1,
    4.2313330701600911252e1,
    6.871870074920579083e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.930789580009271061e4,
    2.8729085735721942674e4,
    5.226495278852854561e3,
  );
  return numerator / denominator;
}

/** AS 241, a tail of e^-25 (included) to 0.075 (excluded): |z|, where r = sqrt(-log tail) - 1.6. */
function nearTail(r: number): number {
  const numerator = polynomial(
    r,
    1.42343711074968357734,
    4.6303378461565452959,
    5.7694972214606914055,
    3.64784832476320460504,
    1.27045825245236838258,
    2.4178072517745061177e-1,
    2.27238449892691845833e-2,
    7.7454501427834140764e-4,
  );
  const denominator = polynomial(
    r,
    1,
    2.05319162663775882187,
    1.6763848301838038494,
    6.8976733498510000455e-1,
    1.4810397642748007459e-1,
    1.51986665636164571966e-2,
    5.475938084995344946e-4,
    1.05075007164441684324e-9,
  );
  return numerator / denominator;
}

/** AS 241, a tail below e^-25: |z|, where r = sqrt(-log tail) - 5. */
function farTail(r: number): number {
  const numerator = polynomial(
    r,
    6.6579046435011037772,
    5.4637849111641143699,
    1.7848265399172913358,
    2.9656057182850489123e-1,
    2.6532189526576123093e-2,
    1.2426609473880784386e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  );
  const denominator = polynomial(
    r,
    1,
    5.9983220655588793769e-1,
    1.3692988092273580531e-1,
    1.48753612908506148525e-2,
    7.868691311456132591e-4,
    1.8463183175100546818e-5,
    1.4215117583164458887e-7,
    2.04426310338993978564e-15,
  );
  return numerator / denominator;
}

/** a + b r + c r^2 + ... + h r^7. */
function polynomial(
  r: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): number {
  return ((((((h * r + g) * r + f) * r + e) * r + d) * r + c) * r + b) * r + a;
}
