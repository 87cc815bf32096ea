/**
 * Runs an experiment: plans it, prepares the folder, executes the runs, aggregates the results and completes the
 * folder.
 *
 * If anything goes wrong, the folder is left as it was.
 */
import { freemem } from "node:os";
import { isAbsolute, relative, sep } from "node:path";
import { RunCache, type CacheSpace } from "./execution/cache.ts";
import { designPoints } from "./experiment/design.ts";
import { refuseUnsavable } from "./execution/checkpoint.ts";
import { Execution, type Machine, type Origins, type Progress } from "./execution/execution.ts";
import { withPosition, type Experiment } from "./experiment/experiment.ts";
import { aggregateResults } from "./analysis/aggregate.ts";
import type { Findings } from "./analysis/findings.ts";
import { programCommit, programVersion } from "./program.ts";
import type { Manifest } from "./results/manifest.ts";
import { ResultsFolder } from "./results/results-folder.ts";
import { RunningAnswer } from "./reports/interim-estimate.ts";
import { memoryBytesOf, runsOf, serverRunsOf } from "./execution/partition.ts";
import { checkUntil, replicationsThatSuffice, type Stopped } from "./execution/stopping-rule.ts";
import { planResults, type Plan } from "./experiment/plan.ts";
import { UserError, badArgument, type Wording } from "./user-error.ts";

export interface RunOptions extends Omit<Machine, "progress"> {
  /** Called after each result, with the answer so far. */
  readonly progress?: (done: Progress, answer: RunningAnswer) => void;
  /** Where the results go. */
  readonly out: string;
  /** Whether other results in the folder may be replaced. */
  readonly force: boolean;
  /** Where results of runs are kept and recalled from; without it all are computed, and none is kept. */
  readonly cache?: CacheSpace | undefined;
  /** Called before anything is simulated with the reason why not every result will be kept. */
  readonly warn?: (trouble: Wording) => void;
  /** The command that was given, for the manifest. */
  readonly command: string;
}

export interface CompletedRun extends Origins {
  readonly plan: Plan;
  readonly findings: Findings;
  readonly manifest: Manifest;
  /** Why not every result is in the cache, in a line. */
  readonly cacheTrouble?: Wording | undefined;
  /** Why there are so many replications, when their number was not said. */
  readonly stopped?: Stopped | undefined;
}

/**
 * @throws UserError for a user's mistake, BrokenInvariant when a model breaks its own rules, AbortError when asked to
 * stop
 */
export async function runExperiment(experiment: Experiment, options: RunOptions): Promise<CompletedRun> {
  const { workers } = options;
  const startedAt = new Date().toISOString();
  const plan = planResults(experiment, await designPoints(experiment));
  if (experiment.until !== undefined) checkUntil(plan, experiment.until);
  refuseWhatDoesNotFit(plan, workers);
  refuseCacheAmongResults(options);
  if (options.checkpointSeconds !== undefined) refuseUnsavable(plan);
  const folder = await ResultsFolder.prepare(options.out, plan, programVersion, options.force);
  try {
    const cache = options.cache && (await RunCache.open(options.cache, plan));
    if (cache?.trouble !== undefined) options.warn?.(cache.trouble);
    const simulated = await simulate(plan, monitorOf(plan, options), cache, folder);
    options.signal.throwIfAborted();
    const { events, digest } = simulated.findings;
    const summary = { version: programVersion, command: options.command, events, digest, workers, startedAt };
    const commit = await programCommit();
    const manifest = await folder.finish(commit === undefined ? summary : { ...summary, commit }, simulated.plan);
    return { ...simulated, manifest, cacheTrouble: cache?.trouble };
  } catch (error) {
    await folder.discard();
    throw withPosition(error, experiment.places);
  }
}

interface Monitor {
  /** The machine, whose progress comes with the answer so far. */
  readonly machine: Machine;
  /** Shows the answer once more: that of so many replications, though threads may have been ahead of them. */
  readonly stoppedAt: (replications: number) => void;
}

function monitorOf(plan: Plan, options: RunOptions): Monitor {
  const { workers, sliceSize, signal, runner, checkpointSeconds, log, progress } = options;
  const machine = { workers, sliceSize, signal, runner, checkpointSeconds, log };
  if (progress === undefined) return { machine, stoppedAt: () => {} };
  const answer = new RunningAnswer(plan);
  let last: Progress | undefined;
  const show = (done: Progress) => {
    last = done;
    progress(done, answer);
  };
  return {
    machine: {
      ...machine,
      progress: (done, result) => {
        answer.add(result);
        show(done);
      },
    },
    stoppedAt: (replications) => {
      answer.stopAt(replications);
      if (last !== undefined) show(last);
    },
  };
}

type Simulated = Omit<CompletedRun, "manifest" | "cacheTrouble">;

/** Simulates the replications that are asked for, or those that suffice, and writes their tables. */
async function simulate(
  plan: Plan,
  { machine, stoppedAt }: Monitor,
  cache: RunCache | undefined,
  folder: ResultsFolder,
): Promise<Simulated> {
  const { experiment } = plan;
  const { until } = experiment;
  const aggregated = (of: Plan, execution: Execution) =>
    aggregateResults(of, execution.results(runsOf(of, machine.sliceSize)), (table) => folder.openTable(table));
  if (until === undefined) {
    const execution = new Execution(machine, cache, serverRunsOf(plan));
    return { plan, findings: await aggregated(plan, execution), ...execution.origins };
  }
  // Replication by replication first, to see how many suffice; then in the order of the tables, and all is recalled.
  const keeping = cache === undefined || cache.trouble !== undefined ? RunCache.scratch(folder.scratch, plan) : cache;
  const execution = new Execution(machine, keeping, serverRunsOf(plan));
  const stopped = await replicationsThatSuffice(plan, until, machine.sliceSize, (runs) => execution.results(runs));
  stoppedAt(stopped.replications);
  const enough = { ...plan, experiment: { ...experiment, replications: stopped.replications } };
  const { progress: _, ...quietly } = machine;
  const findings = await aggregated(enough, new Execution(quietly, keeping, 0));
  return { plan: enough, findings, ...execution.origins, stopped };
}

/** @throws UserError when the folder of the results would come to hold the cache, too, as something of another's */
function refuseCacheAmongResults({ out, cache }: RunOptions): void {
  if (cache === undefined) return;
  const [first = ""] = relative(out, cache.folder).split(sep);
  // What begins with a point lies outside, or is none of the results' business.
  if (first.startsWith(".") || isAbsolute(first)) return;
  throw badArgument("out", out, `it would hold the cache, ${cache.folder}; choose another folder, or use no cache`);
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
