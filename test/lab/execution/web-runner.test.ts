/** lab/execution/web-runner.ts: the suite of runners, on threads of Node in the place of Web Workers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { answerRuns, webRunner, type WorkerEnd } from "../../../lab/execution/web-runner.ts";
import type { Run, Runner } from "../../../lab/execution/run.ts";
import { runnerCases } from "../../cases/runner.ts";

const program = `
  import { parentPort } from "node:worker_threads";
  import { answerRuns } from ${JSON.stringify(new URL("../../../lab/execution/web-runner.js", import.meta.url).href)};
  answerRuns({
    postMessage: (message, transfer) => parentPort.postMessage(message, transfer),
    addEventListener: (type, listener) => parentPort.on(type, (data) => listener({ data })),
  });
`;

/** A thread of Node with the face of a Web Worker. */
class WebWorker implements WorkerEnd {
  readonly thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`));

  postMessage(message: unknown, transfer: ArrayBuffer[]): void {
    this.thread.postMessage(message, transfer);
  }

  addEventListener(type: "message" | "error", listener: (event: never) => void): void {
    if (type === "message") this.thread.on("message", (data) => listener({ data } as never));
    else this.thread.on("exit", (code) => listener({ message: `exit code ${code}` } as never));
  }
}

for (const count of [1, 2]) {
  let workers: readonly WebWorker[] = [];
  let runner: Runner;
  before(() => {
    workers = Array.from({ length: count }, () => new WebWorker());
    runner = webRunner(workers);
  });
  after(() => Promise.all(workers.map(({ thread }) => thread.terminate())));
  runnerCases(`web workers ${count}`, (runs, signal) => runner(runs, signal), []);
}

type Listeners = Record<string, (event: { readonly data: unknown; readonly message: string }) => void>;

/** A worker that can be told to die, and then never answers; a living one answers on this thread. */
class MortalWorker implements WorkerEnd {
  isAlive = true;
  private readonly outer: Listeners = {};
  private readonly inner: Listeners = {};

  constructor() {
    answerRuns({
      postMessage: (data) => this.isAlive && this.outer.message({ data, message: "" }),
      addEventListener: (type, listener) => void (this.inner[type] = listener),
    });
  }

  postMessage(data: unknown): void {
    if (this.isAlive) this.inner.message({ data, message: "" });
  }

  addEventListener(type: string, listener: never): void {
    this.outer[type] = listener;
  }

  die(): void {
    this.isAlive = false;
    this.outer.error({ data: undefined, message: "out of memory" });
  }
}

// Without the timeout, a run without an answer would block the suite.
test("a worker that died fails its run and gets no more; if all died, none is awaited", {
  timeout: 30_000,
}, async () => {
  const scenario = { model: "mm1", servers: 3, horizonDays: 0.001, sampleEveryHours: 1, parameters: {} };
  const runs = [0, 1, 2].map((first): Run => {
    return { point: 0, replication: 0, seed: "1", scenario, first, count: 1, sliceSize: 1 };
  });
  const [one, other] = [new MortalWorker(), new MortalWorker()];
  const runner = webRunner([one, other]);
  const firsts = async () => {
    const found: number[] = [];
    for await (const { first } of runner(runs, new AbortController().signal)) found.push(first);
    return found.sort();
  };
  const failed = assert.rejects(firsts(), /^Error: the worker ended: out of memory \(design point 0, replication 0, /);
  other.die();
  await failed;
  assert.deepEqual(await firsts(), [0, 1, 2]);
  one.die();
  for (let again = 0; again < 2; again++) await assert.rejects(firsts(), /the worker ended: out of memory/);
});
