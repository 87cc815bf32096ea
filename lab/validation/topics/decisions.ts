/** What is decided by: selections, comparisons with the best, the value of information, forecasts, sensitivity. */
import { Stream } from "../../../sim/streams.ts";
import { aboveBest } from "../../../statistics/best-of-several.ts";
import { compoundPoissonForecast } from "../../../statistics/days-left.ts";
import { selectBest } from "../../../statistics/kim-nelson.ts";
import { elementaryEffects } from "../../../statistics/morris.ts";
import { sobolIndices, type IndexOutputs } from "../../../statistics/sobol-indices.ts";
import { countChance, observationValue, perfectInformationValue } from "../../../statistics/value-of-information.ts";
import { computed, type Topic } from "../target.ts";
import { itemAt, mapEach } from "../../lists.ts";

/** 400 observations of three systems, the third of which is the best. */
const systems = () =>
  mapEach(
    [
      [5, 7919, 100],
      [5.3, 104729, 97],
      [5.6, 1299709, 89],
    ],
    ([base, factor, modulus]) =>
      Float64Array.from({ length: 400 }, (_, r) => base + ((factor * (r + 1)) % modulus) / 50),
  );
const selection = () => selectBest(systems(), { indifference: 0.2, firstStage: 10, alpha: 0.05 });

const costs = [
  [10, 12, 11, 13, 9, 11],
  [11, 12, 13, 14, 10, 13],
  [15, 14, 17, 16, 13, 16],
];

const decision = {
  weights: [0.3, 0.5, 0.2],
  losses: [
    [0, 60, 200],
    [30, 30, 30],
    [100, 20, 5],
  ],
};
const chances = [
  [0.8, 0.4, 0.1],
  [0.2, 0.6, 0.9],
];

const forecast = () =>
  compoundPoissonForecast({ readings: Float64Array.of(0, 3, 4, 9, 11, 16, 18, 25), step: 1, limit: 60 })!;

/** 4 x + 2 y^2 + x z at 8 rows of points of the golden ratio's sequence. */
function indexOutputs(): IndexOutputs[] {
  const f = ([x = NaN, y = NaN, z = NaN]: readonly number[]) => 4 * x + 2 * y * y + x * z;
  const golden = Array.from({ length: 48 }, (_, i) => ((i + 1) * 0.6180339887498949) % 1);
  return Array.from({ length: 8 }, (_, row) => {
    const a = golden.slice(6 * row, 6 * row + 3);
    const b = golden.slice(6 * row + 3, 6 * row + 6);
    return { a: f(a), b: f(b), ab: a.map((_, input) => f(a.map((value, i) => (i === input ? itemAt(b, i) : value)))) };
  });
}
const indices = () => sobolIndices(indexOutputs(), new Stream("validate", "sensitivity-resampling", 0, 0, 1));

/** Two trajectories on x^2 - 2 y: the effects of x are 2/3 and 4/3. */
const effects = (isChoice: readonly boolean[] = []) => {
  const trajectories = [
    [
      [0, 0],
      [2 / 3, 0],
      [2 / 3, 2 / 3],
    ],
    [
      [1, 1],
      [1, 1 / 3],
      [1 / 3, 1 / 3],
    ],
  ].map((points) => points.map((point) => Float64Array.from(point)));
  return elementaryEffects(
    trajectories,
    trajectories.map((points) => points.map(([x = NaN, y = NaN]) => x * x - 2 * y)),
    isChoice,
  );
};

const KIM_NELSON = "Kim and Nelson's procedure (2001)";
const HSU = "Hsu's intervals (1984) with Student's t";
const RAIFFA = "Bayes' rule, by hand";
const GAMMA = "the ratio of two gamma variates";
const JANSEN = "Jansen's formula (1999)";
const SALTELLI = "Saltelli's formula (2010)";
const MORRIS = "Morris's definition (1991), by hand";

export const decisions: Topic = {
  name: "decisions",
  targets: [
    computed("Kim-Nelson, 3 systems: the best", KIM_NELSON, "2", () => selection().best!),
    computed("Kim-Nelson, 3 systems: the first is out after", KIM_NELSON, "22", () => itemAt(selection().outAfter, 0)),
    computed("Kim-Nelson, 3 systems: the second is out after", KIM_NELSON, "25", () => itemAt(selection().outAfter, 1)),
    computed(
      "the best of 3 costs: lower end of its lead",
      HSU,
      "-1.95665311716",
      () => itemAt(aboveBest(costs), 0).lower,
    ),
    computed("the second of 3 costs: upper end", HSU, "1.95665311716", () => itemAt(aboveBest(costs), 1).upper),
    computed("the third of 3 costs: upper end", HSU, "5.71139410269", () => itemAt(aboveBest(costs), 2).upper),
    computed("value of an observation, 3 worlds", RAIFFA, "3.30000000000", () => observationValue(decision, chances)),
    computed("value of perfect information, 3 worlds", RAIFFA, "19.0000000000", () =>
      perfectInformationValue(decision),
    ),
    computed("7 leaks, mean 5, variance 15: chance", "the negative binomial law", "0.0668504469784", () =>
      countChance({ mean: 5, dispersion: 3 }, 7),
    ),
    computed("7 leaks, mean 5: chance", "Poisson's law", "0.104444862957", () =>
      countChance({ mean: 5, dispersion: 1 }, 7),
    ),
    ...Object.entries({ 5: "0.965580221", 10: "0.470154975", 15: "0.104512210" }).map(([time, value]) =>
      computed(`compound Poisson forecast: not reached within ${time}`, GAMMA, value, () =>
        forecast().survival(Number(time)),
      ),
    ),
    ...["0.976055701087", "0.207712373153", "0.0344597720106"].map((value, input) =>
      computed(`total index of input ${input + 1}, 8 rows`, JANSEN, value, () => itemAt(indices(), input).total.value),
    ),
    ...["0.79180381011", "0.120563692735", "0.109259030271"].map((value, input) =>
      computed(
        `first index of input ${input + 1}, 8 rows`,
        SALTELLI,
        value,
        () => itemAt(indices(), input).first.value,
      ),
    ),
    computed("elementary effects of x^2: mu*", MORRIS, "1.00000000000", () => itemAt(effects(), 0).muStar),
    computed("elementary effects of x^2: sigma", MORRIS, "0.471404520791", () => itemAt(effects(), 0).sigma),
    computed(
      "elementary effects of -2 y, a choice: mu",
      MORRIS,
      "-1.33333333333",
      () => itemAt(effects([false, true]), 1).mu,
    ),
    computed("elementary effects of -2 y: mu", MORRIS, "-2.00000000000", () => itemAt(effects(), 1).mu),
  ],
};
