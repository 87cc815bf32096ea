/** `spoolsim trace`: every event of chosen servers as CSV, or their timelines for a viewer. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { days } from "../lab/reports/format.ts";
import { UserError } from "../lab/user-error.ts";
import { US_PER_DAY } from "../sim/time-units.ts";
import { timeOf } from "./durations.ts";
import { CsvWriter, type Sink } from "../lab/results/csv.ts";
import { sampleTimes } from "../lab/execution/run.ts";
import { writeTimelines, type Span } from "../lab/traces/timeline.ts";
import { traceOf, traceTable, type TraceRow } from "../lab/traces/trace.ts";
import { interruptSignal } from "./exit.ts";
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
      "256 MB (--from and --until shorten it)",
  },
  from: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the start of the run",
    describe: "leave out what is before this time, such as 90s, 9h or 2.5d since the start",
  },
  until: {
    type: "string",
    requiresArg: true,
    defaultDescription: "the end of the run",
    describe: "end before this time, such as 10h",
  },
  out: { type: "string", requiresArg: true, defaultDescription: "standard output", describe: "a new file" },
  ...changes,
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

/** @param end of the run [us] @throws UserError */
function spanOf({ from = "0s", until }: Pick<Arguments, "from" | "until">, end: number): Span {
  const span = { from: timeOf("--from", from), until: until === undefined ? end : timeOf("--until", until) };
  const run = `the run ends after ${days(end / US_PER_DAY)}`;
  if (span.until > end) throw new UserError(`--until is ${until}; ${run}`);
  if (span.until <= 0) throw new UserError(`--until is ${until}; it must be after the start`);
  if (span.from < span.until) return span;
  throw new UserError(
    `--from is ${from}; it must be before ${until === undefined ? `the end; ${run}` : `--until ${until}`}`,
  );
}

function* rowsFrom(from: number, rows: Iterable<TraceRow>): Iterable<TraceRow> {
  for (const row of rows) if (row.time >= from) yield row;
}

export const traceCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    const selector = await selectorOf(experiment, args);
    const { scenario } = selector.resolved;
    const servers = args.server.map((word) => wholeNumber("--server", word, 0, scenario.servers - 1));
    const { from, until } = spanOf(args, sampleTimes(scenario).at(-1)!);
    const selectors = servers.map((server) => ({ ...selector, server }));
    const write = async (sink: Sink) => {
      if (args.format === "perfetto") return writeTimelines(selectors, { from, until }, sink);
      const writer = new CsvWriter(traceTable, sink);
      for (const one of selectors) await writer.write(rowsFrom(from, traceOf(one, until)));
      await writer.flush();
    };
    await writeTo(args.out, "a trace", write, args.out === undefined ? undefined : interruptSignal());
  },
};
