/** Slopes against published results, and their variances on walks against theory and simulation. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile } from "../../sim/math.ts";
import { Stream } from "../../sim/streams.ts";
import {
  driftInterval,
  driftVarianceFactor,
  endPointSlope,
  leastSquares,
  seasonalSlope,
  senInterval,
  theilSen,
  theilSenSlope,
} from "../../statistics/slope.ts";
import { assertNear } from "./near.ts";
import { rainfall } from "../../lab/validation/rainfall.ts";

test("theilSen agrees with pyMannKendall and R for 360 months of rainfall with gaps", () => {
  const { slope, intercept } = theilSen(rainfall);
  assertNear(slope, -0.006369426751592357, 1e-17);
  assertNear(intercept, 96.15286624203821, 1e-12);
  assert.equal(theilSenSlope(rainfall), slope);
});

test("seasonalSlope gives the published value: the median change from year to year within a month", () => {
  assertNear(seasonalSlope(rainfall, 12), -0.08695652173913043, 1e-16);
});

test("seasonalSlope reads the last period, too, where it is unfinished", () => {
  // 0, 1, 4 in the first season and 10, 10 in the second: slopes 1, 3, 2 and 0.
  assert.equal(seasonalSlope([0, 10, 1, 10, 4], 2), 1.5);
});

test("least squares and Theil-Sen agree with scipy", () => {
  // scipy 1.17.1; its interval takes the nearest ranks, ours goes between them by proportion: with z sqrt(Var S) =
  // 28.5823, between ranks 18 and 19 and ranks 48 and 49 of the 66 slopes.
  const series = [3.1, 2.7, 4.5, 4.4, 5.9, 5.2, 7.7, 6.1, 8.8, 7.9, 9, 11.5];
  assertNear(leastSquares(series).slope, 0.6923076923076923, 1e-14);
  assertNear(leastSquares(series).intercept, 2.5923076923076938, 1e-13);
  assertNear(theilSenSlope(series), 0.7, 1e-14);
  const { lower, upper } = senInterval(series);
  assertNear(lower, 0.48571428571428577, 0.012);
  assertNear(upper, 0.88, 0.012);
  assertNear(lower, 0.4753153313218801, 1e-9);
  assertNear(upper, 0.8821837804224053, 1e-9);
});

test("every estimator finds an exact line, and its interval has width 0", () => {
  const line = Float64Array.from({ length: 20 }, (_, i) => 5 + 3 * i);
  assert.equal(endPointSlope(line), 3);
  assert.deepEqual(leastSquares(line), { slope: 3, intercept: 5 });
  assert.deepEqual(theilSen(line), { slope: 3, intercept: 5 });
  assert.deepEqual(senInterval(line), { lower: 3, upper: 3 });
  assert.deepEqual(driftInterval(line, 3, "endPoint"), { lower: 3, upper: 3 });
});

test("a missing reading, at an end or within, keeps its position empty", () => {
  assert.equal(endPointSlope([NaN, 1, 3]), 2);
  assert.equal(endPointSlope([1, NaN, 5, NaN]), 2);
  assert.ok(Number.isNaN(endPointSlope([NaN, 1, NaN])));
  // Increments 2, 2.5 and 1.5: variance 0.25, standard error sqrt(0.25 / 3), t(0.975) of 2 degrees of freedom 4.302653.
  const { lower, upper } = driftInterval([NaN, 1, 3, 5.5, 7], 2, "endPoint");
  assertNear(upper - 2, 4.302652729749 * Math.sqrt(0.25 / 3), 1e-9);
  assertNear(2 - lower, upper - 2, 1e-12);
  // 4 over two steps, 1 and 2, at 7/4 a step: (1/2)^2 / 2 + (3/4)^2 + (1/4)^2 over two degrees of freedom is 0.375.
  const gap = driftInterval([0, NaN, 4, 5, 7], 1.75, "endPoint");
  assertNear(gap.upper - 1.75, 4.302652729749 * Math.sqrt(0.375 / 4), 1e-9);
  // 2 and, over two steps, 4: a straight line.
  assert.deepEqual(driftInterval([1, 3, NaN, 7], 2, "leastSquares"), { lower: 2, upper: 2 });
});

test("too few values have no interval", () => {
  assert.ok(Number.isNaN(senInterval([1, 2, 3]).lower));
  assert.ok(Number.isNaN(driftInterval([1, 2], 1, "endPoint").lower));
});

test("on a random walk the variance of least squares is 6/5 that of end points for many readings, and equal for three", () => {
  assertNear(driftVarianceFactor("leastSquares", 2), 1, 1e-15);
  assertNear(driftVarianceFactor("leastSquares", 3), 1, 1e-15);
  assertNear(driftVarianceFactor("leastSquares", 100_000), 1.2, 1e-4);
});

/** Driftless normal walks of 101 readings. */
function* walks(count: number): Iterable<Float64Array> {
  const stream = new Stream("slopes", "increments", 0, 0, 1);
  for (let i = 0; i < count; i++) {
    const walk = new Float64Array(101);
    for (let t = 1; t < walk.length; t++) walk[t] = walk[t - 1] + normalQuantile(stream.draw(0));
    yield walk;
  }
}

test("simulated random walks scatter their slopes as the factors predict", () => {
  const squares = { endPoint: 0, leastSquares: 0, theilSen: 0 };
  const count = 1500;
  for (const walk of walks(count)) {
    squares.endPoint += endPointSlope(walk) ** 2;
    squares.leastSquares += leastSquares(walk).slope ** 2;
    squares.theilSen += theilSenSlope(walk) ** 2;
  }
  // The mean square of n normal variates has a standard error of sqrt(2 / n), here 3.7 %; ratios are far closer.
  assertNear((100 * squares.endPoint) / count, 1, 0.11);
  assertNear(squares.leastSquares / squares.endPoint, driftVarianceFactor("leastSquares", 101), 0.06);
  // These two go together (their correlation is 0.997), so their ratio is known to 0.4 %.
  const ratio = driftVarianceFactor("theilSen", 101) / driftVarianceFactor("leastSquares", 101);
  assertNear(squares.theilSen / squares.leastSquares, ratio, 0.013);
});

test("on random walks driftInterval covers the drift in 95 of 100 cases, and Sen's interval in about 15", () => {
  const covers = { endPoint: 0, leastSquares: 0, theilSen: 0, sen: 0 };
  const count = 1000;
  const holds = ({ lower, upper }: { lower: number; upper: number }) => Number(lower <= 0 && upper >= 0);
  for (const walk of walks(count)) {
    covers.endPoint += holds(driftInterval(walk, endPointSlope(walk), "endPoint"));
    covers.leastSquares += holds(driftInterval(walk, leastSquares(walk).slope, "leastSquares"));
    covers.theilSen += holds(driftInterval(walk, theilSenSlope(walk), "theilSen"));
    covers.sen += holds(senInterval(walk));
  }
  // Three standard errors of a share of 0.95 among 1000 are 0.021.
  for (const name of ["endPoint", "leastSquares", "theilSen"] as const) assertNear(covers[name] / count, 0.95, 0.021);
  assert.ok(covers.sen / count < 0.25, `Sen's interval covers ${covers.sen} of ${count}`);
});
