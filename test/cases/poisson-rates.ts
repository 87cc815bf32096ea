/**
 * Rates of Poisson streams, inferred by approximate Bayesian computation from the number of events.
 *
 * The logarithm of the rate is uniform before anything is known: the posterior is Gamma's, cut off at the ends of the
 * range (conjugate but for the cut).
 */
import { exp, log } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import { exponential } from "../../sim/variates.ts";
import { ApproximateBayes, type NearWorld, type Proposal } from "../../statistics/approximate-bayes.ts";
import { weightedQuantile } from "../../statistics/weighted.ts";

export const [LOWEST, HIGHEST] = [0.1, 10];
export const TIME = 20;

function rateOf({ point }: Proposal): number {
  return LOWEST * exp(point[0] * log(HIGHEST / LOWEST));
}

/** Events of a Poisson stream of the rate in TIME; each world has random numbers of its own. */
function countOf(rate: number, world: number, seed: string): number {
  const stream = new Stream(seed, "events", world, 0, 1);
  let count = -1;
  for (let at = 0; at < TIME; count++) at += exponential(stream.draw(0), 1 / rate);
  return count;
}

export function inferred(observed: number, seed: string, dimensions: readonly number[], batches = 6): ApproximateBayes {
  const priors = dimensions.map(() => 1 / dimensions.length);
  const inference = {
    dimensions,
    priors,
    observed: Float64Array.of(observed),
    first: 800,
    batch: 400,
    keptShare: 0.2,
    seed,
  };
  const bayes = new ApproximateBayes(inference);
  let worlds = 0;
  for (let batch = 0; batch < batches; batch++) {
    const shown = bayes
      .propose()
      .map((one) => Float64Array.of(countOf(one.model === 0 ? rateOf(one) : 2, worlds++, seed)));
    bayes.learn(shown);
  }
  return bayes;
}

export function quantile(worlds: readonly NearWorld[], p: number): number {
  return weightedQuantile(
    worlds.map(rateOf),
    worlds.map(({ weight }) => weight),
    p,
  );
}

/** Infers so many rates, drawn from the prior: how many intervals of 90 % hold them, and their ranks in fifths. */
export function ranksOfTruths(truths: number): { held: number; ranks: Float64Array } {
  const prior = new Stream("truths", "prior", 0, 0, 1);
  let held = 0;
  const ranks = new Float64Array(5);
  for (let world = 0; world < truths; world++) {
    const truth = LOWEST * exp(prior.draw(0) * log(HIGHEST / LOWEST));
    const count = countOf(truth, world, "truths");
    const found = inferred(count, `world ${world}`, [1], 4).adjusted()[0];
    held += Number(quantile(found, 0.05) <= truth && truth <= quantile(found, 0.95));
    const below = found.reduce((sum, one) => sum + (rateOf(one) < truth ? one.weight : 0), 0);
    ranks[Math.min(4, Math.floor(5 * below))]++;
  }
  return { held, ranks };
}
