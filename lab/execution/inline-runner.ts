/** Executes runs one after another on the calling thread: the runner that all others must agree with. */
import type { Run, Runner, RunResult } from "./run.ts";
import { failureOf } from "./failure.ts";

/** @param execute computes the result of a run: `execute` of run.ts, or `recall`, which looks in the cache first */
export function inlineRunner(execute: (run: Run, signal: AbortSignal) => Promise<RunResult>): Runner {
  return async function* runInline(runs, signal): AsyncIterable<RunResult> {
    try {
      for (const run of runs) {
        if (signal.aborted) return;
        yield await execute(run, signal).catch((error: unknown) => {
          throw failureOf(run, error);
        });
      }
    } catch (error) {
      // A run that the signal stops also rejects.
      if (!signal.aborted) throw error;
    }
  };
}
