/** Runs an experiment for a Node program, on worker threads. Its tables are arrays of rows; no file is written. */
import { threadRunner } from "./execution/thread-runner.ts";
import type { Experiment } from "./experiment/experiment.ts";
import { tabulate, type InMemory } from "./tabulate.ts";

export interface InMemoryOptions {
  /** Threads: whole, >= 1; they change no result. With 1, everything runs on the calling thread. */
  readonly workers?: number;
  /** Stops the experiment when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the experiment.
 *
 * @throws UserError for an invalid experiment, BrokenInvariant when a model violates its own rules, and the signal's
 *   reason when it is aborted
 * @example
 * const experiment = await loadExperiment("mm1");
 * const { tables, findings } = await runInMemory(experiment);
 * console.log(tables.means, findings.digest);
 */
export function runInMemory(experiment: Experiment, { workers = 1, signal }: InMemoryOptions = {}): Promise<InMemory> {
  return tabulate(experiment, workers === 1 ? { signal } : { runner: threadRunner(workers), signal });
}
