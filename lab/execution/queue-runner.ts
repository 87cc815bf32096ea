/**
 * Has runs executed by the workers of a queue.
 *
 * Results come from the cache, or from the queue and are then cached. They are requested well ahead and collected in
 * order, so that few are in memory at a time, however many workers there are. After Ctrl-C the runs stay in the queue
 * and can be collected later; otherwise runs that no worker has started are removed.
 */
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { UserError } from "../user-error.ts";
import { keepBytes, readEntry, unpacked } from "./cache-entry.ts";
import { failureText, messageLine, messageOf, type Found, type QueuedRun, type RunQueue } from "./run-queue.ts";
import { BrokenInvariant, type Entry, type Run, type Runner, type RunResult } from "./run.ts";

/** How many runs to request, or to look up, in one statement. */
const ASKED = 1000;
const LOOKED_FOR = 16;
const POLL_MS = 200;

export interface Asking {
  /** Opens the queue; when the signal is aborted, it stops waiting for a server. */
  readonly open: (signal: AbortSignal) => Promise<RunQueue>;
  /** Whole; runs with a higher priority are taken first. */
  readonly priority: number;
  /** Returns the command that replays the replication of a run. */
  readonly replayOf: (run: Run) => string;
}

interface Waiting {
  readonly run: Run;
  readonly entry: Entry;
  readonly queued: QueuedRun;
}

export function queueRunner({ open, priority, replayOf }: Asking): Runner {
  return async function* runOnQueue(runs, signal): AsyncIterable<RunResult> {
    const source = runs[Symbol.iterator]();
    /** In run order. */
    const waiting: Waiting[] = [];
    let queue: RunQueue | undefined;
    let isAll = false;
    try {
      while (!signal.aborted) {
        const missing: QueuedRun[] = [];
        while (!isAll && waiting.length < ASKED) {
          const { value: run, done } = source.next();
          if (done === true) isAll = true;
          else {
            const one = waitingFor(run, replayOf);
            waiting.push(one);
            if (!existsSync(one.entry.path)) missing.push(one.queued);
          }
        }
        if (missing.length > 0) await (queue ??= await open(signal)).ask(missing, priority);
        const [next] = waiting;
        if (next === undefined) return;
        const recalled = await readEntry(next.entry, next.run);
        if (recalled !== undefined) {
          waiting.shift();
          yield { ...recalled, recalled: true };
          continue;
        }
        queue ??= await open(signal);
        const found = await queue.look(waiting.slice(0, LOOKED_FOR).map(({ entry }) => entry.key));
        let collected = 0;
        for (const one of waiting.slice(0, LOOKED_FOR)) {
          const result = await collect(queue, one, found.get(one.entry.key), priority);
          if (result === undefined) break;
          waiting.shift();
          collected++;
          yield result;
        }
        if (collected === 0) await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
      }
    } catch (error) {
      // A caller that aborts gets the signal's reason, not an error that follows from aborting.
      if (!signal.aborted) throw error;
    } finally {
      // Without a database no run can be withdrawn, and the reason is already known.
      const keys = signal.aborted ? [] : waiting.map(({ entry }) => entry.key);
      if (keys.length > 0) await queue?.cancel(keys).catch(() => undefined);
      await queue?.close();
    }
  };
}

/** What PostgreSQL cannot store in a text: the character 0 and unpaired surrogates. */
const UNKEPT = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/**
 * @throws UserError when the run has no key because its result must not be cached, or PostgreSQL cannot store its text
 */
function waitingFor(run: Run, replayOf: (run: Run) => string): Waiting {
  const { entry, sliceSize: _, ...rest } = run;
  if (entry === undefined) {
    throw new UserError("a queue takes only runs whose results can be kept; without a queue they can be computed here");
  }
  const queued = { key: entry.key, about: entry.about, replay: replayOf(run), run: rest };
  if (UNKEPT.test(JSON.stringify(queued))) {
    const what = "its seed, a setting or its name holds the character 0 or half a character";
    throw new UserError(`a queue cannot take the experiment ${String(entry.about.experiment)}: ${what}`);
  }
  return { run, entry, queued };
}

/**
 * Keeps the result of a run and returns it; undefined while there is none. @throws the run's error, or the reason why
 * it has no result
 */
async function collect(
  queue: RunQueue,
  { run, entry, queued }: Waiting,
  found: Found | undefined,
  priority: number,
): Promise<RunResult | undefined> {
  if (found === undefined || found.state === "cancelled") await queue.ask([queued], priority);
  if (found?.state === "failed") {
    throw new UserError(`no worker could compute a run: ${failureText(queued, messageOf(found.output))}`);
  }
  if (found?.state !== "completed") return undefined;
  const { entry: text, brokenInvariant, mistake } = found.output ?? {};
  if (brokenInvariant !== undefined) throw new BrokenInvariant(messageLine(brokenInvariant));
  if (mistake !== undefined) {
    // Forgotten, so that the next request tries it again, perhaps on a worker with a longer time limit.
    await queue.forget(entry.key);
    throw new UserError(messageLine(mistake));
  }
  const bytes = Buffer.from(text ?? "", "base64");
  const result = unpacked(bytes, entry.key, run);
  if (result === undefined) {
    await queue.forget(entry.key);
    await queue.ask([queued], priority);
    return undefined;
  }
  const notKept = await keepBytes(entry, bytes);
  return notKept === undefined ? result : { ...result, notKept };
}
