/**
 * Progress on stderr: on a terminal a bar with the remaining time and the answer so far, elsewhere an occasional plain
 * line. It leaves no trace in the output.
 */
import cliProgress from "cli-progress";
import type { Progress } from "../lab/execution/execution.ts";
import type { RunningAnswer } from "../lab/reports/interim-estimate.ts";
import { say } from "./output.ts";

/** The time between two plain lines [ms]. */
const LINE_MS = 5000;
const BAR_MIN = 8;
const BAR_MAX = 30;
/** The width of a terminal that does not report it. */
const COLUMNS = 80;

export interface ProgressDisplay {
  /** @param answer the estimate so far, evaluated only when it is drawn */
  show(progress: Progress, answer?: RunningAnswer): void;
  /** Removes the bar. */
  end(): void;
}

export function progressDisplay(): ProgressDisplay {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): ProgressDisplay {
  const startedAt = performance.now();
  let started = false;
  let latest: { events: number; computed: number; answer: RunningAnswer | undefined };
  const single = new cliProgress.SingleBar({
    // Called when the bar is drawn, about ten times a second, however many results arrive.
    format: (_options, { value, total }) =>
      progressLine(
        {
          share: value / total,
          computed: latest.computed / total,
          seconds: (performance.now() - startedAt) / 1000,
          events: latest.events,
          answer: answerText(latest.answer),
        },
        process.stderr.columns ?? COLUMNS,
      ),
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  return {
    show({ serversDone, serversRecalled = 0, serversTotal, events }, answer) {
      latest = { events, computed: serversDone - serversRecalled, answer };
      if (!started) single.start(serversTotal, 0);
      started = true;
      single.update(serversDone);
    },
    end() {
      if (started) single.stop();
    },
  };
}

/** The contents of a line of progress. */
export interface Shown {
  /** The share of the servers whose results are known, and of those that took time. */
  readonly share: number;
  readonly computed?: number;
  /** Since the start [s]. */
  readonly seconds: number;
  readonly events: number;
  /** The estimate so far, with the number first; "" if there is none. */
  readonly answer: string;
}

/** A line that fits the terminal: if space is short, the bar is dropped first, then the end of the estimate. */
export function progressLine({ share, computed = share, seconds, events, answer }: Shown, columns: number): string {
  const figures = [
    `${Math.floor(100 * share)} %`,
    rateText(events / seconds),
    ...(computed > 0 ? [`ETA ${clockText((seconds / computed) * (1 - share))}`] : []),
    ...(answer === "" ? [] : [answer]),
  ].join(" | ");
  const width = Math.max(BAR_MIN, Math.min(BAR_MAX, columns - 2 - figures.length));
  const done = Math.round(width * share);
  const line = `${"█".repeat(done)}${"░".repeat(width - done)} ${figures}`;
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}

/** A rate below a tenth of a million keeps a digit: "0.04 M events/s". */
function rateText(perSecond: number): string {
  const millions = perSecond / 1e6;
  return `${millions < 0.1 && millions > 0 ? Number(millions.toPrecision(1)) : millions.toFixed(1)} M events/s`;
}

/** Formats seconds as 7s, 2:05 or 1:02:05. */
function clockText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole}s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

function answerText(answer: RunningAnswer | undefined): string {
  const estimate = answer?.estimate();
  if (estimate === undefined) return "";
  const { text, where, replications } = estimate;
  const of = replications === 1 ? "1 replication" : `${replications} replications`;
  return [text, ...(where === "" ? [] : [where]), of].join(", ");
}

function lines(): ProgressDisplay {
  const startedAt = performance.now();
  let lastAt = startedAt;
  return {
    show({ serversDone, serversRecalled = 0, serversTotal, events }) {
      const now = performance.now();
      const computed = serversDone - serversRecalled;
      if (now - lastAt < LINE_MS || computed === 0) return;
      lastAt = now;
      const seconds = (now - startedAt) / 1000;
      // The total of a calibration is only an estimate.
      const total = Math.max(serversDone, serversTotal);
      const left = (seconds / computed) * (total - serversDone);
      const known = serversRecalled === 0 ? "" : ` (${serversRecalled} were in the cache)`;
      say(
        `${serversDone} of ${total} servers simulated${known}, ${rateText(events / seconds)}, about ${clockText(left)} left\n`,
      );
    },
    end() {},
  };
}
