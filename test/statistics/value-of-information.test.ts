/** The value of information, on a decision that textbooks solve, and on laws of counts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countChance,
  countChances,
  meanLosses,
  observationValue,
  perfectInformationValue,
  predictedMeans,
  type Decision,
} from "../../statistics/value-of-information.ts";

/**
 * The oil wildcatter (Raiffa, Decision Analysis, 1968, chapter 2), in thousands of dollars: a hole is dry, wet or
 * soaking; drilling costs 70 and brings 0, 120 or 270. A seismic sounding says no structure, open or closed.
 */
const wildcatter: Decision = {
  weights: [0.5, 0.3, 0.2],
  losses: [
    [70, -50, -200],
    [0, 0, 0],
  ],
};
const soundings = [
  [0.6, 0.3, 0.1],
  [0.3, 0.4, 0.4],
  [0.1, 0.3, 0.5],
];

test("Raiffa's oil wildcatter expects 20 from drilling, and would pay 35 for perfect information and 12.5 for a sounding", () => {
  const near = (got: number, wanted: number) => assert.ok(Math.abs(got - wanted) < 1e-12, `${got}, not ${wanted}`);
  near(meanLosses(wildcatter)[0], -20);
  near(perfectInformationValue(wildcatter), 35);
  near(observationValue(wildcatter, soundings), 12.5);
});

test("a perfect observation is worth perfect information, and an uninformative one is worth nothing", () => {
  const everything = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const nothing = [
    [0.25, 0.25, 0.25],
    [0.75, 0.75, 0.75],
  ];
  assert.ok(Math.abs(observationValue(wildcatter, everything) - 35) < 1e-12);
  assert.equal(observationValue(wildcatter, nothing), 0);
  const needless = {
    weights: [0.1, 0.2, 0.7],
    losses: [
      [0.1, 0.2, 0.3],
      [1, 2, 3],
    ],
  };
  assert.equal(observationValue(needless, soundings), 0, "rounding is worth nothing");
});

test("an action whose loss is not known in a world is taken where the observation rules that world out", () => {
  const decision = {
    weights: [0.5, 0.5],
    losses: [
      [0, 0],
      [72, 72],
    ],
    known: [
      [true, false],
      [true, true],
    ],
  };
  assert.equal(perfectInformationValue(decision), 36);
  const told = (error: number) => [
    [1 - error, error],
    [error, 1 - error],
  ];
  assert.equal(observationValue(decision, told(0)), 36);
  assert.equal(observationValue(decision, told(0.0005)), 36);
  assert.equal(observationValue(decision, told(0.01)), 0, "the loss in the world that remains possible is not known");
});

test("means of groups are predicted without the share of their scatter that chance explains", () => {
  // F = 16, of which the F distribution with 2 and 3 degrees of freedom exceeds (1 + 2 F / 3)^-1.5 = 2.5 %.
  const groups = [
    [1, 3],
    [5, 7],
    [9, 11],
  ];
  assert.deepEqual(predictedMeans(groups), [2.25, 6, 9.75]);
  const alike = [
    [1, 3],
    [2, 4],
    [3, 5],
  ];
  assert.deepEqual(predictedMeans(alike), [3, 3, 3]);
  const exact = [
    [1, 1],
    [1, 1],
    [2, 2],
  ];
  assert.deepEqual(predictedMeans(exact), [1, 1, 2]);
  assert.deepEqual(predictedMeans([[1, 3]]), [2]);
});

test("count probabilities sum to 1 and have the given mean and variance", () => {
  const worlds = [
    { mean: 0, dispersion: 1 },
    { mean: 0.3, dispersion: 4 },
    { mean: 12, dispersion: 1 },
    { mean: 250, dispersion: 0.7 },
    { mean: 9000, dispersion: 2.5 },
  ];
  for (const world of worlds) {
    let [total, first, second] = [0, 0, 0];
    for (let count = 0; count < 20_000; count++) {
      const chance = countChance(world, count);
      total += chance;
      first += chance * count;
      second += chance * (count - world.mean) * (count - world.mean);
    }
    const wanted = world.mean * Math.max(1, world.dispersion);
    assert.ok(Math.abs(total - 1) < 1e-9, `${total} in all`);
    assert.ok(Math.abs(first - world.mean) <= 1e-8 * world.mean, `mean ${first}`);
    assert.ok(Math.abs(second - wanted) <= 1e-7 * wanted, `variance ${second}`);
  }
});

test("the considered counts carry all the probability of every world, each count once", () => {
  const worlds = [
    { mean: 2, dispersion: 1 },
    { mean: 40, dispersion: 6 },
    { mean: 100_000, dispersion: 1.5 },
  ];
  const totals = worlds.map(() => 0);
  for (const chances of countChances(worlds)) chances.forEach((chance, world) => (totals[world] += chance));
  for (const total of totals) assert.ok(Math.abs(total - 1) < 1e-9, `${total} in all`);
});

test("the negative binomial probability is that of a gamma mixture of Poisson laws", () => {
  // Size 1 is geometric: P(n) = p (1 - p)^n with p = 1 / dispersion.
  for (const count of [0, 1, 5, 30]) {
    const geometric = 0.25 * 0.75 ** count;
    assert.ok(Math.abs(countChance({ mean: 3, dispersion: 4 }, count) - geometric) < 1e-14);
  }
});
