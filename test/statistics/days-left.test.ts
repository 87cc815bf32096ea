/**
 * statistics/days-left.ts: forecasts of the days left, asked whether they keep their word. Levels are drawn from laws
 * whose truth is known, and how often an interval holds what then comes lies within its Monte-Carlo band.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exponentialQuantile } from "../../sim/math.ts";
import {
  compoundPoissonForecast,
  diffusionForecast,
  predictLinear,
  READINGS_MIN,
  regressionForecast,
  timeByWhich,
  type Forecast,
  type Readings,
} from "../../statistics/days-left.ts";
import { normals, uniforms } from "./draws.ts";
import { assertNear } from "./near.ts";

const LEVELS = [0.5, 0.8, 0.9, 0.95];

/** What was read of a level, and how long it really took from the last reading to the limit. */
interface Life {
  readonly observed: Readings;
  readonly time: number;
}

type Forecasting = (observed: Readings) => Forecast | undefined;

/** The shares of intervals of each level that held the truth. */
function coverages(rounds: number, live: () => Life, forecast: Forecasting): number[] {
  const chances = Array.from({ length: rounds }, () => {
    const { observed, time } = live();
    return 1 - forecast(observed)!.survival(time);
  });
  return LEVELS.map((level) => chances.filter((chance) => Math.abs(chance - 0.5) <= level / 2).length / rounds);
}

function assertNominal(shares: readonly number[], rounds: number): void {
  for (const [i, level] of LEVELS.entries()) {
    const band = 3 * Math.sqrt((level * (1 - level)) / rounds);
    assert.ok(Math.abs(shares[i] - level) <= band, `${shares[i]} of the ${level} intervals hold, not within ${band}`);
  }
}

/** Leaks at `rate` a day of exponential sizes with mean 1, read at each midnight, until they add up to the limit. */
function leaks(rate: number, days: number, limit: number): () => Life {
  const draw = uniforms(`leaks ${rate} ${days} ${limit}`);
  return () => {
    const readings = new Float64Array(days + 1);
    let [now, level, day] = [0, 0, 0];
    while (level < limit) {
      now += exponentialQuantile(draw()) / rate;
      while (day <= days && day < now) readings[day++] = level;
      level += exponentialQuantile(draw());
    }
    return { observed: { readings, step: 1, limit }, time: now - days };
  };
}

/**
 * A walk of this drift a day and variance 1, read at each midnight; then the time to the limit, inverse Gaussian of
 * mean m = room / drift and shape room^2 (drawn as Michael, Schucany and Haas 1976).
 */
function walk(drift: number, days: number, limit: number): () => Life {
  const [normal, uniform] = [normals(`walk ${drift} ${days} ${limit}`), uniforms(`passage ${drift} ${days} ${limit}`)];
  return () => {
    const readings = new Float64Array(days + 1);
    for (let day = 1; day <= days; day++) readings[day] = readings[day - 1] + drift + normal();
    const room = limit - readings[days];
    const mean = room / drift;
    const spread = (mean * normal() ** 2) / (2 * room * room);
    const root = mean * (1 + spread - Math.sqrt(2 * spread + spread * spread));
    const time = uniform() <= mean / (mean + root) ? root : (mean * mean) / root;
    return { observed: { readings, step: 1, limit }, time };
  };
}

test("few leaks far apart are not a random walk, so they are forecast one by one and not as a diffusion", () => {
  const readings = Float64Array.of(0, 0, 1, 1, 1, 2, 2, 2, 2);
  for (const estimator of ["endPoint", "leastSquares", "theilSen"] as const) {
    assert.equal(diffusionForecast({ readings, step: 1, limit: 10 }, estimator), undefined);
  }
  assert.notEqual(compoundPoissonForecast({ readings, step: 1, limit: 10 }), undefined);
  const busy = Float64Array.of(0, 0, 1, 3, 4, 4, 5, 7, 8);
  assert.notEqual(diffusionForecast({ readings: busy, step: 1, limit: 20 }, "endPoint"), undefined);
});

test("for leaks that come one by one, intervals of every level have their coverage", () => {
  for (const [rate, days, limit] of [
    [3, 14, 100],
    [0.7, 28, 60],
    [40, 7, 1000],
  ]) {
    assertNominal(coverages(1000, leaks(rate, days, limit), compoundPoissonForecast), 1000);
  }
});

test("on a walk with drift, intervals of every level have their coverage, for each estimator", () => {
  for (const estimator of ["endPoint", "leastSquares", "theilSen"] as const) {
    for (const [drift, days, limit] of [
      [1, 14, 60],
      [3, 28, 200],
    ]) {
      assertNominal(
        coverages(1000, walk(drift, days, limit), (seen) => diffusionForecast(seen, estimator)),
        1000,
      );
    }
  }
});

test("a 95 % interval from a regression's textbook error covers the slope of a random walk in less than 30 % of cases", () => {
  const [, , , share] = coverages(1000, leaks(3, 28, 200), regressionForecast);
  assert.ok(share < 0.3, `${share}`);
});

/** Some readings of which every forecast was integrated with mpmath, 25 digits. */
const observed: Readings = { readings: Float64Array.of(0, 2, 5, 6, 9, 12, 13, 17), step: 1, limit: 40 };

test("the average over the variances is the integral over their law, to 0.001", () => {
  const [walks, counts] = [diffusionForecast(observed, "endPoint")!, compoundPoissonForecast(observed)!];
  for (const [time, diffusion, compound] of [
    [6, 0.96125332, 0.94966709],
    [9, 0.5620992, 0.58039969],
    [14, 0.08234871, 0.074674269],
  ]) {
    assertNear(walks.survival(time), diffusion, 1e-3);
    assertNear(counts.survival(time), compound, 1e-3);
  }
});

test("a regression's probability is Student's, of the room over the time against the slope and its textbook error", () => {
  // 99 / 42 a day with a standard error of 0.1024 and 6 degrees of freedom; 9 days for a room of 23 ask for 23 / 9.
  const { survival } = regressionForecast(observed)!;
  assertNear(survival((23 * 42) / 99), 0.5, 1e-12);
  assertNear(survival(9), 0.9496019241, 1e-9);
});

test("predict_linear gives the value of Prometheus' own test, and is undefined for a single time", () => {
  // promql/promqltest/testdata/functions.test: a reading every 5 minutes; an hour after the last, the line is at 76.8.
  const readings = Float64Array.of(0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50);
  const result = predictLinear({ readings, step: 300, limit: 76.81818181818181 })!;
  for (const probability of [0.05, 0.5, 0.95]) assert.ok(Math.abs(timeByWhich(result, probability) / 3600 - 1) < 2e-6);
  const falling = { readings: readings.toReversed(), step: 300, limit: 60 };
  assert.equal(timeByWhich(predictLinear(falling)!, 0.5), Infinity);
});

const all: readonly Forecasting[] = [
  (seen) => diffusionForecast(seen, "endPoint"),
  (seen) => diffusionForecast(seen, "leastSquares"),
  (seen) => diffusionForecast(seen, "theilSen"),
  compoundPoissonForecast,
  regressionForecast,
];

test("every forecast begins at 1, never increases, and does not depend on the units", () => {
  const scaled = { readings: observed.readings.map((level) => 5 + level * 1024), step: 24, limit: 5 + 40 * 1024 };
  for (const forecast of all) {
    const [{ survival }, other] = [forecast(observed)!, forecast(scaled)!];
    assert.equal(survival(0), 1);
    let last = 1;
    for (let time = 0.25; time < 100; time += 0.25) {
      const now = survival(time);
      assert.ok(now >= 0 && now <= last + 1e-12, `${now} after ${last} at ${time}`);
      assertNear(other.survival(24 * time), now, 1e-9);
      last = now;
    }
  }
});

test("the time of a given probability is where the curve reaches it", () => {
  for (const forecast of all) {
    const result = forecast(observed)!;
    for (const probability of [0.01, 0.3, 0.5, 0.9]) {
      const time = timeByWhich(result, probability);
      assertNear(result.survival(time), 1 - probability, 1e-5);
    }
  }
  assert.equal(timeByWhich({ survival: () => 0 }, 0.5), 0);
});

test("a falling level may never reach the limit, and leaks do not apply to it", () => {
  const falling = { ...observed, readings: Float64Array.of(9, 8, 8, 6, 5, 5, 3, 2) };
  assert.equal(compoundPoissonForecast(falling), undefined);
  for (const estimator of ["endPoint", "leastSquares", "theilSen"] as const) {
    const result = diffusionForecast(falling, estimator)!;
    assert.equal(timeByWhich(result, 0.5), Infinity);
    assert.ok(result.survival(1e9) > 0.9);
  }
  assert.equal(timeByWhich(regressionForecast(falling)!, 0.5), Infinity);
});

test("too few readings, increments that do not vary and a gauge at its limit have no forecast", () => {
  for (const forecast of all) {
    assert.equal(forecast({ ...observed, readings: observed.readings.subarray(0, READINGS_MIN - 1) }), undefined);
    assert.notEqual(forecast({ ...observed, readings: observed.readings.subarray(0, READINGS_MIN) }), undefined);
    assert.equal(forecast({ ...observed, readings: new Float64Array(9) }), undefined);
    assert.equal(forecast({ ...observed, limit: 17 }), undefined);
  }
});
