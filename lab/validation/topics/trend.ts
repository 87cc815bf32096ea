/** Trends and change: Mann and Kendall's test and its kin on 360 months of rainfall, and what theory says of them. */
import { falsePositiveRate, independentVariance, kendallVariance } from "../../../statistics/kendall-variance.ts";
import { known, mannKendall } from "../../../statistics/mann-kendall.ts";
import { correlatedSeasonalKendall, seasonalKendall } from "../../../statistics/seasonal-kendall.ts";
import { hamedRao, prewhitened, trendFreePrewhitened } from "../../../statistics/serial-dependence.ts";
import { driftVarianceFactor, seasonalSlope, theilSen, theilSenSlope } from "../../../statistics/slope.ts";
import { rainfall } from "../rainfall.ts";
import { formula, vector, type Target, type Topic } from "../target.ts";

const SOURCE = "printed by the tests of pyMannKendall: rainfall at Bogra";
const AR1 = "computed from the exact variance of S of a Gaussian AR(1) series";
const WALK = "computed from the limit of many readings";
const TIES = [1, 2, 2, 3, 3, 3, 4];

/** The series with its gaps closed, which is what pyMannKendall's tests that mind the order are given. */
const closed = () => known(rainfall);
const slope = () => theilSenSlope(rainfall);

/** What an autocorrelation does to the plain test of 100 values. */
function dependent(r: number, inflation: string, rate: string): Target[] {
  const name = `Mann-Kendall under AR(1) of ${r}, n 100`;
  return [
    formula(
      15,
      `${name}: inflation of the variance`,
      AR1,
      inflation,
      () => kendallVariance(100, (lag) => power(r, lag)) / independentVariance(100),
    ),
    formula(15, `${name}: false alarms at 5 %`, AR1, rate, () => falsePositiveRate(100, r, 0.05)),
  ];
}

export const trend: Topic = {
  name: "trend",
  targets: [
    vector(10, "Mann-Kendall, rainfall: S", SOURCE, "-1959", () => mannKendall(rainfall).s),
    vector(10, "Mann-Kendall, rainfall: variance of S", SOURCE, "4889800.3333", () => mannKendall(rainfall).variance),
    vector(10, "Mann-Kendall, rainfall: z", SOURCE, "-0.8854562843", () => mannKendall(rainfall).z),
    vector(10, "Mann-Kendall, rainfall: p", SOURCE, "0.3759105874", () => mannKendall(rainfall).p),
    vector(10, "Theil-Sen, rainfall: slope", SOURCE, "-0.006369426752", () => theilSen(rainfall).slope),
    vector(10, "Theil-Sen, rainfall: intercept", SOURCE, "96.15286624", () => theilSen(rainfall).intercept),
    vector(11, "Mann-Kendall with ties: S", "computed by hand", "17", () => mannKendall(TIES).s),
    vector(
      11,
      "Mann-Kendall with ties: variance of S",
      "computed by hand",
      "39.6666667",
      () => mannKendall(TIES).variance,
    ),
    vector(11, "Mann-Kendall with ties: p", "computed by hand", "0.01107164", () => mannKendall(TIES).p),
    vector(12, "seasonal Kendall, rainfall: S", SOURCE, "-399", () => seasonalKendall(rainfall, 12).s),
    vector(
      12,
      "seasonal Kendall, rainfall: variance of S",
      SOURCE,
      "34702.3333",
      () => seasonalKendall(rainfall, 12).variance,
    ),
    vector(12, "seasonal Kendall, rainfall: p", SOURCE, "0.0326383460", () => seasonalKendall(rainfall, 12).p),
    vector(12, "seasonal Kendall, rainfall: slope", SOURCE, "-0.08695652174", () => seasonalSlope(rainfall, 12)),
    vector(
      12,
      "correlated seasonal Kendall, rainfall: p",
      SOURCE,
      "0.0603264154",
      () => correlatedSeasonalKendall(rainfall, 12).p,
    ),
    vector(
      13,
      "Hamed-Rao, rainfall, 3 lags: variance of S",
      SOURCE,
      "14228919.889368",
      () => hamedRao(closed(), 3, slope()).variance,
    ),
    vector(
      13,
      "Hamed-Rao, rainfall, all lags: variance of S",
      SOURCE,
      "259723.813167",
      () => hamedRao(closed(), Infinity, slope()).variance,
    ),
    vector(undefined, "prewhitened Mann-Kendall, rainfall: p", SOURCE, "0.9212742990", () => prewhitened(closed()).p),
    vector(
      undefined,
      "trend-free prewhitened Mann-Kendall, rainfall: p",
      SOURCE,
      "0.7755465707",
      () => trendFreePrewhitened(closed(), slope()).p,
    ),
    ...dependent(0.2, "1.4564", "0.1044"),
    ...dependent(0.4, "2.2082", "0.1872"),
    ...dependent(0.6, "3.6722", "0.3064"),
    ...dependent(0.8, "7.7225", "0.4806"),
    formula(16, "slope of a random walk by its ends: variance factor", WALK, "1", () =>
      driftVarianceFactor("endPoint", 1e7),
    ),
    formula(16, "slope of a random walk by least squares: variance factor", WALK, "1.20000", () =>
      driftVarianceFactor("leastSquares", 1e7),
    ),
  ],
};

function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < Math.abs(exponent); i++) product *= base;
  return product;
}
