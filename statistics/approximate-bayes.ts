/**
 * Approximate Bayesian computation: which parameters, of which model, give worlds like the observed one?
 *
 * Worlds are simulated in batches. The first batch is drawn from the prior, and each later one around the worlds that
 * were nearest so far (Toni et al. 2009, "Approximate Bayesian computation scheme for parameter inference and model
 * selection in dynamical systems"; Beaumont et al. 2009, "Adaptive approximate Bayesian computation"). The tolerance is
 * a quantile: a fixed share of the worlds is kept, so the tolerance shrinks from batch to batch until hardly any new
 * world is accepted (Lenormand, Jabot and Deffuant 2013, "Adaptive approximate Bayesian computation for complex
 * models"). All worlds are used: each is weighted by the prior density over the density of the mixture of all proposals
 * (Cornuet et al. 2012, "Adaptive multiple importance sampling"). The prior is part of the mixture, so no weight is
 * large.
 *
 * A world is compared by its summaries. The distance is Euclidean, and each summary is divided by its residual spread:
 * the spread that remains, among the nearest worlds, after a regression on the parameters. So a summary has weight to
 * the extent that it is informative. A regression on the summaries then moves the parameters of the kept worlds to the
 * values that they would have if their world had shown exactly the observed summaries (Beaumont, Zhang and Balding
 * 2002, "Approximate Bayesian computation in population genetics"). The next batch is drawn around these.
 *
 * Models that are compared share the batches. The model is one more parameter that is drawn (Toni et al. 2009), and its
 * probability is its share of the weight within a common tolerance.
 *
 * If parameters are not admissible together, they are drawn again. A density is then restricted to the admissible
 * region, so it counts as often as it was drawn from.
 *
 * A parameter is a coordinate in (0, 1) with a uniform prior. Draws come from streams that are named by seed, batch and
 * number of the proposal.
 */
import { log } from "../sim/math.ts";
import { Stream } from "../sim/streams.ts";
import { sum } from "./estimate.ts";
import { latinHypercube } from "./latin-hypercube.ts";
import { logit, priorDensity, ProposalKernel, unlogit } from "./proposal-kernel.ts";
import { selectMedian } from "./selection.ts";
import { effectiveSize } from "./weighted.ts";
import { predicted, regression, residualSpreads } from "./weighted-regression.ts";

/** A world to simulate. */
export interface Proposal {
  /** The index of the model. */
  readonly model: number;
  /** A coordinate in (0, 1) for each parameter of the model. */
  readonly point: Float64Array;
}

/** A world close to the observation. */
export interface NearWorld extends Proposal {
  /** Its index among all worlds. */
  readonly number: number;
  /** The weights sum to 1. */
  readonly weight: number;
  readonly distance: number;
  /** As they were passed to `learn`. */
  readonly summaries: Float64Array;
}

export interface Inference {
  /** The number of parameters of each model. */
  readonly dimensions: readonly number[];
  /** The prior probability of each model; they sum to 1. */
  readonly priors: readonly number[];
  readonly observed: Float64Array;
  /** The number of worlds in the first batch, and in each later one. */
  readonly first: number;
  readonly batch: number;
  readonly seed: string;
  /**
   * Whether a world with these parameters is possible; by default, every world is. `propose` throws if hardly any is.
   */
  readonly isAdmissible?: (proposal: Proposal) => boolean;
}

/** The progress of the search after a batch. */
export interface Generation {
  readonly worlds: number;
  /** The distance within which models are compared. */
  readonly tolerance: number;
  /** The share of the batch that was kept. */
  readonly acceptance: number;
  /** The effective number of equally weighted worlds of the most probable model. */
  readonly effectiveSize: number;
}

interface Simulated extends Proposal {
  readonly logits: Float64Array;
  readonly shown: Float64Array;
  /** The summaries on the scale of the distance. */
  summaries: Float64Array;
  readonly prior: number;
  /** The density of all proposals so far, multiplied by their number. */
  proposed: number;
}

export class ApproximateBayes {
  private readonly of: Inference;
  private readonly simulated: Simulated[];
  private readonly kernels: { readonly kernel: ProposalKernel; readonly draws: number }[];
  /** For each model, the draws from the prior per admissible draw. */
  private readonly draws: Float64Array;
  private pending: readonly Proposal[];
  /** For each summary, the value below which it is compared by difference, and above which by ratio. */
  private units: Float64Array;
  private spreads: Float64Array | undefined;
  /** For each model, its kept worlds, the nearest first, and its probability. */
  private near: readonly (readonly NearWorld[])[];
  private shares: readonly number[];
  /** What the worlds that models are compared by are worth. */
  private size: number;

  constructor(inference: Inference) {
    this.of = inference;
    this.simulated = [];
    this.kernels = [];
    this.draws = new Float64Array(inference.dimensions.length).fill(1);
    this.pending = [];
    this.units = new Float64Array(0);
    this.spreads = undefined;
    this.near = [];
    this.shares = inference.priors;
    this.size = 0;
  }

  /** The posterior probability of each model. */
  get probabilities(): readonly number[] {
    return this.shares;
  }

  /** How many equally weighted worlds the probabilities rest on. */
  get comparedSize(): number {
    return this.size;
  }

  /** For each model, the kept worlds, whose weights sum to 1. */
  get worlds(): readonly (readonly NearWorld[])[] {
    return this.near;
  }

  /** The same worlds, with their parameters moved to where the regression predicts the observation. */
  adjusted(): readonly (readonly NearWorld[])[] {
    return this.near.map((worlds) => this.moved(worlds));
  }

  /** The next batch. */
  propose(): readonly Proposal[] {
    this.pending = this.simulated.length === 0 ? this.firstBatch() : this.laterBatch();
    return this.pending;
  }

  /** @param shown the summaries of each world of the batch, in the order of the proposals */
  learn(shown: readonly Float64Array[]): Generation {
    const { pending, simulated, kernels } = this;
    const { first, priors } = this.of;
    if (simulated.length === 0) this.units = unitsOf(this.of.observed, shown);
    const latest = kernels.at(-1);
    if (latest !== undefined) {
      for (const one of simulated)
        one.proposed += latest.draws * latest.kernel.density(one.model, one.logits, priorDensity(one.point));
    }
    const before = simulated.length;
    for (const [i, { model, point }] of pending.entries()) {
      const logits = point.map(logit);
      const density = priorDensity(point);
      let proposed = first * priors[model] * this.draws[model] * density;
      for (const { kernel, draws } of kernels) proposed += draws * kernel.density(model, logits, density);
      const summaries = this.scaled(shown[i]);
      simulated.push({
        model,
        point,
        logits,
        shown: shown[i],
        summaries,
        prior: priors[model] * this.draws[model] * density,
        proposed,
      });
    }
    const tolerance = this.choose();
    const kept = this.near.flat().filter(({ number }) => number >= before).length;
    const likeliest = this.near[this.shares.indexOf(Math.max(...this.shares))];
    return {
      worlds: simulated.length,
      tolerance,
      acceptance: kept / pending.length,
      effectiveSize: effectiveSize(likeliest.map(({ weight }) => weight)),
    };
  }

  private firstBatch(): Proposal[] {
    const { dimensions, priors, first, seed } = this.of;
    let begun = 0;
    let share = 0;
    return dimensions.flatMap((size, model) => {
      share += priors[model];
      const end = model === dimensions.length - 1 ? first : Math.round(share * first);
      const count = end - begun;
      begun = end;
      const stream = new Stream(seed, "calibration-prior", model, 0, Math.max(1, size));
      let draws = count;
      const again = new Stream(seed, "calibration-again", model, 0, 1);
      const points = latinHypercube(count, size, stream).map((drawn) => {
        let point = drawn.map((u) => unlogit(logit(u)));
        for (; !this.isAdmissible({ model, point }); draws++) point = point.map(() => unlogit(logit(again.draw(0))));
        return { model, point };
      });
      if (count > 0) this.draws[model] = draws / count;
      return points;
    });
  }

  private laterBatch(): Proposal[] {
    const { dimensions, priors, batch, seed } = this.of;
    const centers = this.adjusted().map((worlds) => {
      return worlds.map(({ point, weight }) => ({ logits: point.map(logit), weight }));
    });
    const kernel = new ProposalKernel(centers, this.shares, dimensions, priors);
    const stream = new Stream(seed, "calibration-proposals", this.kernels.length + 1, 0, batch);
    let draws = batch;
    const proposals = Array.from({ length: batch }, (_, i) => {
      let proposal = kernel.propose(stream, i);
      for (; !this.isAdmissible(proposal); draws++) proposal = kernel.propose(stream, i);
      return proposal;
    });
    this.kernels.push({ kernel, draws });
    return proposals;
  }

  private isAdmissible(proposal: Proposal): boolean {
    return this.of.isAdmissible?.(proposal) ?? true;
  }

  /**
   * Keeps the nearest worlds of each model: first with the spreads so far, then with the residual spreads among these
   * worlds. Gives each model its share of the weight within the common tolerance. Returns the tolerance.
   */
  private choose(): number {
    const all = this.simulated.map(({ summaries }) => summaries);
    const before = this.nearestBy(this.spreads ?? spreadsOf(all));
    this.spreads = this.spreadsLeft(before.near, before.shares) ?? spreadsOf(all);
    const { near, shares, tolerance } = this.nearestBy(this.spreads);
    this.near = near;
    this.shares = shares;
    return tolerance;
  }

  private nearestBy(spreads: Float64Array): { near: NearWorld[][]; shares: readonly number[]; tolerance: number } {
    const observed = this.scaled(this.of.observed);
    const worlds = this.simulated.map(({ model, point, shown, summaries, prior, proposed }, number): NearWorld => {
      let squares = 0;
      for (let s = 0; s < observed.length; s++) {
        const apart = (summaries[s] - observed[s]) / Math.max(spreads[s], SPREAD_MIN);
        squares += apart * apart;
      }
      return { number, model, point, weight: prior / proposed, distance: Math.sqrt(squares), summaries: shown };
    });
    worlds.sort((a, b) => a.distance - b.distance || a.number - b.number);
    const near = this.of.dimensions.map((size, model) => {
      const own = worlds.filter((world) => world.model === model);
      return withShares(own.slice(0, this.keptOf(own.length, size)));
    });
    const nearest = worlds.slice(0, Math.max(COMPARED_MIN, Math.round(COMPARED * worlds.length)));
    const tolerance = nearest.at(-1)!.distance;
    return { near, shares: this.sharesOf(nearest, tolerance), tolerance };
  }

  /**
   * The share of each model in the weight of the nearest worlds, adjusted to the observed summaries by a local
   * regression of the model indicators (Beaumont 2008, "Joint determination of topology, divergence time, and
   * immigration in population trees"). The regression counts for as many worlds as these are worth, and the share
   * itself for as many as the regression has coefficients: from few worlds, a regression on many summaries gives shares
   * of 0 or 1 by chance.
   */
  private sharesOf(nearest: readonly NearWorld[], tolerance: number): readonly number[] {
    const models = this.of.dimensions.map((_, model) => model);
    const weights = nearest.map(kernelWeight(tolerance));
    const isOf = nearest.map((world) => models.map((model) => Number(world.model === model)));
    const inputs = nearest.map(({ summaries }) => this.scaled(summaries));
    const fitted = regression(inputs, isOf, weights);
    const target = this.scaled(this.of.observed);
    const shares = models.map((model) => Math.max(0, predicted(fitted, model, target)));
    const total = sum(shares);
    const size = effectiveSize(weights);
    this.size = size;
    const taken = target.length + 1;
    return shares.map((share, model) => (size * (share / total) + taken * fitted.intercepts[model]) / (size + taken));
  }

  /** The number of worlds to keep of a model: more if it has more unknown parameters, and enough for a regression. */
  private keptOf(worlds: number, size: number): number {
    const enough = WORLDS_PER_SUMMARY * (this.of.observed.length + 1);
    return Math.max(Math.min(worlds, enough), Math.round(Math.min(KEPT_MAX, KEPT_PER_UNKNOWN * (size + 1)) * worlds));
  }

  /**
   * The residual spread of each summary: its spread among the near worlds after a regression on the parameters,
   * weighted by the models' shares.
   */
  private spreadsLeft(near: readonly (readonly NearWorld[])[], shares: readonly number[]): Float64Array | undefined {
    const squares = new Float64Array(this.of.observed.length);
    let total = 0;
    for (const [model, size] of this.of.dimensions.entries()) {
      const own = near[model].map(({ number }) => this.simulated[number]);
      if (own.length < WORLDS_PER_SUMMARY * (size + 1)) continue;
      const summaries = own.map((world) => world.summaries);
      const inputs = own.map(({ logits }) => logits);
      const left =
        size === 0 ? spreadsOf(summaries) : residualSpreads(inputs, summaries, new Float64Array(own.length).fill(1));
      for (let s = 0; s < squares.length; s++) squares[s] += shares[model] * left[s] * left[s];
      total += shares[model];
    }
    return total > 0 ? squares.map((square) => Math.sqrt(square / total)) : undefined;
  }

  private moved(worlds: readonly NearWorld[]): readonly NearWorld[] {
    if (worlds.length === 0) return worlds;
    const observed = this.scaled(this.of.observed);
    const tolerance = worlds.at(-1)!.distance;
    const summaries = worlds.map(({ summaries: shown }) => this.scaled(shown));
    const used = [...observed.keys()].filter((s) => summaries.some((row) => row[s] !== summaries[0][s]));
    const outputs = worlds.map(({ point }) => point.map(logit));
    if (outputs[0].length === 0 || used.length === 0 || worlds.length < 2 * (used.length + 1)) return worlds;
    const weights = worlds.map(kernelWeight(tolerance));
    const inputs = summaries.map((row) => Float64Array.from(used, (s) => row[s]));
    const target = Float64Array.from(used, (s) => observed[s]);
    // A regression does not extrapolate beyond the worlds.
    const lowest = outputs[0].map((_, d) => outputs.reduce((least, row) => Math.min(least, row[d]), Infinity));
    const highest = outputs[0].map((_, d) => outputs.reduce((most, row) => Math.max(most, row[d]), -Infinity));
    const points = movedTo(target, inputs, outputs, weights).map((row) => {
      return row.map((x, d) => unlogit(Math.min(highest[d], Math.max(lowest[d], x))));
    });
    return withShares(worlds.map((world, i) => ({ ...world, point: points[i], weight: weights[i] })));
  }

  /** Inverse hyperbolic sine: linear near 0, logarithmic beyond the units. */
  private scaled(shown: Float64Array): Float64Array {
    return shown.map((value, s) => {
      const size = Math.abs(value) / this.units[s];
      return (value < 0 ? -1 : 1) * log(size + Math.sqrt(size * size + 1));
    });
  }
}

/** Epanechnikov's kernel, with a minimum so that the farthest kept world has a weight, too. */
function kernelWeight(tolerance: number): (world: NearWorld) => number {
  return ({ weight, distance }) => {
    const ratio = tolerance > 0 ? distance / tolerance : 0;
    return weight * Math.max(KERNEL_MIN, 1 - ratio * ratio);
  };
}

/**
 * The outputs adjusted to the target inputs by a local linear regression.
 *
 * The result must have the scatter of a new world about the regression, not of the worlds that were fitted. A
 * regression on p inputs uses p + 1 of n degrees of freedom, and its own estimate is uncertain by p + 1 in n. Together
 * this is the factor (n + p + 1) / (n - p - 1) of the final prediction error (Akaike 1969, "Fitting autoregressive
 * models for prediction"), where n is the effective sample size.
 */
function movedTo(
  target: Float64Array,
  inputs: readonly Float64Array[],
  outputs: readonly Float64Array[],
  weights: readonly number[],
): Float64Array[] {
  const fitted = regression(inputs, outputs, weights);
  const size = effectiveSize(weights);
  const taken = inputs[0].length + 1;
  const wider = Math.sqrt((size + taken) / Math.max(size * FREEDOM_MIN, size - taken));
  return outputs.map((row, i) => {
    return row.map((x, d) => predicted(fitted, d, target) + wider * (x - predicted(fitted, d, inputs[i])));
  });
}

/** At least this share of the degrees of freedom is assumed to remain. */
const FREEDOM_MIN = 0.25;
/** The share of all worlds that models are compared by, and the minimum number of these worlds. */
const COMPARED = 0.1;
const COMPARED_MIN = 40;
/** The share of a model's worlds to keep per parameter, with one added to their number; and the maximum share. */
const KEPT_PER_UNKNOWN = 1 / 12;
const KEPT_MAX = 0.5;
/** The minimum number of kept worlds per summary, if that many exist. */
const WORLDS_PER_SUMMARY = 3;
const KERNEL_MIN = 1e-3;
/** The minimum spread of a summary, relative to its size. */
const SPREAD_MIN = 1e-6;
/** Below this share of the observed value, summaries are compared by difference. */
const UNIT_SHARE = 0.1;

/** A share of the observed value; if that is 0, of the median of the nonzero simulated values. */
function unitsOf(observed: Float64Array, shown: readonly Float64Array[]): Float64Array {
  return observed.map((value, s) => {
    if (value !== 0) return UNIT_SHARE * Math.abs(value);
    const sizes = shown.map((row) => Math.abs(row[s])).filter((size) => size > 0);
    return sizes.length === 0 ? 1 : UNIT_SHARE * selectMedian(Float64Array.from(sizes));
  });
}

/**
 * For each summary, 1.4826 times the median absolute deviation; if most values are equal, the mean absolute deviation.
 */
function spreadsOf(summaries: readonly Float64Array[]): Float64Array {
  return summaries[0].map((_, s) => {
    const values = Float64Array.from(summaries, (row) => row[s]);
    const middle = selectMedian(values.slice());
    const spread = 1.4826 * selectMedian(values.map((value) => Math.abs(value - middle)));
    return spread > 0 ? spread : values.reduce((total, value) => total + Math.abs(value - middle), 0) / values.length;
  });
}

function withShares(worlds: readonly NearWorld[]): NearWorld[] {
  const total = sum(worlds.map(({ weight }) => weight));
  return worlds.map((world) => ({ ...world, weight: world.weight / total }));
}
