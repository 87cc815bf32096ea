/**
 * Leaks that add up to a ceiling: Erlang's time, exponential leaks, diffusions, and when to restart before it comes.
 */
import { erlangQuantile } from "../../../statistics/erlang.ts";
import {
  birnbaumSaundersSurvival,
  erlangTime,
  exponentialLeaksSurvival,
  exponentialLeaksTime,
  inverseGaussianSurvival,
  leaksToCeiling,
} from "../../../statistics/exhaustion.ts";
import {
  bestAge,
  erlangLifetime,
  pricePerUpTime,
  unavailability,
  type LifetimeWithHazard,
  type Prices,
} from "../../../statistics/rejuvenation.ts";
import { ruinedShare } from "../ruin.ts";
import { simulation } from "../simulation.ts";
import { formula, simulated, type Target, type Topic } from "../target.ts";

const WALD = "computed from Wald's identity and the compound Poisson sum";
const ERLANG = "computed from Erlang's law: the time of the n-th leak";
const GAUSS = "computed from Chhikara and Folks' formula (1989, 2.2)";
const BIRNBAUM = "computed from Birnbaum and Saunders' law (1969)";
const BARLOW = "computed from Barlow and Proschan's formula (1965, 4.2)";
const LUNDBERG = "computed from Cramér and Lundberg's formula for exponential claims";
const DOHI = "computed from the formula of Dohi, Goseva-Popstojanova and Trivedi (2000)";

/** 64 MiB in leaks of 4096 B, which come at the rate of the worked default [1/d]. */
const nu = 39.60265339;
const n = () => leaksToCeiling(64 * 1024 * 1024, 4096);

const century = { servers: 1, replications: 40, horizonDays: 36_600 };
const exponential = simulation("exhaustion", century, {});
const constant = simulation("exhaustion", century, { leakLaw: "constant" });
const fleet = simulation("exhaustion", { servers: 250, replications: 40, horizonDays: 110 }, {});
const tenth = { leakLaw: "constant", leaksPerDay: 1, leakBytesMean: 1, ceilingBytes: 10 };
const replaced = simulation("exhaustion", century, { ...tenth, restartDays: 4.691247693 });
const hundredth = { ...tenth, ceilingBytes: 100, leaksPerDay: 24, exhaustedHours: 0.5, restartHours: 1 / 12 };
const restarted = simulation(
  "exhaustion",
  { ...century, horizonDays: 5000 },
  {
    ...hundredth,
    restartDays: 77.60115092 / 24,
  },
);

const prices: Prices = { failure: 10, restart: 1 };
const durations: Prices = { failure: 0.5, restart: 5 / 60 };
const bestOf = (lifetime: LifetimeWithHazard, of: Prices, leaks: number) => bestAge(lifetime, of, 4 * leaks + 40);

/** The best age to restart what fails at its n-th leak, and what a unit of time then costs. */
function ageReplacement(leaks: number, age: string, price: string): Target[] {
  const lifetime = erlangLifetime(leaks, 1);
  const best = () => bestOf(lifetime, prices, leaks);
  const name = `age replacement, ${leaks} leaks, prices 10 and 1`;
  return [
    formula(8, `${name}: best age`, BARLOW, age, best),
    formula(8, `${name}: price per unit of time`, BARLOW, price, () => pricePerUpTime(lifetime, prices, best())),
  ];
}

const hundred = erlangLifetime(100, 1);

export const exhaustion: Topic = {
  name: "exhaustion",
  targets: [
    formula(
      37,
      "exponential leaks, C 1000, beta 4, nu 3: mean time",
      WALD,
      "83.6666667",
      () => exponentialLeaksTime(1000, 4, 3).mean,
    ),
    formula(
      37,
      "exponential leaks, C 1000, beta 4, nu 3: variance of the time",
      WALD,
      "55.6666667",
      () => exponentialLeaksTime(1000, 4, 3).variance,
    ),
    ...Object.entries({ 70: "0.970630", 80: "0.682384", 90: "0.196198", 100: "0.017307" }).map(([time, left]) =>
      formula(37, `exponential leaks: survival to ${time}`, WALD, left, () =>
        exponentialLeaksSurvival(1000, 4, 3, Number(time)),
      ),
    ),
    ...Object.entries({ 70: "0.971878", 80: "0.659921", 90: "0.182426", 100: "0.018405" }).map(([time, left]) =>
      formula(37, `inverse Gaussian: survival to ${time}`, GAUSS, left, () =>
        inverseGaussianSurvival(1000, 12, 96, Number(time)),
      ),
    ),
    ...Object.entries({ 70: "0.974519", 80: "0.675962", 90: "0.194712", 100: "0.020613" }).map(([time, left]) =>
      formula(37, `Birnbaum-Saunders: survival to ${time}`, BIRNBAUM, left, () =>
        birnbaumSaundersSurvival(1000, 12, 96, Number(time)),
      ),
    ),
    formula(undefined, "64 MiB in leaks of 4096 B: how many", ERLANG, "16384", n),
    formula(undefined, "64 MiB at 39.6 leaks a day: mean days", ERLANG, "413.7097", () => erlangTime(n(), nu).mean),
    formula(undefined, "64 MiB at 39.6 leaks a day: standard deviation", ERLANG, "3.2321", () =>
      Math.sqrt(erlangTime(n(), nu).variance),
    ),
    ...Object.entries({ 5: "408.408", 50: "413.701", 95: "419.040" }).map(([percent, days]) =>
      formula(
        undefined,
        `64 MiB at 39.6 leaks a day: days at ${percent} %`,
        ERLANG,
        days,
        () => erlangQuantile(n(), Number(percent) / 100) / nu,
      ),
    ),
    formula(undefined, "10,000 handles, one a leak: mean days", ERLANG, "252.508", () => erlangTime(10_000, nu).mean),
    ...ageReplacement(2, "0.680129934", "3.64327144"),
    ...ageReplacement(4, "1.400739364", "1.073620805"),
    ...ageReplacement(10, "4.691247693", "0.2560564644"),
    ...ageReplacement(100, "75.67762848", "0.01372489456"),
    ...ageReplacement(1000, "905.9289092", "0.001114738044"),
    formula(9, "100 leaks, down 1/2 h or 5 min: best age [h]", DOHI, "77.60115092", () =>
      bestOf(hundred, durations, 100),
    ),
    formula(9, "100 leaks, down 1/2 h or 5 min: unavailability", DOHI, "0.00111706921", () =>
      unavailability(hundred, durations, bestOf(hundred, durations, 100)),
    ),
    formula(9, "100 leaks, never restarted: unavailability", DOHI, "0.00497512438", () =>
      unavailability(hundred, durations, 1e4),
    ),
    simulated(
      37,
      "exhaustion, exponential leaks: mean time [us]",
      WALD,
      "7.2288e12",
      exponential.mean("lifeUsPerExhaustion"),
    ),
    simulated(
      undefined,
      "exhaustion, exponential leaks: bytes a day",
      "computed from the mean of a compound Poisson sum",
      "12.000000",
      exponential.rate("leakedBytes"),
    ),
    simulated(
      undefined,
      "exhaustion, constant leaks: mean time [us]",
      ERLANG,
      "7.2e12",
      constant.mean("lifeUsPerExhaustion"),
    ),
    ...Object.entries({ 70: "0.970630", 80: "0.682384", 90: "0.196198", 100: "0.017307" }).map(([days, left]) =>
      simulated(
        37,
        `exhaustion, exponential leaks: survival to day ${days}`,
        WALD,
        left,
        fleet.survival("exhaustedUs", Number(days)),
      ),
    ),
    simulated(
      8,
      "exhaustion, 10 leaks, restarted at the best age: price a day",
      BARLOW,
      "0.2560564644",
      replaced.mean("pricePerDay"),
    ),
    simulated(
      9,
      "exhaustion, 100 leaks, restarted at the best age: unavailability",
      DOHI,
      "0.00111706921",
      restarted.mean("unavailability"),
    ),
    ...Object.entries({ 0: "0.5", 2: "0.18393972", 8: "0.0091578194" }).map(([reserve, share]) =>
      simulated(undefined, `ruin, premium 2, reserve ${reserve}: share ruined`, LUNDBERG, share, async () =>
        ruinedShare(2, Number(reserve)),
      ),
    ),
  ],
};
