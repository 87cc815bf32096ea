/** Executes runs one after the other on the thread that asks: the runner that every other one must agree with. */
import { recall } from "./cache-entry.ts";
import type { Run, RunResult } from "./run.ts";
import { failureOf } from "./partition.ts";

export async function* runInline(runs: Iterable<Run>, signal: AbortSignal): AsyncIterable<RunResult> {
  try {
    for (const run of runs) {
      if (signal.aborted) return;
      yield await recall(run, signal).catch((error: unknown) => {
        throw failureOf(run, error);
      });
    }
  } catch (error) {
    // A run that is stopped by the signal rejects, too.
    if (!signal.aborted) throw error;
  }
}
