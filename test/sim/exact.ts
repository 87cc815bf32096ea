/**
 * Exact logarithms, exponentials and normal probabilities, in whole numbers: the measure of sim/math.ts.
 *
 * It shares nothing with what it measures: no double is rounded, no coefficient was fitted, and the series
 * are those of a first course. A value is digits / 2^scale. Results are good to 2^-120 of themselves, normal
 * probabilities to 2^-120.
 */

/** The number digits / 2^scale. */
export interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

/** Binary places of a working sum, beyond those that a tiny argument needs. */
const PLACES = 192;

/** 1 / sqrt(2 pi), in decimal places. */
const INVERSE_SQRT_TWO_PI = 398942280401432677939946059934381868475858631164934657665926n;
const DECIMAL_PLACES = 10n ** 60n;

/** The double itself; x is finite. */
export function exact(x: number): Exact {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const magnitude = exponent === 0 ? fraction : fraction | (1n << 52n);
  return { digits: bits >> 63n === 1n ? -magnitude : magnitude, scale: 1075 - Math.max(exponent, 1) };
}

/** log x, for x > 0. */
export function exactLog(x: number, places = PLACES): Exact {
  const { digits, scale } = exact(x);
  return { digits: logOfRatio(digits, scale, places), scale: places };
}

/** log(1 + x), for x > -1. */
export function exactLog1p(x: number): Exact {
  const { digits, scale } = exact(x);
  const whole = Math.max(scale, 0);
  const places = PLACES + Math.max(0, scale - bitLength(digits));
  const sum = (1n << BigInt(whole)) + (digits << BigInt(whole - scale));
  return { digits: logOfRatio(sum, whole, places), scale: places };
}

/** e to a power that is given exactly. */
export function exactExp(power: Exact): Exact {
  const x = rescaled(power, PLACES);
  const k = x / ln2(PLACES);
  const r = x - k * ln2(PLACES);
  let sum = 0n;
  let term = 1n << BigInt(PLACES);
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = (term * r) / (n << BigInt(PLACES));
  }
  return { digits: sum, scale: PLACES - Number(k) };
}

/** x to the power y, for x > 0. */
export function exactPow(x: number, y: number): Exact {
  const logarithm = exactLog(x, 320);
  const power = exact(y);
  return exactExp({ digits: logarithm.digits * power.digits, scale: logarithm.scale + power.scale });
}

/** The probability that a standard normal variate lies below z, for |z| < 9. */
export function exactNormalCdf(z: number): Exact {
  const x = rescaled(exact(z), PLACES);
  const halfSquare = (x * x) >> BigInt(PLACES + 1);
  let sum = 0n;
  let term = x;
  for (let n = 0n; term !== 0n; n++) {
    sum += term / (2n * n + 1n);
    term = (-term * halfSquare) / ((n + 1n) << BigInt(PLACES));
  }
  const half = 1n << BigInt(PLACES - 1);
  return { digits: half + (sum * INVERSE_SQRT_TWO_PI) / DECIMAL_PLACES, scale: PLACES };
}

/** How far a double lies from an exact value, in units of the last place of that value [ulp], signed. */
export function ulpsOff(y: number, value: Exact): number {
  const ulpScale = Math.min(value.scale - bitLength(value.digits) + 53, 1074);
  const places = ulpScale + 30;
  return Number(rescaled(exact(y), places) - rescaled(value, places)) / 1073741824;
}

/** log(digits / 2^scale) in `places` binary places: 2 artanh((m - 1) / (m + 1)) + k ln 2, m nearest to 1. */
function logOfRatio(digits: bigint, scale: number, places: number): bigint {
  let top = bitLength(digits) - 1;
  if (digits * digits > 1n << BigInt(2 * top + 1)) top++;
  const one = 1n << BigInt(top);
  const s = ((digits - one) << BigInt(places)) / (digits + one);
  return 2n * artanh(s, places) + BigInt(top - scale) * ln2(places);
}

function artanh(s: bigint, places: number): bigint {
  const square = (s * s) >> BigInt(places);
  let sum = 0n;
  let term = s;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term / n;
    term = (term * square) / (1n << BigInt(places));
  }
  return sum;
}

const logarithmsOfTwo = new Map<number, bigint>();

function ln2(places: number): bigint {
  let value = logarithmsOfTwo.get(places);
  if (value === undefined) {
    value = 2n * artanh((1n << BigInt(places)) / 3n, places);
    logarithmsOfTwo.set(places, value);
  }
  return value;
}

function rescaled(value: Exact, scale: number): bigint {
  const shift = scale - value.scale;
  return shift >= 0 ? value.digits << BigInt(shift) : value.digits >> BigInt(-shift);
}

function bitLength(digits: bigint): number {
  const text = (digits < 0n ? -digits : digits).toString(16);
  return 4 * text.length - Math.clz32(parseInt(text[0], 16)) + 28;
}
