/**
 * The execution of an experiment's runs: on worker threads or on this one, read from the cache if possible, counted for
 * progress, and stopped by the signal.
 */
import type { RunCache } from "./cache.ts";
import { recall } from "./cache-entry.ts";
import { inlineRunner } from "./inline-runner.ts";
import type { Run, Runner, RunResult } from "./run.ts";
import { threadRunner } from "./thread-runner.ts";

/** How runs are executed; nothing of it changes a result. */
export interface Machine {
  /** Threads: whole, >= 1; with 1 the runs are executed on this one. */
  readonly workers: number;
  /** Servers simulated side by side: whole, >= 1. */
  readonly sliceSize: number;
  readonly signal: AbortSignal;
  /** What executes the runs; by default this thread or others of the process. */
  readonly runner?: Runner | undefined;
  /** How often a run that is kept is saved on the way [s, >= 0]; not at all when not given. */
  readonly checkpointSeconds?: number | undefined;
  /** Called with a line about a run. */
  readonly log?: ((line: string) => void) | undefined;
  /** Called after each result. */
  readonly progress?: (done: Progress, result: RunResult) => void;
}

export interface Progress {
  readonly serversDone: number;
  /** All that may have to be simulated. */
  readonly serversTotal: number;
  readonly events: number;
}

/** Where the results came from. */
export interface Origins {
  readonly runs: number;
  /** Of these, those that the cache had whole, and those of which it had some servers. */
  readonly recalled: number;
  readonly mixed: number;
}

export class Execution {
  private readonly machine: Machine;
  private readonly cache: RunCache | undefined;
  private readonly serversTotal: number;
  private readonly runner: Runner;
  /** The runs that have results so far: any of the cache's, any that were computed. */
  private readonly known: Map<string, { isRecalled: boolean; isComputed: boolean }>;
  private serversDone: number;
  private events: number;

  /** @param serversTotal servers of all runs, as far as that is known */
  constructor(machine: Machine, cache: RunCache | undefined, serversTotal: number) {
    this.machine = machine;
    this.cache = cache;
    this.serversTotal = serversTotal;
    this.runner = machine.runner ?? (machine.workers === 1 ? inlineRunner(recall) : threadRunner(machine.workers));
    this.known = new Map();
    this.serversDone = 0;
    this.events = 0;
  }

  /** What there was so far, in runs of all their servers, however many slices each of them is. */
  get origins(): Origins {
    const runs = [...this.known.values()];
    const recalled = runs.filter(({ isRecalled, isComputed }) => isRecalled && !isComputed).length;
    return { runs: runs.length, recalled, mixed: runs.filter((one) => one.isRecalled && one.isComputed).length };
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
    const { checkpointSeconds } = this.machine;
    for (const run of runs) {
      const kept = this.cache?.withEntry(run) ?? run;
      yield checkpointSeconds === undefined ? kept : { ...kept, checkpointSeconds };
    }
  }

  private note(result: RunResult): void {
    const key = `${result.point} ${result.replication}`;
    const { isRecalled = false, isComputed = false } = this.known.get(key) ?? {};
    const isNew = result.recalled !== true;
    this.known.set(key, { isRecalled: isRecalled || !isNew, isComputed: isComputed || isNew });
    this.cache?.note(result);
    if (result.checkpoint !== undefined) {
      const { point, replication, first, count } = result;
      const servers = `servers ${first} to ${first + count - 1}`;
      const where = `design point ${point}, replication ${replication}, ${servers}`;
      this.machine.log?.(`${where}: ${result.checkpoint}`);
    }
    this.serversDone += result.count;
    for (const count of result.eventCounts) this.events += count;
    const { serversDone, serversTotal, events } = this;
    this.machine.progress?.({ serversDone, serversTotal, events }, result);
  }
}
