/** Reads a text file whole; a file that cannot be read is reported with its name and the cause. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { UserError, type Wording } from "./user-error.ts";
import { obstacleOf } from "./whole-file.ts";

/** The length of the longest text [characters]: a device such as /dev/zero never ends. */
const LENGTH_MAX = 1 << 26;

/**
 * @param name the name of the file in messages
 * @throws UserError when the file cannot be read, or is longer than 2^26 characters
 */
export async function readText(file: string, name: Wording = [file]): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  try {
    for await (const piece of createReadStream(file, { encoding: "utf8" }) as AsyncIterable<string>) {
      length += piece.length;
      if (length > LENGTH_MAX) throw new Error(`it has more than ${LENGTH_MAX} characters`);
      pieces.push(piece);
    }
  } catch (error) {
    refuseUnreadable(error, ...name);
  }
  return pieces.join("");
}

/**
 * Refuses a path that is no folder, for instance because somebody gave a file of it, or the name of an experiment.
 *
 * @param writer what writes such folders: "spoolsim run"
 * @throws UserError
 */
export function refuseNoFolder(path: string, writer: string): void {
  const exists = existsSync(path);
  if (exists && statSync(path).isDirectory()) return;
  const what = exists ? "is a file" : "does not exist";
  throw new UserError(`${path || '""'} holds no results: it ${what}; give a folder that ${writer} has written`);
}

/** Throws the UserError that a file cannot be read. */
export function refuseUnreadable(error: unknown, ...name: Wording): never {
  throw new UserError(...name, ` ${unreadableText(error)}`);
}

/** "does not exist", or why a file cannot be read. */
export function unreadableText(error: unknown): string {
  const isMissing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
  return isMissing ? "does not exist" : `cannot be read: ${obstacleOf(error)}`;
}
