/** statistics/morris.ts: effects of functions whose effects are known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "../../sim/streams.ts";
import { elementaryEffects, morrisTrajectories } from "../../statistics/morris.ts";

const trajectories = (count: number, dimensions: number) =>
  morrisTrajectories(count, dimensions, new Stream("morris", "trajectories", 0, 0, count));

function effectsOf(count: number, dimensions: number, f: (x: Float64Array) => number) {
  const all = trajectories(count, dimensions);
  return elementaryEffects(
    all,
    all.map((points) => points.map(f)),
  );
}

test("a trajectory moves every input once, by 2/3, on the levels 0, 1/3, 2/3 and 1", () => {
  for (const points of trajectories(50, 7)) {
    assert.equal(points.length, 8);
    const moved = points.slice(1).map((point, i) => {
      const changed = [...point.keys()].filter((d) => point[d] !== points[i][d]);
      assert.equal(changed.length, 1);
      assert.ok(Math.abs(Math.abs(point[changed[0]] - points[i][changed[0]]) - 2 / 3) < 1e-15);
      return changed[0];
    });
    assert.equal(new Set(moved).size, 7);
    for (const point of points) for (const x of point) assert.ok([0, 1 / 3, 2 / 3, 1].includes(x), String(x));
  }
});

test("more trajectories leave the others unchanged", () => {
  assert.deepEqual(trajectories(9, 4).slice(0, 5), trajectories(5, 4));
});

test("every level is visited, and inputs move up as often as down", () => {
  const all = trajectories(400, 3);
  for (let d = 0; d < 3; d++) {
    const counts = [0, 1, 2, 3].map((level) => all.filter(([first]) => Math.round(3 * first[d]) === level).length);
    assert.ok(
      counts.every((count) => count > 60 && count < 140),
      counts.join(),
    );
  }
});

test("the effects of a linear function are its coefficients, all equal", () => {
  const effects = effectsOf(10, 3, ([x, y, z]) => 3 * x - 5 * y + 0 * z + 7);
  const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-12, String(actual));
  effects.forEach(({ mu, muStar, sigma, muStarError }, i) => {
    near(mu, [3, -5, 0][i]);
    near(muStar, [3, 5, 0][i]);
    near(sigma, 0);
    near(muStarError, 0);
  });
});

test("an input whose effect changes sign has mu near 0 and mu* above 0", () => {
  // f = x (y - 1/2): the effect of x is y - 1/2, one of -1/2, -1/6, 1/6, 1/2; its mean size is 1/3, its variance 5/36.
  const [x] = effectsOf(2000, 2, ([x, y]) => x * (y - 0.5));
  assert.ok(Math.abs(x.mu) < 0.03 && Math.abs(x.muStar - 1 / 3) < 0.015, `${x.mu} ${x.muStar}`);
  assert.ok(Math.abs(x.sigma * x.sigma - 5 / 36) < 0.01, String(x.sigma));
});

test("inputs of Sobol's g-function have the effects of its closed form on the grid", () => {
  const weights = [0, 1, 4.5, 9, 99];
  const g = (x: Float64Array) => weights.reduce((p, a, i) => p * ((Math.abs(4 * x[i] - 2) + a) / (1 + a)), 1);
  // On the levels |4x - 2| is 2 or 2/3, 4/3 in the mean, and a step of 2/3 goes from the one to the other.
  const means = weights.map((a) => (4 / 3 + a) / (1 + a));
  effectsOf(1000, 5, g).forEach(({ muStar, muStarError }, i) => {
    const others = means.reduce((product, mean, j) => (j === i ? product : product * mean), 1);
    const expected = (2 / (1 + weights[i])) * others;
    assert.ok(Math.abs(muStar - expected) < 4 * muStarError, `${i}: ${muStar}, not ${expected}`);
  });
});

test("a single trajectory has effects and no spread", () => {
  const [{ mu, sigma, muStarError }] = effectsOf(1, 1, ([x]) => 2 * x);
  assert.ok(Math.abs(mu - 2) < 1e-12);
  assert.deepEqual([sigma, muStarError], [NaN, NaN]);
});

test("a switch and a number of equal weight have equal effects: a switch moves its whole range", () => {
  const all = trajectories(6, 2);
  const outputs = all.map((points) => points.map(([number, choice]) => number + (choice < 0.5 ? 0 : 1)));
  for (const { mu, muStar } of elementaryEffects(all, outputs, [false, true])) {
    assert.ok(Math.abs(mu - 1) < 1e-12 && Math.abs(muStar - 1) < 1e-12, `${mu}, ${muStar}`);
  }
});
