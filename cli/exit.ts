/**
 * The end of a command: its exit code and, after a failure, one line on stderr. Only an unexpected error, which is a
 * bug of the program, shows its stack.
 */
import { inspect } from "node:util";
import { UserError, wordingText } from "../lab/user-error.ts";
import { shortened } from "../lab/visible.ts";
import { isSystemError, obstacleOf } from "../lab/whole-file.ts";
import { say } from "./output.ts";

/** All exit codes, as in --help. 70 is EX_SOFTWARE of sysexits.h; above 128, the number of a signal is added. */
export const exitCodes = `Exit codes:
    0  success
    1  verify, validate, diff or cache merge found a difference; or an unexpected error, which is a bug in spoolsim
    2  wrong input, or a file or a queue that cannot be read or written; one line says what is wrong
   70  a model broke one of its own invariants; the message includes the command that replays it
  130  interrupted (SIGINT, Ctrl-C)
  143  terminated (SIGTERM)`;

export const EXIT_DIFFERENT = 1;
const EXIT_USER = 2;
/** The longest error message [characters]. */
const LENGTH_MAX = 2000;
const EXIT_INVARIANT = 70;
const EXIT_INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** What is kept of an interrupted command's work, and how to go on. */
let kept = "";

let interruption: keyof typeof EXIT_INTERRUPTED = "SIGINT";

export function endWith(error: unknown): void {
  if (error instanceof UserError) {
    say(`spoolsim: ${shortened(wordingText(error.wording, optionOf), LENGTH_MAX)}\n`);
    process.exitCode = EXIT_USER;
  } else if (isSystemError(error)) {
    say(`spoolsim: ${shortened(`${error.path ?? error.syscall}: ${obstacleOf(error)}`, LENGTH_MAX)}\n`);
    process.exitCode = EXIT_USER;
  } else if (error instanceof Error && error.name === "BrokenInvariant") {
    // By its name, because the module of its class loads the whole engine, and every command loads this file.
    say(`spoolsim: broken invariant: ${error.message}\n`);
    process.exitCode = EXIT_INVARIANT;
  } else if (error instanceof Error && error.name === "AbortError") {
    say(`spoolsim: interrupted; no results were written${kept}\n`);
    process.exitCode = EXIT_INTERRUPTED[interruption];
  } else {
    say(`spoolsim: unexpected ${inspect(error)}\n`);
    process.exitCode = 1;
  }
}

/** Arguments of lab/ whose options have other names. */
const options: Readonly<Record<string, string>> = {
  cacheMax: "cache-max",
  everyMinutes: "every",
  horizonDays: "horizon",
  gauges: "gauge",
  eventTimes: "event",
};

/** The option for an argument of lab/. */
export function optionOf(argument: string): string {
  return `--${options[argument] ?? argument}`;
}

/**
 * A signal that Ctrl-C or SIGTERM aborts; the second time, the process ends at once.
 *
 * @param keeps whether finished runs are kept in the cache
 */
export function interruptSignal(keeps = false): AbortSignal {
  kept = keeps
    ? "; finished runs are kept, and the same command continues from there"
    : "; nothing is kept, and the same command starts from the beginning";
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    // One permanent listener: if each signal had its own, one that came between two of them would kill the process.
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED[name]);
      interruption = name;
      controller.abort();
    });
  }
  return controller.signal;
}
