/**
 * The integral of a smooth function over an interval.
 *
 * The interval is cut into equal panels, each of which takes the eight points of Gauss and Legendre: exact for
 * polynomials of degree 15, and for what the oracles integrate (sums and products of exponentials) as good as the
 * arithmetic, as long as a panel is no longer than the function's own scale. A kink belongs on the edge of a panel:
 * integrate its two sides one by one.
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
