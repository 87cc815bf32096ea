/** Leak rates of the print servers of the office; the truth is estimated from many more servers. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { programFolder } from "../../lab/program.ts";
import { DAYS, findingsOf, sizesOf, within, type Case } from "./case.ts";

/** The office of the print servers, with rare and frequent leaks: the truth is from 4,000 servers with another seed. */
export async function printServerCases(): Promise<Case[]> {
  const offices = JSON.parse(await readFile(join(programFolder, "scripts/coverage/offices.json"), "utf8")) as object;
  return Object.entries(offices).flatMap(([name, parameters]) => {
    const described = (seed: string, replications: number, servers: number) => ({
      question: "Does it hold?",
      seed,
      replications,
      scenario: {
        model: "print-servers",
        servers,
        horizonDays: DAYS,
        sampleEveryHours: 24 * DAYS,
        parameters: parameters as object,
      },
    });
    let truth: Promise<number> | undefined;
    const truthOf = () =>
      (truth ??= findingsOf(described("truth", 40, 100)).then(({ leakRates: [{ rate }] }) => rate.value));
    return [2, 4, 8].map((replications) => ({
      name: `leak rate of the office of the print servers, ${name} leaks`,
      size: sizesOf(replications, 2),
      every: 5,
      holds: async (seed: string) => {
        const { leakRates } = await findingsOf(described(seed, replications, 2));
        return within(leakRates[0].rate, await truthOf());
      },
    }));
  });
}
