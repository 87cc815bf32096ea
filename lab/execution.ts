/**
 * The execution of the runs of an experiment: on threads or on this one, recalled from the cache where it has them,
 * counted, and stopped by the signal.
 */
import type { RunCache } from "./cache.ts";
import { runInline } from "./inline-runner.ts";
import type { Run, Runner, RunResult } from "./run.ts";
import { threadRunner } from "./thread-runner.ts";

/** How runs are executed; nothing of it changes a result. */
export interface Machine {
  /** Threads: whole, >= 1; with 1 the runs are executed on this one. */
  readonly workers: number;
  /** Servers simulated side by side: whole, >= 1. */
  readonly sliceSize: number;
  readonly signal: AbortSignal;
  /** Told after each result. */
  readonly progress?: (done: Progress, result: RunResult) => void;
}

export interface Progress {
  readonly serversDone: number;
  /** All that may have to be simulated. */
  readonly serversTotal: number;
  readonly events: number;
}

export class Execution {
  /** Results so far. */
  runs: number;
  /** Of these, recalled from the cache. */
  recalled: number;
  private readonly machine: Machine;
  private readonly cache: RunCache | undefined;
  private readonly serversTotal: number;
  private readonly runner: Runner;
  private serversDone: number;
  private events: number;

  /** @param serversTotal servers of all runs, as far as that is known */
  constructor(machine: Machine, cache: RunCache | undefined, serversTotal: number) {
    this.machine = machine;
    this.cache = cache;
    this.serversTotal = serversTotal;
    this.runner = machine.workers === 1 ? runInline : threadRunner(machine.workers);
    this.runs = 0;
    this.recalled = 0;
    this.serversDone = 0;
    this.events = 0;
  }

  /** The results of the runs, in any order. @throws the signal's reason when the signal has stopped them */
  async *results(runs: Iterable<Run>): AsyncIterable<RunResult> {
    const { signal } = this.machine;
    for await (const result of this.runner(this.withEntries(runs), signal)) {
      this.note(result);
      yield result;
    }
    signal.throwIfAborted();
  }

  private *withEntries(runs: Iterable<Run>): Iterable<Run> {
    for (const run of runs) yield this.cache?.withEntry(run) ?? run;
  }

  private note(result: RunResult): void {
    this.runs++;
    if (result.recalled) this.recalled++;
    this.cache?.note(result);
    this.serversDone += result.count;
    for (const count of result.eventCounts) this.events += count;
    const { serversDone, serversTotal, events } = this;
    this.machine.progress?.({ serversDone, serversTotal, events }, result);
  }
}
