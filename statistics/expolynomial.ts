/**
 * Laws on an interval whose density is a polynomial times an exponential: what published models fit to times that are
 * neither constant nor memoryless.
 *
 * The integral of p(x) e^(-rate x) is -e^(-rate x) times the sum of the derivatives of p, each over the next power of
 * the rate; so the distribution function and the mean are exact, and a quantile is found on the one from the other. The
 * density is normalised here.
 */
import { exp } from "../sim/math.ts";

/** Newton's method is done long before. */
const STEPS_MAX = 100;

export class Expolynomial {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
  readonly mean: number;
  /** Of the density's polynomial, from the constant up; not normalised. */
  private readonly coefficients: readonly number[];
  private readonly atFrom: number;
  private readonly mass: number;

  /** @param rate > 0 */
  constructor(coefficients: readonly number[], rate: number, from: number, to: number) {
    this.coefficients = coefficients;
    this.rate = rate;
    this.from = from;
    this.to = to;
    this.atFrom = antiderivative(coefficients, rate, from);
    this.mass = antiderivative(coefficients, rate, to) - this.atFrom;
    const moment = [0, ...coefficients];
    this.mean = (antiderivative(moment, rate, to) - antiderivative(moment, rate, from)) / this.mass;
  }

  density(x: number): number {
    if (x < this.from || x > this.to) return 0;
    return (polynomial(this.coefficients, x) * exp(-this.rate * x)) / this.mass;
  }

  cdf(x: number): number {
    if (x <= this.from) return 0;
    if (x >= this.to) return 1;
    return (antiderivative(this.coefficients, this.rate, x) - this.atFrom) / this.mass;
  }

  /**
   * The x below which it lies with probability p: Newton's method inside a bracket that every step narrows, and halving
   * where Newton would leave it. Error: 1e-13 of the interval in the middle, the square root of that next to an end at
   * which the density is 0.
   */
  quantile(p: number): number {
    let [low, high] = [this.from, this.to];
    let x = (low + high) / 2;
    for (let step = 0; step < STEPS_MAX; step++) {
      const excess = this.cdf(x) - p;
      if (excess > 0) high = x;
      else low = x;
      const newton = x - excess / this.density(x);
      const next = newton > low && newton < high ? newton : (low + high) / 2;
      if (Math.abs(next - x) <= 1e-15 * x) return next;
      x = next;
    }
    return x;
  }
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/** A function whose derivative is the polynomial times e^(-rate x). */
function antiderivative(coefficients: readonly number[], rate: number, x: number): number {
  let sum = 0;
  let derivative = coefficients;
  for (let power = rate; derivative.length > 0; power *= rate) {
    sum += polynomial(derivative, x) / power;
    derivative = derivative.slice(1).map((coefficient, k) => coefficient * (k + 1));
  }
  return -exp(-rate * x) * sum;
}
