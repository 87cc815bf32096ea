/** Intervals and tests that tables and charts print, each on small data for which it was computed independently. */
import { anytimeEstimate } from "../../../statistics/anytime.ts";
import { bootstrapInterval, RESAMPLES } from "../../../statistics/bootstrap.ts";
import { averageRunLength, pettitt } from "../../../statistics/change-point.ts";
import { compoundInterval, poissonInterval } from "../../../statistics/compound-poisson.ts";
import { meanEstimate, pairedEstimate, pValue, ratioEstimate, type Counted } from "../../../statistics/estimate.ts";
import { bonferroni, holm } from "../../../statistics/multiplicity.ts";
import { wilsonInterval } from "../../../statistics/proportion.ts";
import { driftInterval, leastSquares, senInterval } from "../../../statistics/slope.ts";
import { kaplanMeier, medianInterval, restrictedMeanVariance, survivalBands } from "../../../statistics/survival.ts";
import { treated } from "./survival.ts";
import { computed, type Topic } from "../target.ts";
import { itemAt, mapEach } from "../../lists.ts";

const bands = () => survivalBands(kaplanMeier(treated().events, treated().censored));
const bandAt = (week: number) => bands().find(({ time }) => time === week)!;

/** 30 values that rise and scatter. */
const rising = () => Float64Array.from({ length: 30 }, (_, i) => ((7919 * i) % 100) / 10 + 0.3 * i);
const readings = [0, 3, 4, 9, 11, 16, 18, 25];

/** Hours between failures of the air conditioning of an aircraft (Proschan 1963), resampled by Lehmer's generator. */
const hours = [3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487];
const resampled = () => {
  let state = 12345;
  const rows = Uint32Array.from({ length: RESAMPLES * hours.length }, () => {
    state = (state * 16807) % 2147483647;
    return Math.floor(hours.length * (state / 2147483647));
  });
  return bootstrapInterval(hours, rows);
};

const many = [12, 15, 11, 18, 14, 16];
const few = [9, 13, 10, 13, 12, 11];
const ten = [...many, 13, 17, 12, 16];
const paired = () => pairedEstimate(many, few);
/** The times 1 to 20, each of one unit. */
const twenty: Counted = {
  values: Float64Array.from({ length: 20 }, (_, i) => i + 1),
  counts: new Float64Array(20).fill(1),
};
const ps = [0.01, 0.04, 0.03, 0.005];

const GREENWOOD = "Greenwood's formula (Kalbfleisch and Prentice 2002, 1.4)";
const AALEN = "Nelson and Aalen's formula (Klein and Moeschberger 2003, 4.2)";
const STUDENT = "Student's t";
const KLEIN = "Klein and Moeschberger 2003, 4.5, formula";
const SEN = "Sen's ranks (Gilbert 1987, 16.4.2)";
const PETTITT = "Pettitt's formula (1979)";
const EFRON = "Efron's BCa (1987)";

export const intervals: Topic = {
  name: "intervals",
  targets: [
    computed("6-MP, S(10): Greenwood's standard error", GREENWOOD, "0.0963496530", () => bandAt(10).standardError),
    computed("6-MP, S(23): Greenwood's standard error", GREENWOOD, "0.1345914568", () => bandAt(23).standardError),
    computed("6-MP, S(23): lower end, log-log", GREENWOOD, "0.1880520060", () => bandAt(23).lower),
    computed("6-MP, S(23): upper end, log-log", GREENWOOD, "0.6801426285", () => bandAt(23).upper),
    computed("6-MP, cumulative hazard at 23", AALEN, "0.7521135727", () => bandAt(23).hazard),
    computed("6-MP, hazard at 23: standard error", AALEN, "0.2794677467", () => bandAt(23).hazardStandardError),
    computed("6-MP, restricted mean to 23: standard error", KLEIN, "1.55318997825", () =>
      Math.sqrt(restrictedMeanVariance(kaplanMeier(treated().events, treated().censored), 23)),
    ),
    computed(
      "median of 20 times: lower end, a rank",
      "the binomial law (Thompson 1936)",
      "6",
      () => medianInterval(twenty, 20).lower,
    ),
    computed(
      "median of 20 times: upper end, a rank",
      "the binomial law (Thompson 1936)",
      "15",
      () => medianInterval(twenty, 20).upper,
    ),
    computed("Sen's interval, 30 values: lower end", SEN, "0.200000000", () => senInterval(rising()).lower),
    computed("Sen's interval, 30 values: upper end", SEN, "0.533333333", () => senInterval(rising()).upper),
    computed("Pettitt, 30 values: K", PETTITT, "164", () => pettitt(rising()).k),
    computed("Pettitt, 30 values: p", PETTITT, "0.00615224119902", () => pettitt(rising()).p),
    computed("CUSUM without a shift: values to an alarm", "Siegmund's formula (1985)", "938.222364", () =>
      averageRunLength(0),
    ),
    computed(
      "least squares, 8 readings: slope",
      "the normal equations",
      "3.42857142857",
      () => leastSquares(readings).slope,
    ),
    computed(
      "drift of 8 readings, end points: half-width",
      `${STUDENT} on increments`,
      "1.98767568",
      () => driftInterval(readings, 0, "endPoint").upper,
    ),
    computed(
      "drift of 8 readings, least squares: half-width",
      `${STUDENT} on increments, weights of the walk`,
      "2.06883844",
      () => driftInterval(readings, 0, "leastSquares").upper,
    ),
    computed("BCa, 12 skewed values: lower end", EFRON, "54.9166666667", () => resampled().lower),
    computed("BCa, 12 skewed values: upper end", EFRON, "227.083333333", () => resampled().upper),
    computed(
      "Wilson, 3 of 20: lower end",
      "Wilson's formula (1927)",
      "0.0523687458962",
      () => wilsonInterval(3, 20).lower,
    ),
    computed(
      "Wilson, 3 of 20: upper end",
      "Wilson's formula (1927)",
      "0.360418864741",
      () => wilsonInterval(3, 20).upper,
    ),
    computed("Garwood, none: upper end", "Garwood's quantiles (1936)", "3.68887945411", () => poissonInterval(0).upper),
    computed("Garwood, 3: lower end", "Garwood's quantiles (1936)", "0.618672122896", () => poissonInterval(3).lower),
    computed("Garwood, 3: upper end", "Garwood's quantiles (1936)", "8.76727306974", () => poissonInterval(3).upper),
    ...mapEach(
      [
        ["lower", "5.94265621434"],
        ["upper", "52.1796040923"],
      ],
      ([end, value]) =>
        computed(
          `Fay and Feuer, total 20, squares 90, largest 6: ${end} end`,
          "Fay and Feuer's gamma interval (1997)",
          value,
          () => compoundInterval({ total: 20, squares: 90, largest: 6 })[end],
        ),
    ),
    computed("t, 6 values: half-width", STUDENT, "2.70963117082", () => meanEstimate(many).halfWidth),
    computed("t, 6 values, divided by 7: half-width", STUDENT, "0.387090167260", () => meanEstimate(many, 7).halfWidth),
    computed("paired t, 6 pairs: half-width", STUDENT, "1.75604170064", () => paired().difference.halfWidth),
    computed("paired t, 6 pairs: p", STUDENT, "0.0070775979255", () => pValue(paired().difference, 6)),
    computed("6 pairs: variance ratio", "(sx^2 + sy^2) / sd^2", "3.33333333333", () => paired().varianceRatio),
    computed("6 pairs as if independent: half-width", STUDENT, "3.20607883787", () => paired().independentHalfWidth),
    computed(
      "ratio of 6 pairs: value",
      "Cochran 1977, 2.11, formula",
      "1.26470588235",
      () => ratioEstimate(many, few).value,
    ),
    computed(
      "ratio of 6 pairs: standard error",
      "Cochran 1977, 2.11, formula",
      "0.0588515097305",
      () => ratioEstimate(many, few).standardError,
    ),
    computed(
      "anytime t, 10 values: half-width",
      "the likelihood ratio of Goenen and others (2005), solved",
      "2.89588322772",
      () => anytimeEstimate(ten).halfWidth,
    ),
    computed("Bonferroni, the third of 4 p-values", "Bonferroni's inequality", "0.12", () => itemAt(bonferroni(ps), 2)),
    computed("Holm, the third of 4 p-values", "Holm 1979, by hand", "0.06", () => itemAt(holm(ps), 2)),
  ],
};
