/** lab/execution/web-runner.ts: the suite of runners, on threads of Node in the place of Web Workers. */
import { after, before } from "node:test";
import { Worker } from "node:worker_threads";
import { webRunner, type WorkerEnd } from "../../../lab/execution/web-runner.ts";
import type { Runner } from "../../../lab/execution/run.ts";
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
