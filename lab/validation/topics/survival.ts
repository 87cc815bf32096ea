/** Times with some ends unseen: the trial of 6-mercaptopurine, on which every book on survival is tried. */
import { kaplanMeier, restrictedMeanTime } from "../../../statistics/survival.ts";
import type { Counted } from "../../../statistics/estimate.ts";
import { logRank } from "../../../statistics/log-rank.ts";
import { vector, type Topic } from "../target.ts";

const FREIREICH = "computed from the textbooks' formulas; data of Freireich and others (1963), arm of 6-MP";

/** Weeks of remission that ended, and that were seen no further. */
export const treated = () => ({
  events: counted([
    [6, 3],
    [7, 1],
    [10, 1],
    [13, 1],
    [16, 1],
    [22, 1],
    [23, 1],
  ]),
  censored: counted([
    [6, 1],
    [9, 1],
    [10, 1],
    [11, 1],
    [17, 1],
    [19, 1],
    [20, 1],
    [25, 1],
    [32, 2],
    [34, 1],
    [35, 1],
  ]),
});
const curve = () => kaplanMeier(treated().events, treated().censored);
const placebo = () => ({
  events: counted([
    [1, 2],
    [2, 2],
    [3, 1],
    [4, 2],
    [5, 2],
    [8, 4],
    [11, 2],
    [12, 2],
    [15, 1],
    [17, 1],
    [22, 1],
    [23, 1],
  ]),
  censored: counted([]),
});
const test = () => logRank([placebo(), treated()]);

const survivalAt = (week: number) =>
  curve()
    .filter(({ time }) => time <= week)
    .at(-1)!.survival;

export const survival: Topic = {
  name: "survival",
  targets: [
    ...Object.entries({
      6: "0.857143",
      7: "0.806723",
      10: "0.752941",
      13: "0.690196",
      16: "0.627451",
      22: "0.537815",
      23: "0.448179",
    }).map(([week, left]) => vector(18, `Kaplan-Meier: S(${week})`, FREIREICH, left, () => survivalAt(Number(week)))),
    vector(17, "log-rank, 6-MP against placebo: chi-square", FREIREICH, "16.792941", () => test().chiSquare),
    vector(17, "log-rank, 6-MP against placebo: p", FREIREICH, "4.1688e-5", () => test().p),
    vector(18, "restricted mean to week 23", FREIREICH, "17.909244", () => restrictedMeanTime(curve(), 23)),
  ],
};

function counted(pairs: readonly (readonly [value: number, count: number])[]): Counted {
  return {
    values: Float64Array.from(pairs, ([value]) => value),
    counts: Float64Array.from(pairs, ([, count]) => count),
  };
}
