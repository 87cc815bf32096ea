/** statistics/calibration.ts: forecasts against what happened, when not everything is seen to its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exponentialQuantile, log1p } from "../../sim/math.ts";
import { calibration, type ForecastResult } from "../../statistics/calibration.ts";
import { uniforms } from "./draws.ts";
import { assertNear } from "./near.ts";

const LEVELS = [0.5, 0.8, 0.9, 0.95];

function seen(predicted: number, time: number, chance: number): ForecastResult {
  return { predicted, time, happened: true, chance };
}

function lost(predicted: number, time: number, chance: number): ForecastResult {
  return { ...seen(predicted, time, chance), happened: false };
}

test("errors count up to the end of the watch, so a later prediction is right about what had not happened by then", () => {
  const outcomes = [seen(4, 2, 0.2), seen(3, 6, 0.9), lost(25, 10, 0.1), lost(Infinity, 10, 0), lost(7, 10, 0.6)];
  const { forecasts, happened, bias, absoluteError } = calibration(outcomes, 10, LEVELS);
  assert.deepEqual([forecasts, happened], [5, 3 - 1]);
  // 2, -3, 0, 0, -3
  assertNear(bias.value, -0.8, 1e-12);
  assertNear(absoluteError, 1.6, 1e-12);
});

test("an interval holds, has failed once its end passes without the event, and is unknown before that", () => {
  const forecasts = [
    seen(1, 1, 0.5),
    seen(1, 1, 0.26),
    seen(1, 1, 0.2),
    seen(1, 1, 0.8),
    lost(1, 10, 0.1),
    lost(1, 10, 0.5),
    lost(1, 10, 0.75),
    lost(1, 10, 0.76),
  ];
  const [{ held, failed, unknown, lower, upper }] = calibration(forecasts, 10, [0.5]).coverages;
  assert.deepEqual([held, failed, unknown], [2, 3, 3]);
  // Wilson 1927: of 2 in 8 from 0.0715, of 5 in 8 to 0.8632.
  assertNear(lower, 0.0715, 5e-4);
  assertNear(upper, 0.8632, 5e-3);
});

test("without censoring the share is that of the intervals that held", () => {
  const forecasts = [0.01, 0.03, 0.2, 0.5, 0.6, 0.97, 0.99].map((chance) => seen(1, 1, chance));
  const { coverages } = calibration(forecasts, 10, LEVELS);
  assert.deepEqual(
    coverages.map(({ share }) => share),
    [2 / 7, 3 / 7, 3 / 7, 5 / 7],
  );
  assert.ok(coverages.every(({ unknown }) => unknown === 0));
});

test("if the watch ends before any interval does, there is no estimate, nor without forecasts", () => {
  const { coverages } = calibration([seen(1, 1, 0.3), lost(1, 10, 0.6)], 10, LEVELS);
  assert.ok(coverages.every(({ share }) => Number.isNaN(share)));
  const { share, lower, upper } = calibration([lost(100, 10, 0), lost(90, 10, 0)], 10, [0.5]).coverages[0];
  assert.deepEqual([share, lower, upper], [NaN, 0, 1]);
  const nothing = calibration([], 10, LEVELS);
  assert.deepEqual([nothing.forecasts, nothing.happened, nothing.bias.value], [0, 0, NaN]);
  assert.ok(nothing.coverages.every(({ share, lower }) => Number.isNaN(share) && Number.isNaN(lower)));
});

/**
 * Servers whose times are exponential with means between 1 and 20 days, watched for so long, and forecasts that take
 * them for `factor` times as long: who is right-censored depends on the server.
 */
function watch(seed: string, days: number, factor: number) {
  const draw = uniforms(seed);
  const forecasts = Array.from({ length: 4000 }, (): ForecastResult => {
    const mean = 1 + 19 * draw();
    const actual = mean * exponentialQuantile(draw());
    const time = Math.min(actual, days);
    const chance = 1 - Math.exp(-time / (mean * factor));
    return { predicted: -log1p(-0.5) * mean * factor, time, happened: actual <= days, chance };
  });
  return calibration(forecasts, days, LEVELS);
}

test("with 4 of 10 right-censored, the estimated share of right forecasts is the nominal one, within its interval", () => {
  const { happened, coverages } = watch("right", 10, 1);
  assert.ok(happened > 2000 && happened < 2800, `${happened}`);
  for (const { level, share, lower, upper, unknown } of coverages) {
    assert.ok(unknown > 0);
    // Losses take away from what is known: some three standard errors of a full sample, and a half more.
    assert.ok(Math.abs(share - level) < 4.5 * Math.sqrt((level * (1 - level)) / 4000), `${share} of ${level}`);
    assert.ok(lower <= level && level <= upper, `${level} in ${lower}..${upper}`);
  }
});

test("forecasts of half the time show as too early, and a shorter watch leaves more of this undecided", () => {
  // An exponential time that is taken for half as long outlives a chance of 1 - c with a chance of c^(1/2).
  const holding = Math.sqrt(0.975) - Math.sqrt(0.025);
  const [short, long] = [watch("early", 10, 0.5), watch("early", 200, 0.5)];
  for (const { bias, coverages } of [short, long]) {
    const { share, lower, upper } = coverages[3];
    assert.ok(bias.upper < 0, `${bias.value}`);
    assert.ok(Math.abs(share - holding) < 0.03, `${share}`);
    assert.ok(lower < holding && holding < upper, `${lower}..${upper}`);
  }
  assert.equal(long.coverages[3].unknown, 0);
  assert.ok(long.coverages[3].upper < 0.85 && short.coverages[3].upper > 0.9);
});

test("the order of servers does not matter", () => {
  const forecasts = [seen(4, 2, 0.2), seen(3, 6, 0.9), lost(25, 10, 0.1), lost(7, 10, 0.6)];
  const { coverages } = calibration(forecasts, 10, LEVELS);
  assert.deepEqual(calibration([...forecasts].reverse(), 10, LEVELS).coverages, coverages);
});
