/** Means of queues and lifetimes whose truth is a closed form, and rates after a stopping rule. */
import { designPoints } from "../../lab/experiment/design.ts";
import { buildExperiment } from "../../lab/experiment/load.ts";
import { planResults } from "../../lab/experiment/plan.ts";
import { programFolder } from "../../lab/program.ts";
import { warmUpsOf } from "../../lab/studies/warm-up.ts";
import { Stream } from "../../sim/streams.ts";
import { exponentials } from "../../sim/variates.ts";
import { countEstimate } from "../../statistics/counts.ts";
import { enough } from "../../statistics/stopping.ts";
import { findingsOf, machine, sizesOf, within, type Case } from "./case.ts";

/** Stops by the rule, and checks the printed interval of counts. */
export function untilCases(): Case[] {
  return [0.2, 30].flatMap((mean) =>
    [false, true].map((isAnytime) => ({
      name: `leak rate after until, ${mean} leaks a replication${isAnytime ? ", anytime" : ""}`,
      size: "10 and more",
      holds: async (seed: string) => {
        const stream = new Stream(seed, "until", 0, 0, 1, exponentials);
        const totals: number[] = [];
        do {
          let count = -1;
          for (let time = 0; time <= mean; count++) time += stream.draw(0);
          totals.push(count);
        } while (!enough(totals, 0.2, 10, { isAnytime, eventSize: 1 }) && totals.length < 2000);
        return within(countEstimate(totals), mean);
      },
    })),
  );
}

/** mm1 for hours, and lifetimes of ten leaks, nine of which a server already has: means between servers. */
export function meanCases(): Case[] {
  return [
    ...[3, 10, 20].map((replications) => ({
      name: "mean uptime, nine cycles a server",
      size: sizesOf(replications, 1),
      holds: async (seed: string) => {
        const parameters = { leakLaw: "constant", leaksPerDay: 1, leakBytesMean: 1, ceilingBytes: 10 };
        const scenario = { model: "exhaustion", servers: 1, horizonDays: 180, sampleEveryHours: 4320, parameters };
        const { meanValues } = await findingsOf({ question: "Does it hold?", seed, replications, scenario });
        const { ratio, closedForm } = meanValues[0]!;
        return within(ratio, closedForm);
      },
    })),
    ...[5, 10].map((replications) => ({
      name: "mean time in the system of mm1, half a day from which the warm-up is left out",
      size: sizesOf(replications, 2),
      every: 3,
      holds: async (seed: string) => {
        const scenario = { model: "mm1", servers: 2, horizonDays: 0.5, sampleEveryHours: 0.12 };
        const described = { question: "Does it hold?", seed, replications, scenario };
        const experiment = buildExperiment("coverage", described, programFolder);
        const plan = planResults(experiment, await designPoints(experiment));
        const { rows } = await warmUpsOf(plan, { ...machine, names: [], observations: 100 });
        const known = rows.find(({ closedForm }) => !Number.isNaN(closedForm))!;
        return within(known.rest, known.closedForm);
      },
    })),
    {
      name: "mean time in the system of mm1, 0.2 days",
      size: sizesOf(10, 2),
      every: 5,
      holds: async (seed) => {
        const scenario = { model: "mm1", servers: 2, horizonDays: 0.2, sampleEveryHours: 4.8 };
        const { meanValues } = await findingsOf({ question: "Does it hold?", seed, replications: 10, scenario });
        const known = meanValues.find(({ closedForm }) => !Number.isNaN(closedForm))!;
        return within(known.ratio, known.closedForm);
      },
    },
  ];
}
