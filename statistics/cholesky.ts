/**
 * Cholesky's factor of a symmetric positive definite matrix, and its uses: solving linear equations, and drawing
 * correlated normal variates.
 *
 * Matrices are square, row by row. Source: Golub and Van Loan, Matrix Computations, algorithm 4.2.1.
 */

/** The lower triangle L with L L' = A; undefined when the matrix is not positive definite to working precision. */
export function cholesky(matrix: ArrayLike<number>, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column];
      for (let k = 0; k < column; k++) rest -= factor[row * size + k] * factor[column * size + k];
      if (row !== column) {
        factor[row * size + column] = rest / factor[column * size + column];
      } else if (rest > 1e-12 * matrix[row * size + row]) {
        factor[row * size + row] = Math.sqrt(rest);
      } else {
        return undefined;
      }
    }
  }
  return factor;
}

/** L y. */
export function timesVector(factor: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const size = y.length;
  const product = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k <= row; k++) product[row] += factor[row * size + k] * y[k];
  }
  return product;
}

/** The y with L y = b, stored in `y` if it is given. */
export function forward(
  factor: ArrayLike<number>,
  b: ArrayLike<number>,
  y: Float64Array = new Float64Array(b.length),
): Float64Array {
  const size = b.length;
  for (let row = 0; row < size; row++) {
    let rest = b[row];
    for (let k = 0; k < row; k++) rest -= factor[row * size + k] * y[k];
    y[row] = rest / factor[row * size + row];
  }
  return y;
}

/** The x with L L' x = b. */
export function solve(factor: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const size = b.length;
  const x = forward(factor, b);
  for (let row = size - 1; row >= 0; row--) {
    let rest = x[row];
    for (let k = row + 1; k < size; k++) rest -= factor[k * size + row] * x[k];
    x[row] = rest / factor[row * size + row];
  }
  return x;
}
