/**
 * The task of a worker thread: executes runs, or reads them from the cache, and transfers the columns of their results
 * without copying.
 */
import { move, transferableSymbol, valueSymbol } from "piscina";
import { itemAt } from "../lists.ts";
import { recall } from "./cache-entry.ts";
import { failureMessage, type Failure } from "./failure.ts";
import type { Run, RunResult } from "./run.ts";

/** The results of the first runs and, if the next one failed, its failure. */
export interface Worked {
  readonly results: readonly RunResult[];
  readonly failure?: Failure;
}

/** @param runs executed in this order, up to the first that fails */
export default async function work(runs: readonly Run[]): Promise<unknown> {
  const results: RunResult[] = [];
  let worked: Worked = { results };
  try {
    for (const run of runs) results.push(await recall(run));
  } catch (error) {
    worked = { results, failure: failureMessage(itemAt(runs, results.length), error) };
  }
  return move({
    [transferableSymbol]: results.flatMap(({ eventCounts, digestLow, digestHigh, samples }) => {
      return [eventCounts.buffer, digestLow.buffer, digestHigh.buffer, samples.buffer];
    }),
    [valueSymbol]: worked,
  } as unknown as Parameters<typeof move>[0]);
}
