/**
 * The failure of a run: an error that names the run, and the message that carries it from a worker to its caller.
 *
 * An error that passes between threads loses its class and name, so both are sent as text.
 */
import { moduleUrl } from "#platform";
import { modulePathsOf } from "../experiment/scenario.ts";
import { UserError } from "../user-error.ts";
import { thrownText } from "../visible.ts";
import { BrokenInvariant, type Run } from "./run.ts";

/** What a worker sends when a run has failed. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** The error behind it, whose stack a bug of the program shows. */
  readonly cause?: Error;
}

/** The message for what a run threw in a worker. */
export function failureMessage(run: Run, thrown: unknown): Failure {
  const { name, message, cause } = failureOf(run, thrown);
  return { name, message, ...(cause instanceof Error ? { cause } : {}) };
}

/** The error in a message from a worker. */
export function errorOf({ name, message, cause }: Failure): Error {
  if (name === "BrokenInvariant") return new BrokenInvariant(message);
  return name === "UserError" ? new UserError(message) : new Error(message, { cause });
}

/**
 * The error to throw when a run has failed. It names the run, except for errors that name their place themselves. What
 * a user's module threw, directly or through what it called, is the user's mistake, and the line of the module is
 * named.
 */
export function failureOf(run: Run, error: unknown): Error {
  if (error instanceof BrokenInvariant || error instanceof UserError) return error;
  const { point, replication, first, count } = run;
  const where = `design point ${point}, replication ${replication}, servers ${first} to ${first + count - 1}`;
  const modules = modulePathsOf(run.scenario);
  // The message of a guard begins with the name of the module that it guards.
  const message = thrownText(error);
  if (modules.some((module) => message.startsWith(`${module}: `))) return new UserError(`${message} (${where})`);
  const line = error instanceof Error ? userLine(modules, error) : undefined;
  if (line !== undefined) return new UserError(`${line} ${message} (${where})`);
  return new Error(`${message} (${where})`, { cause: error });
}

/** The first line of a user's module in the stack of the error, as file:line:column. */
function userLine(modules: readonly string[], { stack = "" }: Error): string | undefined {
  for (const frame of stack.split("\n")) {
    const module = modules.find((path) => frame.includes(moduleUrl(path)) || frame.includes(path));
    if (module !== undefined) return `${module}${/(:\d+:\d+)\)?$/.exec(frame)?.[1] ?? ""}`;
  }
  return undefined;
}
