/**
 * Executes runs on the Web Workers of a page; `answerRuns` runs in such a worker.
 *
 * A worker has one run at a time and gets the next one when it has answered. If a worker dies, its run fails. The
 * runner can be used again, without workers that have died, and leaves the workers idle; the caller that created them
 * terminates them.
 */
import { errorOf, failureMessage, failureOf, type Failure } from "./failure.ts";
import { execute, type Run, type Runner, type RunResult } from "./run.ts";

/** What is used of a Web Worker; in the worker itself, its own side of the channel. */
export interface MessageEnd {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** A worker as the page sees it; it also reports that the worker has died. */
export interface WorkerEnd extends MessageEnd {
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "error", listener: (event: { readonly message?: string }) => void): void;
}

/** A message to a worker: execute a run, or stop the current one. */
type Request = { readonly id: number; readonly run: Run } | "stop";

type Answer = { readonly id: number } & ({ readonly result: RunResult } | { readonly failure: Failure });

/** The caller that waits for an answer. */
interface Waiting {
  readonly id: number;
  readonly run: Run;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
}

/** @param workers one or more; each runs `answerRuns` */
export function webRunner(workers: readonly WorkerEnd[]): Runner {
  const desks = workers.map((worker) => new Desk(worker));
  return async function* runOnWebWorkers(runs, signal): AsyncIterable<RunResult> {
    const alive = desks.filter(({ death }) => death === undefined);
    // If all workers are dead, a dead one rejects the first run with the reason.
    const free = alive.length > 0 ? alive : [...desks];
    const underWay = new Map<Desk, Promise<{ desk: Desk; result: RunResult }>>();
    const begin = (run: Run) => {
      const desk = free.pop()!;
      underWay.set(
        desk,
        desk.execute(run).then((result) => ({ desk, result })),
      );
    };
    const settle = async () => {
      const { desk, result } = await Promise.race(underWay.values());
      underWay.delete(desk);
      free.push(desk);
      return result;
    };
    const stop = () => {
      for (const desk of desks) desk.stop();
    };
    signal.addEventListener("abort", stop);
    try {
      for (const run of runs) {
        if (signal.aborted) return;
        begin(run);
        if (free.length === 0) yield await settle();
      }
      while (underWay.size > 0) yield await settle();
    } catch (error) {
      // A run that is stopped also rejects.
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      for (const promise of underWay.values()) promise.catch(() => undefined);
      if (underWay.size > 0) stop();
    }
  };
}

/** A worker and its current run. */
class Desk {
  private readonly worker: WorkerEnd;
  /** Why the worker answers no more; undefined while it lives. */
  death: Error | undefined;
  private waiting: Waiting | undefined;
  private runs: number;

  constructor(worker: WorkerEnd) {
    this.worker = worker;
    this.death = undefined;
    this.waiting = undefined;
    this.runs = 0;
    worker.addEventListener("message", ({ data }) => this.answered(data as Answer));
    worker.addEventListener("error", ({ message = "" }) => {
      this.death = new Error(`the worker ended: ${message}`);
      this.waiting?.reject(failureOf(this.waiting.run, this.death));
    });
  }

  execute(run: Run): Promise<RunResult> {
    if (this.death !== undefined) return Promise.reject(failureOf(run, this.death));
    const id = this.runs++;
    return new Promise((resolve, reject) => {
      this.waiting = { id, run, resolve, reject };
      this.worker.postMessage({ id, run } satisfies Request, []);
    });
  }

  /** Tells the worker to stop. */
  stop(): void {
    this.worker.postMessage("stop" satisfies Request, []);
  }

  private answered(answer: Answer): void {
    const { waiting } = this;
    // Nobody waits for the answer to a run that was stopped.
    if (waiting === undefined || waiting.id !== answer.id) return;
    this.waiting = undefined;
    if ("result" in answer) waiting.resolve(answer.result);
    else waiting.reject(errorOf(answer.failure));
  }
}

/**
 * Executes the runs that `webRunner` sends to this worker. Call it once, in the file of the worker.
 *
 * @example
 * // worker.js
 * import { answerRuns } from "spoolsim/browser";
 * answerRuns(self);
 */
export function answerRuns(end: MessageEnd): void {
  let controller = new AbortController();
  const answer = async (id: number, run: Run) => {
    try {
      const result = await execute(run, controller.signal);
      const { eventCounts, digestLow, digestHigh, samples } = result;
      const buffers = [eventCounts, digestLow, digestHigh, samples].map(({ buffer }) => buffer as ArrayBuffer);
      end.postMessage({ id, result } satisfies Answer, buffers);
    } catch (error) {
      end.postMessage({ id, failure: failureMessage(run, error) } satisfies Answer, []);
    }
  };
  end.addEventListener("message", ({ data }) => {
    const request = data as Request;
    controller.abort();
    if (request === "stop") return;
    controller = new AbortController();
    void answer(request.id, request.run);
  });
}
