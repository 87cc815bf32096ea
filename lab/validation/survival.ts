/** Times with some ends unseen: the trial of 6-mercaptopurine, on which every book on survival is tried. */
import { kaplanMeier, restrictedMeanTime } from "../../statistics/survival.ts";
import type { Counted } from "../../statistics/estimate.ts";
import { vector, type Topic } from "./target.ts";

const FREIREICH = "Freireich and others 1963, arm of 6-MP";

/** Weeks of remission that ended, and that were seen no further. */
const curve = () => kaplanMeier(
  counted([[6, 3], [7, 1], [10, 1], [13, 1], [16, 1], [22, 1], [23, 1]]),
  counted([[6, 1], [9, 1], [10, 1], [11, 1], [17, 1], [19, 1], [20, 1], [25, 1], [32, 2], [34, 1], [35, 1]]),
);

const survivalAt = (week: number) => curve().filter(({ time }) => time <= week).at(-1)!.survival;

export const survival: Topic = {
  name: "survival",
  targets: [
    ...Object.entries({ 6: "0.857143", 7: "0.806723", 10: "0.752941", 13: "0.690196", 16: "0.627451", 22: "0.537815",
      23: "0.448179" }).map(([week, left]) =>
      vector(18, `Kaplan-Meier: S(${week})`, FREIREICH, left, () => survivalAt(Number(week)))),
    vector(18, "restricted mean to week 23", FREIREICH, "17.909244", () => restrictedMeanTime(curve(), 23)),
  ],
};

function counted(pairs: readonly (readonly [value: number, count: number])[]): Counted {
  return {
    values: Float64Array.from(pairs, ([value]) => value), counts: Float64Array.from(pairs, ([, count]) => count),
  };
}
