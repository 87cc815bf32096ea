/**
 * Executes runs on worker threads.
 *
 * The pool is piscina's. Results arrive in any order; a few runs more than there are workers are under way at any time, so that no worker idles and
 * memory stays bounded. An error of a run, or the death of its worker, ends the iteration with the run named.
 */
import { Piscina } from "piscina";
import { BrokenInvariant, type Run, type Runner, type RunResult } from "./run.ts";

/** @param workers threads: whole, >= 1 */
export function threadRunner(workers: number): Runner {
  return async function* runOnThreads(runs, signal): AsyncIterable<RunResult> {
    const filename = new URL("./worker.js", import.meta.url).href;
    const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, concurrentTasksPerWorker: 1 });
    const underWay = new Map<Run, Promise<{ run: Run; result: RunResult }>>();
    const settle = async () => {
      const { run, result } = await Promise.race(underWay.values());
      underWay.delete(run);
      return result;
    };
    try {
      for (const run of runs) {
        if (signal.aborted) return;
        underWay.set(run, begin(pool, run, signal));
        if (underWay.size > 2 * workers) yield await settle();
      }
      while (underWay.size > 0) yield await settle();
    } finally {
      for (const promise of underWay.values()) promise.catch(() => undefined);
      await pool.destroy();
    }
  };
}

async function begin(pool: Piscina, run: Run, signal: AbortSignal): Promise<{ run: Run; result: RunResult }> {
  try {
    return { run, result: await pool.run(run, { signal }) };
  } catch (error) {
    // Classes do not survive the way between threads; names do.
    const { name, message } = error as Error;
    if (name === "BrokenInvariant") throw new BrokenInvariant(message);
    if (name === "UserError" || name === "AbortError") throw error;
    const servers = `servers ${run.first} to ${run.first + run.count - 1}`;
    throw new Error(`${message} (design point ${run.point}, replication ${run.replication}, ${servers})`, { cause: error });
  }
}
