/**
 * The proposals of approximate Bayesian computation: where to simulate next, around the nearest worlds of all models.
 *
 * A model is proposed with its share of the weight, but with at least a small probability. One of the model's worlds is
 * chosen by weight and moved by a normal step with twice their weighted covariance (Beaumont et al. 2009; Filippi et
 * al. 2013, "On optimality of kernels for approximate Bayesian computation using sequential Monte Carlo"). If a model
 * has too few worlds left for a covariance, it is proposed from the prior.
 */
import { exp, log, normalQuantile } from "../sim/math.ts";
import type { Stream } from "../sim/streams.ts";
import { cholesky, forward, timesVector } from "./cholesky.ts";
import { sum } from "./estimate.ts";
import { weightedCovariance } from "./weighted.ts";

/** A point around which to propose: its coordinates are logits. */
export interface Center {
  readonly logits: Float64Array;
  readonly weight: number;
}

/** The share of proposals that ignore which models have been better so far. */
const OPEN_MINDED = 0.2;
/** Coordinates keep this distance from the ends of their range. */
const EDGE = 1e-9;
const LOG_TWO_PI = 1.8378770664093453;

/** The logit of a uniform coordinate; the density of the logit is u (1 - u). */
export function logit(u: number): number {
  return log(u / (1 - u));
}

export function unlogit(x: number): number {
  return Math.min(1 - EDGE, Math.max(EDGE, 1 / (1 + exp(-x))));
}

/** The prior density of a model's parameters, as logits, at a point of the unit cube. */
export function priorDensity(point: Float64Array): number {
  return point.reduce((density, u) => density * u * (1 - u), 1);
}

interface Around {
  readonly centers: readonly Center[];
  /** Their shares of the model's weight. */
  readonly shares: Float64Array;
  readonly factor: Float64Array;
  readonly logNorm: number;
}

export class ProposalKernel {
  private readonly dimensions: readonly number[];
  /** By model: the probability that it is proposed. */
  private readonly chances: Float64Array;
  /** By model; undefined if the proposals are drawn from the prior. */
  private readonly around: readonly (Around | undefined)[];

  /**
   * @param centers by model
   * @param shares of the models, which sum to 1
   */
  constructor(
    centers: readonly (readonly Center[])[],
    shares: readonly number[],
    dimensions: readonly number[],
    priors: readonly number[],
  ) {
    this.dimensions = dimensions;
    this.chances = Float64Array.from(priors, (prior, m) => OPEN_MINDED * prior + (1 - OPEN_MINDED) * shares[m]);
    this.around = dimensions.map((size, model) => aroundOf(centers[model], size));
  }

  /** @param stream whose subject `subject` draws for this proposal alone */
  propose(stream: Stream, subject: number): { readonly model: number; readonly point: Float64Array } {
    const model = chosen(this.chances, stream.draw(subject));
    const size = this.dimensions[model];
    const around = this.around[model];
    const draws = Float64Array.from({ length: size + 1 }, () => Math.max(EDGE, stream.draw(subject)));
    if (around === undefined) return { model, point: draws.slice(1).map((u) => Math.min(1 - EDGE, u)) };
    const { logits } = around.centers[chosen(around.shares, draws[0])];
    const step = timesVector(around.factor, draws.slice(1).map(normalQuantile));
    return { model, point: logits.map((x, d) => unlogit(x + step[d])) };
  }

  /** The density of the proposals at these parameters (logits), whose prior density is `prior`. */
  density(model: number, logits: Float64Array, prior: number): number {
    const around = this.around[model];
    if (around === undefined) return this.chances[model] * prior;
    const { centers, shares, factor, logNorm } = around;
    const apart = new Float64Array(logits.length);
    const z = new Float64Array(logits.length);
    let density = 0;
    for (let i = 0; i < centers.length; i++) {
      for (let d = 0; d < apart.length; d++) apart[d] = logits[d] - centers[i].logits[d];
      forward(factor, apart, z);
      let squares = 0;
      for (let d = 0; d < z.length; d++) squares += z[d] * z[d];
      density += shares[i] * exp(logNorm - squares / 2);
    }
    return this.chances[model] * density;
  }
}

function aroundOf(centers: readonly Center[], size: number): Around | undefined {
  if (centers.length < 2 * (size + 1)) return undefined;
  const weights = centers.map(({ weight }) => weight);
  const points = centers.map(({ logits }) => logits);
  const doubled = weightedCovariance(points, weights, size).map((covariance) => 2 * covariance);
  const factor = cholesky(doubled, size);
  if (factor === undefined) return undefined;
  let logNorm = (-size * LOG_TWO_PI) / 2;
  for (let d = 0; d < size; d++) logNorm -= log(factor[d * size + d]);
  const total = sum(weights);
  return { centers, shares: Float64Array.from(weights, (weight) => weight / total), factor, logNorm };
}

/** The index that a uniform number chooses from shares that sum to 1. */
function chosen(shares: ArrayLike<number>, u: number): number {
  let rest = u;
  for (let i = 0; i < shares.length - 1; i++) {
    rest -= shares[i];
    if (rest < 0) return i;
  }
  return shares.length - 1;
}
