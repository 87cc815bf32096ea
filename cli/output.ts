/**
 * The standard output of commands: text for people, made safe for terminals, and data for programs, byte by byte.
 *
 * Either all of it is written, or the command reports that it could not. Node's own stream drops the rest of a write
 * that a full disk or a quota cuts short, so output to a file is written here.
 */
import { fstatSync, writeSync } from "node:fs";
import { visible } from "../lab/visible.ts";
import { obstacleOf } from "../lab/whole-file.ts";
import { UserError } from "../lab/user-error.ts";
import { renditionsKept, terminalOf } from "./terminal.ts";

/** Prints text for people. Escape sequences reach a terminal only from the command's own tones. */
export function print(text: string): void {
  send(terminalOf().hasColours ? renditionsKept(text, visible) : visible(text));
}

/** Writes data for programs; settles when more may follow. On a terminal it is made safe like text. */
export async function emit(data: string): Promise<void> {
  const mayGoOn = send(process.stdout.isTTY ? visible(data) : data);
  if (!mayGoOn) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

/** Prints beside the output: progress, warnings and errors. */
export function say(text: string): void {
  process.stderr.write(terminalOf(process.stderr).hasColours ? renditionsKept(text, visible) : visible(text));
}

/**
 * Ends the command properly when a stream cannot be written any more. A reader that has seen enough, like head, closes
 * the pipe; that is not an error.
 */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`spoolsim: ${refused(error).message}\n`);
    process.exit(2);
  });
  process.stderr.on("error", () => undefined);
  // yargs prints help in this way, and the console ignores errors.
  console.log = (text: string) => void send(`${text}\n`);
}

const STANDARD_OUTPUT = 1;

/** @throws UserError when a file cannot take everything */
function send(text: string): boolean {
  if (!isFile()) return process.stdout.write(text);
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(STANDARD_OUTPUT, bytes, at);
  } catch (error) {
    throw refused(error);
  }
  return true;
}

/** Whether standard output is a file or device, not a terminal or pipe. */
function isFile(): boolean {
  if (process.stdout.isTTY) return false;
  const facts = fstatSync(STANDARD_OUTPUT);
  return facts.isFile() || facts.isCharacterDevice();
}

function refused(error: unknown): UserError {
  return new UserError(`standard output cannot be written: ${obstacleOf(error)}`);
}
