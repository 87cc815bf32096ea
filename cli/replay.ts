/**
 * `spoolsim replay`: runs one replication of one design point again, on one thread, and prints its digest. Nothing is
 * written.
 */
import type { CommandModule, InferredOptionTypes } from "yargs";
import { findPoint } from "../lab/experiment/point-selector.ts";
import { execute } from "../lab/execution/run.ts";
import { digestText } from "../sim/digest.ts";
import { changes, choice, experimentOf, once, replicationOf, withExperiment } from "./options.ts";
import { print } from "./output.ts";

const options = { ...choice, ...changes };

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const replayCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    const point = await findPoint(experiment, args.at);
    const replication = replicationOf(experiment, args);
    const { scenario, index } = point;
    const run = {
      point: index,
      replication,
      seed: experiment.seed,
      scenario,
      first: 0,
      count: scenario.servers,
      sliceSize: 1,
    };
    const { eventCounts, digestLow, digestHigh } = await execute(run);
    const sum = (lane: Uint32Array) => lane.reduce((total, word) => (total + word) >>> 0, 0);
    const events = eventCounts.reduce((total, count) => total + count, 0);
    print(`${events} events, digest ${digestText(sum(digestLow), sum(digestHigh))}\n`);
  },
};
