/**
 * Executes runs on worker threads.
 *
 * The pool is piscina. Results arrive in any order. A few more runs than there are workers are submitted at any time,
 * so that no worker is idle. To limit memory, no run is submitted that is too far ahead of a slow one, because early
 * results are held until it is their turn. An error of a run, or the death of its worker, ends the iteration and names
 * the run; the signal ends it without an error. Threads whose runs are all done are kept for the next runs: a thread
 * takes a third of a second of processor time to load the program, and a study simulates again and again. Idle threads
 * do not keep the process from ending.
 */
import { Piscina } from "piscina";
import { errorOf, failureOf, type Failure } from "./failure.ts";
import type { Run, Runner, RunResult } from "./run.ts";
import { runsInFlight } from "./partition.ts";
import { itemAt } from "../lists.ts";
import type { Worked } from "./worker.ts";

/** Its runs are all done. */
let idle: WorkerPool | undefined;

/** @param workers threads: whole, >= 1 */
export function threadRunner(workers: number): Runner {
  return async function* runOnThreads(runs, signal): AsyncIterable<RunResult> {
    const pool = poolOf(workers, signal);
    let isDone = false;
    /** By number, oldest first. */
    const underWay = new Map<number, Promise<{ number: number; results: readonly RunResult[] }>>();
    let begun = 0;
    const ahead = () => begun - (underWay.keys().next().value ?? begun);
    const begin = async (family: readonly Run[], number: number) => {
      return { number, results: await pool.executeAll(family) };
    };
    const settle = async () => {
      const { number, results } = await Promise.race(underWay.values());
      underWay.delete(number);
      return results;
    };
    try {
      for (const family of together(runs)) {
        while (underWay.size > 2 * workers || ahead() >= runsInFlight(workers)) yield* await settle();
        if (signal.aborted) return;
        underWay.set(begun, begin(family, begun));
        begun++;
      }
      while (underWay.size > 0) yield* await settle();
      isDone = !signal.aborted;
    } catch (error) {
      // A run that the signal stops also rejects.
      if (!signal.aborted) throw error;
    } finally {
      for (const promise of underWay.values()) promise.catch(() => undefined);
      const [kept, ended] = isDone ? [pool, idle] : [idle, pool];
      idle = kept;
      await ended?.close();
    }
  };
}

/** Each run with those after it that share its past, which only its own thread has. */
function* together(runs: Iterable<Run>): Iterable<readonly Run[]> {
  let family: Run[] = [];
  for (const run of runs) {
    if (run.shares === undefined && family.length > 0) {
      yield family;
      family = [];
    }
    family.push(run);
    // Only a run with partings is waited for: the others are executed as soon as they are there.
    if (family.length === 1 && run.partings === undefined) {
      yield family;
      family = [];
    }
  }
  if (family.length > 0) yield family;
}

function poolOf(workers: number, signal: AbortSignal): WorkerPool {
  const pool = idle;
  if (pool?.workers !== workers) return new WorkerPool(workers, signal);
  idle = undefined;
  pool.signal = signal;
  return pool;
}

/** Threads that execute runs, one run per thread at a time. */
export class WorkerPool {
  readonly workers: number;
  /** Ends all runs. */
  signal: AbortSignal | undefined;
  private readonly pool: Piscina;
  private isClosing: boolean;

  /**
   * @param workers threads: whole, >= 1
   * @param signal ends all runs
   */
  constructor(workers: number, signal?: AbortSignal) {
    const filename = new URL("./worker-door.cjs", import.meta.url).href;
    this.pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, concurrentTasksPerWorker: 1 });
    this.workers = workers;
    this.signal = signal;
    this.isClosing = false;
    // A worker that was ended may already have answered; piscina reports an answer that nobody waits for as an error
    // event.
    this.pool.on("error", (error: Error) => {
      if (!this.isClosing && this.signal?.aborted !== true) throw error;
    });
  }

  /**
   * Executes a run.
   *
   * @param signal ends this run; its thread is replaced
   * @throws an error that names the run
   */
  async execute(run: Run, signal?: AbortSignal): Promise<RunResult> {
    return itemAt(await this.executeAll([run], signal), 0);
  }

  /** Executes runs one after another on one thread, as `execute` does each. */
  async executeAll(runs: readonly Run[], signal = this.signal): Promise<readonly RunResult[]> {
    const work: Promise<Worked> = this.pool.run(runs, signal === undefined ? {} : { signal });
    const { results, failure } = await work.catch((error: unknown) => {
      // The thread has ended.
      throw failureOf(itemAt(runs, 0), error);
    });
    if (failure !== undefined) throw errorOf(failure);
    return results;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.pool.destroy();
  }
}

/** What the module of `onThreads` answers. */
export type Answer<Result> = { readonly result: Result } | { readonly failure: Failure };

/**
 * Executes tasks of runs on threads of their own, and returns their results in the order of the tasks.
 *
 * @param door a CommonJS module, as worker-door.cts, whose export takes a task and answers
 * @throws the failure of the first task that fails, and the signal's reason when it is aborted
 */
export async function onThreads<Task extends { readonly run: Run }, Result>(
  door: URL,
  tasks: readonly Task[],
  { workers, signal }: { readonly workers: number; readonly signal: AbortSignal },
): Promise<readonly Result[]> {
  signal.throwIfAborted();
  const threads = Math.min(workers, tasks.length);
  const size = { minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: 1 };
  const pool = new Piscina({ filename: door.href, ...size });
  const end = () => void pool.destroy();
  signal.addEventListener("abort", end);
  const execute = async (task: Task): Promise<Result> => {
    const answer: Answer<Result> = await pool.run(task).catch((error: unknown) => {
      throw failureOf(task.run, error);
    });
    if ("failure" in answer) throw errorOf(answer.failure);
    return answer.result;
  };
  try {
    const works = tasks.map(execute);
    // They are awaited in turn, so that of several failures it is always the same that is thrown.
    for (const work of works) work.catch(() => undefined);
    const results: Result[] = [];
    for (const work of works) results.push(await work);
    return results;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", end);
    await pool.destroy();
  }
}
