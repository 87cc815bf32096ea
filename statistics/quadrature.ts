/**
 * The integral of a smooth function over an interval.
 *
 * The interval is divided into equal panels, and each uses the eight points of Gauss-Legendre quadrature. It is exact
 * for polynomials of degree 15. For the functions that our closed forms integrate (sums and products of exponentials),
 * it is as accurate as the arithmetic if a panel is no longer than the scale of the function. Split the interval at
 * kinks.
 *
 * Source: the abscissae and weights of Abramowitz and Stegun, table 25.4, n = 8.
 */

const abscissae = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const weights = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

/** @param panels whole, >= 1 */
export function integral(f: (x: number) => number, from: number, to: number, panels: number): number {
  const half = (to - from) / (2 * panels);
  let total = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = from + (2 * panel + 1) * half;
    for (let i = 0; i < abscissae.length; i++) {
      total += weights[i] * (f(middle - half * abscissae[i]) + f(middle + half * abscissae[i]));
    }
  }
  return total * half;
}
