/** The table of commands. Each command loads only its own modules, because loading all of them takes half a second. */
import v8 from "node:v8";
import type { CommandModule } from "yargs";
import { itemAt } from "../lab/lists.ts";

interface Command {
  /** The name and the positional arguments, as yargs reads them. */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<unknown>;
}

/** In the order of --help. */
export const commands: Readonly<Record<string, Command>> = {
  run: {
    usage: "run <experiment>",
    describe: "Run an experiment and write its results",
    load: async () => (await import("./run.ts")).runCommand,
  },
  report: {
    usage: "report <results>",
    describe: "Make the report page of a results folder, or of an import",
    load: async () => (await import("./report.ts")).reportCommand,
  },
  live: {
    usage: "live [experiment]",
    describe: "Serve a page that runs the simulator in a browser on this machine",
    load: async () => (await import("./live.ts")).liveCommand,
  },
  explain: {
    usage: "explain <experiment>",
    describe: "Tell the story of one leak, event by event",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  trace: {
    usage: "trace <experiment>",
    describe: "Write every event of one or more servers, as CSV or as a timeline",
    load: async () => (await import("./trace.ts")).traceCommand,
  },
  diff: {
    usage: "diff <experiment> [other]",
    describe: "Find the first event at which two runs differ",
    load: async () => {
      limitMemory();
      return (await import("./diff.ts")).diffCommand;
    },
  },
  shrink: {
    usage: "shrink <experiment>",
    describe: "Reduce the jobs of a server to a minimal script that still makes it leak",
    load: async () => (await import("./shrink.ts")).shrinkCommand,
  },
  rare: {
    usage: "rare <experiment>",
    describe: "Estimate the probability of a rare event, by thinning or splitting",
    load: async () => (await import("./rare.ts")).rareCommand,
  },
  export: {
    usage: "export <experiment>",
    describe:
      "Write a simulated Performance Monitor log, series with known leaks for testing detectors, or tables as Parquet",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  import: {
    usage: "import <files..>",
    describe:
      "Import counter logs and job logs of real servers, for the commands report, forecast, detect, calibrate and query",
    load: async () => (await import("./import.ts")).importCommand,
  },
  query: {
    usage: "query <results> <sql>",
    describe: "Query the tables of a results folder, or of an import, with SQL (needs DuckDB)",
    load: async () => (await import("./query.ts")).queryCommand,
  },
  detect: {
    usage: "detect <results>",
    describe: "Test leak detectors on simulated servers, where the truth is known, or apply them to an import",
    load: async () => (await import("./detect.ts")).detectCommand,
  },
  forecast: {
    usage: "forecast <results>",
    describe:
      "Forecast when imported servers run out of resources, or measure how good such forecasts are on simulated ones",
    load: async () => (await import("./forecast.ts")).forecastCommand,
  },
  score: {
    usage: "score <series> [answers]",
    describe:
      "Score leak detectors, yours or the built-in ones, on exported series: does a server leak, since when, and when does " +
      "it run out?",
    load: async () => (await import("./score.ts")).scoreCommand,
  },
  "warm-up": {
    usage: "warm-up <results>",
    describe: "Estimate the warm-up period to delete from steady-state results",
    load: async () => (await import("./warm-up.ts")).warmUpCommand,
  },
  sensitivity: {
    usage: "sensitivity <experiment>",
    describe: "Rank the assumptions, and find what would change the conclusion",
    load: async () => (await import("./sensitivity.ts")).sensitivityCommand,
  },
  calibrate: {
    usage: "calibrate <folder>",
    describe: "Estimate unknown parameters from the counters of a fleet",
    load: async () => (await import("./calibrate.ts")).calibrateCommand,
  },
  advise: {
    usage: "advise <experiment>",
    describe: "Compare the costs of policies, and find what would change the advice",
    load: async () => (await import("./advise.ts")).adviseCommand,
  },
  validate: {
    usage: "validate [word]",
    describe: "Compare the program with published values and closed forms",
    load: async () => (await import("./validate.ts")).validateCommand,
  },
  replay: {
    usage: "replay <experiment>",
    describe: "Repeat one simulation of an experiment, and print its digest",
    load: async () => (await import("./replay.ts")).replayCommand,
  },
  verify: {
    usage: "verify <results>",
    describe: "Run a results folder's experiment again and compare the bytes",
    load: async () => (await import("./verify.ts")).verifyCommand,
  },
  cache: {
    usage: "cache",
    describe: "List, clear or merge caches of runs",
    load: async () => (await import("./cache.ts")).cacheCommand,
  },
  cluster: {
    usage: "cluster <engine> <experiment>",
    describe: "Write the scripts that compute an experiment on a cluster",
    load: async () => (await import("./cluster.ts")).clusterCommand,
  },
  work: {
    usage: "work",
    describe: "Compute simulation runs from a queue in PostgreSQL until interrupted",
    load: async () => (await import("./work.ts")).workCommand,
  },
  queue: {
    usage: "queue",
    describe: "List the simulation runs in a queue, and those that no worker could compute",
    load: async () => (await import("./queue.ts")).queueCommand,
  },
  describe: {
    usage: "describe [name]",
    describe: "Describe a model, spooler, site, experiment, parameter or response, or your own module",
    load: async () => (await import("./describe.ts")).describeCommand,
  },
  init: {
    usage: "init [file]",
    describe: "Write an experiment, a model or a spooler for you to edit",
    load: async () => (await import("./init.ts")).initCommand,
  },
  completion: {
    usage: "completion [shell]",
    describe: "Print a script that completes commands in bash, zsh or fish",
    load: async () => (await import("./completion.ts")).completionCommand,
  },
};

/** The command with its options and what it does. */
export async function loadCommand(name: string): Promise<CommandModule> {
  const { usage, describe, load } = itemAt(commands, name);
  return { ...((await load()) as CommandModule), command: usage, describe };
}

/**
 * A comparison makes small objects that live briefly, so it gains nothing if V8 enlarges the space for new objects,
 * twice 1 MB, up to twice 16 MB. V8's middle compiler, from Node 22 on, takes 4 to 8 MB and saves a comparison no time.
 */
function limitMemory(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  v8.setFlagsFromString("--no-maglev");
}
