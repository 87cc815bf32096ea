/**
 * statistics/approximate-bayes.ts, proposal-kernel.ts: posteriors that are known exactly.
 *
 * Poisson counts with a rate whose logarithm is uniform before anything is known: the posterior is Gamma's, cut off at
 * the ends of the range (conjugate but for the cut). Against a rate that is fixed, Bayes' factor is a gamma integral.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exp, log } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import { exponential } from "../../sim/variates.ts";
import { ApproximateBayes, type NearWorld, type Proposal } from "../../statistics/approximate-bayes.ts";
import { gammaCdf, gammaQuantile, logGamma } from "../../statistics/gamma.ts";
import { weightedQuantile } from "../../statistics/weighted.ts";

const [LOWEST, HIGHEST] = [0.1, 10];
const TIME = 20;

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

function inferred(observed: number, seed: string, dimensions: readonly number[], batches = 6): ApproximateBayes {
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

/** Of the rate, truncated Gamma(count, TIME). */
function exactQuantile(p: number, count: number): number {
  const [below, above] = [gammaCdf(count, LOWEST * TIME), gammaCdf(count, HIGHEST * TIME)];
  return gammaQuantile(below + p * (above - below), count) / TIME;
}

function quantile(worlds: readonly NearWorld[], p: number): number {
  return weightedQuantile(
    worlds.map(rateOf),
    worlds.map(({ weight }) => weight),
    p,
  );
}

test("the posterior of a Poisson rate has the quantiles of Gamma's distribution", () => {
  for (const count of [3, 30, 150]) {
    const found = inferred(count, "gamma", [1]).adjusted()[0];
    for (const p of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      const [exact, got] = [exactQuantile(p, count), quantile(found, p)];
      const spread = Math.sqrt(count) / TIME;
      assert.ok(Math.abs(got - exact) < 0.3 * spread, `count ${count}, ${p}: ${got}, exactly ${exact}`);
    }
  }
});

test("ranks of the truth are uniform, and intervals of 90 % hold in 90 of 100", () => {
  const prior = new Stream("truths", "prior", 0, 0, 1);
  let held = 0;
  const ranks = new Float64Array(5);
  for (let world = 0; world < 100; world++) {
    const truth = LOWEST * exp(prior.draw(0) * log(HIGHEST / LOWEST));
    const count = countOf(truth, world, "truths");
    const found = inferred(count, `world ${world}`, [1], 4).adjusted()[0];
    held += Number(quantile(found, 0.05) <= truth && truth <= quantile(found, 0.95));
    const below = found.reduce((sum, one) => sum + (rateOf(one) < truth ? one.weight : 0), 0);
    ranks[Math.min(4, Math.floor(5 * below))]++;
  }
  // 100 of 90 %: four standard errors are 12. Chi-square of 4 degrees: 18.5 at 0.1 %.
  assert.ok(held >= 78 && held <= 100, `held ${held}`);
  const chiSquare = ranks.reduce((sum, n) => sum + (n - 20) ** 2 / 20, 0);
  assert.ok(chiSquare < 18.5, `ranks ${ranks.join()}`);
});

test("two models have the odds of Bayes' factor", () => {
  for (const count of [28, 40, 55]) {
    const [free] = inferred(count, "factor", [1, 0]).probabilities;
    // Of the rate that is free: integral of Poisson(count; rate TIME) / (rate log(HIGHEST / LOWEST)) over the range.
    const cut = gammaCdf(count, HIGHEST * TIME) - gammaCdf(count, LOWEST * TIME);
    const evidence = cut / (count * log(HIGHEST / LOWEST));
    const fixed = exp(count * log(2 * TIME) - 2 * TIME - logGamma(count + 1));
    const exact = evidence / (evidence + fixed);
    assert.ok(Math.abs(free - exact) < 0.12, `count ${count}: ${free}, exactly ${exact}`);
  }
});

test("the worlds and their weights are the same each time", () => {
  const [a, b] = [inferred(30, "same", [1, 0]), inferred(30, "same", [1, 0])];
  assert.deepEqual(a.adjusted(), b.adjusted());
  assert.notDeepEqual(a.adjusted(), inferred(30, "other", [1, 0]).adjusted());
});
