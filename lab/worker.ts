/** What a worker thread does: it executes a run and hands its columns over without copying them. */
import { move, transferableSymbol, valueSymbol } from "piscina";
import { execute, type Run } from "./run.ts";

export default async function work(run: Run): Promise<unknown> {
  const result = await execute(run);
  const { eventCounts, digestLow, digestHigh, samples } = result;
  return move({
    [transferableSymbol]: [eventCounts.buffer, digestLow.buffer, digestHigh.buffer, samples.buffer],
    [valueSymbol]: result,
  } as unknown as Parameters<typeof move>[0]);
}
