/**
 * Latin hypercubes: n points in the unit cube, of which each dimension has exactly one in each n-th part.
 *
 * Each dimension permutes the parts at random, and each point is uniform within its part (McKay, Beckman and Conover
 * 1979, "A comparison of three methods for selecting values of input variables"). So the mean of an output that is a
 * sum of functions of single inputs is estimated with hardly any error; nothing is guaranteed for interactions. A
 * hypercube cannot be enlarged: another number of points gives other points. Sobol's sequence can be.
 */
import type { Stream } from "../sim/streams.ts";

/** The position of a point in its interval is a multiple of 1 / STEPS, so that rounding cannot move it out. */
const STEPS = 1_048_576;

/**
 * The points, each with a coordinate in [0, 1) for every dimension.
 *
 * @param streams with a subject for each dimension, of which 2 count - 1 numbers are drawn: another dimension changes
 *   none of the others
 */
export function latinHypercube(count: number, dimensions: number, streams: Stream): Float64Array[] {
  const points = Array.from({ length: count }, () => new Float64Array(dimensions));
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const parts = permutation(count, () => streams.draw(dimension));
    for (let i = 0; i < count; i++) {
      points[i][dimension] = (parts[i] + Math.floor(streams.draw(dimension) * STEPS) / STEPS) / count;
    }
  }
  return points;
}

/** The numbers 0 .. count - 1 in any order, all equally likely (Fisher and Yates); count - 1 draws. */
function permutation(count: number, draw: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(draw() * (last + 1));
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}
