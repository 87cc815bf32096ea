/**
 * How the command ends badly: one line on stderr and an exit code.
 *
 * 2 a mistake of the user's; 70 an invariant of a model that did not hold (EX_SOFTWARE), with the line that replays
 * it; 130 interrupted by Ctrl-C, 143 by a polite kill; 1 anything else, which is a bug of the program and shows its
 * stack.
 */
import { inspect } from "node:util";
import { BrokenInvariant } from "../lab/execution/run.ts";
import { UserError } from "../lab/user-error.ts";

export const EXIT_DIFFERENT = 1;
const EXIT_USER = 2;
const EXIT_INVARIANT = 70;
const EXIT_INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

/** What is kept of an interrupted command's work, if anything. */
let kept = "";

let interruption: keyof typeof EXIT_INTERRUPTED = "SIGINT";

export function endWith(error: unknown): void {
  if (error instanceof UserError) {
    process.stderr.write(`spoolsim: ${error.message}\n`);
    process.exitCode = EXIT_USER;
  } else if (error instanceof Error && (error as NodeJS.ErrnoException).code === "ENOSPC") {
    process.stderr.write("spoolsim: the disk is full; nothing was written\n");
    process.exitCode = EXIT_USER;
  } else if (error instanceof BrokenInvariant) {
    process.stderr.write(`spoolsim: broken invariant: ${error.message}\n`);
    process.exitCode = EXIT_INVARIANT;
  } else if (error instanceof Error && error.name === "AbortError") {
    process.stderr.write(`spoolsim: interrupted; no results were written${kept}\n`);
    process.exitCode = EXIT_INTERRUPTED[interruption];
  } else {
    process.stderr.write(`spoolsim: unexpected ${inspect(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * A signal that is aborted by Ctrl-C (or a polite kill); a second one ends the process at once.
 *
 * @param keeps whether the cache keeps what was computed until then
 */
export function interruptSignal(keeps = false): AbortSignal {
  kept = keeps ? "; finished runs are kept, and the same command goes on from there" : "";
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      interruption = name;
      controller.abort();
      process.once(name, () => process.exit(EXIT_INTERRUPTED[name]));
    });
  }
  return controller.signal;
}
