/**
 * A worker of a queue: takes runs, executes them on its own threads, and returns the results.
 *
 * The contents of a queue are not trusted. A run is executed only if the worker allows all modules that it names, and
 * if the worker computes the same key for it: then it is the same program with the same modules.
 */
import { freemem } from "node:os";
import { setTimeout } from "node:timers/promises";
import { modulePathsOf } from "../experiment/scenario.ts";
import { UserError } from "../user-error.ts";
import { sizeText } from "../reports/units.ts";
import { packed } from "./cache-entry.ts";
import { keyOf } from "./cache.ts";
import { resultBytesOf } from "./partition.ts";
import {
  failureText,
  messageLine,
  queuedRunOf,
  type QueuedRun,
  type QueueOutput,
  type RunQueue,
  type Taken,
} from "./run-queue.ts";
import { BrokenInvariant, SLICE_SIZE, type Run, type RunResult } from "./run.ts";
import { WorkerPool } from "./thread-runner.ts";

const IDLE_MS = 500;

export interface WorkOptions {
  /** Runs at once: whole, >= 1. */
  readonly workers: number;
  /** The modules that may be executed, as absolute paths. */
  readonly allowed: readonly string[];
  /** After this much silence, the run is given to another worker [s]. */
  readonly leaseSeconds: number;
  /** A run that takes longer is ended and not tried again [min]. */
  readonly timeLimitMinutes: number;
  /** When aborted, no more runs are taken; runs under way are finished. */
  readonly signal: AbortSignal;
  /** Called for each failed run. */
  readonly log: (line: string) => void;
}

/** Works until the signal is aborted. Returns the number of runs computed. */
export async function work(queue: RunQueue, options: WorkOptions): Promise<number> {
  const { workers, signal } = options;
  const pool = new WorkerPool(workers);
  let computed = 0;
  const loop = async () => {
    while (!signal.aborted) {
      const taken = await queue.take();
      if (taken === undefined) await setTimeout(IDLE_MS, undefined, { signal }).catch(() => undefined);
      else if (await workOn(queue, taken, pool, options)) computed++;
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, loop));
  } finally {
    await pool.close();
  }
  return computed;
}

/** Executes a run that was taken. Returns whether it has a result. */
async function workOn(queue: RunQueue, taken: Taken, pool: WorkerPool, options: WorkOptions): Promise<boolean> {
  const { leaseSeconds, log } = options;
  const renewLease = () => void queue.touch(taken, leaseSeconds).catch(() => undefined);
  renewLease();
  const heartbeat = setInterval(renewLease, (1000 * leaseSeconds) / 3);
  try {
    const queued = queuedRunOf(taken);
    const output = await outputOf(queued, pool, options);
    if (output.brokenInvariant !== undefined) {
      await queue.addDeadLetter(queued, output.brokenInvariant);
      log(failureText(queued, output.brokenInvariant));
    }
    await queue.complete(taken, output);
    return output.entry !== undefined;
  } catch (error) {
    const { message } = error as Error;
    log(messageLine(message));
    await queue.fail(taken, message);
    return false;
  } finally {
    clearInterval(heartbeat);
  }
}

async function outputOf(queued: QueuedRun, pool: WorkerPool, options: WorkOptions): Promise<QueueOutput> {
  const { key, about } = queued;
  const run = { ...queued.run, sliceSize: SLICE_SIZE };
  await refuseOthers(run, key, options.allowed);
  await refuseTooLarge(run, options.workers);
  const limit = AbortSignal.timeout(options.timeLimitMinutes * 60_000);
  let result: RunResult;
  try {
    result = await pool.execute(run, limit);
  } catch (error) {
    if (limit.aborted) return { mistake: tooLong(run, options.timeLimitMinutes) };
    // It would fail in the same way on every worker.
    if (error instanceof BrokenInvariant) return { brokenInvariant: error.message };
    if (error instanceof UserError) return { mistake: error.message };
    throw error;
  }
  return { entry: packed({ key, path: "", about }, result).toString("base64") };
}

/** @throws UserError when the run names a module that is not allowed, or does not match its key */
async function refuseOthers(run: Run, key: string, allowed: readonly string[]): Promise<void> {
  const foreign = modulePathsOf(run.scenario).find((path) => !allowed.includes(path));
  if (foreign !== undefined)
    throw new UserError(`a worker does not allow the module ${foreign}; whoever starts it can allow it`);
  if ((await keyOf(run)) !== key) {
    throw new UserError("the program or the modules of a worker differ from those of the run");
  }
}

/** @throws UserError when the run's results would not fit into this worker's share of free memory */
async function refuseTooLarge(run: Run, workers: number): Promise<void> {
  const needed = await resultBytesOf(run);
  const share = freemem() / workers;
  if (needed <= share) return;
  throw new UserError(`the results of a run need ${sizeText(needed)} of memory; a worker has ${sizeText(share)}`);
}

function tooLong({ point, replication }: Run, minutes: number): string {
  return `replication ${replication} of design point ${point} took longer than the worker allows, ${minutes} min`;
}
