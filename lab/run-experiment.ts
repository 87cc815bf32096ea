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
import { sizeText } from "./reports/units.ts";
import { memoryBytesOf, runsOf, serverRunsOf } from "./execution/partition.ts";
import { checkUntil, replicationsThatSuffice, type Stopped } from "./execution/stopping-rule.ts";
import { planResults, type Plan } from "./experiment/plan.ts";
import { UserError, badArgument, type Wording } from "./user-error.ts";

export interface RunOptions extends Omit<Machine, "progress"> {
  /** Called after each result, with the current estimate. */
  readonly progress?: (done: Progress, answer: RunningAnswer) => void;
  /** The results folder. */
  readonly out: string;
  /** Whether other results in the folder may be replaced. */
  readonly force: boolean;
  /** The cache; without it, every run is simulated and no result is kept. */
  readonly cache?: CacheSpace | undefined;
  /** Called before the first run with the reason why some results will not be cached. */
  readonly warn?: (trouble: Wording) => void;
  /** The command line, for the manifest. */
  readonly command: string;
}

export interface CompletedRun extends Origins {
  readonly plan: Plan;
  readonly findings: Findings;
  readonly manifest: Manifest;
  /** Why some results are not in the cache, in one line. */
  readonly cacheTrouble?: Wording | undefined;
  /** Why the experiment stopped at this number of replications, if a rule decided it. */
  readonly stopped?: Stopped | undefined;
}

/**
 * Runs the experiment and writes its results folder.
 *
 * @throws UserError for a user's mistake, BrokenInvariant when a model violates its own rules, AbortError when the
 *   signal is aborted
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
    throw withPosition(error, experiment.positions);
  }
}

interface Monitor {
  /** The machine, with a progress function that also updates the estimate. */
  readonly machine: Machine;
  /** Shows the estimate from exactly so many replications, although threads may have been ahead of them. */
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

/** Simulates the requested replications, or as many as the stopping rule needs, and writes their tables. */
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
  // The first pass goes replication by replication to see how many suffice; the second goes in table order and takes
  // all results from the cache.
  const keeping = cache === undefined || cache.trouble !== undefined ? RunCache.scratch(folder.scratch, plan) : cache;
  const execution = new Execution(machine, keeping, serverRunsOf(plan));
  const stopped = await replicationsThatSuffice(plan, until, machine.sliceSize, (runs) => execution.results(runs));
  stoppedAt(stopped.replications);
  const enough = { ...plan, experiment: { ...experiment, replications: stopped.replications } };
  const { progress: _, ...quietly } = machine;
  const findings = await aggregated(enough, new Execution(quietly, keeping, 0));
  return { plan: enough, findings, ...execution.origins, stopped };
}

/** @throws UserError when the cache would lie inside the results folder */
function refuseCacheAmongResults({ out, cache }: RunOptions): void {
  if (cache === undefined) return;
  const [first = ""] = relative(out, cache.folder).split(sep);
  // A relative path that begins with a dot lies outside, or is hidden, like .cache.
  if (first.startsWith(".") || isAbsolute(first)) return;
  throw badArgument("out", out, `it would hold the cache, ${cache.folder}; choose another folder, or use no cache`);
}

function refuseWhatDoesNotFit(plan: Plan, workers: number): void {
  const needed = memoryBytesOf(plan, workers);
  const free = freemem();
  if (needed <= free) return;
  throw new UserError(
    `the samples of one replication may need ${sizeText(needed)} of memory and ${sizeText(free)} are free; ` +
      "use a shorter horizon, a larger sampleEveryHours or fewer workers",
  );
}
