/** Executes runs one after the other on the thread that asks: the runner that every other one must agree with. */
import { setImmediate } from "node:timers/promises";
import { execute, type Run, type RunResult } from "./run.ts";
import { failureOf } from "./runs.ts";

export async function* runInline(runs: Iterable<Run>, signal: AbortSignal): AsyncIterable<RunResult> {
  for (const run of runs) {
    // Between two runs the event loop gets its turn, so that Ctrl-C and progress are served.
    await setImmediate();
    if (signal.aborted) return;
    yield await execute(run).catch((error: unknown) => {
      throw failureOf(run, error);
    });
  }
}
