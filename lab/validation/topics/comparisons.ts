/** Comparing: ranks, sequences that are watched, the best of several, sizes of arms, and the beginning of a series. */
import { exp } from "../../../sim/math.ts";
import { alwaysValidPs, mixtureRatio } from "../../../statistics/anytime.ts";
import { serversPerArm } from "../../../statistics/compound-poisson.ts";
import { contestConstants } from "../../../statistics/kim-nelson.ts";
import { shiftOf } from "../../../statistics/mann-whitney.ts";
import { steadyState } from "../../../statistics/warm-up.ts";
import { formula, vector, type Target, type Topic } from "../target.ts";
import { itemAt } from "../../lists.ts";

const MSER = "computed from the rule of White, Cobb and Spratt (2000); series 10 exp(-i / 10) + (7919 i mod 100) / 100";
const KIM_NELSON = "computed from Kim and Nelson's constants (2001)";
const KAYENTA = "printed by Kayenta's own test";
const JOHARI = "computed from the mixture ratio of Johari, Koomen, Pekelis and Walsh (2017)";

const forgetting = () => {
  const found = steadyState(Array.from({ length: 500 }, (_, i) => 10 * exp(-i / 10) + ((7919 * i) % 100) / 100));
  if (!found.isSteady) throw new Error(found.reason);
  return found;
};
const shift = () => shiftOf([10, 20, 30, 40], [1, 2, 3, 4], 0.95);
/** 100 pairs that differ by 0.5, of variance 1 each; the mixing variance is 1. */
const ratio = () => mixtureRatio(100, 0.5, 2, 1);

/** Constants of a contest of so many systems, of 10 replications in its first stage. */
function contest(systems: number, eta: string, h2: string): Target[] {
  const name = `Kim-Nelson, ${systems} systems, 10 in the first stage`;
  const constants = () => contestConstants(systems, 10, 0.05);
  return [
    formula(21, `${name}: eta`, KIM_NELSON, eta, () => constants().eta),
    formula(21, `${name}: h^2`, KIM_NELSON, h2, () => constants().h2),
  ];
}

export const comparisons: Topic = {
  name: "comparisons",
  targets: [
    vector(20, "MSER-5: observations forgotten", MSER, "50", () => forgetting().forgotten),
    vector(20, "MSER-5: mean of the rest", MSER, "0.4965734352", () => forgetting().mean),
    ...contest(2, "0.33405027", "6.01290483"),
    ...contest(4, "0.56468019", "10.16424336"),
    ...contest(10, "0.85908343", "15.46350174"),
    vector(39, "Mann-Whitney, tens against ones: Hodges-Lehmann shift", KAYENTA, "22.5", () => shift().value),
    vector(39, "Mann-Whitney, tens against ones: lower end at 95 %", KAYENTA, "6", () => shift().lower),
    vector(39, "Mann-Whitney, tens against ones: upper end at 95 %", KAYENTA, "39", () => shift().upper),
    formula(40, "mixture sequential test, 100 pairs, difference 0.5: ratio", JOHARI, "64.17015095", ratio),
    formula(40, "mixture sequential test, 100 pairs, difference 0.5: p", JOHARI, "0.0155835694", () =>
      itemAt(alwaysValidPs([ratio()]), 0),
    ),
    formula(
      42,
      "canaries to tell 10 leaks a day from 8 in 3 days",
      "computed from the normal approximation, power 90 %",
      "15.76",
      () => serversPerArm(10, 8, 3),
    ),
  ],
};
