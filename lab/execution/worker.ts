/**
 * The task of a worker thread: executes a run or reads it from the cache, and transfers the columns of its result
 * without copying.
 */
import { move, transferableSymbol, valueSymbol } from "piscina";
import { recall } from "./cache-entry.ts";
import type { Run } from "./run.ts";

export default async function work(run: Run): Promise<unknown> {
  const result = await recall(run);
  const { eventCounts, digestLow, digestHigh, samples } = result;
  return move({
    [transferableSymbol]: [eventCounts.buffer, digestLow.buffer, digestHigh.buffer, samples.buffer],
    [valueSymbol]: result,
  } as unknown as Parameters<typeof move>[0]);
}
