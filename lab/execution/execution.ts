/**
 * The execution of an experiment's runs: on worker threads or on this one, read from the cache if possible, counted for
 * progress, and stopped by the signal.
 */
import type { RunCache } from "./cache.ts";
import { recall } from "./cache-entry.ts";
import { inlineRunner } from "./inline-runner.ts";
import type { Run, Runner, RunResult } from "./run.ts";
import { threadRunner } from "./thread-runner.ts";

/** How runs are executed. None of this changes a result. */
export interface Machine {
  /** Threads: whole, >= 1; with 1, runs are executed on the main thread. */
  readonly workers: number;
  /** Servers simulated side by side: whole, >= 1. */
  readonly sliceSize: number;
  readonly signal: AbortSignal;
  /** What executes the runs; by default this thread or worker threads. */
  readonly runner?: Runner | undefined;
  /** How often a run with a cache entry is saved while it is simulated [s, >= 0]; without it, never. */
  readonly checkpointSeconds?: number | undefined;
  /** Called with a line of text about a run. */
  readonly log?: ((line: string) => void) | undefined;
  /** Called after each result. */
  readonly progress?: (done: Progress, result: RunResult) => void;
}

export interface Progress {
  readonly serversDone: number;
  /** Of these, the number whose results were known and took no time. */
  readonly serversRecalled?: number;
  /** The number of servers that may have to be simulated. */
  readonly serversTotal: number;
  readonly events: number;
}

/** Where the results came from. */
export interface Origins {
  readonly runs: number;
  /** Runs recalled as a whole, and runs of which the cache had some servers. */
  readonly recalled: number;
  readonly mixed: number;
}

export class Execution {
  private readonly machine: Machine;
  private readonly cache: RunCache | undefined;
  private readonly serversTotal: number;
  private readonly runner: Runner;
  /** For each run with results: whether any came from the cache, and whether any were computed. */
  private readonly known: Map<string, { isRecalled: boolean; isComputed: boolean }>;
  private serversDone: number;
  private serversRecalled: number;
  private events: number;

  /** @param serversTotal servers of all runs, as far as known */
  constructor(machine: Machine, cache: RunCache | undefined, serversTotal: number) {
    this.machine = machine;
    this.cache = cache;
    this.serversTotal = serversTotal;
    this.runner = machine.runner ?? (machine.workers === 1 ? inlineRunner(recall) : threadRunner(machine.workers));
    this.known = new Map();
    this.serversDone = 0;
    this.serversRecalled = 0;
    this.events = 0;
  }

  /** The counts so far. A run counts once, however many slices it is divided into. */
  get origins(): Origins {
    const runs = [...this.known.values()];
    const recalled = runs.filter(({ isRecalled, isComputed }) => isRecalled && !isComputed).length;
    return { runs: runs.length, recalled, mixed: runs.filter((one) => one.isRecalled && one.isComputed).length };
  }

  /** Yields the results of the runs, in any order. @throws the signal's reason after the signal has stopped them */
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
      const kept = this.cache?.reserve(run) ?? run;
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
    if (!isNew) this.serversRecalled += result.count;
    for (const count of result.eventCounts) this.events += count;
    const { serversDone, serversRecalled, serversTotal, events } = this;
    this.machine.progress?.({ serversDone, serversRecalled, serversTotal, events }, result);
  }
}
