/** `spoolsim run`: runs an experiment, writes its tables and prints the results. */
import type { CommandModule, InferredOptionTypes, Options } from "yargs";
import { counted } from "../lab/reports/format.ts";
import { checkDeterminism } from "../lab/execution/determinism.ts";
import { computePart } from "../lab/execution/part.ts";
import { runExperiment } from "../lab/run-experiment.ts";
import { designPoints } from "../lab/experiment/design.ts";
import type { Origins } from "../lab/execution/execution.ts";
import type { Experiment } from "../lab/experiment/experiment.ts";
import { REPORT_FILE } from "../lab/results/manifest.ts";
import { levelsText } from "../lab/experiment/design-point.ts";
import { choiceFor, writeReport } from "../lab/reports/report.ts";
import { queueRunner } from "../lab/execution/queue-runner.ts";
import { RunQueue } from "../lab/execution/run-queue.ts";
import { BrokenInvariant, type Run, type Runner } from "../lab/execution/run.ts";
import type { Stopped } from "../lab/execution/stopping-rule.ts";
import { UserError, wordingText } from "../lab/user-error.ts";
import { interruptSignal, optionOf } from "./exit.ts";
import { canvasOf, leakChart } from "./leak-chart.ts";
import { secondsOf } from "./durations.ts";
import {
  cacheOf,
  caching,
  changes,
  changeWords,
  commandLine,
  experimentOf,
  intervals,
  machine,
  machineOf,
  ownCacheOf,
  once,
  wholeNumber,
  withExperiment,
  queueing,
} from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { resultText } from "./result-tables.ts";
import { shellLine } from "./shell-line.ts";
import { terminalOf, wrapped } from "./terminal.ts";
import { print, say } from "./output.ts";
import { itemAt } from "../lab/lists.ts";

const options = {
  out: { type: "string", requiresArg: true, defaultDescription: "results/<experiment>", describe: "results folder" },
  ...changes,
  ...machine,
  ...caching,
  checkpoint: {
    type: "string",
    requiresArg: true,
    describe:
      "how often to save a snapshot of each run, from which a killed run resumes: 30s, 10m, 1h; needs the cache",
  },
  part: {
    type: "string",
    requiresArg: true,
    describe: "compute only part i of n of the runs, as i/n, and store it in --cache",
  },
  ...queueing,
  priority: {
    type: "string",
    requiresArg: true,
    defaultDescription: "0",
    describe: "priority of these runs in the queue; higher ones come first",
  },
  force: { type: "boolean", default: false, describe: "replace results of another experiment" },
  "check-determinism": {
    type: "boolean",
    default: false,
    describe: "first check that two runs of your own modules have equal digests",
  },
  ...intervals,
  report: { type: "boolean", default: true, describe: "write report.html; --no-report does not" },
  chart: { type: "boolean", defaultDescription: "on a terminal", describe: "print a chart of the leaks" },
} as const satisfies Record<string, Options>;

type Arguments = InferredOptionTypes<typeof options> & { experiment: string };

export const runCommand: CommandModule<object, Arguments> = {
  builder: (argv) => withExperiment(argv).options(options).check(once(options)),
  async handler(args) {
    const experiment = await experimentOf(args.experiment, args);
    if (args.part !== undefined) return computePartOf(args.part, experiment, args);
    const out = args.out ?? `results/${experiment.name}`;
    const display = progressDisplay();
    const startedAt = performance.now();
    const signal = interruptSignal(cacheOf(args) !== undefined);
    const choice = await choiceFor(out, args.simultaneous);
    const run = async () => {
      if (args["check-determinism"]) await checkDeterminism(experiment, signal);
      const done = await runExperiment(experiment, {
        out,
        ...machineOf(args),
        force: args.force,
        runner: await runnerOf(args, experiment),
        cache: cacheOf(args),
        checkpointSeconds: checkpointOf(args),
        log: (line) => say(`spoolsim: ${line}\n`),
        command: commandLine(),
        signal,
        progress: (progress, answer) => display.show(progress, answer),
        warn: (trouble) => say(`spoolsim: cache: ${wordingText(trouble, optionOf)}\n`),
      });
      display.end();
      const { findings, manifest, stopped, cacheTrouble } = done;
      const seconds = (performance.now() - startedAt) / 1000;
      print(`\n${resultText(done, choice)}\n\n`);
      if (args.chart ?? process.stdout.isTTY) {
        const chart = await leakChart(done, out, canvasOf(process.env, process.stdout.columns));
        if (chart !== "") print(`${chart}\n\n`);
      }
      const log = (line: string) => print(`${wrapped(line, terminalOf().columns)}\n`);
      if (args["check-determinism"]) log("the first replication of each design point gave equal digests twice");
      log(`${findings.events} events in ${seconds.toFixed(1)} s, digest ${findings.digest}`);
      log(`${out}/: ${manifest.files.map(({ path }) => path).join(", ")}, manifest.json`);
      if (stopped !== undefined) log(stoppedText(experiment, stopped));
      if (typeof args.cache === "string" || done.recalled + done.mixed > 0) log(originsText(done));
      if (cacheTrouble !== undefined) log(`cache: ${wordingText(cacheTrouble, optionOf)}`);
      if (!args.report) return;
      await writeReport(out, undefined, choice, cacheOf(args));
      log(`${out}/${REPORT_FILE}: the results as a page`);
    };
    await withReplay(args, experiment, run).finally(() => display.end());
  },
};

/** How often to save runs [s]; undefined if not at all. @throws UserError */
function checkpointOf(args: Arguments): number | undefined {
  if (args.checkpoint === undefined) return undefined;
  if (cacheOf(args) === undefined) throw new UserError("--checkpoint needs the cache; leave out --no-cache");
  if (args.queue !== undefined)
    throw new UserError("--checkpoint has no meaning with --queue, whose workers save nothing");
  return secondsOf("--checkpoint", args.checkpoint);
}

function originsText({ runs, recalled, mixed }: Origins): string {
  return `${recalled} of ${counted(runs, "run")} from the cache${mixed === 0 ? "" : `, and a part of ${mixed}`}`;
}

/** Says why the experiment stopped at this number of replications. */
function stoppedText({ until }: Experiment, { replications, unsettled, byT }: Stopped): string {
  const { response, relativeHalfWidth, anytime } = until!;
  const how = anytime ? ", by intervals that hold whenever one looks" : "";
  const known = `the mean of ${response} is known to ${100 * relativeHalfWidth} %`;
  if (unsettled.length === 0) {
    const price = byT === undefined ? "" : ` (t intervals, which hold for one look, would have stopped at ${byT})`;
    return `${replications} replications suffice: ${known} at every design point${how}${price}`;
  }
  const others = unsettled.length > 1 ? ` and ${unsettled.length - 1} more` : "";
  const where = levelsText(itemAt(unsettled, 0)) || "the design point";
  const short = `${replications} replications, the most allowed, do not suffice`;
  return `${short}: ${known} elsewhere${how}, not at ${where}${others}`;
}

/** The requested runner: the workers of a queue, or undefined for this process. @throws UserError */
async function runnerOf(args: Arguments, experiment: Experiment): Promise<Runner | undefined> {
  const { queue, priority = "0" } = args;
  if (queue === undefined) {
    if (args.priority !== undefined) throw new UserError("--priority has no meaning without --queue");
    return undefined;
  }
  ownCacheOf("--queue", args.cache);
  const levels = (await designPoints(experiment)).map(levelsText);
  const replayOf = ({ point, replication }: Run) => replayLine(args, itemAt(levels, point), replication);
  return queueRunner({
    open: (signal) => RunQueue.open(queue, signal),
    priority: wholeNumber("--priority", priority, -1000, 1000),
    replayOf,
  });
}

/** Options that do not apply to a part, beside --no-report. */
const NOT_OF_A_PART = [
  "out",
  "force",
  "chart",
  "cache-max",
  "check-determinism",
  "queue",
  "priority",
  "simultaneous",
] as const;

async function computePartOf(word: string, experiment: Experiment, args: Arguments): Promise<void> {
  const [, number = NaN, of = NaN] = (/^(\d{1,7})\/(\d{1,7})$/.exec(word) ?? []).map(Number);
  if (!(number >= 1 && number <= of))
    throw new UserError(`--part is ${word}; it must be i/n with 1 <= i <= n, such as 3/16`);
  const cache = ownCacheOf("--part", args.cache);
  const useless: string[] = NOT_OF_A_PART.filter((name) => args[name] !== undefined && args[name] !== false);
  if (!args.report) useless.push("no-report");
  if (useless.length > 0) {
    const names = useless.map((name) => `--${name}`).join(", ");
    throw new UserError(`--part only fills the cache; leave out ${names}`);
  }
  const display = progressDisplay();
  const machine = { ...machineOf(args), signal: interruptSignal(cacheOf(args) !== undefined) };
  const compute = () =>
    computePart(experiment, { number, of }, cache, {
      ...machine,
      checkpointSeconds: checkpointOf(args),
      log: (line) => say(`spoolsim: ${line}\n`),
      progress: (progress) => display.show(progress),
    });
  const { runs, recalled } = await withReplay(args, experiment, compute).finally(() => display.end());
  print(`part ${number} of ${of} is in ${cache}: ${counted(runs, "run")}, ${recalled} of them already there\n`);
}

/** The command that replays a replication of the design point with these levels. */
function replayLine(args: Arguments, at: string, replication: number): string {
  return shellLine([
    "spoolsim",
    "replay",
    args.experiment,
    ...(at === "" ? [] : ["--at", at]),
    "--replication",
    String(replication),
    ...changeWords(args),
  ]);
}

/** Runs the work; if it fails at a replication, the error gets the command that replays it. */
async function withReplay<T>(args: Arguments, experiment: Experiment, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isKnown = error instanceof BrokenInvariant || error instanceof UserError;
    const replay = isKnown ? await replayOf(args, experiment, error) : undefined;
    if (replay === undefined) throw error;
    if (error instanceof UserError) throw new UserError(...error.wording, `; replay: ${replay}`);
    throw new BrokenInvariant(`${(error as BrokenInvariant).message}\nreplay: ${replay}`);
  }
}

/** The command that replays the replication named by an error, unless the error gives it. */
async function replayOf(args: Arguments, experiment: Experiment, { message }: Error): Promise<string | undefined> {
  // Greedy, because the run is named at the end; the text of a user's module may name another one before it.
  const replayed = /^.*design point (\d+), replication (\d+)/s.exec(message);
  if (replayed === null || message.includes("replay: ")) return undefined;
  const [, index, replication] = replayed;
  const point = (await designPoints(experiment))[Number(index)];
  return point === undefined ? undefined : replayLine(args, levelsText(point), Number(replication));
}
