/**
 * Conducts an experiment: plan, prepare the folder, execute the runs, fold the results, finish the folder.
 *
 * Whatever goes wrong on the way, the folder is left as it was.
 */
import { freemem } from "node:os";
import { designPoints } from "./design.ts";
import { placed, type Experiment } from "./experiment.ts";
import { foldResults, type Findings } from "./fold.ts";
import { runInline } from "./inline-runner.ts";
import { programCommit, programVersion } from "./program.ts";
import type { Manifest } from "./manifest.ts";
import { ResultsFolder } from "./results-folder.ts";
import type { RunResult } from "./run.ts";
import { memoryBytesOf, runsOf, serverRunsOf } from "./runs.ts";
import { replayCommand } from "./places.ts";
import { planResults, type Plan } from "./tables.ts";
import { threadRunner } from "./thread-runner.ts";
import { UserError } from "./user-error.ts";

export interface Conduct {
  /** Where the results go. */
  readonly out: string;
  /** Threads: whole, >= 1; with 1 the runs are executed on this one. */
  readonly workers: number;
  /** Servers simulated side by side: whole, >= 1. */
  readonly sliceSize: number;
  /** Whether other results in the folder may be replaced. */
  readonly force: boolean;
  /** The command that was given, for the manifest. */
  readonly command: string;
  readonly signal: AbortSignal;
  readonly progress?: (done: Progress) => void;
}

export interface Progress {
  readonly serversDone: number;
  readonly serversTotal: number;
  readonly events: number;
}

export interface Conducted {
  readonly plan: Plan;
  readonly findings: Findings;
  readonly manifest: Manifest;
}

/**
 * @throws UserError for a user's mistake, BrokenInvariant when a model breaks its own rules, AbortError when told to
 * stop
 */
export async function conduct(experiment: Experiment, options: Conduct): Promise<Conducted> {
  const { workers, sliceSize, signal, progress } = options;
  const startedAt = new Date().toISOString();
  const plan = await planResults(experiment, await designPoints(experiment), replayCommand);
  refuseWhatDoesNotFit(plan, workers);
  const folder = await ResultsFolder.prepare(options.out, plan, programVersion, options.force);
  try {
    const runner = workers === 1 ? runInline : threadRunner(workers);
    const results = counted(runner(runsOf(plan, sliceSize), signal), serverRunsOf(plan), progress);
    const findings = await foldResults(plan, stoppable(results, signal), (table) => folder.openTable(table));
    signal.throwIfAborted();
    const { events, digest } = findings;
    const outcome = { version: programVersion, command: options.command, events, digest, workers, startedAt };
    const commit = await programCommit();
    const manifest = await folder.finish(commit === undefined ? outcome : { ...outcome, commit });
    return { plan, findings, manifest };
  } catch (error) {
    await folder.discard();
    throw placed(error, experiment.places);
  }
}

function refuseWhatDoesNotFit(plan: Plan, workers: number): void {
  const needed = memoryBytesOf(plan, workers);
  const free = freemem();
  if (needed <= free) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toPrecision(3)} GB`;
  throw new UserError(
    `the samples of one replication may need ${gigabytes(needed)} of memory and ${gigabytes(free)} are free; ` +
      "take a shorter horizon, a larger sampleEveryHours or fewer workers",
  );
}

async function* counted(
  results: AsyncIterable<RunResult>, serversTotal: number, progress: Conduct["progress"],
): AsyncIterable<RunResult> {
  let serversDone = 0;
  let events = 0;
  for await (const result of results) {
    serversDone += result.count;
    for (const count of result.eventCounts) events += count;
    progress?.({ serversDone, serversTotal, events });
    yield result;
  }
}

/** Ends with the signal's reason when the signal has stopped the results. */
async function* stoppable(results: AsyncIterable<RunResult>, signal: AbortSignal): AsyncIterable<RunResult> {
  yield* results;
  signal.throwIfAborted();
}
