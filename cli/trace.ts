/** `spoolsim trace`: every event of chosen servers as CSV, or their timelines for a viewer. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { CsvWriter } from "../lab/results/csv.ts";
import { sampleTimes } from "../lab/execution/run.ts";
import { writeTimelines } from "../lab/traces/timeline.ts";
import { traceOf, traceTable } from "../lab/traces/trace.ts";
import { writeTo } from "./new-file.ts";
import { changes, choice, experimentOf, once, selectorOf, wholeNumber, withExperiment } from "./options.ts";

const options = {
  ...choice,
  server: {
    type: "string",
    array: true,
    requiresArg: true,
    default: ["0"],
    describe: "server numbers, counted from 0",
  },
  format: {
    choices: ["csv", "perfetto"],
    default: "csv",
    requiresArg: true,
    describe:
      "csv: one row per event; perfetto: a timeline for ui.perfetto.dev, or for chrome://tracing if it has less than " +
      "256 MB (fewer days: --set horizonDays=7)",
  },
  out: { type: "string", requiresArg: true, defaultDescription: "standard output", describe: "a new file" },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const traceCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    const selector = await selectorOf(experiment, args);
    const { scenario } = selector.resolved;
    const servers = args.server.map((word) => wholeNumber("--server", word, 0, scenario.servers - 1));
    const until = sampleTimes(scenario).at(-1)!;
    const selectors = servers.map((server) => ({ ...selector, server }));
    await writeTo(args.out, "a trace", async (sink) => {
      if (args.format === "perfetto") return writeTimelines(selectors, until, sink);
      const writer = new CsvWriter(traceTable, sink);
      for (const one of selectors) await writer.write(traceOf(one, until));
      await writer.flush();
    });
  },
};
