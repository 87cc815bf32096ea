/** Leaks that add up: moments, the exact time to a ceiling, and the approximations that come close. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exp } from "../../sim/math.ts";
import { erlangQuantile } from "../../statistics/erlang.ts";
import {
  birnbaumSaundersSurvival,
  erlangTime,
  exponentialLeaksMeanUntil,
  exponentialLeaksSurvival,
  exponentialLeaksTime,
  firstOfSurvival,
  inverseGaussianSurvival,
  leakedTotal,
  leakedTotalOfJobs,
  leaksToCeiling,
} from "../../statistics/exhaustion.ts";
import { integral } from "../../statistics/quadrature.ts";
import { assertNear } from "./near.ts";

test("a total's ratio of variance to mean is E[B^2] / E[B]", () => {
  const { mean, variance } = leakedTotal(3, { mean: 4, variance: 16 }, 10);
  assert.deepEqual([mean, variance], [120, 960]);
});

test("jobs that leak once with a probability are thinned to leaks", () => {
  const [chance, size] = [0.25, { mean: 4, variance: 5 }];
  const once = { mean: chance, variance: chance * (1 - chance) };
  const [jobs, leaks] = [leakedTotalOfJobs(12, once, size, 7), leakedTotal(12 * chance, size, 7)];
  assertNear(jobs.mean, leaks.mean, 1e-12);
  assertNear(jobs.variance, leaks.variance, 1e-12);
});

test("leaks of 4 kB reach 64 MiB after 16384 of them, which at 39.6 a day takes 413.7 days, give or take 3.2", () => {
  const n = leaksToCeiling(64 * 1024 * 1024, 4096);
  assert.equal(n, 16384);
  assert.equal(leaksToCeiling(10, 3), 4);
  const nu = 2000 * (1 - exp(-0.02));
  const { mean, variance } = erlangTime(n, nu);
  assertNear(mean, 413.7097, 5e-5);
  assertNear(Math.sqrt(variance), 3.2321, 5e-5);
  for (const [p, days] of [
    [0.05, 408.408],
    [0.5, 413.701],
    [0.95, 419.04],
  ]) {
    assertNear(erlangQuantile(n, p) / nu, days, 5e-4);
  }
});

const [ceiling, size, nu] = [1000, 4, 3];

test("exponential leaks: mean, variance and survival of the time to a ceiling", () => {
  const { mean, variance } = exponentialLeaksTime(ceiling, size, nu);
  assertNear(mean, 83.6666667, 5e-8);
  assertNear(variance, 55.6666667, 5e-8);
  for (const [time, survival] of [
    [70, 0.97063],
    [80, 0.682384],
    [90, 0.196198],
    [100, 0.017307],
  ]) {
    assertNear(exponentialLeaksSurvival(ceiling, size, nu, time), survival, 5e-7);
  }
});

test("the area under the exact survival curve is the mean by Wald's identity", () => {
  const area = integral((time) => exponentialLeaksSurvival(30, 4, 3, time), 0, 40, 60);
  assertNear(area, exponentialLeaksTime(30, 4, 3).mean, 1e-9);
  assertNear(exponentialLeaksMeanUntil(30, 4, 3, 40), area, 1e-9);
  assertNear(exponentialLeaksMeanUntil(1000, 4, 3, 200), 83.66666666666667, 1e-9);
  assertNear(exponentialLeaksSurvival(30, 4, 3, 0), 1, 1e-15);
});

test("a ceiling of 0 is reached by the first leak", () => {
  assertNear(exponentialLeaksSurvival(0, 4, 3, 0.5), exp(-1.5), 1e-15);
});

test("diffusions come close, and the inverse Gaussian is too early by the overshoot", () => {
  const [drift, variance] = [nu * size, nu * 2 * size * size];
  for (const [time, inverse, normal] of [
    [70, 0.971878, 0.974519],
    [80, 0.659921, 0.675962],
    [90, 0.182426, 0.194712],
    [100, 0.018405, 0.020613],
  ]) {
    assertNear(inverseGaussianSurvival(ceiling, drift, variance, time), inverse, 5e-7);
    assertNear(birnbaumSaundersSurvival(ceiling, drift, variance, time), normal, 5e-7);
  }
  const meanTime = integral((time) => inverseGaussianSurvival(ceiling, drift, variance, time), 1e-9, 200, 400);
  assertNear(meanTime, ceiling / drift, 1e-6);
  assertNear(exponentialLeaksTime(ceiling, size, nu).mean - meanTime, size / drift, 1e-6);
});

test("with a normally distributed drift, survival agrees with 40-digit mpmath integrated over the drift", () => {
  for (const [room, drift, variance, time, driftVariance, survival] of [
    [23, 2.4, 1.7, 9, 0.24, 0.571764007554644],
    [23, 2.4, 1.7, 12, 0.24, 0.200269482818393],
    [40, 1, 2, 60, 0.05, 0.108078996843872],
    [10, -0.5, 1, 15, 0.04, 0.999614676792018],
    [5, -3, 1, 4, 0.01, 0.999999999999846],
  ]) {
    assertNear(inverseGaussianSurvival(room, drift, variance, time, driftVariance), survival, 1e-13);
  }
});

test("a distant ceiling causes no overflow", () => {
  // 2 drift ceiling / variance is 5000: the textbook's factor e^5000 would be Infinity.
  const survival = inverseGaussianSurvival(20_000, 12, 96, 20_000 / 12);
  assert.ok(survival > 0.48 && survival < 0.5, String(survival));
});

test("the first of many events comes early", () => {
  assertNear(firstOfSurvival(3, 0.5), 0.125, 1e-15);
  assertNear(firstOfSurvival(1000, 1 - 1e-3), exp(1000 * -0.001000500333583534), 1e-12);
});
