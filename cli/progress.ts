/** Progress on stderr: a bar with an ETA on a terminal, a plain line now and then elsewhere. */
import { SingleBar } from "cli-progress";
import type { Progress } from "../lab/execution.ts";

/** Milliseconds between two plain lines. */
const LINE_MS = 5000;

export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Takes the bar away. */
  end(): void;
}

export function progressDisplay(): ProgressDisplay {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): ProgressDisplay {
  const format = "{bar} {percentage} % | {value}/{total} servers simulated | {rate} M events/s | ETA {eta_formatted}";
  const single = new SingleBar({
    format,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
    stream: process.stderr,
    etaBuffer: 50,
  });
  const startedAt = performance.now();
  let started = false;
  return {
    show({ serversDone, serversTotal, events }) {
      const rate = (events / (performance.now() - startedAt) / 1000).toFixed(1);
      if (!started) single.start(serversTotal, 0, { rate });
      started = true;
      single.update(serversDone, { rate });
    },
    end() {
      if (started) single.stop();
    },
  };
}

function lines(): ProgressDisplay {
  const startedAt = performance.now();
  let lastAt = startedAt;
  return {
    show({ serversDone, serversTotal, events }) {
      const now = performance.now();
      if (now - lastAt < LINE_MS) return;
      lastAt = now;
      const seconds = (now - startedAt) / 1000;
      const left = (seconds / serversDone) * (serversTotal - serversDone);
      const rate = (events / seconds / 1e6).toFixed(1);
      process.stderr.write(
        `${serversDone} of ${serversTotal} servers simulated, ${rate} M events/s, about ${Math.ceil(left)} s left\n`,
      );
    },
    end() {},
  };
}
