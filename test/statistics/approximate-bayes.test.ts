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
import { ApproximateBayes } from "../../statistics/approximate-bayes.ts";
import { HIGHEST, inferred, LOWEST, quantile, ranksOfTruths, TIME } from "../cases/poisson-rates.ts";
import { gammaCdf, gammaQuantile, logGamma } from "../../statistics/gamma.ts";

/** Of the rate, truncated Gamma(count, TIME). */
function exactQuantile(p: number, count: number): number {
  const [below, above] = [gammaCdf(count, LOWEST * TIME), gammaCdf(count, HIGHEST * TIME)];
  return gammaQuantile(below + p * (above - below), count) / TIME;
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

test("ranks of the truth are uniform, and 90 % intervals cover in some 22 of 25 cases", () => {
  const { held, ranks } = ranksOfTruths(25);
  // 25 of 90 %: four standard errors are 6. Chi-square of 4 degrees: 18.5 at 0.1 %.
  assert.ok(held >= 17, `held ${held}`);
  const chiSquare = ranks.reduce((sum, n) => sum + (n - 5) ** 2 / 5, 0);
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

test("models that are alike have no probability of 0 or 1, however many summaries say nothing", () => {
  for (const seed of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
    const bayes = new ApproximateBayes({
      dimensions: [1, 1],
      priors: [0.5, 0.5],
      observed: new Float64Array(9).fill(0.4),
      first: 100,
      batch: 50,
      seed,
    });
    const noise = new Stream(seed, "noise", 0, 0, 9);
    for (let batch = 0; batch < 4; batch++) {
      bayes.learn(bayes.propose().map(() => Float64Array.from({ length: 9 }, (_, s) => noise.draw(s) - 0.5)));
    }
    const [one] = bayes.probabilities;
    assert.ok(one! > 0.1 && one! < 0.9, `${seed}: ${one}, exactly 0.5`);
    assert.ok(bayes.comparedSize > 10 && bayes.comparedSize <= 40, `${bayes.comparedSize} of 40 worlds`);
  }
});

test("the worlds and their weights are the same each time", () => {
  const [a, b] = [inferred(30, "same", [1, 0]), inferred(30, "same", [1, 0])];
  assert.deepEqual(a.adjusted(), b.adjusted());
  assert.notDeepEqual(a.adjusted(), inferred(30, "other", [1, 0]).adjusted());
});
