/**
 * Morris's screening: which of many inputs matter, at a cost of k + 1 evaluations per trajectory.
 *
 * A trajectory starts at a random point of a grid of four levels in the unit cube and moves each of the k inputs once,
 * in random order, up or down by 2/3. The change of the output divided by the change of the input is an elementary
 * effect. For an input that is a choice, the move is from one value to another, and the effect is the whole change. The
 * mean of the effects, mu, shows the direction in which an input acts; the mean of their absolute values, mu*, how
 * strongly; and their standard deviation, sigma, how much that depends on the other inputs or on the input's own value
 * (Morris 1991, "Factorial sampling plans for preliminary computational experiments"; mu*: Campolongo, Cariboni and
 * Saltelli 2007).
 */
import type { Stream } from "../sim/streams.ts";
import { mean, meanEstimate, variance } from "./estimate.ts";

const LEVELS = 4;
const STEP = LEVELS / (2 * (LEVELS - 1));

/** The points of one trajectory: each differs from the previous one in one coordinate. */
export type Trajectory = readonly Float64Array[];

export interface ElementaryEffects {
  readonly mu: number;
  readonly muStar: number;
  /** The standard error of mu*; NaN for a single trajectory, as is sigma. */
  readonly muStarError: number;
  /** The half-width of the 95 % interval of mu* (Student's t between trajectories). */
  readonly muStarHalfWidth: number;
  readonly sigma: number;
}

/** @param streams with a subject for each trajectory: adding trajectories does not change the others */
export function morrisTrajectories(count: number, dimensions: number, streams: Stream): Trajectory[] {
  return Array.from({ length: count }, (_, trajectory) => {
    const draw = () => streams.draw(trajectory);
    const order = Uint32Array.from({ length: dimensions }, (_, i) => i);
    for (let last = dimensions - 1; last > 0; last--) {
      const chosen = Math.floor(draw() * (last + 1));
      [order[last], order[chosen]] = [order[chosen], order[last]];
    }
    // The lower half of the levels can be moved up, the upper half down.
    const point = Float64Array.from({ length: dimensions }, () => Math.floor(draw() * LEVELS) / (LEVELS - 1));
    const points = [point.slice()];
    for (const dimension of order) {
      point[dimension] = moved(point[dimension]);
      points.push(point.slice());
    }
    return points;
  });
}

/** The level one step away: 0 and 2/3, 1/3 and 1. The ends are exact. */
function moved(level: number): number {
  const other = level < 0.5 ? level + STEP : level - STEP;
  return Math.round(other * (LEVELS - 1)) / (LEVELS - 1);
}

/** The input that differs between point i of a trajectory and the one before it. */
export function movedInput(points: Trajectory, i: number): number {
  return points[i].findIndex((level, d) => level !== points[i - 1][d]);
}

/**
 * By input.
 * @param outputs of each trajectory, point by point
 * @param isChoice of each input, whether a move goes from one value to another, and so its whole way
 */
export function elementaryEffects(
  trajectories: readonly Trajectory[],
  outputs: readonly ArrayLike<number>[],
  isChoice: readonly boolean[] = [],
): ElementaryEffects[] {
  const dimensions = trajectories[0].length - 1;
  const effects = Array.from({ length: dimensions }, () => new Float64Array(trajectories.length));
  trajectories.forEach((points, trajectory) => {
    for (let i = 1; i < points.length; i++) {
      const dimension = movedInput(points, i);
      const change = outputs[trajectory][i] - outputs[trajectory][i - 1];
      const move = points[i][dimension] - points[i - 1][dimension];
      effects[dimension][trajectory] = change / (isChoice[dimension] ? Math.sign(move) : move);
    }
  });
  return effects.map((own) => {
    const sizes = own.map(Math.abs);
    const { value, standardError, halfWidth } = meanEstimate(sizes);
    return {
      mu: mean(own),
      muStar: value,
      muStarError: standardError,
      muStarHalfWidth: halfWidth,
      sigma: Math.sqrt(variance(own)),
    };
  });
}
