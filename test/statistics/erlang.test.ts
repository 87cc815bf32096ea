/** The laws of Poisson and Erlang against 40-digit mpmath, and against each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  erlangCdf,
  erlangDensity,
  erlangHazard,
  erlangMeanUntil,
  erlangQuantile,
  erlangSurvival,
  poissonAtLeast,
  poissonAtMost,
  poissonProbability,
} from "../../statistics/erlang.ts";
import { exp } from "../../sim/math.ts";
import { integral } from "../../statistics/quadrature.ts";

function assertRelative(value: number, expected: number, bound: number, what: string): void {
  const error = Math.abs(value / expected - 1);
  assert.ok(error <= bound, `${what} is ${value}, not ${expected}: relative error ${error}`);
}

test("Poisson probabilities agree with 40-digit mpmath", () => {
  for (const [k, mean, probability] of [
    [1, 0.001, 0.000999000499833375012],
    [3, 4.5, 0.16871788492455503],
    [15, 2, 3.39126212887375696e-9],
    [17, 300, 1.86916759874763868e-103],
    [100, 100, 0.0398609968091471352],
    [999, 906, 0.000124630590483523686],
    [16384, 16000, 0.0000322321556352270266],
    [1000000, 999000, 0.00024189000037386288],
  ]) {
    assertRelative(poissonProbability(k, mean), probability, 1e-14, `P(${k}; ${mean})`);
  }
});

test("both tails of Poisson's law agree with 40-digit mpmath, however small", () => {
  for (const [k, mean, atMost, atLeast] of [
    [2, 0.5, 0.985612322033029313, 0.0902040104310498646],
    [5, 30, 2.25734874639628416e-8, 0.999999996375699048],
    [40, 3, 1.0, 8.00309509252189158e-31],
    [99, 75.5, 0.995982558098967724, 0.00545462192752947478],
    [100, 100, 0.52656219852999847, 0.513298798279148665],
    [1000, 1300, 2.443624437148838e-18, 0.999999999999999998],
    [16384, 16384, 0.502077808172358458, 0.501038912540776113],
  ]) {
    assertRelative(poissonAtMost(k, mean), atMost, 2e-13, `P(N <= ${k}; ${mean})`);
    assertRelative(poissonAtLeast(k, mean), atLeast, 2e-13, `P(N >= ${k}; ${mean})`);
  }
});

test("an impossible event has probability 0, and a certain one 1", () => {
  assert.deepEqual([poissonAtMost(-1, 3), poissonAtLeast(0, 3), poissonProbability(0, 0)], [0, 1, 1]);
  assert.deepEqual([poissonProbability(2, 0), poissonAtMost(0, 0), poissonAtLeast(1, 0)], [0, 1, 0]);
});

test("the first event is exponential, and the n-th has come or will come", () => {
  for (const t of [0.01, 1, 7, 30]) {
    assertRelative(erlangSurvival(1, t), exp(-t), 1e-14, `S(1, ${t})`);
    assertRelative(erlangHazard(1, t), 1, 0, "hazard");
    for (const n of [1, 3, 40]) assert.ok(Math.abs(erlangSurvival(n, t) + erlangCdf(n, t) - 1) < 1e-15);
  }
});

test("the hazard is the density over the survival, even where both underflow", () => {
  for (const [n, t] of [
    [2, 0.3],
    [10, 4.7],
    [100, 140],
    [1000, 905.9],
  ]) {
    assertRelative(erlangHazard(n, t), erlangDensity(n, t) / erlangSurvival(n, t), 1e-11, `h(${n}, ${t})`);
  }
  const far = erlangHazard(1000, 1e5);
  assert.ok(far > 0.98 && far < 1, String(far));
});

test("the mean until t is the area below the survival curve", () => {
  for (const [n, t] of [
    [1, 2],
    [4, 3],
    [30, 25],
    [30, 60],
  ]) {
    const area = integral((x) => erlangSurvival(n, x), 0, t, 200);
    assertRelative(erlangMeanUntil(n, t), area, 1e-13, `I(${n}, ${t})`);
  }
  assertRelative(erlangMeanUntil(7, 200), 7, 1e-14, "the whole mean");
});

test("the quantile inverts the distribution function", () => {
  for (const n of [1, 5, 400]) {
    for (const p of [1e-6, 0.05, 0.5, 0.95, 1 - 1e-9]) {
      assertRelative(erlangCdf(n, erlangQuantile(n, p)), p, 1e-12, `F(Q(${p})), n = ${n}`);
    }
  }
});
