/** Probabilities of rare events, by splitting and by thinning: leaks are Poisson, so the truth is known. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildExperiment } from "../../lab/experiment/load.ts";
import { findPoint } from "../../lab/experiment/point-selector.ts";
import { programFolder } from "../../lab/program.ts";
import { split, thinned } from "../../lab/studies/rare-event.ts";
import { conditionOf } from "../../lab/traces/condition.ts";
import { gammaCdf } from "../../statistics/gamma.ts";
import { machine, sizesOf, within, type Case } from "./case.ts";

/** Leaks are Poisson; all values are those of 20 servers. */
export async function rareCases(): Promise<Case[]> {
  const file = join(programFolder, "scripts/coverage/rare-leaks.json");
  const { leak, perDay, parameters } = JSON.parse(await readFile(file, "utf8"));
  const pointOf = async (seed: string, model: string, parameters: object, where: string) => {
    const scenario = { model, servers: 20, horizonDays: 1, sampleEveryHours: 24, parameters };
    const experiment = buildExperiment("rare", { question: "?", seed, replications: 1, scenario }, programFolder);
    const point = await findPoint(experiment, "");
    return [experiment, point, conditionOf(point.resolved.model, where)] as const;
  };
  return [
    {
      name: "probability of 5 or more leaks in a day, where the mean is 1 (splitting)",
      size: sizesOf(1, 20),
      every: 5,
      holds: async (seed) => {
        const splitting = { trajectories: 100, steps: 20 };
        const found = await split(...(await pointOf(seed, "exhaustion", { leaksPerDay: 1 }, "leaks >= 5")), splitting);
        return within(found.probability, gammaCdf(5, 1));
      },
    },
    ...[1, 2].map((least) => ({
      name: `probability of ${least} or more leaks in a day, where the mean is ${perDay} (thinning)`,
      size: sizesOf(1, 20),
      every: 5,
      holds: async (seed: string) => {
        const found = await thinned(
          ...(await pointOf(seed, "print-servers", parameters, `${leak} >= ${least}`)),
          machine,
        );
        return within(found.probability, gammaCdf(least, perDay));
      },
    })),
  ];
}
