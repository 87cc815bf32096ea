/** Means, standard deviations and autocorrelations of NIST's reference data sets, beside their certified values. */
import { mean, variance } from "../../../statistics/estimate.ts";
import { autocorrelations } from "../../../statistics/serial-dependence.ts";
import { itemAt } from "../../lists.ts";
import { vector, type Topic } from "../target.ts";

/** Michelson's velocities of light [km/s], less 299,000. */
const MICHELSON = `
  850 740 900 1070 930 850 950 980 980 880 1000 980 930 650 760 810 1000 1000 960 960
  960 940 960 940 880 800 850 880 900 840 830 790 810 880 880 830 800 790 760 800
  880 880 880 860 720 720 620 860 970 950 880 910 850 870 840 840 850 840 840 840
  890 810 810 820 800 770 760 740 750 760 910 920 890 860 880 720 840 850 850 780
  890 840 780 810 760 810 790 810 820 850 870 870 810 740 810 940 950 800 810 870`
  .trim()
  .split(/\s+/)
  .map((value) => (299000 + Number(value)) / 1000);

/** A first value, and then two in turns. */
const alternating = (first: number, odd: number, even: number) =>
  Array.from({ length: 1001 }, (_, i) => (i === 0 ? first : i % 2 === 1 ? odd : even));

/** A digit less where the data, which are no binary fractions, do not hold more. */
const DATA: readonly (readonly [name: string, values: readonly number[], mean: string, sd: string, r1: string])[] = [
  ["Michelso", MICHELSON, "299.8524000000", "0.079010547819", "0.53519966862"],
  ["NumAcc1", [10000001, 10000003, 10000002], "10000002.00000", "1.00000000000000", "-0.50000000000000"],
  ["NumAcc2", alternating(1.2, 1.1, 1.3), "1.20000000000", "0.100000000000", "-0.999000000000"],
  ["NumAcc3", alternating(1000000.2, 1000000.1, 1000000.3), "1000000.2000000", "0.100000000", "-0.99900000"],
  ["NumAcc4", alternating(10000000.2, 10000000.1, 10000000.3), "10000000.20000", "0.10000000", "-0.99900000"],
];

export const certifiedStatistics: Topic = {
  name: "certified statistics",
  targets: DATA.flatMap(([name, values, certifiedMean, sd, r1]) => {
    const source = `printed by NIST, StRD, univariate summary statistics: ${name}`;
    return [
      vector(undefined, `${name}: mean`, source, certifiedMean, () => mean(values)),
      vector(undefined, `${name}: standard deviation`, source, sd, () => Math.sqrt(variance(values))),
      vector(undefined, `${name}: autocorrelation of lag 1`, source, r1, () => itemAt(autocorrelations(values, 1), 1)),
    ];
  }),
};
